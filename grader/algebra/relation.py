"""Does a relation hold? The one entry point of the algebra: :func:`relate`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sympy import Add, Expr, Integer, Limit, Pow, log, preorder_traversal

from grader.algebra.algebraic import sign_of_algebraic
from grader.algebra.budget import OutOfBudget, counted, exhausted, limited
from grader.algebra.comparison import Comparison, as_float, compare, deep_digits, difference, shown, violated
from grader.algebra.conditions import Condition
from grader.algebra.definitions import open_definitions
from grader.algebra.descent import lowest
from grader.algebra.domains import DomainSymbol, Point, symbols_of
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.points import far, generic, near, readable
from grader.algebra.proof import Proof, prove

Status = Literal["proved", "tested", "refuted", "undecided"]
RELATIONS = ("=", "≤", "≥", "<", ">", "≈")
_TYPED = {"<=": "≤", ">=": "≥", "~=": "≈"}  # as they are typed on a keyboard
_ALLOWED = {"=": (0,), "≤": (-1, 0), "<": (-1,), "≥": (0, 1), ">": (1,)}  # signs of left − right

_FEWEST_POINTS = 6  # fewer defined points than this say nothing
_SHARE_FOR_POINTS = 0.6  # of the limit; the rest is the proof's
_STEPS_FAR_OUT = 250_000
_STARTS = 24  # points whose surroundings may be walked downhill
_LOOKED_INTO = (
    3  # points at which one side is undefined whose surroundings are tried; deep looks at what agrees
)


@dataclass(frozen=True)
class Counterexample:
    """A point at which a relation fails, with the values of both sides: ten digits, more where these agree.

    reason: of a side that is undefined there, such as "a division by zero".
    """

    point: Point
    lhs: str
    rhs: str
    reason: str = ""

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {_short(value)}" for name, value in self.point.items())
        undefined = f"undefined ({self.reason})" if self.reason else "undefined"
        lhs, rhs = (undefined if side == "undefined" else side for side in (self.lhs, self.rhs))
        return f"at {place or 'every point'} the left side is {lhs}, the right side {rhs}"


@dataclass(frozen=True)
class Verdict:
    """How far a relation is known.

    status: ``proved`` (for every value of the domains), ``tested`` (true at `points` random points: no proof),
        ``refuted`` (see `counterexample`) or ``undecided``.
    method: how, in words. points: number of random points at which both sides were defined and compared.
    conditions: what a proof takes for granted beyond the domains, such as ``("x ≠ 0",)``; `assumed` holds the same as
        data.
    """

    status: Status
    method: str
    points: int
    counterexample: Counterexample | None = None
    conditions: tuple[str, ...] = ()
    assumed: tuple[Condition, ...] = field(default=(), repr=False)

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
    points: number of small points at which the sides are compared; the first are fixed and readable, the others are
    drawn from `seed`. seconds: the limit, counted in steps of work, as many as a slow processor makes in that time; the
    clock (processor time) only stops what takes four times longer. Running out is *undecided*. Raises AlgebraError for
    an unknown relation, a symbol without a domain, or something that is no expression.

    A point refutes when both sides have values that certainly break the relation: they are enclosed by intervals, with
    more digits where they are close. A side without a value refutes, too, when that is so on more than exceptional
    points (a set of positive measure), or when an index leaves its family. Else it needs a proof whose conditions
    exclude the point. A proof is believed only beside points that agree with it. Where there is none, points far out
    (large sizes, probabilities near 0 and 1) are tried as well before the relation is called *tested*.

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
    claim = _Claim(left, relation, right, margin)
    try:
        symbols = symbols_of(left, right, *([] if margin is None else [margin]))
        with counted(seconds):
            return _decide(claim, symbols, points, seed, seconds) if symbols else _decide_constants(claim)
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


@dataclass(frozen=True)
class _Claim:
    """The relation that is to be decided."""

    left: Expr
    relation: str
    right: Expr
    error: Expr | None

    def at(self, point: Point, *digits: int) -> Comparison:
        return compare(self.left, self.relation, self.right, self.error, point, *([digits] if digits else []))

    def slack(self, point: Point) -> float | None:
        """By how much an inequality holds at the point, roughly; None where that is not known."""
        found = self.at(point, 40)
        if found.left is None or found.right is None:
            return None
        low, high = (found.left, found.right) if self.relation in ("<", "≤") else (found.right, found.left)
        return as_float(difference(high, low))

    def proof(self) -> Proof | None:
        """A proof, where one is found in what is left of the budget; none is sought for ≈."""
        if self.relation == "≈":
            return None
        try:
            return prove(self.left, self.relation, self.right)
        except OutOfBudget:
            return None


def _refuted(point: Point, found: Comparison, compared: int, method: str = "a counterexample") -> Verdict:
    values = shown(found.left, found.right)
    place = {name: point[name] for name in sorted(point)}
    return Verdict("refuted", method, compared, Counterexample(place, *values, found.reason))


# ---------------------------------------------------------------------------------------- constants


def _decide_constants(claim: _Claim) -> Verdict:
    """Decide a relation between two constants: by intervals, exactly if they are algebraic, else by a proof."""
    try:
        found = claim.at({})
    except AlgebraError as failure:
        return Verdict("undecided", str(failure), 0)
    rigorous = not any(side.has(Limit) for side in map(open_definitions, (claim.left, claim.right)))
    method = "interval arithmetic" if rigorous else "values close to the limit"
    if found.finding == "fails":
        return _refuted({}, found, 1, method)
    if found.finding not in ("agrees", "unsettled"):
        return Verdict("undecided", found.reason or "it is undefined", 0)
    if found.certain and rigorous:
        return Verdict("proved", f"{method} with {found.digits} digits", 1)
    if claim.relation != "≈":
        apart = Add(open_definitions(claim.left), -open_definitions(claim.right), evaluate=False)
        sign = sign_of_algebraic(apart)
        if sign is not None and sign not in _ALLOWED[claim.relation]:
            return _refuted(
                {}, claim.at({}, *deep_digits(claim.left, claim.right)), 1, "algebraic numbers, exactly"
            )
        if sign is not None:
            return Verdict("proved", "algebraic numbers, exactly", 1)
    proof = claim.proof()
    if proof is not None and found.finding == "agrees":
        return _proved(proof, 1)
    deep = claim.at({}, *deep_digits(claim.left, claim.right))
    if deep.finding == "fails":
        return _refuted({}, deep, 1, method)
    if deep.finding == "agrees":
        return Verdict("tested", f"both sides agree to {deep.digits // 2} digits and more", 1)
    return Verdict("undecided", "the two sides are too close to tell", 1)


# ---------------------------------------------------------------------------------------- points


@dataclass
class _Trial:
    """What the points said so far.

    half: points at which one side only is undefined, exceptional ones. unsettled: points at which the digits did not
    tell. refutation: the verdict when there is a counterexample.
    """

    claim: _Claim
    symbols: list[DomainSymbol]
    compared: int = 0
    tried: int = 0
    out_of_reach: int = 0
    problem: str = "it is undefined there"
    half: list[tuple[Point, Comparison]] = field(default_factory=list)
    unsettled: list[tuple[Point, Comparison]] = field(default_factory=list)
    agreed: list[Point] = field(default_factory=list)
    refutation: Verdict | None = None

    def add(self, point: Point) -> bool:
        """Compare the sides at one more point; return whether it refutes the relation."""
        found = self.claim.at(point)
        self.tried += 1
        match found.finding:
            case "fails":
                self.compared += 1
                self.refutation = _refuted(point, found, self.compared)
            case "agrees":
                self.compared += 1
                self.agreed.append(point)
            case "half defined":
                self._half_defined(point, found)
            case "unsettled":
                self.unsettled.append((point, found))
                self.problem = found.reason or "the two sides are too close to tell"
                self.out_of_reach += self.claim.relation in ("=", "≈")
            case "out of reach":
                self.out_of_reach += 1
                self.problem = found.reason
        return self.refutation is not None

    def _half_defined(self, point: Point, found: Comparison) -> None:
        if found.outside:
            self.refutation = _refuted(point, found, self.compared + 1)
            return
        if len(self.half) < _LOOKED_INTO and self._is_typical(point):
            self.refutation = _refuted(point, found, self.compared + 1)
        self.half.append((point, found))

    def _is_typical(self, point: Point) -> bool:
        """Whether one side is undefined there though nothing is exceptional about the point.

        Real numbers are moved a little; then the sizes are made larger and the indices apart. What is undefined only
        where a denominator happens to be 0 does not survive this.
        """
        whole = any(symbol.domain.kind in ("size", "index") for symbol in self.symbols)
        for turn in range(2):
            place = near(point, self.symbols, turn)
            if self.claim.at(place).finding != "half defined":
                continue
            others = [generic(place, self.symbols, again) for again in range(3)] if whole else [place]
            if any(other is not None and self.claim.at(other).finding == "half defined" for other in others):
                return True
        return False


def _decide(claim: _Claim, symbols: list[DomainSymbol], points: int, seed: int, seconds: float) -> Verdict:
    trial = _Trial(claim, symbols)
    try:
        with counted(seconds * _SHARE_FOR_POINTS):
            if any(trial.add(point) for point in readable(symbols, points, seed)):
                return _verdict_of(trial)
    except OutOfBudget:
        return Verdict("undecided", "the evaluation took too long", trial.compared)
    except AlgebraError as failure:
        return Verdict("undecided", str(failure), trial.compared)
    compared = trial.compared
    if compared + len(trial.unsettled) < min(_FEWEST_POINTS, trial.tried) or not trial.tried:
        return Verdict(
            "undecided", f"only {compared} of {trial.tried} points compared: {trial.problem}", compared
        )
    proof = claim.proof()
    if proof is not None:
        return _with_conditions(proof, trial)
    return _without_proof(claim, trial)


def _verdict_of(trial: _Trial) -> Verdict:
    assert trial.refutation is not None
    return trial.refutation


def _proved(proof: Proof, compared: int) -> Verdict:
    texts = tuple(str(condition) for condition in proof.conditions)
    return Verdict("proved", proof.method, compared, conditions=texts, assumed=proof.conditions)


def _with_conditions(proof: Proof, trial: _Trial) -> Verdict:
    """The proof's verdict, if its conditions exclude every point at which one side was undefined.

    A proof says that the sides are equal where both are defined. What cancelled before it began, as in x · 1/x, is a
    condition all the same, so the written denominators and logarithms are asked, too.
    """
    needed = list(proof.conditions)
    written = [c for side in (trial.claim.left, trial.claim.right) for c in _written_conditions(side)]
    for point, found in trial.half:
        if any(violated(condition, point) for condition in needed):
            continue
        excluding = next((c for c in written if violated(c, point)), None)
        if excluding is None:
            return _half_known(point, found, trial.compared)
        needed.append(excluding)
    return _proved(Proof(proof.method, tuple(needed)), trial.compared)


def _written_conditions(side: Expr) -> Iterator[Condition]:
    """That each denominator is not 0 and each logarithm's argument positive, outside of sums."""
    for part in preorder_traversal(open_definitions(side)):
        if any(symbol.is_Dummy for symbol in part.free_symbols):
            continue
        if isinstance(part, Pow) and part.exp.could_extract_minus_sign():
            yield Condition(part.base, "≠ 0")
        elif isinstance(part, log):
            yield Condition(part.args[0], "> 0")


def _half_known(point: Point, found: Comparison, compared: int) -> Verdict:
    example = _refuted(point, found, compared).counterexample
    return Verdict("undecided", f"{example}; elsewhere the sides agree at {compared} points", compared)


def _without_proof(claim: _Claim, trial: _Trial) -> Verdict:
    """What can be said without a proof: far out, and with many digits, the sides may differ after all."""
    for look in (_equal_where_too_close, _far_out, _tightest, _deeper):
        if look(claim, trial):
            return _verdict_of(trial)
    compared = trial.compared
    if trial.half:
        return _half_known(*trial.half[0], compared)
    if trial.unsettled and claim.relation in ("<", ">"):
        return Verdict("undecided", f"at some points {trial.problem}", compared)
    if trial.out_of_reach > trial.tried // 4:
        return Verdict(
            "undecided",
            f"{trial.out_of_reach} of {trial.tried} points were out of reach: {trial.problem}",
            compared,
        )
    return Verdict("tested", "random points", compared)


def _equal_where_too_close(claim: _Claim, trial: _Trial) -> bool:
    """Whether a strict inequality fails because the sides are equal for some sizes and indices."""
    if claim.relation not in ("<", ">"):
        return False
    sides = open_definitions(claim.left), open_definitions(claim.right)
    for point, found in trial.unsettled[:_LOOKED_INTO]:
        fixed = {s: Integer(point[s.name]) for s in trial.symbols if s.domain.kind in ("size", "index")}
        try:
            equal = prove(sides[0].xreplace(fixed), "=", sides[1].xreplace(fixed))
        except OutOfBudget:
            return False
        if equal is not None and not equal.conditions and found.left is not None:
            same = Comparison("fails", found.left, found.left, digits=found.digits)
            trial.refutation = _refuted(point, same, trial.compared, "the sides are equal there")
            return True
    return False


def _far_out(claim: _Claim, trial: _Trial) -> bool:
    """Whether a point far out refutes the relation. What is out of reach there is left out."""
    known = trial.out_of_reach, trial.tried, list(trial.unsettled)
    try:
        with limited(3600.0, _STEPS_FAR_OUT):
            for point in far(trial.symbols):
                try:
                    if trial.add(point):
                        return True
                except AlgebraError:
                    continue  # an expression that is not understood was met before, among the small points
    except OutOfBudget:
        if exhausted():
            raise
    trial.out_of_reach, trial.tried, trial.unsettled = known
    return False


def _tightest(claim: _Claim, trial: _Trial) -> bool:
    """Whether an inequality fails where it is tightest."""
    if claim.relation in ("=", "≈"):
        return False
    known = trial.out_of_reach, trial.tried, list(trial.unsettled)
    try:
        with limited(3600.0, _STEPS_FAR_OUT):
            for point in lowest(claim.slack, trial.agreed[:_STARTS], trial.symbols):
                if trial.add(point):
                    return True
    except OutOfBudget:
        if exhausted():
            raise
    trial.out_of_reach, trial.tried, trial.unsettled = known
    return False


def _deeper(claim: _Claim, trial: _Trial) -> bool:
    """Whether sides that agree differ after all, in digits beyond those that are written in them."""
    digits = deep_digits(claim.left, claim.right)
    for point in [*trial.agreed[1:_LOOKED_INTO], *trial.agreed[-1:]]:
        found = claim.at(point, *digits)
        if found.finding == "fails":
            trial.refutation = _refuted(point, found, trial.compared)
            return True
    return False
