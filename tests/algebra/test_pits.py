"""The pits of SymPy that the course's own rules avoid: each is shown first, then the course's answer."""

from collections.abc import Callable

import pytest
from sympy import (
    Abs,
    Derivative,
    Expr,
    KroneckerDelta,
    Piecewise,
    Sum,
    Symbol,
    cos,
    diff,
    exp,
    expand_log,
    log,
    parse_expr,
    simplify,
)

from grader.algebra import AlgebraError, Derivation, decode, define, index, probability, real, reals, relate
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import free_symbols
from tests.algebra.vocabulary import LSE, V, a, j, k, over_classes, rho, softmax, x, z


def test_a_derivative_by_the_entry_that_a_sum_runs_over_is_not_captured() -> None:
    captured = diff(over_classes(exp(z[k])), z[k])  # SymPy takes the sum's k for the entry's k
    assert relate(captured, "=", exp(z[k])).status == "refuted"
    assert relate(Derivative(over_classes(exp(z[k])), z[k]), "=", exp(z[k])).status == "proved"
    assert relate(Derivative(LSE, z[k]), "=", softmax(k)).status == "proved"


def test_a_variable_of_differentiation_keeps_its_index_among_the_free_symbols() -> None:
    expr = Derivative(LSE, z[j])
    assert j not in expr.free_symbols
    assert j in free_symbols(expr)


def test_a_differentiated_log_of_a_sum_is_proved_without_simplify() -> None:
    gradient = diff(LSE, z[j])
    assert simplify(gradient).has(Piecewise)  # SymPy asks whether j is in the range, which the domain says
    assert relate(gradient, "=", softmax(j)).status == "proved"
    assert relate(Derivative(LSE, z[j]), "=", softmax(j)).status == "proved"


def test_log_of_a_square_is_not_twice_the_log_of_a_real() -> None:
    assert expand_log(log(x**2), force=True) == 2 * log(x)
    assert relate(log(x**2), "=", 2 * log(Abs(x))).holds
    negative = relate(log(x**2), "=", 2 * log(x))
    assert negative.status == "refuted"
    assert negative.counterexample is not None
    assert negative.counterexample.rhs == "undefined"
    assert relate(log(a**2), "=", 2 * log(a)).status == "proved"


def test_a_probability_is_below_one() -> None:
    assert (1 - rho).is_positive is None  # SymPy can't assume it
    assert relate(1 - rho, ">", 0).status == "proved"
    assert relate(rho * (1 - rho), "≤", rho).status == "proved"
    assert relate(log(rho), "<", 0).status == "proved"
    assert relate(log(1 - rho), "<", 0).holds


def test_text_is_never_parsed() -> None:
    with pytest.raises(AlgebraError, match="never from text"):
        relate("__import__('os').system('true')", "=", 0)
    with pytest.raises(AlgebraError):
        decode("__import__('os')", {"x": x})
    assert parse_expr("[].append(1)") is None  # SymPy's parser runs code


@pytest.mark.parametrize(
    "give",
    [
        lambda text: relate(text, "=", 0),
        lambda text: relate([text], "=", 0),
        lambda text: relate({text: text}, "=", 0),
        lambda text: Derivation("given-text", strict=False).start((text,)),
        lambda text: reals("w", text),
        lambda text: index("w", text),
        lambda text: z[text],
        lambda text: define("w_{%s}", lambda j: j)(text),
        lambda text: define("w", lambda: text)(),
    ],
)
def test_text_is_not_run_wherever_it_is_given(
    give: Callable[[str], object], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AlgebraError):
        give("print('run')")
    assert capsys.readouterr().out == ""


def test_an_unknown_function_is_not_understood_rather_than_wrong() -> None:
    verdict = relate(cos(x), "=", cos(x))
    assert verdict.status == "undecided"
    assert "cos" in verdict.method


def test_a_tower_of_powers_is_undecided_in_time() -> None:
    tower = exp(exp(exp(exp(exp(Symbol("x", real=True))))))
    named = tower.xreplace({Symbol("x", real=True): x})
    assert relate(named, "=", named + 1, seconds=1.0).status in ("undecided", "refuted")
    assert relate(named, "=", 2 * named, seconds=1.0).status in ("undecided", "refuted")


def test_running_out_of_time_is_undecided() -> None:
    wide: Expr = sum(((x + n) ** 60 for n in range(40)), start=x)
    verdict = relate(wide**30, "=", wide**30 + 1, seconds=0.05)
    assert verdict.status in ("undecided", "refuted", "tested")
    deep = x
    for n in range(3000):
        deep = exp(deep, evaluate=False) if n % 2 else log(deep, evaluate=False)
    assert relate(deep, "=", x, seconds=1.0).status == "undecided"


def test_a_name_used_for_two_things_is_an_error() -> None:
    with pytest.raises(AlgebraError, match="Two different symbols"):
        relate(real("u"), "=", probability("u"))


def test_a_sum_inside_the_same_variables_sum_is_not_captured() -> None:
    total = over_classes(softmax(k))  # Σ_k e^{z_k} / Σ_k e^{z_k}: the inner k is another k
    opened = open_definitions(total)
    outer = opened.limits[0][0]
    assert all(inner.limits[0][0] != outer for inner in opened.function.atoms(Sum))
    assert relate(total, "=", 1).status == "proved"


def test_a_delta_of_an_index_outside_the_range_is_not_used_up() -> None:
    n = KroneckerDelta(k, V + 1)
    assert relate(Sum(n * exp(z[k]), (k, 1, V)), "=", 0).holds
    assert relate(Sum(n * exp(z[k]), (k, 1, V)), "=", exp(z[1])).status == "refuted"
