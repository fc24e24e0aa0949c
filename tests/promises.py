"""Reads what a module promises in its docstring, and which tests say that they hold it.

A docstring lists its promises after a line that begins with "Promised": bullets, up to the line that begins with "Not
promised", or to its end. Each clause of a bullet is one promise. A class of limits promises each of its fields. A test
says which it holds in the docstring's own words, any piece of the clause that is in no other:

    @pytest.mark.keeps("grader.sandbox", "a read-only system")
"""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
IN_WORDS = (
    "grader.cases.ask.guard",
    "grader.pipeline.harmless",
    "grader.pipeline.pages",
    "grader.pipeline.submissions",
    "grader.sandbox",
)
BY_FIELDS = {"grader.judge.limits": "Limits", "grader.sandbox.walls": "Walls"}


@dataclass(frozen=True)
class Kept:
    """A test that says what it holds: words of a promise of the module."""

    test: str
    module: str
    words: str


def promises(module: str) -> list[str]:
    """Return what a module promises, one clause or field each.

    >>> promises("grader.sandbox.walls")[:2]
    ['memory_bytes', 'processes']
    """
    loaded = importlib.import_module(module)
    if module in BY_FIELDS:
        return [field.name for field in fields(getattr(loaded, BY_FIELDS[module]))]
    return clauses(loaded.__doc__ or "")


def clauses(docstring: str) -> list[str]:
    """Return the clauses of the bullets under "Promised".

    >>> clauses("Walls.\\n\\nPromised:\\n\\n- no network: none at all;\\n- an end. Of all.\\n\\nNot promised: x.")
    ['no network: none at all', 'an end', 'Of all']
    """
    found: list[str] = []
    _, _, text = docstring.partition("\nPromised")
    bullets = re.split(r"^- ", re.split(r"\n(?=Not promised)", text)[0], flags=re.MULTILINE)[1:]
    for bullet in bullets:
        one_line = " ".join(bullet.split("\n\n")[0].split())
        found += [clause.strip(" .;") for clause in re.split(r"[.;](?= |$)", one_line)]
    return [clause for clause in found if clause]


@cache
def kept() -> tuple[Kept, ...]:
    """Return what the tests say that they hold."""
    return tuple(_kept())


def _kept() -> Iterator[Kept]:
    for path in sorted(HERE.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body if ".keeps(" in source else ():
            for call in getattr(node, "decorator_list", ()):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.keeps":
                    module, *words = map(ast.literal_eval, call.args)
                    where = f"{path.relative_to(HERE)}::{getattr(node, 'name', '')}"
                    yield from (Kept(where, module, each) for each in words)
