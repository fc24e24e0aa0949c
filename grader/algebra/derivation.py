"""Derivations: chains of relations whose every step is checked, and which are printed from what was checked."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from sympy import Expr

from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.printing import RELATION_TEX, latex
from grader.algebra.recording import note_derivation
from grader.algebra.relation import checked_relation, relate
from grader.algebra.stated import stated_tex
from grader.algebra.typed import as_typed
from grader.algebra.verdicts import Verdict

_ARGUED = "argued"


@dataclass(frozen=True)
class Line:
    """One line of a derivation. The first has no relation; a hand-set one has TeX instead of an expression.

    typed: a student's expression as it was typed, before SymPy evaluated it; None where that is not known.
    """

    relation: str | None
    expr: Expr | None
    because: str
    verdict: Verdict | None = None
    tex: str | None = None
    error: Expr | None = None
    typed: Expr | None = None

    @property
    def status(self) -> str:
        """The verdict's status, or ``argued`` for a line that no check covers."""
        return self.verdict.status if self.verdict is not None else _ARGUED

    @property
    def method(self) -> str:
        """How it is known, in words."""
        return self.verdict.method if self.verdict is not None else "by the argument given"

    def latex(self) -> str:
        """Return the TeX of the line's right side."""
        return self.tex if self.tex is not None else latex(self.expr)


@dataclass(frozen=True)
class Argument:
    """A claim of the text beside a chain that no check covers, with its argument in words."""

    claim: str
    because: str


class Derivation:
    r"""A chain a = b = c ≤ d, each step checked when it is added.

    label: unique in the book; `{eq}` refers to it. title: what is derived, for readers and the ledger.
    needs: labels of equations before it that it rests on, where the text that leads to it does not name them (see
    ``grader.algebra.concepts``).
    strict: raise on a step that is refuted or undecided. A student's notebook says ``strict=False``: then a wrong
    step is kept and shown with its counterexample. Raises AlgebraError.

    >>> from sympy import log
    >>> from grader.algebra import positive
    >>> a, b = positive("a"), positive("b")
    >>> d = Derivation("log-product")
    >>> d.start(log(a * b))
    >>> d.step("=", log(a) + log(b), because="both factors are positive")
    >>> [line.status for line in d.lines[1:]]
    ['proved']
    """

    def __init__(
        self, label: str, title: str = "", *, needs: Sequence[str] = (), strict: bool = True
    ) -> None:
        if not isinstance(label, str) or not label.replace("-", "").isalnum():
            raise AlgebraError(
                f"A derivation's label is lower-case words joined by hyphens; given: {label!r}."
            )
        if isinstance(needs, str) or label in needs or len(set(needs)) < len(needs):
            raise AlgebraError(
                f"{label}: what it needs is a list of other labels, each once; given: {needs!r}."
            )
        self.label, self.title, self.needs, self.strict = label, title, tuple(needs), strict
        self._lines: list[Line] = []
        self._beside: list[Argument] = []
        note_derivation(self)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines so far, the start first."""
        return tuple(self._lines)

    def start(self, expr: Any) -> None:
        """Set the first expression. A second call is an error."""
        if self._lines:
            raise AlgebraError(f"The derivation {self.label} has a start already; add a step.")
        typed = None if self.strict else as_typed(sys._getframe(1), 0, "expr")
        self._lines.append(Line(None, as_expression(expr), "", typed=typed))

    def step(
        self, relation: str, expr: Any, because: str = "", *, error: Any = None, points: int = 24
    ) -> None:
        """Add ``relation expr`` to the chain and check it against the line before.

        relation: one of = ≤ ≥ < > ≈ (≈ needs `error`). because: the reason, for the reader.
        """
        if not self._lines:
            raise AlgebraError(f"The derivation {self.label} has no start; call start(expression) first.")
        relation = checked_relation(relation)
        margin = None if error is None else as_expression(error)
        typed = None if self.strict else as_typed(sys._getframe(1), 1, "expr")
        line = Line(relation, as_expression(expr), because, error=margin, typed=typed)
        before = self._lines[-1].expr
        if self.strict:
            if before is None:
                raise AlgebraError(
                    f"{self.label}: a step can't follow a hand-set line; state it as a derivation of its own."
                )
            verdict = relate(before, relation, line.expr, error=margin, points=points)
            if not verdict.holds:
                raise AlgebraError(
                    f"{self.label}, step {len(self._lines)} ({because or 'no reason given'}) is {verdict}\n"
                    f"    {before}\n  {relation} {line.expr}"
                )
            line = Line(relation, line.expr, because, verdict, error=margin)
        self._lines.append(line)

    def argued(self, relation: str, tex: str, because: str) -> None:
        """Add a hand-set line that rests on the argument in words; the ledger counts such lines."""
        if not because:
            raise AlgebraError(f"{self.label}: an argued line needs its argument.")
        self._lines.append(Line(relation, None, because, tex=tex))

    def beside(self, claim: str, because: str) -> None:
        """Note what the text claims beyond the chain, on an argument in words; the ledger lists it as argued."""
        if not claim or not because:
            raise AlgebraError(f"{self.label}: what stands beside a chain needs a claim and its argument.")
        self._beside.append(Argument(claim, because))

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """What is claimed beside the chain, on arguments in words."""
        return tuple(self._beside)

    def checked(self) -> tuple[Line, ...]:
        """Return the lines with their verdicts, checking those that have not been checked yet."""
        for n, line in enumerate(self._lines):
            before = self._lines[n - 1].expr if n else None
            if line.verdict is None and line.expr is not None and before is not None:
                verdict = relate(before, str(line.relation), line.expr, error=line.error)
                self._lines[n] = replace(line, verdict=verdict)
        return self.lines

    # ------------------------------------------------------------------------------------------ display

    def latex(self) -> str:
        """Return the chain as an aligned environment; steps are numbered when there are several."""
        if not self._lines:
            return r"\text{(an empty derivation)}"
        first, *steps = self._lines
        rows = []
        for n, line in enumerate(steps, 1):
            sign = RELATION_TEX[str(line.relation)] if line.relation in RELATION_TEX else str(line.relation)
            sign = sign if len(steps) == 1 else rf"\overset{{\scriptscriptstyle({n})}}{{{sign}}}"
            rows.append(rf"&{sign} {line.latex()}")
        # with several steps a long start gets a row of its own, so that the chain fits a narrow page
        start = first.latex()
        if len(steps) > 1 and len(start) > 60:
            rows.insert(0, "&" + start)
        else:
            rows[:1] = [start + " " + "".join(rows[:1])]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def summary(self) -> str:
        """Return one line that says how the steps are known."""
        counts: dict[str, int] = {}
        for line in self._lines[1:]:
            counts[line.status] = counts.get(line.status, 0) + 1
        total = len(self._lines) - 1
        if counts == {"proved": total}:
            said = "Proved" if total == 1 else f"Every step proved ({total})"
        else:
            said = ", ".join(f"{count} {status}" for status, count in counts.items()).capitalize()
        return said + (f"; {len(self._beside)} more argued in the text" if self._beside else "")

    def stated(self) -> str:
        """Return for which values the chain is known, in one line with TeX between dollars: domains and conditions."""
        expressions = [line.expr for line in self._lines if line.expr is not None]
        conditions = [c for line in self._lines if line.verdict is not None for c in line.verdict.assumed]
        try:
            return stated_tex(expressions, conditions)
        except AlgebraError:  # a student's symbol without a domain
            return ""

    def _reasons(self) -> list[str]:
        steps = self._lines[1:]
        if len(steps) == 1:
            return [f"Because {steps[0].because}."] if steps[0].because else []
        return [f"({n}) {line.because}." for n, line in enumerate(steps, 1) if line.because]

    def markdown(self) -> str:
        """Return the derivation as MyST Markdown: the mathematics with its label, the reasons, the checks to open."""
        rows = "\n".join(
            f"* - {n}\n  - {line.status}\n  - {how_known(line)}" for n, line in enumerate(self._lines[1:], 1)
        )
        rows += "".join(f"\n* - \n  - {_ARGUED}\n  - {a.claim}: {a.because}" for a in self._beside)
        reasons = "\n".join(f"{reason}<br>" for reason in self._reasons()).removesuffix("<br>")
        stated = self.stated()
        head = "* - Step\n  - Verdict\n  - How it is known"
        return (
            f"$$\n{self.latex()}\n$$ ({self.label})\n\n"
            + (f":::{{div}} derivation-reasons\n{reasons}\n:::\n\n" if reasons else "")
            + (f":::{{div}} derivation-domain\n{stated}\n:::\n\n" if stated else "")
            + f"::::{{admonition}} {self.summary()}\n:class: dropdown derivation-check\n\n"
            + (f"{self.title}.\n\n" if self.title else "")
            + f":::{{list-table}}\n:header-rows: 1\n\n{head}\n{rows}\n:::\n::::\n"
        )

    def html(self) -> str:
        """Return the derivation for JupyterLab, each line with its verdict."""
        colours = {
            "proved": "#1a7f37",
            "tested": "#1a7f37",
            "refuted": "#b3261e",
            "undecided": "#8a5a00",
            _ARGUED: "#57606a",
        }
        items = []
        checked = self.checked()[1:]
        for n, line in enumerate(checked, 1):
            reason = f"{escape(line.because)}: " if line.because else ""
            status = f'<b style="color:{colours[line.status]}">{line.status}</b>'
            items.append(f'<li value="{n}">{reason}{status} ({escape(how_known(line))})</li>')
        stated = escape(self.stated(), quote=False)
        domain = f'<p style="font-size:smaller;opacity:0.75">{stated}</p>' if stated else ""
        return f"$$\n{self.latex()}\n$$\n{domain}<ol>{''.join(items)}</ol>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self), "text/html": self.html()}
        if self.strict:  # a student's chain is no part of the book
            bundle["text/markdown"] = self.markdown()
        return bundle

    def __repr__(self) -> str:
        return f"<Derivation {self.label}, lines: {len(self._lines)}>"


def how_known(line: Line) -> str:
    """Return how a line is known, or where it fails, in words."""
    verdict = line.verdict
    if verdict is None:
        return line.method
    if verdict.counterexample is not None:
        return str(verdict.counterexample)
    text = verdict.method
    if verdict.status == "tested":
        return f"true at {verdict.points} random points; this is not a proof"
    if verdict.points:
        text += f"; agrees at {verdict.points} random point{'s' if verdict.points > 1 else ''}"
    if verdict.conditions:
        text += f"; for {', '.join(verdict.conditions)}"
    return text


def equation(
    label: str,
    lhs: Any,
    relation: str,
    rhs: Any,
    because: str = "",
    *,
    error: Any = None,
    title: str = "",
    needs: Sequence[str] = (),
) -> Derivation:
    """Return a derivation of one step, for an equation displayed on its own. Raises AlgebraError as a step does."""
    one = Derivation(label, title, needs=needs)
    one.start(lhs)
    one.step(relation, rhs, because, error=error)
    return one
