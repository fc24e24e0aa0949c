"""Are expressions and derivations marked by what they are worth, line by line?"""

import dataclasses
import json

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, KroneckerDelta, Product, Sum, exp, log

from grader.algebra import Derivation, index, positive, positives, reals, size
from grader.cases import (
    CaseError,
    CaseFile,
    DerivationTask,
    Expression,
    Mistake,
    collect,
    mark_reply,
    questions_of,
    rng_for,
    verify,
)
from grader.cases.mark.score import Score

V = size("V")
j, k, y = index("j", V), index("k", V), index("y", V)
z = reals("z", V)
total = Sum(exp(z[k]), (k, 1, V))
soft = exp(z[j]) / total
NLL = log(total) - z[y]

GRADIENT = Expression(
    "gradient",
    2,
    soft - KroneckerDelta(j, y),
    (V, j, k, y, z),
    [
        Mistake("forgets-one-hot", "The target is missing.", soft),
        Mistake("flipped-sign", "Target minus prediction.", KroneckerDelta(j, y) - soft),
        Mistake("wrong-class", "That is the other class.", exp(z[y]) / total - KroneckerDelta(j, y)),
    ],
    free_of=("Derivative",),
)
STEPS = DerivationTask(
    "steps",
    4,
    start=Derivative(NLL, z[j]),
    goal=soft - KroneckerDelta(j, y),
    lines=3,
    symbols=(V, j, k, y, z),
    mistakes=[Mistake("forgets-one-hot", "The target is missing.", soft)],
)
n = size("n")
i = index("i", n)
a = positives("a", n)
LOG_PRODUCT = DerivationTask(
    "log-product",
    2,
    start=log(Product(a[i], (i, 1, n))),
    goal=Sum(log(a[i]), (i, 1, n)),
    lines=1,
    symbols=(n, i, a),
    mistakes=[Mistake("log-of-sum", "A sum where a product was.", log(Sum(a[i], (i, 1, n))))],
    free_of=("Product",),
)
x = positive("x")
BOUND = DerivationTask(
    "bound",
    2,
    start=log(x),
    goal=x - 1,
    lines=1,
    symbols=(x,),
    mistakes=[Mistake("minus-two", "The tangent at 1 passes through 0.", x - 2)],
    relation="≤",
    free_of=(),
)
TANGENT = DerivationTask(
    "tangent",
    2,
    start=exp(x),
    goal=1 + x,
    lines=1,
    symbols=(x,),
    mistakes=[Mistake("two-x", "The slope at 0 is 1.", 1 + 2 * x)],
    relation="≥",
    free_of=(),
)
TASKS = (GRADIENT, STEPS, LOG_PRODUCT, BOUND, TANGENT)
HIDDEN = CaseFile.of("98_symbolic", TASKS, 3, public=False).tasks


def marked(task, answer):
    reply = json.loads(json.dumps(collect(questions_of(HIDDEN[task]), answer)))
    return mark_reply(HIDDEN[task], reply)


def derivation(*lines):
    first, *rest = lines
    made = Derivation("mine", strict=False)
    made.start(first)
    for line in rest:
        relation, expression = line if isinstance(line, tuple) else ("=", line)
        made.step(relation, expression, because="so")
    return made


def test_the_tasks_can_be_marked():
    for task in TASKS:
        verify(task, 3)


def test_public_and_hidden_cases_hold_no_expression_of_the_answer():
    for public in (True, False):
        for entry in CaseFile.of("98_symbolic", TASKS, 3, public).tasks.values():
            assert "Add" not in json.dumps(entry)
            assert "Sum" not in json.dumps(entry)


def test_points_where_the_answer_is_beyond_floats_are_drawn_again():
    task = Expression("steep", 1, exp(400 * x), (x,), [Mistake("flat", "Where is the slope?", x)])
    (entry,) = CaseFile.of("98_symbolic", [task], 3, public=False).tasks.values()
    assert max(entry["expected"]) < float("inf")
    assert any(point["x"] > 2 for point in TANGENT.cases(rng_for(3, "tangent", False), False)["points_at"])


@pytest.mark.parametrize(
    "answer",
    [
        soft - KroneckerDelta(j, y),
        -KroneckerDelta(y, j) + exp(z[j]) / total,
        (exp(z[j]) - KroneckerDelta(j, y) * total) / total,
        exp(z[j] - log(total)) - KroneckerDelta(j, y),
        sympy.Piecewise((soft - 1, sympy.Eq(j, y)), (soft, True)),
    ],
)
def test_a_right_expression_earns_its_points_in_any_form(answer):
    assert marked("gradient", answer) == 2.0


def test_a_known_wrong_expression_is_named():
    for mistake in GRADIENT.mistakes:
        score = marked("gradient", mistake.answer)
        assert score == 0.0
        assert score.mistakes == (mistake.code,)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "You have not answered yet."),
        ("soft - 1", "It is a text; write it with the task's symbols"),
        (3.0, "It differs at all of the 16 points"),
        (soft - 1, "special case"),
        (log(-exp(z[j])), "It has no value at 16 of 16 points"),
        (Derivative(NLL, z[j]), "It still holds a Derivative"),
        (sympy.Symbol("w") + soft, "The symbol 'w' is not known here"),
        ([soft], "It is a list of 1; an expression is expected."),
        (sympy.Matrix([1]), "an expression"),
        (lambda: soft, "It is an object of type function; an expression is expected."),
    ],
)
def test_what_is_no_right_expression_is_told_in_its_own_words(answer, told):
    score = marked("gradient", answer)
    assert score == 0.0
    assert told in score.findings[0].sentence


def test_an_expression_with_a_million_nodes_is_refused_in_words():
    huge = sympy.Add(*[exp(z[sympy.Integer(m)]) for m in range(1, 6_000)], evaluate=False)
    score = marked("gradient", huge)
    assert score == 0.0
    assert "5,000 parts" in score.findings[0].sentence


def test_an_expression_beyond_the_limits_waits_for_a_person():
    score = marked("gradient", Sum(exp(-k), (k, 1, 10**12)) * soft)
    assert score == 0.0
    assert score.needs_review


def test_an_expression_that_is_wrong_where_it_is_known_needs_no_person():
    beyond = sympy.Piecewise((2 * soft, V < 4), (Sum(exp(-k), (k, 1, 10**12)), True))
    score = marked("gradient", beyond)
    assert score == 0.0
    assert not score.needs_review


def test_a_full_derivation_earns_its_points():
    score = marked(
        "steps",
        derivation(
            Derivative(NLL, z[j]),
            Derivative(log(total), z[j]) - Derivative(z[y], z[j]),
            Derivative(log(total), z[j]) - KroneckerDelta(j, y),
            soft - KroneckerDelta(j, y),
        ),
    )
    assert score == 4.0
    assert not score.needs_review


STEP = Derivative(log(total), z[j]) - Derivative(z[y], z[j])
WITH_DELTA = Derivative(log(total), z[j]) - KroneckerDelta(j, y)
START, GOAL = Derivative(NLL, z[j]), soft - KroneckerDelta(j, y)


@pytest.mark.parametrize(
    ("lines", "points"),
    [
        # 4 points, 3 steps asked and a conclusion: each that is off costs 1.
        ([START], 0.0),
        ([START, START, START, START], 0.0),
        ([START, GOAL], 2.0),
        ([START, STEP, GOAL], 3.0),
        ([START, STEP, WITH_DELTA], 2.0),
        ([START, STEP, GOAL, STEP, GOAL], 3.0),
        ([START, STEP, WITH_DELTA, soft], 2.0),
        ([START, 2 * STEP, 2 * WITH_DELTA, GOAL], 2.0),
        ([soft, WITH_DELTA, STEP, GOAL], 2.0),
        ([2 * START, 2 * STEP, 2 * WITH_DELTA, 2 * GOAL], 2.0),
        ([START, ("≤", STEP), WITH_DELTA, GOAL], 3.0),
        ([START, log(-exp(z[j])), WITH_DELTA, GOAL], 2.0),
    ],
)
def test_each_wrong_or_missing_line_costs_its_own_mark(lines, points):
    assert marked("steps", derivation(*lines)) == points


def test_a_line_that_only_looks_different_is_no_step():
    zero = sympy.Add(STEP, 0, evaluate=False)
    one = sympy.Mul(1, sympy.Add(0, STEP, evaluate=False), evaluate=False)
    turned = sympy.Add(*reversed(STEP.args), evaluate=False)
    twice = sympy.Mul(-1, sympy.Mul(-1, STEP, evaluate=False), evaluate=False)
    plus_minus = sympy.Add(1, STEP, -1, evaluate=False)
    assert marked("steps", derivation(START, STEP, zero, one, turned, twice, plus_minus, GOAL)) == 3.0


def test_a_mistake_in_a_line_is_named():
    score = marked("steps", derivation(START, STEP, WITH_DELTA, soft))
    assert score.mistakes == ("forgets-one-hot",)
    assert [f.ok for f in score.findings] == [True, True, True, False, False]


def test_a_line_that_argues_in_words_is_no_step():
    made = derivation(START, STEP, WITH_DELTA)
    made.argued("=", r"\hat y_j - \delta_{jy}", because="it is obvious")
    score = marked("steps", made)
    assert score < 4.0
    assert "words only" in score.findings[3].sentence


def test_a_form_that_must_go_must_be_gone_at_the_end():
    assert marked("log-product", derivation(LOG_PRODUCT.start, LOG_PRODUCT.goal)) == 2.0
    doubled = log(Product(a[i] ** 2, (i, 1, n))) / 2
    score = marked("log-product", derivation(LOG_PRODUCT.start, doubled))
    assert score == 1.0
    assert "still holds a Product" in score.findings[-1].sentence


def test_an_inequality_may_only_go_its_own_way():
    assert marked("bound", derivation(log(x), ("≤", x - 1))) == 2.0
    assert marked("bound", derivation(log(x), ("≥", x - 1))) == 1.0
    assert marked("bound", derivation(log(x), ("=", x - 1))) == 1.0
    assert marked("bound", derivation(log(x), ("≤", x))) == 1.0
    assert marked("tangent", derivation(exp(x), ("≥", 1 + x))) == 2.0
    assert marked("tangent", derivation(exp(x), (">", 1 + x))) == 2.0
    assert marked("tangent", derivation(exp(x), ("≥", 1 + x + x**2), ("≥", 1 + x))) == 1.0
    assert marked("tangent", derivation(exp(x), ("≤", 1 + x))) == 1.0


def test_an_undecided_line_is_not_wrong_but_waits_for_a_person():
    endless = sympy.Add(GOAL, Sum(exp(-k * 10**9), (k, 1, 10**12)), evaluate=False)
    score = marked("steps", derivation(START, STEP, endless, GOAL))
    assert score == 3.0  # what nobody could check is no step yet
    assert score.needs_review


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "You have not answered yet."),
        (Derivation("empty", strict=False), "You have not answered yet."),
        (GOAL, "It is a symbolic expression; a derivation is expected."),
        (3.0, "It is a number; a derivation is expected."),
        ([START, GOAL], "It is a list of 2; a derivation is expected."),
    ],
)
def test_what_is_no_derivation_is_told_in_its_own_words(answer, told):
    score = marked("steps", answer)
    assert score == 0.0
    assert score.findings[0].sentence == told


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["V", "j", "y", "z", "k", "w"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(
            st.sampled_from("Add Mul Pow exp log Sum Product Derivative Item Limit Rational".split()),
            inner,
            inner,
        ).map(list)
    ),
    max_leaves=12,
)


@given(
    trees,
    st.lists(
        st.tuples(st.sampled_from(["=", "≤", "", "~"]), trees, st.text(max_size=3)).map(list), max_size=4
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"free_of": ()}, "repeating the start would pass for the goal"),
        ({"lines": 0}, "ask for at least one step"),
        ({"relation": "~"}, "none of"),
        ({"goal": soft}, "is not marked right"),
        ({"mistakes": []}, "it has no mistakes"),
        ({"symbols": (V, j, k, y)}, "the symbol z"),
        ({"goal": log(-exp(z[j]))}, "no value at"),
        ({"mistakes": [Mistake("stranger", "Whose is it?", sympy.Symbol("w"))]}, "'w'"),
    ],
)
def test_a_broken_derivation_task_is_refused(change, told):
    with pytest.raises(CaseError, match="steps") as caught:
        verify(dataclasses.replace(STEPS, **change), 3)
    assert told in str(caught.value)
