"""Expressions as plain data: there and back, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sympy import (
    And,
    Derivative,
    Expr,
    Float,
    Function,
    Integer,
    Integral,
    Limit,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    Sum,
    Symbol,
    binomial,
    coth,
    csch,
    exp,
    factorial,
    log,
    oo,
    pi,
    sech,
)

from grader.algebra import (
    AlgebraError,
    decode,
    decode_symbols,
    define,
    encode,
    encode_symbols,
    evaluate,
    relate,
    size,
)
from tests.algebra.test_evaluation import POINT
from tests.algebra.test_soundness import expressions
from tests.algebra.vocabulary import LSE, NLL, T, V, a, b, i, j, k, m, p, r, rho, softmax, t, v, x, y, z

SYMBOLS = decode_symbols(encode_symbols([z, v, p, r, i, j, k, y, t, m, T, a, b, x, rho]))


def test_symbols_keep_their_domains() -> None:
    assert SYMBOLS["z"] == z
    assert SYMBOLS["V"] == V
    assert SYMBOLS["j"] == j
    W = size("W", at_least=2)
    assert decode_symbols(json.loads(json.dumps(encode_symbols([W]))))["W"] == W


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(expressions)
def test_an_expression_survives_the_journey(expr: Expr) -> None:
    back = decode(json.loads(json.dumps(encode(expr))), SYMBOLS)
    assert encode(back) == encode(expr)
    assert relate(expr, "=", back, points=8).status != "refuted"


@pytest.mark.parametrize(
    "expr",
    [
        Derivative(NLL, z[j]), Derivative(LSE, z[j], z[i]), Limit(softmax(j), T, oo), Piecewise((x, x > 0), (-x, True)),
        Piecewise((x, Or(And(x > 0, x < 1), Not(x < 5))), (0, True)), factorial(m), binomial(m, t), Float("1e-400"),
        Float("0.1", 50), Float("1e-310"), sech(x) + csch(x) + coth(x),
        Rational(1, 3) * pi, exp(1) + 0 * x, Integer(10) ** 30, Sum(z[k] * v[j], (k, 1, V), (j, 1, V)),
    ],
)  # fmt: skip
def test_every_node_survives(expr: Expr) -> None:
    assert encode(decode(json.loads(json.dumps(encode(expr))), SYMBOLS)) == encode(expr)


def test_a_long_number_keeps_its_digits() -> None:
    for number in (Float("1e-400"), Float("0.1", 50)):
        there = decode(json.loads(json.dumps(encode(number))), {})
        assert Rational(there) == Rational(number) != 0


def test_a_named_quantity_travels_as_its_definition() -> None:
    y_hat = define(r"\hat y_{%s}", softmax)
    assert encode(y_hat(j)) == encode(softmax(j))


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ("w", "symbol 'w' is not known"),
        ("z", "is a family"),
        (["Item", "w", 1], "family 'w'"),
        (["__import__", "os"], "not used in this course"),
        (["Lambda", "x", "x"], "not used in this course"),
        (["Integer", "9" * 5000], "digits"),
        (["Rational", "1", "0"], "denominator 0"),
        (["Derivative", "x", ["x", 10**6]], "order"),
        (["Add", True, 1], "no expressions"),
        ({"a": 1}, "neither a number"),
        (None, "neither a number"),
        (["Limit", "x", "x", 0, "sideways"], "from"),
        (["Float", "1", 10**9], "exponent"),
        (["gamma", "x"], "not used in this course"),
        (["Piecewise", [1, ["Xor", ["Lt", "x", 1], ["Gt", "x", 0]]]], "can't be read"),
        (["Add"] + [1] * 6000, "5,000 parts"),
        ([], "neither a number"),
        (["Item", "z"], "can't be read"),
    ],
)
def test_what_is_no_expression_is_refused(tree: Any, message: str) -> None:
    with pytest.raises(AlgebraError, match=message):
        decode(tree, SYMBOLS)


def test_depth_is_limited_both_ways() -> None:
    tree: Any = "x"
    deep = x
    for _ in range(150):
        tree = ["exp", tree]
        deep = exp(deep, evaluate=False)
    with pytest.raises(AlgebraError, match="100 levels"):
        decode(tree, SYMBOLS)
    with pytest.raises(AlgebraError, match="100 levels"):
        encode(deep)


def test_a_tower_of_powers_is_read_without_being_computed() -> None:
    tower = decode(["Pow", 10, ["Pow", 10, ["Pow", 10, 10]]], SYMBOLS)
    assert isinstance(tower, Pow)
    with pytest.raises(AlgebraError):
        evaluate(tower, {})
    assert relate(tower, "=", tower + 1, seconds=1.0).status == "undecided"


@pytest.mark.parametrize("expr", [Integral(x, x), Function("f")(x), Symbol("n") ** 2 + Function("g")(1)])
def test_what_the_course_does_not_use_is_refused_by_name(expr: Expr) -> None:
    with pytest.raises(AlgebraError, match="not used in this course"):
        encode(expr)


def test_a_sum_binds_its_variable() -> None:
    tree = ["Sum", ["log", ["Item", "p", "n"]], ["n", 1, "V"]]
    assert evaluate(decode(tree, SYMBOLS), {"V": 2, "p": [0.5, 0.5]}) == pytest.approx(-1.3862943611198906)
    with pytest.raises(AlgebraError, match="'n' is not known"):
        decode(["Add", "n", tree], SYMBOLS)


def test_the_value_is_the_same_on_both_ends() -> None:
    there = decode(json.loads(json.dumps(encode(NLL + log(T)))), SYMBOLS)
    assert evaluate(there, POINT) == evaluate(NLL + log(T), POINT)
