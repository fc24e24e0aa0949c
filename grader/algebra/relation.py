"""Does a relation hold? The one entry point of the algebra: :func:`relate`."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sympy import Expr, KroneckerDelta, S, exp, log

from grader.algebra.budget import OutOfBudget, limited
from grader.algebra.calculus import NoRule, resolve
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import DomainSymbol, Point, sample, symbols_of
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import MP, OutOfReach, Undefined, Value, bind, value_at
from grader.algebra.expressions import as_expression
from grader.algebra.inequalities import not_negative, written_signs
from grader.algebra.normal import NoNormalForm, Normalizer, is_zero
from grader.algebra.polynomial import NOT_NEGATIVE, POSITIVE

Status = Literal["proved", "tested", "refuted", "undecided"]
RELATIONS = ("=", "≤", "≥", "<", ">", "≈")
_TYPED = {"<=": "≤", ">=": "≥", "~=": "≈"}  # as they are typed on a keyboard

_TOLERANCE = MP.mpf(10) ** -12  # relative; the evaluation itself errs by less than 1e-18
_FEWEST_POINTS = 6  # fewer defined points than this say nothing
# SymPy evaluates while it builds, and on degenerate expressions (1/0 inside a logarithm) that ends in one of these.
_SYMPY_FAILURES = (ArithmeticError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError)
_SHARE_FOR_POINTS = 0.6  # of the time limit; the rest is the proof's


@dataclass(frozen=True)
class Counterexample:
    """A point at which a relation fails, with the values of both sides (ten digits)."""

    point: Point
    lhs: str
    rhs: str

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {_short(value)}" for name, value in self.point.items())
        return f"at {place or 'every point'} the left side is {self.lhs}, the right side {self.rhs}"


@dataclass(frozen=True)
class Verdict:
    """How far a relation is known.

    status: ``proved`` (for every value of the domains), ``tested`` (true at `points` random points: no proof),
        ``refuted`` (see `counterexample`) or ``undecided``.
    method: how, in words. points: number of random points at which both sides were defined and compared.
    conditions: what a proof takes for granted beyond the domains, such as ``("x ≠ 0",)``.
    """

    status: Status
    method: str
    points: int
    counterexample: Counterexample | None = None
    conditions: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the relation is proved or tested."""
        return self.status in ("proved", "tested")

    def __bool__(self) -> bool:
        raise AlgebraError("A verdict has four values; ask for .holds or .status instead of its truth.")

    def __str__(self) -> str:
        return f"{self.status}: {self.counterexample or self.method}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return "(" + ", ".join(_short(v) for v in value) + ")"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def relate(
    lhs: Any,
    relation: str,
    rhs: Any,
    *,
    error: Any = None,
    points: int = 24,
    seed: int = 0,
    seconds: float = 5.0,
) -> Verdict:
    """Return how far ``lhs relation rhs`` is known on the whole domain of its symbols.

    relation: one of = ≤ ≥ < > ≈; ≈ needs `error`, the largest |lhs − rhs|.
    points: number of random points. seed: what they are drawn from. seconds: the time limit; running out of it is
    *undecided*. Raises AlgebraError for an unknown relation, a symbol without a domain, or something that is no
    expression.

    First the sides are compared at random points in 40-digit arithmetic, where a difference is a counterexample.
    Then a proof is sought. A proof is believed only beside points that agree with it.

    >>> from grader.algebra import positive
    >>> from sympy import log
    >>> x, y = positive("x"), positive("y")
    >>> relate(log(x * y), "=", log(x) + log(y)).status
    'proved'
    >>> relate(log(x + y), "=", log(x) + log(y)).status
    'refuted'
    """
    left, right = as_expression(lhs), as_expression(rhs)
    relation = checked_relation(relation)
    if (relation == "≈") != (error is not None):
        raise AlgebraError(
            "The relation ≈ needs error=, the largest difference that it allows; the others take none."
        )
    margin = None if error is None else as_expression(error)
    try:
        symbols = symbols_of(left, right, *([] if margin is None else [margin]))
        with limited(seconds):
            return _decide(left, relation, right, margin, _points(symbols, points, seed), seconds)
    except OutOfBudget:
        return Verdict("undecided", f"no decision within {seconds:g} s", 0)
    except RecursionError:
        return Verdict("undecided", "the expression is nested too deeply", 0)


def checked_relation(relation: str) -> str:
    """Return the relation's sign; <= and >= stand for ≤ and ≥. Raises AlgebraError for what is no relation."""
    sign = _TYPED.get(relation, relation) if isinstance(relation, str) else relation
    if sign not in RELATIONS:
        raise AlgebraError(f"Unknown relation {relation!r}; use one of {' '.join(RELATIONS)}.")
    return sign


def _points(symbols: list[Any], count: int, seed: int) -> list[Point]:
    rng = random.Random(seed)
    return [sample(symbols, rng) for _ in range(count if symbols else 1)]


def _decide(
    left: Expr, relation: str, right: Expr, error: Expr | None, points: list[Point], seconds: float
) -> Verdict:
    compared, out_of_reach, problem = 0, 0, "it is undefined there"
    try:
        with limited(seconds * _SHARE_FOR_POINTS):
            for point in points:
                try:
                    a, b = _value_or_none(left, point), _value_or_none(right, point)
                    margin = None if error is None else value_at(error, bind(error, point))
                except OutOfReach as reason:
                    out_of_reach, problem = out_of_reach + 1, str(reason)
                    continue
                if a is None and b is None:
                    continue
                compared += 1
                if a is None or b is None or _fails(a, relation, b, margin):
                    return Verdict("refuted", "a counterexample", compared, _counterexample(point, a, b))
    except OutOfBudget:
        return Verdict("undecided", "the evaluation took too long", compared)
    except AlgebraError as failure:
        return Verdict("undecided", str(failure), compared)
    if compared < min(_FEWEST_POINTS, len(points)):
        return Verdict(
            "undecided", f"only {compared} of {len(points)} random points compared: {problem}", compared
        )
    tested = Verdict("tested", "random points", compared)
    if out_of_reach > len(points) // 4:
        tested = Verdict(
            "undecided", f"{out_of_reach} of {len(points)} points were out of reach: {problem}", compared
        )
    if relation == "≈":
        constant = len(points) == 1 and not points[0]
        return Verdict("proved", f"both sides evaluated to {MP.dps} digits", compared) if constant else tested
    try:
        proof = _prove(left, relation, right, compared)
    except OutOfBudget:
        proof = None
    return tested if proof is None else proof


def _value_or_none(expr: Expr, point: Point) -> Value | None:
    try:
        return value_at(expr, bind(expr, point))
    except Undefined:
        return None


def _counterexample(point: Point, left: Value | None, right: Value | None) -> Counterexample:
    shown = ["undefined" if side is None else MP.nstr(side, 10) for side in (left, right)]
    return Counterexample({name: point[name] for name in sorted(point)}, *shown)


def _fails(a: Value, relation: str, b: Value, margin: Value | None) -> bool:
    slack = _TOLERANCE * max(1, abs(a), abs(b))
    match relation:
        case "=":
            return bool(abs(a - b) > slack)
        case "≈":
            return bool(abs(a - b) > margin)
        case "≤":
            return bool(a - b > slack)
        case "≥":
            return bool(b - a > slack)
        case "<":
            return bool(a - b > -slack * _TOLERANCE)
        case _:
            return bool(b - a > -slack * _TOLERANCE)


def _prove(left: Expr, relation: str, right: Expr, tried: int) -> Verdict | None:
    try:
        sides = resolve(open_definitions(left)), resolve(open_definitions(right))
        conditions: list[str] = []
        method = ""
        for first, second, distinct in _cases(*sides):
            if any(a == b for a, b in distinct):
                continue  # an index that differs from itself: the case can't occur
            normal = Normalizer(conditions)
            found = _prove_case(first, relation, second, normal, distinct)
            if found is None:
                return None
            method = found
    except (NoRule, NoNormalForm, *_SYMPY_FAILURES):
        return None
    return Verdict("proved", method, tried, conditions=tuple(conditions))


Distinct = tuple[tuple[Expr, Expr], ...]


def _cases(left: Expr, right: Expr, distinct: Distinct = ()) -> Iterator[tuple[Expr, Expr, Distinct]]:
    """Yield the sides for every way in which the indices of their Kronecker deltas can coincide.

    The third item names the pairs of indices that differ.
    """
    deltas = sorted((d for side in (left, right) for d in side.atoms(KroneckerDelta) if _is_free(d)), key=str)
    if not deltas:
        yield left, right, distinct
        return
    delta = deltas[0]
    one, other = sorted(delta.args, key=lambda a: (not _is_index(a), str(a)))
    if not _is_index(one):
        raise NoRule("a Kronecker delta without an index of its own")
    same = tuple((a.xreplace({one: other}), b.xreplace({one: other})) for a, b in distinct)
    yield from _cases(left.xreplace({one: other}), right.xreplace({one: other}), same)
    apart = (*distinct, (one, other))
    yield from _cases(left.xreplace({delta: S.Zero}), right.xreplace({delta: S.Zero}), apart)


def _is_index(expr: Expr) -> bool:
    return isinstance(expr, DomainSymbol) and expr.domain.kind == "index"


def _is_free(delta: KroneckerDelta) -> bool:
    return not any(symbol.is_Dummy for symbol in delta.free_symbols)


def _prove_case(left: Expr, relation: str, right: Expr, normal: Normalizer, distinct: Distinct) -> str | None:
    if relation in ("≥", ">"):
        left, relation, right = right, {"≥": "≤", ">": "<"}[relation], left
    if relation == "=":
        same = is_zero(normal(right) - normal(left))
        return "both sides have the same normal form" if same else None
    return _prove_order(left, right, relation == "<", normal, distinct)


def _prove_order(low: Expr, high: Expr, strict: bool, normal: Normalizer, distinct: Distinct) -> str | None:
    wanted = POSITIVE if strict else NOT_NEGATIVE
    if low == 0 and written_signs(high) <= wanted:
        return "the signs of its parts"
    if high == 0 and frozenset(-s for s in written_signs(low)) <= wanted:
        return "the signs of its parts"
    pairs = tuple((normal(a), normal(b)) for a, b in distinct)
    reason = not_negative(normal(high) - normal(low), strict, distinct=pairs)
    if reason is None and written_signs(low) == written_signs(high) == POSITIVE:
        reason = not_negative(normal(log(high)) - normal(log(low)), strict, distinct=pairs)
        return None if reason is None else f"the logarithm is increasing; {reason}"
    if reason is None:
        reason = not_negative(normal(exp(high)) - normal(exp(low)), strict, distinct=pairs)
        return None if reason is None else f"the exponential is increasing; {reason}"
    return reason
