"""Are expressions marked by what they are, not by what they are near to?"""

import json

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, Float, Integer, KroneckerDelta, Limit, Piecewise, Rational, Sum, exp, log

from grader.algebra import index, size
from grader.cases import CaseFile, Expression, Mistake, mark_reply, rng_for, verify
from grader.cases.mark.score import Score
from tests.cases.symbolic_tasks import (
    GRADIENT,
    HIDDEN,
    NLL,
    PUBLIC,
    TASKS,
    V,
    j,
    k,
    marked,
    soft,
    total,
    x,
    y,
    z,
)

RIGHT = soft - KroneckerDelta(j, y)


def test_the_tasks_can_be_marked():
    for task in TASKS:
        verify(task, 3)


def test_public_cases_hold_no_expression_of_an_answer():
    for entry in PUBLIC.values():
        assert "answer" not in entry
        told = {key: value for key, value in entry.items() if key not in ("start", "milestones", "form")}
        assert "Add" not in json.dumps(told)
        assert "Sum" not in json.dumps(told)


def test_points_where_the_answer_is_far_beyond_floats_are_drawn_again():
    task = Expression("steep", 1, exp(4000 * x), (x,), [Mistake("flat", "Where is the slope?", x)])
    (entry,) = CaseFile.of("98_symbolic", [task], 3, public=False).tasks.values()
    assert all(len(value) < 40 for value in entry["expected"])


def test_some_points_have_equal_indices():
    many = size("W", at_least=40)
    a, b = index("a", many), index("b", many)
    task = Expression("delta", 1, KroneckerDelta(a, b), (many, a, b), [Mistake("none", "Where?", Integer(0))])
    points = task.cases(rng_for(3, "delta", False), False)["points_at"]
    assert 3 <= sum(point["a"] == point["b"] for point in points) <= 12


@pytest.mark.parametrize("cases", [PUBLIC, HIDDEN])
@pytest.mark.parametrize(
    "answer",
    [
        RIGHT,
        -KroneckerDelta(y, j) + exp(z[j]) / total,
        (exp(z[j]) - KroneckerDelta(j, y) * total) / total,
        exp(z[j] - log(total)) - KroneckerDelta(j, y),
        Piecewise((soft - 1, sympy.Eq(j, y)), (soft, True)),
        Piecewise((soft, (j < y) | (j > y)), (soft - 1, True)),
        1.0 * soft - KroneckerDelta(j, y),
        0.3333333333333333 * 3 * soft - KroneckerDelta(j, y),
        RIGHT * 0.1 * 10,
        soft * Float(1, 30) - KroneckerDelta(j, y),
    ],
)
def test_a_right_expression_earns_its_points_in_any_form(answer, cases):
    score = marked("gradient", answer, cases)
    assert score == 2.0, score.text()


def test_rounded_numbers_count_and_are_told():
    score = marked("gradient", soft - KroneckerDelta(j, y) * log(2) / 0.6931471805599453)
    assert score == 2.0
    assert "rounded numbers" in score.findings[0].sentence
    assert marked("gradient", soft - KroneckerDelta(j, y) * log(2) / 0.69314718) == 0.0


def test_a_known_wrong_expression_is_named():
    for mistake in GRADIENT.mistakes:
        score = marked("gradient", mistake.answer)
        assert score == 0.0
        assert score.mistakes == (mistake.code,)


STEP = Rational(1, 10**12)
SHIFTED = exp(z[j] + STEP) / (total + exp(z[j]) * (exp(STEP) - 1))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "You have not answered yet."),
        ("soft - 1", "It is a text; write it with the task's symbols"),
        (3.0, "It differs at all of the 16 points"),
        (soft - 1, "special case: where j and y are equal."),
        (RIGHT / log(2), "a logarithm to the base 2"),
        (RIGHT * V, "special case: where V is 1."),
        (RIGHT * (1 + (V - 1) * (V - 2)), "points only."),
        (log(-exp(z[j])), "It has no value at 16 of 16 points. There is a logarithm"),
        (exp(z[j]) / Sum(exp(z[k]), (k, 0, V - 1)), "It uses z[0]. Entries are counted from 1"),
        (exp(z[j]) / Sum(exp(z[k]), (k, 1, V + 1)), "It goes beyond the last entry of z."),
        (Derivative(NLL, z[j]), "It still holds a Derivative"),
        (Limit(RIGHT * (1 + x), x, 0), "is not known here"),
        (sympy.Symbol("w") + soft, "The symbol 'w' is not known here"),
        ([soft], "It is a list of 1; an expression is expected."),
        (lambda: soft, "an expression is expected."),
        (z / total, "z is a family; write z[k]"),
        (RIGHT * (1 + Rational(1, 10**8)), "It is close"),
        (RIGHT + Rational(1, 10**9), "a number as small or as large as 1e-09"),
        ((SHIFTED - soft) / STEP - KroneckerDelta(j, y), "A difference quotient"),
        (RIGHT * (1 + exp(-Integer(60))), "as 8.76e-27"),
        (RIGHT * (1 + Rational(2) ** -sympy.Integer(50)), "It is close"),
    ],
)
def test_what_is_no_right_expression_is_told_in_its_own_words(answer, told):
    score = marked("gradient", answer)
    assert score == 0.0
    assert told in score.findings[0].sentence


def test_a_limit_is_not_worked_out():
    task = Expression("value", 1, 1 + x, (x, V), [Mistake("none", "Where is x?", Integer(1))])
    (entry,) = CaseFile.of("98_symbolic", [task], 3, public=False).tasks.values()
    score = marked("value", Limit(1 + x + V, V, 0), {"value": entry})
    assert "still holds a limit" in score.findings[0].sentence


def test_feedback_uses_the_names_of_the_notebook():
    task = Expression("named", 1, log(x), (x,), [Mistake("none", "Where is it?", x)], names={"x": "chance"})
    (entry,) = CaseFile.of("98_symbolic", [task], 3, public=False).tasks.values()
    score = marked("named", log(sympy.Symbol("w")), {"named": entry})
    assert score.findings[0].sentence == "The symbol 'w' is not known here; the task uses chance."


def test_what_is_right_for_small_sizes_only_is_wrong():
    # no small point shows it: the answer with a term that is 0 up to 40 classes
    beyond = Piecewise((RIGHT, V <= 40), (2 * RIGHT, True))
    assert marked("gradient", beyond) == 0.0


def test_an_expression_with_a_million_nodes_is_refused_in_words():
    huge = sympy.Add(*[exp(z[sympy.Integer(m)]) for m in range(1, 6_000)], evaluate=False)
    score = marked("gradient", huge)
    assert score == 0.0
    assert "5,000 parts" in score.findings[0].sentence


def test_an_expression_beyond_the_limits_waits_for_a_person():
    score = marked("gradient", Sum(exp(-k), (k, 1, 10**5)) * soft)
    assert score == 0.0
    assert score.needs_review


def test_an_expression_that_is_wrong_where_it_is_known_needs_no_person():
    beyond = Piecewise((2 * soft, V < 4), (Sum(exp(-k), (k, 1, 10**5)), True))
    score = marked("gradient", beyond)
    assert score == 0.0
    assert not score.needs_review


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["V", "j", "y", "z", "k", "w"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(
            st.sampled_from(
                "Add Mul Pow exp log Sum Product Derivative Item Limit Rational Float Piecewise".split()
            ),
            inner,
            inner,
        ).map(list)
    ),
    max_leaves=12,
)


@given(
    trees,
    st.lists(
        st.tuples(st.sampled_from(["=", "≤", "", "~"]), trees, st.text(max_size=3), trees, trees).map(list),
        max_size=4,
    ),
)
@settings(deadline=None, max_examples=60)
def test_any_tree_gets_a_score(tree, lines):
    for task, reply in (
        ("gradient", {"expr": tree}),
        ("steps", {"derivation": lines}),
        ("steps", {"derivation": tree}),
    ):
        score = mark_reply(HIDDEN[task], {"answer": reply})
        assert isinstance(score, Score)
        assert score < score.max_points
