"""False statements are put to the prover; the hunt's own arithmetic says which are false."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from math import e, log, pi
from typing import Any

import pytest
from sympy import (
    Derivative,
    Expr,
    Integer,
    KroneckerDelta,
    Limit,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    binomial,
    exp,
    sqrt,
    tanh,
)
from sympy import log as log_of
from sympy import pi as pi_of

from tests.hunt.arithmetic import Unclear, Undefined
from tests.hunt.generator import stream
from tests.hunt.hunt import (
    Tally,
    false_statements,
    falsely_refuted,
    held_in_relate,
    hunt,
    proof,
    put_to_the_prover,
    true_statements,
    unstated,
)
from tests.hunt.letters import V, a, draw_point, i, j, k, l, p, x, z
from tests.hunt.shapes.registry import SHAPES
from tests.hunt.statements import Statement, falsity
from tests.hunt.values import compiled, value_of
from tests.hunt.witnesses import FALSE, TRUE

PIECES, IN_A_PIECE = 10, 1_000
STEPS = 6_000  # for one proof; `python -m tests.hunt` gives three times as many
RELATED = 200  # of one piece are put to `relate`, too
Record = Callable[[str, object], None]


@pytest.mark.parametrize("piece", range(PIECES))
def test_no_false_statement_is_proved_and_relate_calls_none_tested(
    piece: int, record_property: Record
) -> None:
    seen = Tally()
    drawn = list(islice(false_statements(f"suite:{piece}", seen), IN_A_PIECE))
    put_to_the_prover(drawn, seen, STEPS)
    held = held_in_relate(drawn[:RELATED])
    assert sum(seen.false.values()) == IN_A_PIECE
    for asked, count, holding in (("the prover", IN_A_PIECE, seen.found), ("relate", RELATED, held)):
        counts = f"piece {piece}: {count}, proved or tested: {len(holding)}"
        record_property("figure", f"false statements put to {asked}, {counts}")
    assert not seen.found, "\n".join(f"{statement}    at {point}" for statement, point in seen.found)
    assert not held, "\n".join(f"{statement}    {verdict}" for statement, verdict in held)


@pytest.mark.parametrize("piece", range(3))
def test_no_true_statement_is_refuted(piece: int, record_property: Record) -> None:
    refuted = falsely_refuted(f"true:{piece}", 50)
    record_property("figure", f"true statements put to relate, piece {piece}: 50, refuted: {len(refuted)}")
    assert not refuted, "\n".join(f"{statement}    {verdict}" for statement, verdict in refuted)


@pytest.mark.parametrize("piece", range(4))
def test_a_proof_states_what_it_takes_for_granted(piece: int, record_property: Record) -> None:
    """At every point that its conditions allow, both sides have values."""
    proved, found = unstated(f"stated:{piece}", 250)
    record_property(
        "figure",
        f"proofs held against undefined points, piece {piece}: {proved}, a condition lacks: {len(found)}",
    )
    assert proved > 30
    assert not found, "\n".join(f"{statement}    at {point}" for statement, point in found)


def test_the_prover_proves_most_true_statements_of_the_hunt(record_property: Record) -> None:
    """A hunt says nothing about a prover that proves nothing."""
    statements = list(islice(true_statements("strength"), 80))
    proved = sum(proof(statement) is not None for statement in statements)
    record_property("figure", f"true statements of the hunt that are proved: {proved} of {len(statements)}")
    assert proved > len(statements) / 2


def test_every_shape_gives_false_statements() -> None:
    drawn: Counter[str] = Counter()
    false: Counter[str] = Counter()
    shapes = {shape.name for shape in SHAPES}
    for number, statement in enumerate(islice(stream("shapes"), 3_000)):
        drawn[statement.shape] += 1
        false[statement.shape] += false[statement.shape] < 3 and falsity(statement, number) is not None
        if shapes <= drawn.keys() and all(false[shape] == 3 for shape in drawn):
            break
    assert len(shapes) >= 30 and shapes <= drawn.keys()
    assert all(false[shape] == 3 for shape in drawn), false


# The hunt's arithmetic knows numbers: no laws, curves or matrices. Theirs are held by the algebra's own tests.
BEYOND_ARITHMETIC = {"expectations", "Gaussian moments", "curves", "determinants"}


def test_the_witnesses_are_as_true_as_they_say() -> None:
    """By the hunt's own arithmetic: the true ones hold at 60 points, each false one fails at one of 400."""
    for statements, right in ((TRUE, True), (FALSE, False)):
        assert BEYOND_ARITHMETIC <= statements.keys()
        for rule, sides in statements.items():
            if rule in BEYOND_ARITHMETIC:
                continue
            for lhs, relation, rhs in sides:
                statement = Statement(rule, S(lhs), relation, S(rhs))
                assert (falsity(statement, 1, points=60 if right else 400) is None) == right, statement


def test_the_true_witnesses_are_proved_and_the_false_ones_are_not() -> None:
    for statements, right in ((TRUE, True), (FALSE, False)):
        for rule, sides in statements.items():
            for lhs, relation, rhs in sides:
                assert (proof(Statement(rule, S(lhs), relation, S(rhs))) is not None) == right, (
                    lhs,
                    relation,
                    rhs,
                )


POINT = {
    "V": 3,
    "i": 1,
    "j": 2,
    "x": Fraction(-3, 2),
    "a": 4,
    "z": [Fraction(1, 2), 2, -1],
    "p": [Fraction(1, 3)] * 3,
}
near = Symbol("near", real=True)


def value(expr: Any) -> Any:
    expr = S(expr)
    symbols: dict[str, Any] = {"V": V, "i": i, "j": j, "x": x, "a": a, "z": z.label, "p": p.label}
    return value_of(compiled(expr), {symbols[name]: entry for name, entry in POINT.items()})


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Sum(z[k], (k, 1, V)), Fraction(3, 2)),
        (Sum(k, (k, V, 1)), 0),
        (Sum(k, (k, 5, 1)), 0),
        (Product(k, (k, 5, 1)), 1),
        (Product(0, (k, V, 2)), 1),
        (Sum(k, (k, -V, 1)), -5),
        (Sum(Sum(k * l, (l, 1, k)), (k, 1, V)), 1 + 2 * 3 + 3 * 6),
        (Sum(k, (k, 1, k), (k, 1, V)), 1 + 3 + 6),
        (KroneckerDelta(i, j) + KroneckerDelta(j, 2), 1),
        (x**2, Fraction(9, 4)),
        (x**0, 1),
        (sqrt(a), 2),
        (S.Zero**S.Zero, 1),
        (Derivative(Sum(z[k] ** 2, (k, 1, V)), z[j]), 4),
        (Derivative(Sum(z[k] ** 2, (k, 1, V)), z[i], z[j]), 0),
        (Derivative(z[i] ** 3, z[i], 2), 3),
        (Sum(Derivative(z[k] ** 2, z[k]), (k, 1, V)), 3),
        (Derivative(Product(z[k], (k, 1, V)), z[j]), Fraction(-1, 2)),
        (Derivative(Derivative(x**3 * a, x), a), Fraction(27, 4)),
        (binomial(5, 2) + binomial(V, 5), 10),
        (Limit((near**2 - 1) / (near - 1), near, 1), 2),
    ],
)
def test_values_are_exact_where_they_are_rational(expr: Expr, expected: Fraction) -> None:
    found = value(expr)
    assert not isinstance(found, Decimal)
    assert abs(found - expected) < Fraction(1, 10**20) if S(expr).has(Limit) else found == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (exp(1), e),
        (pi_of, pi),
        (log_of(a), log(4)),
        (log_of(8, 2), 3.0),
        (a ** Rational(1, 3), 4 ** (1 / 3)),
        (tanh(x), (e**-1.5 - e**1.5) / (e**-1.5 + e**1.5)),
        (Derivative(log_of(Sum(exp(z[k]), (k, 1, V))), z[j]), e**2 / (e**0.5 + e**2 + e**-1)),
        (Derivative(a**x, x), 4**-1.5 * log(4)),
        (Derivative(exp(x) * x, x, 2), (2 - 1.5) * e**-1.5),
    ],
)
def test_decimals_agree_with_floats(expr: Expr, expected: float) -> None:
    assert float(value(expr)) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("expr", [1 / (j - 2), log_of(x), sqrt(x), z[V + 1], z[0], log_of(Sum(k, (k, V, 1)))])
def test_what_has_no_real_value_is_undefined(expr: Expr) -> None:
    with pytest.raises(Undefined):
        value(expr)


def test_what_is_not_told_apart_from_zero_is_unclear() -> None:
    tiny = log_of(2) + log_of(3) - log_of(6)
    with pytest.raises(Unclear):
        value(1 / tiny)


def test_points_lie_in_their_domains() -> None:
    rng = random.Random(5)
    sizes = set()
    for _ in range(300):
        point = draw_point(["j", "Y", "e", "M", "p", "Q", "u", "a", "c", "g"], rng)
        sizes.add(point["V"])
        assert 1 <= point["j"] <= point["V"] and 1 <= point["Y"] <= point["V"] - 1 and 1 <= point["e"] <= 3
        assert point["M"] >= 4 and 0 < point["u"] < 1 and point["a"] > 0 and 1 <= point["g"] <= point["W"]
        assert sum(point["p"]) == 1 == sum(point["Q"]) and len(point["Q"]) == point["V"] - 1
        assert min(*point["p"], *point["c"]) > 0
    assert min(sizes) == 2 and max(sizes) > 40


def test_a_false_statement_is_found_and_a_true_one_is_not() -> None:
    assert falsity(Statement("", Sum(1, (k, V, 4)), "=", 5 - V), seed=0, points=100) is not None
    assert falsity(Statement("", Sum(1, (k, 1, V)), "=", S(V)), seed=0, points=100) is None
    assert falsity(Statement("", x**2, ">", S.Zero), seed=0, points=100) is not None
    assert falsity(Statement("", x + Rational(1, 10**30), "=", S(x)), seed=0) is not None
    assert falsity(Statement("", exp(x), "≥", 1 + x), seed=0, points=100) is None


def test_a_false_proof_would_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hunt can fail: with a rule that counts without a look at the bounds it finds false proofs at once."""
    from grader.algebra import closed_forms

    monkeypatch.setattr(closed_forms, "has_count", lambda low, high: True)
    assert len(hunt("suite:0", 150, Tally()).found) >= 5


def test_the_stream_is_the_same_for_the_same_seed() -> None:
    first, again, other = (list(map(str, islice(stream(seed), 40))) for seed in ("one", "one", "two"))
    assert first == again != other


def test_integers_stay_integers() -> None:
    assert isinstance(value(Integer(2) * V), int)
