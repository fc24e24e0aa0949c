"""A stream of statements: drawn from a shape, then perhaps spoiled, put into a context, or rewritten unsoundly."""

import random
from collections.abc import Callable, Iterator

from sympy import Abs, Expr, Integer, KroneckerDelta, Pow, Product, S, Sum, Symbol, exp, log

from tests.hunt.draws import Draw
from tests.hunt.letters import OUTSIDE, V, a, b, free_letters, i, j, k, l, m, o, u, x, z
from tests.hunt.shapes import calculus, closed, deltas, families, forced, powers, ranges, signs
from tests.hunt.shapes.registry import SHAPES
from tests.hunt.statements import FAILURES, Statement

MODULES = (calculus, closed, deltas, families, forced, powers, ranges, signs)  # importing them fills SHAPES
_WEIGHTS = [shape.weight for shape in SHAPES]
_FLIPPED = {"≤": "≥", "≥": "≤", "<": "≤", ">": "≥", "=": "≤"}


def statement(rng: random.Random) -> Statement | None:
    """Return a statement, true or false; None when SymPy does not let it be built."""
    d = Draw(rng)
    (shape,) = rng.choices(SHAPES, _WEIGHTS)
    try:
        lhs, relation, rhs = shape.draw(d)
        made = Statement(shape.name, S(lhs), relation, S(rhs))
        if d.chance(0.15):
            made = _spoiled(d, made)
        if d.chance(0.25):
            made = _in_context(d, made)
        if d.chance(0.04):
            made = Statement("unsound rewriting", made.lhs, "=", _rewritten(d, made.lhs))
        made = _with_domains(made)
    except FAILURES:
        return None
    return None if made.lhs == made.rhs else made


def _with_domains(made: Statement) -> Statement:
    free = free_letters(made.lhs) | free_letters(made.rhs)
    domains = {letter: index for letter, index in OUTSIDE.items() if letter in free}
    if not domains:
        return made
    return Statement(made.shape, made.lhs.xreplace(domains), made.relation, made.rhs.xreplace(domains))


def stream(seed: int | str) -> Iterator[Statement]:
    """Yield statements without end, the same for the same seed."""
    rng = random.Random(seed)
    while True:
        made = statement(rng)
        if made is not None:
            yield made


def _spoiled(d: Draw, made: Statement) -> Statement:
    """One small change to one side, or to the relation."""
    side = d.chance(0.5)
    expr = made.rhs if side else made.lhs
    which = d.rng.randrange(6)
    if which == 0:
        return Statement(made.shape, made.lhs, _FLIPPED[made.relation], made.rhs)
    if which == 1:
        letters = sorted(free_letters(expr), key=str)
        scalars = [w for w in letters if w in (i, j, V, m, x, b)]
        if scalars:
            expr = expr.xreplace({d.one(scalars): d.one((i, j, V, m, x, Integer(1), b))})
    elif which == 2:
        expr = d.one((-expr, 2 * expr, expr + 1, expr / 2))
    elif which == 3:
        expr = _with_a_range_changed(d, expr)
    elif which == 4:
        expr = expr.xreplace({k: d.one((k, j, k + 1))}) if not expr.has(Sum, Product) else expr
    else:
        expr = expr.replace(Abs, lambda inner: inner)
    return (
        Statement(made.shape, made.lhs, made.relation, expr)
        if side
        else Statement(made.shape, expr, made.relation, made.rhs)
    )


def _with_a_range_changed(d: Draw, expr: Expr) -> Expr:
    found = sorted(expr.atoms(Sum, Product), key=str)
    if not found:
        return expr
    chosen = d.one(found)
    *inner, (letter, low, high) = chosen.limits
    step = d.one((Integer(1), Integer(-1)))
    limits = (letter, low + step, high) if d.chance(0.5) else (letter, low, high + step)
    return expr.xreplace({chosen: chosen.func(chosen.function, *inner, limits)})


def _in_context(d: Draw, made: Statement) -> Statement:
    """Both sides under one function, or under one sum over a letter that was free in them."""
    free = [w for w in (i, j) if w in free_letters(made.lhs) | free_letters(made.rhs)]
    letter = d.one((i, j, o, o)) if not free else d.one((*free, *free, o))
    low, high = d.one(((S.One, V), (S.One, m), d.bounds()))
    weight = d.one((S.One, letter, z[letter], KroneckerDelta(letter, d.one((i, j, Integer(1)))), a))
    contexts: list[Callable[[Expr], Expr]] = [
        lambda e: Sum(weight * e, (letter, low, high)),
        lambda e: Sum(weight * e, (letter, low, high)),
        lambda e: Product(e, (letter, low, high)),
        exp, log, Abs, lambda e: e**2, lambda e: 1 / e, lambda e: Pow(e, S.Half), lambda e: x * e, lambda e: e - u,
    ]  # fmt: skip
    context = d.rng.choice(contexts)
    return Statement(made.shape, context(made.lhs), made.relation, context(made.rhs))


def _rewritten(d: Draw, expr: Expr) -> Expr:
    """The expression with one sum, product, logarithm or power changed by a rule that holds only at times."""
    if d.chance(0.5):
        at = d.one((k, l))
        expr = expr + Sum(d.body(at), (at, *d.bounds()))
    places = [
        part
        for part in sorted(expr.atoms(Sum, Product, log, Pow, exp, KroneckerDelta), key=str)
        if _rules(d, part)
    ]
    if not places:
        return expr + 1
    place = d.one(places)
    return expr.xreplace({place: d.rng.choice(_rules(d, place))()})


def _rules(d: Draw, part: Expr) -> list[Callable[[], Expr]]:
    if isinstance(part, Sum | Product) and len(part.limits) == 1:
        ((letter, low, high),) = part.limits
        return _rules_of_ranges(d, part, letter, low, high)
    if isinstance(part, log) and len(part.args) == 1:
        (inner,) = part.args
        if inner.is_Mul or inner.is_Add:
            return [
                lambda: inner.func(*(log(arg) for arg in inner.args)),
                lambda: sum((log(arg) for arg in inner.args), S.Zero),
            ]
        if inner.is_Pow:
            return [lambda: inner.exp * log(inner.base)]
    if isinstance(part, Pow) and part.base.is_Pow:
        return [lambda: part.base.base ** (part.base.exp * part.exp)]
    if isinstance(part, Pow) and (part.base.is_Mul or part.base.is_Add):
        return [lambda: part.base.func(*(arg**part.exp for arg in part.base.args))]
    if isinstance(part, KroneckerDelta):
        return [lambda: S.Zero, lambda: S.One]
    return []


def _rules_of_ranges(d: Draw, part: Expr, letter: Symbol, low: Expr, high: Expr) -> list[Callable[[], Expr]]:
    body, kind = part.function, part.func
    rules: list[Callable[[], Expr]] = [
        lambda: kind(body, (letter, low, high - 1)) + body.xreplace({letter: high}),
        lambda: -kind(body, (letter, high + 1, low - 1)),
        lambda: kind(body.xreplace({letter: letter + 1}), (letter, low, high)),
        lambda: body * (high - low + 1) if kind is Sum else body ** (high - low + 1),
        lambda: kind(body.replace(Abs, lambda inner: inner), (letter, low, high)),
        lambda: kind(body, (letter, low, j)) + kind(body, (letter, j + 1, high)),
    ]
    if body.is_Mul:
        rules += [lambda: kind(body / arg, (letter, low, high)) * arg for arg in body.args]  # noqa: B023
        rules.append(lambda: body.func(*(kind(arg, (letter, low, high)) for arg in body.args)))
    return rules
