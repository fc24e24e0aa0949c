"""Runs a chapter without a kernel and keeps its prose, its cells, what they glued and what they derived."""

import ast
import contextlib
import io
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import jupytext
import pytest

from grader.algebra import FlawedDerivation

CHAPTERS = (
    "01_sequences", "02_maximum_likelihood", "03_kl_divergence", "04_cross_entropy", "05_softmax_gradient",
    "06_perplexity", "07_autograd", "08_language_model", "09_decoding",
    "10_beyond_autoregression", "11_exam",
)  # fmt: skip


@dataclass
class Chapter:
    """A chapter after execution in one plain namespace, without a kernel.

    glued: the numbers that the prose takes from the cells, by key. derivations: what the cells displayed, in
    order; flawed: those with one wrong line. printed: the cells' standard output. seconds: execution time, imports
    included. namespace: the cells' names.
    """

    name: str
    prose: list[str]
    code: list[Any]
    glued: dict[str, Any] = field(default_factory=dict)
    derivations: list[Any] = field(default_factory=list)
    flawed: list[FlawedDerivation] = field(default_factory=list)
    printed: str = ""
    seconds: float = 0.0
    namespace: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        return "\n\n".join(self.prose)

    @property
    def steps(self) -> list[tuple[str, Any, Any]]:
        """Every right step: its derivation's label, the line before it and its own."""
        found = [
            (derivation.label, before, line)
            for derivation in [*self.derivations, *self.flawed]
            for before, line in pairwise(derivation.lines)
            if line.status != "refuted"
        ]
        for derivation in self.flawed:
            flaw = derivation.flawed
            found.append((derivation.label, derivation.lines[flaw.number - 1], flaw.instead))
        return found


def execute(path: Path, monkeypatch: pytest.MonkeyPatch) -> Chapter:
    """Return the chapter, executed. A cell that raises, or a warning, raises here."""
    import matplotlib.pyplot as plt
    import matplotlib_inline.backend_inline
    import myst_nb

    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst").cells
    chapter = Chapter(
        path.stem,
        prose=[cell.source for cell in cells if cell.cell_type == "markdown"],
        code=[cell for cell in cells if cell.cell_type == "code"],
    )
    monkeypatch.setattr(myst_nb, "glue", lambda key, value, display: chapter.glued.update({key: value}))
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    monkeypatch.setattr(matplotlib_inline.backend_inline, "set_matplotlib_formats", lambda *formats: None)
    monkeypatch.chdir(path.parent)
    started, output, namespace = time.perf_counter(), io.StringIO(), chapter.namespace
    namespace["__name__"] = path.stem
    for cell in chapter.code:
        with contextlib.redirect_stdout(output):
            shown = run_cell(cell.source, namespace)
        if isinstance(shown, FlawedDerivation):
            chapter.flawed.append(shown)
        elif hasattr(shown, "lines"):
            chapter.derivations.append(shown)
    chapter.seconds, chapter.printed = time.perf_counter() - started, output.getvalue()
    return chapter


def run_cell(source: str, namespace: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last line when that is an expression, as a notebook does."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), namespace)  # noqa: S102 - our own chapters
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)  # noqa: S307 - our own chapters
