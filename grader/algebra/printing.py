"""TeX as the course sets it: the author's order of terms, short logarithms, indices without braces."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sympy import (
    Add,
    Derivative,
    Expr,
    Indexed,
    Integer,
    Limit,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    log,
)
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence_traditional

from grader.algebra.curves import Curve
from grader.algebra.definitions import Defined
from grader.algebra.determinants import Determinant, Triangular
from grader.algebra.expectations import Expectation

RELATION_TEX = {"=": "=", "≠": r"\ne", "≤": r"\le", "≥": r"\ge", "<": "<", ">": ">", "≈": r"\approx"}


class CoursePrinter(LatexPrinter):
    """SymPy's printer, with the order of terms left alone."""

    def __init__(self) -> None:
        super().__init__({"order": "none", "fold_short_frac": False, "long_frac_ratio": 5})

    def _print_Indexed(self, expr: Indexed) -> str:
        base = self._print(expr.base.label)
        if "_" in base:  # TeX refuses a second subscript at the same place
            base = f"{{{base}}}"
        return f"{base}_{{{','.join(self._print(i) for i in expr.indices)}}}"

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        indices = [self._print(i) for i in expr.args]
        separator = " " if all(len(i) == 1 or i.startswith("\\") for i in indices) else ","
        tex = rf"\delta_{{{separator.join(indices)}}}"
        return tex if exp is None else rf"{tex}^{{{exp}}}"

    def _print_Defined(self, expr: Defined, exp: str | None = None) -> str:
        tex = expr.template % tuple(self._print(p) for p in expr.parameters)
        return tex if exp is None else rf"{{{tex}}}^{{{exp}}}"

    def _print_Expectation(self, expr: Expectation) -> str:
        below = expr.below or self._print(expr.letter)
        return rf"\mathbb{{E}}_{{{below}}}\left[{self._print(expr.body)}\right]"

    def _print_Curve(self, expr: Curve) -> str:
        place = self._print(expr.place)
        tall = r"\frac" in place
        return expr.template + (rf"\left({place}\right)" if tall else f"({place})")

    def _print_Determinant(self, expr: Determinant) -> str:
        rows = r" \\ ".join(" & ".join(self._print(entry) for entry in row) for row in expr.rows)
        return rf"\det\begin{{pmatrix}} {rows} \end{{pmatrix}}"

    def _print_Triangular(self, expr: Triangular) -> str:
        ends = [
            [self._print(block.function.xreplace({letter: end})) for end in (first, last)]
            for block in expr.args
            for letter, first, last in block.limits
        ]
        if len(ends) == 1:
            first, last = ends[0]
            inside = rf"{first} & & 0 \\ \vdots & \ddots & \\ \ast & \cdots & {last}"
        else:
            width = len(ends)
            blocks = ["I" if a == b == "1" else rf"\operatorname{{diag}}({a}, \dots, {b})" for a, b in ends]
            inside = r" \\ ".join(
                " & ".join([r"\ast"] * n + [block] + ["0"] * (width - n - 1))
                for n, block in enumerate(blocks)
            )
        return rf"\det\begin{{pmatrix}} {inside} \end{{pmatrix}}"

    def _print_Mul(self, expr: Mul) -> str:
        # an unevaluated product of SymPy's own making carries factors 1, as in Sum(1·e^z)
        kept = [a for a in expr.args if a is not S.One]
        if len(kept) < len(expr.args):
            return str(self._print(Mul(*kept, evaluate=False) if kept else S.One))
        sums = [a for a in kept if isinstance(a, Sum | Product)]
        rest = [a for a in kept if a not in sums]
        below = [a for a in rest if isinstance(a, Pow) and a.exp.is_negative]
        # (1/m) Σ f reads better than a fraction with a sum on top; a sum below keeps its fraction, Σ f / Σ g
        if len(sums) == 1 and below and not any(a.has(Sum, Product) for a in below):
            if len(rest) > 1:
                return f"{self._print(Mul(*rest, evaluate=False))} {self._print(sums[0])}"
            if below[0].exp == -1:
                return f"{self._print(below[0])} {self._print(sums[0])}"
        tex = str(super()._print_Mul(expr))
        if tex.startswith("- (") and tex.endswith(")"):  # SymPy's brackets round a negated sum do not grow
            return rf"- \left({tex[3:-1]}\right)"
        return tex

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        name = r"\log" if exp is None else rf"\log^{{{exp}}}"
        if len(expr.args) == 2:
            name = rf"\log_{{{self._print(expr.args[1])}}}"
        argument = expr.args[0]
        inner = self._print(argument)
        bare = isinstance(argument, Symbol | Indexed | Defined | Sum | Product) or (
            argument.is_Integer and argument.is_positive
        )
        return f"{name} {inner}" if bare and exp is None else rf"{name}\left({inner}\right)"

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        with self._small(expr.exp):
            inner = self._print(expr.exp)
        tall = r"\frac" in inner or r"\sum" in inner or r"\prod" in inner
        tex = rf"\exp\left({inner}\right)" if tall else f"e^{{{inner}}}"
        return tex if exp is None else rf"\left({tex}\right)^{{{exp}}}"

    @contextmanager
    def _small(self, exponent: Expr) -> Iterator[None]:
        """Set a plain quotient such as z/T with a slash: there is little room in an exponent."""
        parts = [a for a in Mul.make_args(exponent) if a not in (S.One, S.NegativeOne)]
        over = [
            a for a in parts if isinstance(a, Pow) and a.exp == -1 and isinstance(a.base, Symbol | Integer)
        ]
        under = [a for a in parts if a not in over]
        plain = (
            len(over) == 1
            and len(under) <= 1
            and all(isinstance(a, Symbol | Indexed | Add | Integer) for a in under)
        )
        before = self._settings["fold_short_frac"]
        self._settings["fold_short_frac"] = before or plain or isinstance(exponent, Rational)
        try:
            yield
        finally:
            self._settings["fold_short_frac"] = before

    def _print_Pow(self, expr: Pow) -> str:
        if expr.exp.is_Rational and expr.exp.is_negative or expr.exp == S.Half:
            return str(super()._print_Pow(expr))
        base = self._print(expr.base)
        simple = isinstance(expr.base, Symbol | Indexed | Defined) or (
            expr.base.is_Integer and expr.base.is_nonnegative
        )
        with self._small(expr.exp):
            exponent = self._print(expr.exp)
        return f"{base}^{{{exponent}}}" if simple else rf"\left({base}\right)^{{{exponent}}}"

    def _print_Derivative(self, expr: Derivative) -> str:
        order = sum(int(n) for _, n in expr.variable_count)
        below = " ".join(
            rf"\partial {self._print(v)}" + (f"^{{{n}}}" if n > 1 else "")
            for v, n in reversed(expr.variable_count)
        )
        d = r"\partial" if order == 1 else rf"\partial^{{{order}}}"
        if isinstance(expr.expr, Symbol | Indexed | Defined):
            return rf"\frac{{{d} {self._print(expr.expr)}}}{{{below}}}"
        inner = self._print(expr.expr)
        return rf"\frac{{{d}}}{{{below}}} " + (
            rf"\left({inner}\right)" if isinstance(expr.expr, Add) or inner.startswith("-") else inner
        )

    def _needs_mul_brackets(self, expr: Expr, first: bool = False, last: bool = False) -> bool:
        # SymPy brackets whatever holds a sum anywhere; here only what a reader could take to go on
        if isinstance(expr, Defined):
            return False
        if not last and _opens_far(expr):
            return True
        if expr.is_Mul:
            # the second catches a product whose first factor is negative and was not multiplied out
            negative = bool(expr.could_extract_minus_sign()) or self._print(expr).startswith("-")
            return negative and not first
        return bool(precedence_traditional(expr) < PRECEDENCE["Mul"]) or isinstance(expr, Piecewise)


def _opens_far(expr: Expr) -> bool:
    """Whether what is printed after the expression would seem to belong to it: Σ f, lim f, ∂/∂z f, log Σ f."""
    if isinstance(expr, Sum | Product | Limit | Derivative):
        return True
    if isinstance(expr, log):
        return isinstance(expr.args[0], Sum | Product)
    return isinstance(expr, Mul) and any(_opens_far(a) for a in expr.args)


def latex(expr: Expr) -> str:
    r"""Return the TeX of an expression, its terms in the order in which they were written.

    >>> from sympy import Add, log
    >>> from grader.algebra import positive, probability
    >>> latex(Add(-log(probability("p")), positive("a"), evaluate=False))
    '- \\log p + a'
    """
    return str(CoursePrinter().doprint(expr))
