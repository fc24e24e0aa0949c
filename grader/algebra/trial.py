"""A relation on trial: what the points say about it, before and after a proof is sought."""

from dataclasses import dataclass, field

from sympy import Expr, Limit, Symbol

from grader.algebra.budget import OutOfBudget
from grader.algebra.comparison import Comparison, as_float, compare, difference
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import DomainSymbol, Point
from grader.algebra.jumps import limits_of, places
from grader.algebra.points import generic, near
from grader.algebra.proof import Proof, prove
from grader.algebra.verdicts import Verdict, refuted

_LOOKED_INTO = 12  # points at which one side is undefined whose surroundings are tried
_TIED = 2  # points beside which a limit's parameters are moved to where it may jump


@dataclass(frozen=True)
class Claim:
    """The relation that is to be decided."""

    left: Expr
    relation: str
    right: Expr
    error: Expr | None

    def sides(self) -> list[Expr]:
        """What is compared: both sides, and the error that ≈ allows."""
        return [self.left, self.right, *([] if self.error is None else [self.error])]

    def where(self, values: dict[Symbol, Expr]) -> "Claim":
        """The same of some values of its symbols, which may be roots that no point can hold."""
        error = None if self.error is None else self.error.xreplace(values)
        left, right = (open_definitions(side).xreplace(values) for side in (self.left, self.right))
        return Claim(left, self.relation, right, error)

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
        return self._proof_of(self.relation)

    def equality(self) -> Proof | None:
        """A proof that the sides are equal."""
        return self._proof_of("=")

    def _proof_of(self, relation: str) -> Proof | None:
        try:
            return prove(self.left, relation, self.right)
        except (OutOfBudget, RecursionError):
            return None


@dataclass
class Trial:
    """What the points said so far.

    half: points at which one side only is undefined, exceptional ones. unsettled: points at which the digits did not
    tell. refutation: the verdict when there is a counterexample. limits: those in both sides, once they are asked for.
    """

    claim: Claim
    symbols: list[DomainSymbol]
    compared: int = 0
    tried: int = 0
    out_of_reach: int = 0
    problem: str = "it is undefined there"
    half: list[tuple[Point, Comparison]] = field(default_factory=list)
    unsettled: list[tuple[Point, Comparison]] = field(default_factory=list)
    agreed: list[Point] = field(default_factory=list)
    close: list[Point] = field(default_factory=list)
    meeting: Point | None = None
    refutation: Verdict | None = None
    limits: list[Limit] | None = None

    def add(self, point: Point) -> bool:
        """Compare the sides at one more point; return whether it refutes the relation."""
        before = len(self.agreed)
        if self._compare(point):
            return True
        return before < len(self.agreed) <= _TIED and self._tie(point)

    def _tie(self, point: Point) -> bool:
        """Whether the relation fails beside the point, where a limit may jump. Undefined sides say nothing there."""
        if self.limits is None:
            self.limits = limits_of(self.claim.left, self.claim.right)
        for changes in places(self.limits, self.symbols, point) if self.limits else ():
            place = dict(point)
            for symbol, value in changes.items():
                exact = int(value) if value.is_Integer else str(value) if value.is_Rational else float(value)
                place[symbol.name] = (
                    [exact] * len(known) if isinstance(known := point[symbol.name], list) else exact
                )
            roots = {symbol: value for symbol, value in changes.items() if not value.is_Rational}
            found = (self.claim.where(roots) if roots else self.claim).at(place)
            if found.finding == "fails":
                self.refutation = refuted(place, found, self.compared)
                return True
        return False

    def _compare(self, point: Point) -> bool:
        found = self.claim.at(point)
        self.tried += 1
        match found.finding:
            case "fails":
                self.compared += 1
                self.refutation = refuted(point, found, self.compared)
            case "agrees":
                self.compared += 1
                self.agreed.append(point)
                self.close += [] if found.certain else [point]
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
            self.refutation = refuted(point, found, self.compared + 1)
            return
        if len(self.half) < _LOOKED_INTO and self._is_typical(point):
            self.refutation = refuted(point, found, self.compared + 1)
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
