"""The hunt: are false statements proved, and true ones refuted? The prover is asked alone and within `relate`."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

from grader.algebra import AlgebraError, Verdict, relate
from grader.algebra.budget import OutOfBudget, limited
from grader.algebra.proof import Proof, prove
from tests.hunt.arithmetic import Unclear, Undefined, sign_of
from tests.hunt.generator import stream
from tests.hunt.letters import Point, draw_point
from tests.hunt.statements import Checked, Statement, size_of, smaller
from tests.hunt.values import compiled, value_of

STEPS = 20_000  # of the prover for one statement: a count, not a time, so that a busy machine changes nothing
_POINTS_OF_A_PROOF = 60  # how many points a proof with conditions is held against
_POINTS_OF_A_CONDITION = 15
_ENOUGH = 20  # a statement is taken for true when it holds at so many points and fails at none


def proof(statement: Statement, steps: int = STEPS) -> Proof | None:
    """Return the prover's verdict without the points that guard it; None when it has no proof within so many steps."""
    try:
        with limited(60.0, steps=steps):
            return prove(statement.lhs, statement.relation, statement.rhs)
    except (OutOfBudget, RecursionError):
        return None


def allows(conditions: Any, point: Point, symbols: list[Any]) -> bool:
    """Whether a proof's conditions hold at the point. One that can't be evaluated there excludes the point."""
    environment = {symbol: point[symbol.name] for symbol in symbols}
    return all(_condition_holds(condition, environment) for condition in conditions)


def _condition_holds(condition: Any, environment: dict[Any, Any]) -> bool:
    decide = {"≠ 0": lambda side: side != 0, "> 0": lambda side: side > 0, "≥ 0": lambda side: side >= 0}
    try:
        rule = compiled(condition.expr)
        ranges = [(letter, compiled(low), compiled(high)) for letter, low, high in condition.over]

        def everywhere(inner: dict[Any, Any], depth: int) -> bool:
            if depth == len(ranges):
                return decide[condition.relation](sign_of(value_of(rule, inner)))
            letter, low, high = ranges[depth]
            letters = range(value_of(low, inner), value_of(high, inner) + 1)
            return all(everywhere({**inner, letter: at}, depth + 1) for at in letters)

        return everywhere(dict(environment), 0)
    except (Undefined, Unclear, KeyError):
        return False


def contradicted(
    statement: Statement, conditions: Any, seed: int, points: int = _POINTS_OF_A_PROOF
) -> Point | None:
    """Return a point that the conditions allow and at which the statement is false."""
    try:
        checked = Checked(statement)
    except Unclear:
        return None
    for point in checked.counterexamples(random.Random(seed), points):
        if allows(conditions, point, checked.symbols):
            return point
    return None


@dataclass
class Tally:
    """What a hunt has seen, by shape: statements drawn, those shown false, and those proved all the same."""

    drawn: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    proved: Counter[str] = field(default_factory=Counter)
    conditional: int = 0  # proved under conditions that exclude every point at which they were seen to fail
    found: list[tuple[Statement, Point]] = field(default_factory=list)

    def __str__(self) -> str:
        proved = sum(self.proved.values())
        lines = [
            f"{sum(self.drawn.values())} statements drawn, {sum(self.false.values())} of them shown false; "
            f"proved falsely: {proved} (under conditions that exclude the points: {self.conditional})"
        ]
        for shape in sorted(self.drawn):
            counts = self.drawn[shape], self.false[shape], self.proved[shape]
            lines.append(f"  {shape:28} {counts[0]:7} drawn {counts[1]:7} false {counts[2]:5} proved falsely")
        return "\n".join(lines)


Drawn = tuple[Statement, Point, int]
"""A statement, a point at which it is false, and the number by which it was drawn."""


def false_statements(seed: int | str, tally: Tally) -> Iterator[Drawn]:
    """Yield statements shown false, with a point and the number by which they were drawn."""
    for number, statement in enumerate(stream(seed)):
        tally.drawn[statement.shape] += 1
        point = contradicted(statement, (), number, points=10)
        if point is not None:
            tally.false[statement.shape] += 1
            yield statement, point, number


def hunt(seed: int | str, count: int, tally: Tally | None = None, steps: int = STEPS) -> Tally:
    """Put `count` false statements to the prover alone, with so many steps for each, and return what was seen."""
    tally = tally or Tally()
    return put_to_the_prover(islice(false_statements(seed, tally), count), tally, steps)


def put_to_the_prover(drawn: Iterable[Drawn], tally: Tally, steps: int = STEPS) -> Tally:
    """Put false statements to the prover alone; note in the tally which of them are proved, and return it."""
    for statement, point, number in drawn:
        verdict = proof(statement, steps)
        if verdict is None:
            continue
        place = point if allows(verdict.conditions, point, Checked(statement).symbols) else None
        place = place or contradicted(statement, verdict.conditions, number)
        if place is None:
            tally.conditional += 1
        else:
            tally.proved[statement.shape] += 1
            tally.found.append((statement, place))
    return tally


def held_in_relate(drawn: Iterable[Drawn]) -> list[tuple[Statement, Verdict]]:
    """Return those of the false statements that `relate` proves or tests."""
    held = []
    for statement, _, number in drawn:
        verdict = asked(statement)
        if verdict is not None and verdict.holds:
            if verdict.assumed and contradicted(statement, verdict.assumed, number) is None:
                continue
            held.append((statement, verdict))
    return held


def asked(statement: Statement) -> Verdict | None:
    """Return `relate`'s verdict; None when it takes the statement for none."""
    try:
        return relate(statement.lhs, statement.relation, statement.rhs)
    except AlgebraError:
        return None


def true_statements(seed: int | str) -> Iterator[Statement]:
    """Yield statements that hold at many points and fail at none."""
    for number, statement in enumerate(stream(seed)):
        if _seems_true(statement, number):
            yield statement


def _seems_true(statement: Statement, seed: int) -> bool:
    try:
        checked = Checked(statement)
    except Unclear:
        return False
    rng, held = random.Random(seed), 0
    names = [symbol.name for symbol in checked.symbols]
    for _ in range(3 * _ENOUGH):
        point = draw_point(names, rng)
        values = checked.values(point)
        if values is not None and checked.fails_at(point):
            return False
        held += values is not None
    return held >= _ENOUGH


def falsely_refuted(seed: int | str, count: int) -> list[tuple[Statement, Verdict]]:
    """Return those of `count` true statements that `relate` refutes, though both sides have values where it says."""
    refuted = []
    for statement in islice(true_statements(seed), count):
        verdict = asked(statement)
        if verdict is not None and verdict.status == "refuted" and not _agrees(statement, verdict):
            refuted.append((statement, verdict))
    return refuted


def _agrees(statement: Statement, verdict: Verdict) -> bool:
    """Whether the verdict's counterexample is one, or one side has no value there."""
    if verdict.counterexample is None:
        return False
    checked = Checked(statement)
    point = {name: _exact(value) for name, value in verdict.counterexample.point.items()}
    for symbol in checked.symbols:
        if getattr(symbol, "domain", None) is not None and symbol.domain.kind == "simplex":
            whole = sum(point[symbol.name])
            point[symbol.name] = [Fraction(part) / whole for part in point[symbol.name]]
    return checked.values(point) is None or checked.fails_at(point) or checked.differs_at(point)


def _exact(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_exact(part) for part in value]
    number = Fraction(str(value))
    return int(number) if number.denominator == 1 else number


def unstated(seed: int | str, count: int) -> tuple[int, list[tuple[Statement, Point]]]:
    """Return how many of `count` statements are proved, and those whose conditions allow a point without a value."""
    proved, found = 0, []
    for number, statement in enumerate(islice(stream(seed), count)):
        try:
            checked = Checked(statement)
        except Unclear:
            continue
        verdict = proof(statement)
        if verdict is None:
            continue
        proved += 1
        rng, names = random.Random(number), [symbol.name for symbol in checked.symbols]
        points = (draw_point(names, rng) for _ in range(_POINTS_OF_A_CONDITION))
        gap = (
            p for p in points if checked.undefined_at(p) and allows(verdict.conditions, p, checked.symbols)
        )
        found += [(statement, point) for point in islice(gap, 1)]
    return proved, found


def shrunk(statement: Statement, seed: int = 0) -> Statement:
    """Return a smaller statement that is also false and also proved, as small as single steps make it."""
    for candidate in sorted(smaller(statement), key=size_of):
        if size_of(candidate) >= size_of(statement) or candidate.lhs == candidate.rhs:
            continue
        verdict = proof(candidate)
        if verdict is not None and contradicted(candidate, verdict.conditions, seed) is not None:
            return shrunk(candidate, seed)
    return statement
