"""The parts depend on each other in one direction, and nothing that ships names an answer."""

import ast
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).resolve().parent.parent

# What a part may import of the course. Longer names win: grader.cli is not "the rest of grader".
MAY_IMPORT: dict[str, set[str]] = {
    "grader.algebra": set(),
    "grader.cases": {
        "grader.algebra",
        "grader.cases.ask",
        "grader.cases.ask.check",
        "grader.cases.mark",
        "grader.cases.tasks",
    },
    # Three rooms by the side of the wall. What stands beside a student's code needs the floor only, but for `check`.
    "grader.cases.ask": {"grader.algebra", "grader.cases"},
    "grader.cases.ask.check": {"grader.cases", "grader.cases.ask", "grader.cases.mark", "grader.cases.tasks"},
    "grader.cases.mark": {"grader.algebra", "grader.cases", "grader.cases.tasks"},
    "grader.cases.tasks": {"grader.algebra", "grader.cases", "grader.cases.ask", "grader.cases.mark"},
    "grader.sandbox": set(),
    "grader.judge": {"grader.algebra", "grader.cases", "grader.cases.mark", "grader.sandbox"},
    "grader.pipeline": {
        "grader.algebra",
        "grader.cases",
        "grader.cases.ask",
        "grader.cases.mark",
        "grader.judge",
        "grader.sandbox",
    },
    "grader.term": {
        "grader.algebra",
        "grader.cases",
        "grader.cases.mark",
        "grader.judge",
        "grader.pipeline",
        "grader.sandbox",
    },
    "grader": {
        "grader.algebra",
        "grader.cases",
        "grader.cases.ask.check",
        "grader.judge",
        "grader.pipeline",
        "grader.sandbox",
        "grader.term",
    },
    "solutions.tasks": {"grader.algebra", "grader.cases", "solutions"},
    "solutions": set(),
    "exercises": {"grader", "grader.algebra"},
    "book": {"grader.algebra", "solutions"},
}
# The base install is NumPy and SymPy, so these two import nothing else when they are imported themselves.
BASE_ONLY = ("grader.algebra", "grader.cases", "grader.cases.ask", "grader.cases.mark", "grader.cases.tasks")
BASE = {"numpy", "sympy", "mpmath", "grader"}
NOT_IN_A_BROWSER = {"multiprocessing", "signal", "subprocess", "threading"}


def part_of(module: str) -> str:
    """Return the part that a module belongs to: the longest of MAY_IMPORT's names that it starts with."""
    fits = [part for part in MAY_IMPORT if module == part or module.startswith(part + ".")]
    return max(fits, key=len) if fits else module.split(".")[0]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, module: str, is_package: bool) -> set[str]:
    """Return the dotted names that a module imports anywhere in it, relative imports resolved."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: len(module.split(".")) - node.level + is_package]
                base = ".".join([*above, *([node.module] if node.module else [])])
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def at_import_time(tree: ast.Module) -> ast.Module:
    """Return the module without the bodies of its functions and of `if TYPE_CHECKING`."""

    class Strip(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            return None

        def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
            return None

        def visit_If(self, node: ast.If) -> ast.AST | None:
            return None if "TYPE_CHECKING" in ast.dump(node.test) else self.generic_visit(node)

    stripped: ast.Module = Strip().visit(tree)
    return stripped


def cells(path: Path) -> str:
    """Return the code of a MyST chapter, cell after cell, without IPython's magics."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    lines = [line for cell in notebook.cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    return "\n".join(line for line in lines if not line.startswith(("%", "!")))


def sources() -> list[tuple[Path, str]]:
    """Return every source that the arrows hold for, with its code."""
    python = [
        path
        for folder in ("grader", "solutions", "exercises")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "answers" not in path.parts  # fragments of notebooks, which import what the notebook imports
    ]
    chapters = sorted((ROOT / "book").glob("*.md"))
    return [(path, path.read_text(encoding="utf-8")) for path in python] + [
        (path, cells(path)) for path in chapters
    ]


def each(found: list[tuple[Path, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("path", "code"), found, ids=[str(path.relative_to(ROOT)) for path, _ in found]
    )


@each(sources())
def test_a_part_imports_only_what_its_arrow_points_to(path: Path, code: str) -> None:
    module = module_name(path)
    part = part_of(module)
    allowed = MAY_IMPORT[part] | {part}
    for name in imported(ast.parse(code), module, path.name == "__init__.py"):
        if name.split(".")[0] in {"grader", "solutions", "exercises", "book", "tests", "benchmarks"}:
            assert part_of(name) in allowed, f"{part} must not import {name}"


@each([(path, code) for path, code in sources() if part_of(module_name(path)) in BASE_ONLY])
def test_what_a_student_imports_needs_only_the_base_install(path: Path, code: str) -> None:
    module = module_name(path)
    for name in imported(at_import_time(ast.parse(code)), module, path.name == "__init__.py"):
        top = name.split(".")[0]
        assert top in BASE or top in sys.stdlib_module_names, f"{module} imports {top} when it is imported"
        assert top not in NOT_IN_A_BROWSER, f"{module} imports {top} when it is imported"


def test_what_asks_beside_a_student_loads_neither_the_markers_nor_sympy() -> None:
    asked = """
import sys
from grader.cases import collect
collect({"id": "ppl", "kind": "value"}, 8.17)
print(*sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "grader.cases.ask.collect" in loaded
    kept_out = ("grader.cases.mark", "grader.cases.tasks", "sympy", "torch")
    assert not [name for name in loaded if name.startswith(kept_out)]


def test_the_arrows_can_be_broken() -> None:
    tree = ast.parse("from ..pipeline import write\nimport solutions.information\nfrom . import answers")
    assert imported(tree, "grader.judge.execute", is_package=False) == {
        "grader.pipeline.write",
        "solutions.information",
        "grader.judge.answers",
    }
    assert part_of("grader.pipeline.write") not in MAY_IMPORT["grader.judge"]
