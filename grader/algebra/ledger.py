"""The ledger: every displayed equation of the book, with its verdict and method.

It is made by running the chapters' code cells, in order, and listening to the derivations they make.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from sympy import Expr, preorder_traversal

from grader.algebra.derivation import Derivation, Line
from grader.algebra.errors import AlgebraError
from grader.algebra.flawed import FlawedDerivation
from grader.algebra.recording import Named, recording
from grader.algebra.stated import domain_text

TELLING = 20  # nodes of an expression's tree


@dataclass(frozen=True)
class Chapter:
    """A chapter's derivations, in the order in which they are displayed."""

    name: str
    derivations: tuple[Derivation, ...]
    symbols: tuple[Named, ...] = ()

    @cached_property
    def reuses(self) -> dict[str, tuple[str, ...]]:
        """For each derivation, those before it whose result is a part of what it starts from."""
        results: dict[Expr, str] = {}
        found = {}
        for derivation in self.derivations:
            exprs = [line.expr for line in derivation.lines]
            found[derivation.label] = tuple(_known_parts(exprs[0], results)) if exprs else ()
            if len(exprs) > 1 and exprs[-1] is not None and _is_telling(exprs[-1]):
                results.setdefault(exprs[-1], derivation.label)
        return found


def _known_parts(expr: Expr | None, results: dict[Expr, str]) -> list[str]:
    """The labels of the results that an expression contains, the largest only where one contains another."""
    found, parts = list[str](), preorder_traversal(expr) if expr is not None else iter(())
    for part in parts:
        if part in results:
            found.append(results[part])
            parts.skip()
    return list(dict.fromkeys(found))


def _is_telling(expr: Expr) -> bool:
    """Whether an expression is long enough that it does not come twice by chance."""
    return sum(1 for _ in preorder_traversal(expr)) >= TELLING


def chapters(root: Path) -> list[Path]:
    """Return the book's numbered chapters in reading order."""
    return sorted((root / "book").glob("[0-9][0-9]_*.md"))


def run_chapter(path: Path) -> Chapter:
    """Run a chapter's code cells and return the derivations they made.

    Raises AlgebraError when a cell fails; the message names the chapter and the cell. Needs the extra ``book``.
    """
    import jupytext
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    cells = [c.source for c in jupytext.read(path).cells if c.cell_type == "code"]
    with _inside(path.parent), recording() as made:
        shell = InteractiveShell.instance()
        try:
            for number, source in enumerate(cells, 1):
                with capture_output() as shown:
                    result = shell.run_cell(source)  # type: ignore[no-untyped-call]
                problem = result.error_before_exec or result.error_in_exec
                if problem is not None:
                    raise AlgebraError(f"{path.name}, code cell {number}: {problem}\n{shown.stdout[-2000:]}")
        finally:
            InteractiveShell.clear_instance()
    return Chapter(path.stem, tuple(made.derivations), tuple(made.symbols))


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in the chapter's folder, as the book's build does, without a display."""
    before, backend = Path.cwd(), os.environ.get("MPLBACKEND")
    os.chdir(folder)
    os.environ["MPLBACKEND"] = "agg"
    try:
        yield
    finally:
        os.chdir(before)
        if backend is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = backend


def entries(chapter: Chapter) -> list[dict[str, Any]]:
    """Return one entry for each step, as plain data: its place, relation, verdict, domain, conditions, reason and TeX.

    from, tex: the TeX of the step's two sides. known_for: for which values the whole chain is known, as the page says
    it, with TeX between dollars. needs, reuses: see `grader.algebra.concepts`. flawed: whether the chain is shown with
    a wrong line, for readers to find; the entry is that of the line that should stand there.
    """
    found = []
    for derivation in chapter.derivations:
        flaw = derivation.flawed if isinstance(derivation, FlawedDerivation) else None
        for number, (before, line) in enumerate(pairwise(derivation.lines), 1):
            stands = flaw.instead if flaw is not None and number == flaw.number else line
            found.append(_step(derivation, chapter, number, before, stands))
        found += [_beside(derivation, chapter, number) for number in range(len(derivation.arguments))]
    return found


def _step(derivation: Derivation, chapter: Chapter, number: int, before: Line, line: Line) -> dict[str, Any]:
    """The entry of one step, from the line before it to its own."""
    verdict = line.verdict
    sides = [side.expr for side in (before, line) if side.expr is not None]
    return {
        "label": derivation.label,
        "step": number,
        "chapter": chapter.name,
        "title": derivation.title,
        "relation": line.relation,
        "status": line.status,
        "method": line.method,
        "points": verdict.points if verdict is not None else 0,
        "domain": domain_text(sides),
        "conditions": list(verdict.conditions) if verdict is not None else [],
        "known_for": derivation.stated(),
        "because": line.because,
        "from": before.latex(),
        "tex": line.latex(),
        "needs": list(derivation.needs),
        "reuses": list(chapter.reuses.get(derivation.label, ())),
        "flawed": isinstance(derivation, FlawedDerivation),
    }


def _beside(derivation: Derivation, chapter: Chapter, number: int) -> dict[str, Any]:
    """The entry of a claim that stands beside a derivation, on an argument in words."""
    argument = derivation.arguments[number]
    return {
        "label": derivation.label,
        "step": len(derivation.lines) + number,
        "chapter": chapter.name,
        "title": derivation.title,
        "relation": "",
        "status": "argued",
        "method": f"{argument.claim}: {argument.because}",
        "points": 0,
        "domain": "",
        "conditions": [],
        "known_for": derivation.stated(),
        "because": argument.because,
        "from": "",
        "tex": "",
        "needs": list(derivation.needs),
        "reuses": list(chapter.reuses.get(derivation.label, ())),
        "flawed": False,
    }


def run_book(root: Path) -> list[Chapter]:
    """Run all chapters of the book under `root`, from where they import `solutions`.

    Raises AlgebraError when a label is used twice or a chapter fails.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    seen: dict[str, str] = {}
    found = []
    for path in chapters(root):
        chapter = run_chapter(path)
        for derivation in chapter.derivations:
            if derivation.label in seen:
                raise AlgebraError(
                    f"The label {derivation.label} is used in {seen[derivation.label]} and in {path.name}."
                )
            seen[derivation.label] = path.name
        found.append(chapter)
    return found


def notation(book: Iterable[Chapter]) -> list[dict[str, str]]:
    """Return every symbol with a meaning, in the order in which the chapters introduce it.

    The same symbol with the same meaning is listed once, with its first chapter; with another meaning, once more.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for chapter in book:
        for symbol in chapter.symbols:
            found.setdefault((symbol.tex, symbol.meaning), {**asdict(symbol), "chapter": chapter.name})
    return list(found.values())
