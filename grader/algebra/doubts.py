"""What can be said about a relation without a proof: it is doubted in every way there is, and then called tested."""

import random
from collections.abc import Iterable, Iterator

from sympy import Expr, Integer

from grader.algebra.budget import OutOfBudget, exhausted, limited
from grader.algebra.comparison import Comparison, deep_digits, equal_sides
from grader.algebra.definitions import open_definitions
from grader.algebra.descent import beside, walks
from grader.algebra.domains import DomainSymbol, Point, length_of
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import enclosure
from grader.algebra.intervals import sign_of
from grader.algebra.literals import with_values, written
from grader.algebra.near_ties import near_ties
from grader.algebra.points import far, tied
from grader.algebra.proof import difference, prove
from grader.algebra.resolution import settle_below_the_digits
from grader.algebra.restored import as_closed_number, as_polynomial
from grader.algebra.switches import SYMPY_FAILURES, as_entry, real_places, shifted, ties_of, whole_places
from grader.algebra.trial import Claim, Trial
from grader.algebra.verdicts import Verdict, place_of, refuted

_STEPS_FAR_OUT = 250_000
_STEPS_AT_NUMBERS = 150_000  # at points that the statement's numbers suggest
_STARTS = 24  # points whose surroundings may be walked downhill
_LOOKED_INTO = 3  # points that are looked at more closely
_BASES = 2  # points whose real numbers are moved to where the statement changes its form
_MOST_ROOTS = 8  # irrational places that are looked at from one of these points
_GRID_POINTS = 20
_LONGEST_FAMILY = 5_000


def without_proof(claim: Claim, trial: Trial) -> Verdict:
    """What can be said without a proof: far out, and with many digits, the sides may differ after all."""
    for look in (
        _different_by_algebra,
        _where_it_switches,
        _equal_where_too_close,
        _far_out,
        _where_indices_meet,
        _tightest,
        _deeper,
        settle_below_the_digits,
    ):
        if look(claim, trial) and trial.refutation is not None:
            return trial.refutation
    compared = trial.compared
    if trial.half:
        return half_known(*trial.half[0], compared)
    if trial.unsettled and claim.relation in ("<", ">"):
        return Verdict("undecided", f"at some points {trial.problem}", compared)
    if trial.meeting is not None:
        return Verdict("undecided", f"the two sides come together near {place_of(trial.meeting)}", compared)
    if trial.out_of_reach > trial.tried // 4:
        return Verdict(
            "undecided",
            f"{trial.out_of_reach} of {trial.tried} points were out of reach: {trial.problem}",
            compared,
        )
    return Verdict("tested", "random points", compared)


def _equal_where_too_close(claim: Claim, trial: Trial) -> bool:
    """Whether a strict inequality fails because the sides are equal for some sizes and indices."""
    if claim.relation not in ("<", ">"):
        return False
    sides = open_definitions(claim.left), open_definitions(claim.right)
    for point, found in trial.unsettled[:_LOOKED_INTO]:
        fixed = {s: Integer(point[s.name]) for s in trial.symbols if s.domain.kind in ("size", "index")}
        try:
            equal = prove(sides[0].xreplace(fixed), "=", sides[1].xreplace(fixed))
        except (OutOfBudget, RecursionError):
            return False
        if equal is not None and not equal.conditions and found.left is not None:
            trial.refutation = refuted(point, equal_sides(found), trial.compared, "the sides are equal there")
            return True
    return False


def _far_out(claim: Claim, trial: Trial) -> bool:
    """Whether a point where sides nearly tie, one that the statement's numbers suggest, or one far out refutes it."""
    return (
        _refuted_by(near_ties(trial.symbols), trial)
        or _refuted_by(written(claim.sides(), trial.symbols), trial, _STEPS_AT_NUMBERS)
        or _refuted_by(far(trial.symbols), trial)
    )


def _where_it_switches(claim: Claim, trial: Trial) -> bool:
    """Whether the relation fails where a delta, a case or a kink makes its form another."""
    ties = ties_of(claim.sides())
    if not ties:
        return False
    if _refuted_by(with_values(trial.symbols, whole_places(ties, trial.symbols)), trial, close=True):
        return True
    for base in trial.agreed[:_BASES]:
        rational: list[Point] = []
        irrational: list[tuple[Point, dict[DomainSymbol, Expr]]] = []
        for place in real_places(ties, trial.symbols, base):
            point = base | {symbol.name: as_entry(value) for symbol, value in place.items()}
            roots = {symbol: value for symbol, value in place.items() if not value.is_Rational}
            if roots:
                irrational.append((point, roots))
            else:
                rational.append(point)
        if _refuted_by(rational, trial):
            return True
        for point, roots in irrational[:_MOST_ROOTS]:
            _at_roots(claim, trial, point, roots)
            if trial.refutation is not None:
                return True
    return False


def _at_roots(claim: Claim, trial: Trial, point: Point, roots: dict[DomainSymbol, Expr]) -> None:
    """Look at a point some of whose values are irrational: it refutes, or one side is undefined there."""
    sides = [open_definitions(side) for side in claim.sides()]
    try:
        with limited(3600.0, _STEPS_AT_NUMBERS):
            for symbol, root in roots.items():
                sides = [shifted(side, symbol, root) for side in sides]
            error = sides[2] if claim.error is not None else None
            moved = Claim(sides[0], claim.relation, sides[1], error)
            found = moved.at(point | {symbol.name: 0 for symbol in roots})
    except OutOfBudget:
        if exhausted():
            raise
        return
    except (AlgebraError, *SYMPY_FAILURES):
        return
    if found.finding == "fails":
        exactly = ", ".join(f"{symbol} = {root}" for symbol, root in roots.items())
        trial.refutation = refuted(point, found, trial.compared, f"a counterexample, at {exactly} exactly")
    elif found.finding == "half defined":
        trial.half.append((point, found))


def _refuted_by(
    points: Iterable[Point], trial: Trial, steps: int = _STEPS_FAR_OUT, close: bool = False
) -> bool:
    """Whether one of the points refutes the relation. What is out of reach there is left out.

    close: remember the points at which the sides are too close to tell.
    """
    known = trial.out_of_reach, trial.tried, list(trial.unsettled)
    try:
        with limited(3600.0, steps):
            for point in points:
                try:
                    if trial.add(point):
                        return True
                except AlgebraError:
                    continue  # an expression that is not understood was met before, among the small points
    except OutOfBudget:
        if exhausted():
            raise
    trial.out_of_reach, trial.tried, trial.unsettled = *known[:2], trial.unsettled if close else known[2]
    return False


def _where_indices_meet(claim: Claim, trial: Trial) -> bool:
    """Whether the relation fails where indices meet, or numbers are special. Undefined sides say nothing there."""
    try:
        with limited(3600.0, _STEPS_FAR_OUT):
            for point in tied(trial.symbols):
                try:
                    found = claim.at(point)
                except AlgebraError:
                    continue  # an expression that is not understood was met before, among the small points
                if found.finding == "fails":
                    trial.refutation = refuted(point, found, trial.compared)
                    return True
    except OutOfBudget:
        if exhausted():
            raise
    return False


def _tightest(claim: Claim, trial: Trial) -> bool:
    """Whether an inequality fails where it is tightest."""
    if claim.relation in ("=", "≈"):
        return False
    return _refuted_by(_downhill(claim, trial), trial)


def _downhill(claim: Claim, trial: Trial) -> Iterator[Point]:
    for walk in walks(claim.slack, trial.agreed[:_STARTS], trial.symbols):
        yield from beside(walk.end, trial.symbols)
        if claim.relation in ("<", ">") and walk.vanishes(trial.symbols):
            trial.meeting = walk.end


def _deeper(claim: Claim, trial: Trial) -> bool:
    """Whether sides that agree differ after all, in digits beyond those that are written in them."""
    digits = deep_digits(claim.left, claim.right)
    for point in [*trial.agreed[1:_LOOKED_INTO], *trial.agreed[-1:]]:
        found = claim.at(point, *digits)
        if found.finding == "fails":
            trial.refutation = refuted(point, found, trial.compared)
            return True
    return False


def _different_by_algebra(claim: Claim, trial: Trial) -> bool:
    """Whether the difference is a number other than 0, or a polynomial: that is not 0 somewhere beyond its degree."""
    if claim.relation != "=":
        return False
    try:
        found = difference(claim.left, claim.right)
    except (OutOfBudget, RecursionError):
        return False
    if found is None or not found[0].terms:
        return False
    number = as_closed_number(found[0])
    if number is not None:
        return _different_by(number, trial)
    polynomial = as_polynomial(found[0])
    digits = deep_digits(claim.left, claim.right)
    if polynomial is None:
        return False
    rng, degree = random.Random(3), int(polynomial.total_degree())
    for _ in range(_GRID_POINTS):
        point = _on_a_grid(trial.symbols, 2 * degree + 2, rng)
        if point is None:
            return False
        compared = claim.at(point, *digits)
        if compared.finding == "fails":
            trial.refutation = refuted(
                point, compared, trial.compared, "the difference is a polynomial other than 0"
            )
            return True
    return False


def _different_by(number: Expr, trial: Trial) -> bool:
    """Whether the number by which the sides differ is certainly not 0, however small."""
    place = trial.agreed[0] if trial.agreed else None
    try:
        apart = enclosure(number)
    except AlgebraError:
        return False
    if place is None or sign_of(apart) in (0, None):
        return False
    found = trial.claim.at(place)
    if found.left is not None and found.right is not None:
        trial.refutation = refuted(
            place, found, trial.compared, "the difference is a number other than 0", apart
        )
    return trial.refutation is not None


def _on_a_grid(symbols: list[DomainSymbol], steps: int, rng: random.Random) -> Point | None:
    """A point of a grid with so many steps for each scalar; a polynomial of half the degree vanishes on few of them."""
    point: Point = {}
    for symbol in symbols:
        domain = symbol.domain
        if domain.kind == "size":
            point[symbol.name] = domain.at_least + rng.randrange(steps)
        elif domain.size is not None:
            last = length_of(domain, point)
            if not 1 <= last <= _LONGEST_FAMILY:
                return None
            # the polynomial holds no family, so all entries may be alike
            alike = {"probability": 0.5, "simplex": 1 / last}.get(domain.kind, 1)
            point[symbol.name] = rng.randint(1, last) if domain.kind == "index" else [alike] * last
        else:
            step = 1 + rng.randrange(steps)
            point[symbol.name] = step / (steps + 2) if domain.kind == "probability" else step
    return point


def half_known(point: Point, found: Comparison, compared: int) -> Verdict:
    """Return the verdict of a relation that holds where both sides are defined, and has exceptional points."""
    example = refuted(point, found, compared).counterexample
    return Verdict("undecided", f"{example}; elsewhere the sides agree at {compared} points", compared)
