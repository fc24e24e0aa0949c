"""Chains with exactly one wrong line, for readers to find: the wrong one is refuted, every other one is proved."""

from dataclasses import dataclass
from typing import Any

from grader.algebra.derivation import Derivation, Line, how_known
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.printing import RELATION_TEX
from grader.algebra.relation import checked_relation, relate


@dataclass(frozen=True)
class Flaw:
    """The wrong line's number, counted from 1 as the page does, what is wrong with it in words, and the right line."""

    number: int
    why: str
    instead: Line


class FlawedDerivation(Derivation):
    r"""A chain a = b = c ≤ d with one line that does not follow from the one before.

    Each line is judged by the one before it, right or wrong, so an error is found where it is made. Raises AlgebraError
    where a step is not proved, and where the flaw is not refuted.

    >>> from sympy import log
    >>> from grader.algebra import positive
    >>> a, b = positive("a"), positive("b")
    >>> d = FlawedDerivation("logarithm-of-a-sum", title="A logarithm of a sum")
    >>> d.start(log(2 * a + 2 * b))
    >>> d.step("=", log(2) + log(a + b), because="the logarithm of a product")
    >>> right = log(2) + log(a) + log(1 + b / a)
    >>> d.flaw("=", log(2) + log(a) + log(b), because="of a sum", instead=right, why="A sum has no such rule.")
    >>> [line.status for line in d.lines[1:]], d.flawed.number
    (['proved', 'refuted'], 2)
    """

    def __init__(self, label: str, title: str = "") -> None:
        super().__init__(label, title)
        self._flaw: Flaw | None = None

    def step(
        self, relation: str, expr: Any, because: str = "", *, error: Any = None, points: int = 24
    ) -> None:
        """Add a right line. It must be proved: a line that is only *tested* might be a second wrong one."""
        super().step(relation, expr, because, error=error, points=points)
        if self.lines[-1].status != "proved":
            raise AlgebraError(f"{self.label}, step {len(self.lines) - 1} is {self.lines[-1].verdict}")

    def flaw(
        self,
        relation: str,
        expr: Any,
        because: str,
        *,
        instead: Any,
        why: str,
        instead_relation: str | None = None,
    ) -> None:
        """Add the wrong line, with the reason that whoever believes it would give.

        instead: what is right in its place, by `instead_relation` (by default the same). why: what is wrong, in words.
        """
        if not self.lines:
            raise AlgebraError(f"The derivation {self.label} has no start; call start(expression) first.")
        if self._flaw is not None:
            raise AlgebraError(f"{self.label} has a wrong line already, and a reader looks for one.")
        before, number = self.lines[-1].expr, len(self.lines)
        wrong = self._line(before, relation, expr, because)
        if wrong.verdict is None or wrong.verdict.counterexample is None:
            raise AlgebraError(
                f"{self.label}, step {number} should be wrong and is not refuted: {wrong.verdict}"
            )
        right = self._line(before, instead_relation or relation, instead, why)
        if right.status != "proved":
            raise AlgebraError(
                f"{self.label}: what should stand in step {number} is not proved: {right.verdict}"
            )
        self._lines.append(wrong)
        self._flaw = Flaw(number, why, right)

    @staticmethod
    def _line(before: Any, relation: str, expr: Any, because: str) -> Line:
        """A line with its verdict, whatever it is."""
        sign, right = checked_relation(relation), as_expression(expr)
        return Line(sign, right, because, relate(before, sign, right))

    @property
    def flawed(self) -> Flaw:
        """The wrong line. Raises AlgebraError when there is none yet."""
        if self._flaw is None:
            raise AlgebraError(f"{self.label} has no wrong line; call flaw(...).")
        return self._flaw

    # ------------------------------------------------------------------------------------------ display

    def stated(self) -> str:
        """Return for which values the chain is *claimed*."""
        return super().stated().replace("For ", "Claimed for ", 1)

    def summary(self) -> str:
        """Return one line that says what is known of the chain."""
        return f"One line refuted, {len(self.lines) - 2} proved"

    def markdown(self) -> str:
        """Return the chain as MyST Markdown: the lines with their label and reasons, and the verdict to open."""
        reasons = "\n".join(f"{reason}<br>" for reason in self._reasons()).removesuffix("<br>")
        return (
            f"$$\n{self.latex()}\n$$ ({self.label})\n\n"
            f":::{{div}} derivation-reasons\n{reasons}\n:::\n\n"
            f":::{{div}} derivation-domain\n{self.stated()}\n:::\n\n"
            "::::{dropdown} Which line is wrong?\n:class-container: exam-answer\n\n"
            f"{self._verdict()}::::\n"
        )

    def _verdict(self) -> str:
        """What stands behind the question: the counterexample, the right line, and how the others are known."""
        flaw, verdict = self.flawed, self.lines[self.flawed.number].verdict
        assert verdict is not None and verdict.counterexample is not None
        sign = rf"\overset{{\scriptscriptstyle({flaw.number})}}{{{RELATION_TEX[str(flaw.instead.relation)]}}}"
        rows = "\n".join(
            f"* - {n}\n  - {line.status}\n  - {how_known(line)}" for n, line in enumerate(self.lines[1:], 1)
        )
        return (
            f"**Line ({flaw.number}).** {flaw.why}\n\n"
            f"Refuted: {verdict.counterexample}.\n\n"
            f"What follows from the line before is\n\n$$\n{sign} {flaw.instead.latex()} .\n$$\n\n"
            f"Proved: {how_known(flaw.instead)}. Every other line follows from the one before it:\n\n"
            f":::{{list-table}}\n:header-rows: 1\n\n* - Line\n  - Verdict\n  - How it is known\n{rows}\n:::\n"
        )
