"""Wrong right sides, made from right ones: the mistakes that a derivation's author makes."""

from collections.abc import Callable, Iterator
from typing import Any

from sympy import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    exp,
    log,
    sympify,
)

from grader.algebra.curves import Curve
from grader.algebra.definitions import Defined
from grader.algebra.domains import DomainSymbol

Place = tuple[Expr, Callable[[Any], Expr], tuple[DomainSymbol, ...]]


def places(expr: Expr, scope: tuple[DomainSymbol, ...] = ()) -> Iterator[Place]:
    """Yield each part of the expression as it is written, with what rebuilds the whole round another part.

    A named quantity is one part, and so is a curve at its place. The third item lists the bound indices whose scope
    the part is in.
    """
    yield expr, lambda part: part, scope
    if isinstance(expr, Defined | Indexed | KroneckerDelta | Curve) or not expr.args:
        return
    bound = tuple(limit[0] for limit in expr.limits) if isinstance(expr, Sum | Product) else ()
    for position, arg in enumerate(expr.args):
        if bound and position > 0 or not isinstance(arg, Expr):
            continue  # a sum's limits

        def around(part: Any, position: int = position) -> Expr:
            return expr.func(*expr.args[:position], part, *expr.args[position + 1 :])

        for inner, rebuild, names in places(arg, scope + bound):
            yield inner, lambda part, rebuild=rebuild, around=around: around(rebuild(part)), names


def flipped_sign(expr: Expr) -> Iterator[Expr]:
    for part, rebuild, _ in places(expr):
        if isinstance(part, Add):
            for position, term in enumerate(part.args):
                yield rebuild(Add(*part.args[:position], -term, *part.args[position + 1 :]))
    yield -expr


def dropped_term(expr: Expr) -> Iterator[Expr]:
    for part, rebuild, _ in places(expr):
        if isinstance(part, Add | Mul):
            for position in range(len(part.args)):
                yield rebuild(part.func(*part.args[:position], *part.args[position + 1 :]))


def swapped_index(expr: Expr) -> Iterator[Expr]:
    """Another index at one place: a free one, or one that a sum around the place binds."""
    free = [s for s in expr.free_symbols if isinstance(s, DomainSymbol) and s.domain.kind == "index"]
    for part, rebuild, bound in places(expr):
        if not isinstance(part, Defined | Indexed | KroneckerDelta):
            continue
        whole = part.definition if isinstance(part, Defined) else part
        own = (
            part.parameters
            if isinstance(part, Defined)
            else part.args[1:]
            if isinstance(part, Indexed)
            else part.args
        )
        for old in own:
            for new in sorted({*free, *bound}, key=str):
                if new != old and getattr(old, "domain", None) == new.domain:
                    yield rebuild(whole.xreplace({old: new}))


def swapped_families(expr: Expr) -> Iterator[Expr]:
    """Two quantities with the same index take each other's place, as p and q do."""
    indexed = [p for p, _, _ in places(expr) if isinstance(p, Defined | Indexed)]
    for first in indexed:
        for second in indexed:
            if str(first) < str(second) and first.free_symbols & second.free_symbols:
                yield expr.xreplace({first: second, second: first})


def other_base(expr: Expr) -> Iterator[Expr]:
    for part, rebuild, _ in places(expr):
        if isinstance(part, log):
            yield rebuild(part / log(2))
        elif isinstance(part, exp):
            yield rebuild(Pow(2, part.args[0]))


def factor_two(expr: Expr) -> Iterator[Expr]:
    yield 2 * expr
    yield expr * Rational(1, 2)


def added_one(expr: Expr) -> Iterator[Expr]:
    yield expr + 1


def short_range(expr: Expr) -> Iterator[Expr]:
    """The last term of a sum or product is left out."""
    for part, rebuild, _ in places(expr):
        if isinstance(part, Sum | Product) and len(part.limits) == 1:
            variable, low, high = part.limits[0]
            yield rebuild(part.func(part.function, (variable, low, high - Integer(1))))


KINDS: dict[str, Callable[[Expr], Iterator[Expr]]] = {
    "flipped sign": flipped_sign,
    "dropped term": dropped_term,
    "swapped index": swapped_index,
    "swapped families": swapped_families,
    "other base": other_base,
    "factor 2": factor_two,
    "added 1": added_one,
    "short range": short_range,
}


def perturbations(expr: Expr) -> Iterator[tuple[str, Expr]]:
    """Yield (kind, wrong expression); a few of them may happen to equal the right one."""
    for kind, change in KINDS.items():
        for wrong in change(sympify(expr)):
            yield kind, wrong
