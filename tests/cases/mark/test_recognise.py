"""Are mistakes named when they explain every result of an answer, and only then?"""

import math

import numpy as np
import pytest

from grader.cases import CaseFile, Example, Function, Mistake, collect, mark_reply, questions_of
from grader.cases.mark.recognise import Trace, recognise

MIN = ("minimum", "You took the smallest.")


@pytest.mark.parametrize(
    ("inputs", "wrong", "traces", "named"),
    [
        (2, {0, 1}, [({0, 1}, {0, 1})], {0: 0, 1: 0}),
        (2, {0, 1}, [({0}, {0}), ({0, 1}, {0})], {0: 1, 1: 1}),
        (3, {0, 1, 2}, [({0, 1}, {0, 1})], {}),
        (3, {0, 1}, [({0, 1}, {0, 1})], {}),
        (3, {0, 1}, [({0, 1, 2}, {0, 1})], {0: 0, 1: 0}),
        (3, {0, 1, 2}, [({0, 1}, {0, 1}), ({2}, {2})], {0: 0, 1: 0, 2: 1}),
        (3, {0, 1, 2}, [({0, 1}, {0, 1}), ({2}, set())], {}),
        (3, {0, 1, 2}, [({0}, {0}), ({1}, {1})], {}),
        (2, {0, 1}, [({0, 1}, set())], {}),
        (2, {0}, [({0, 1}, {0}), ({0, 1}, {0})], {0: 0}),
        (1, {0}, [], {}),
    ],
)
def test_a_mistake_that_explains_every_input_is_named(inputs, wrong, traces, named):
    made = [Trace(f"m{n}", agreeing, finite) for n, (agreeing, finite) in enumerate(traces)]
    assert recognise(inputs, wrong, made) == named


def test_two_of_one_family_are_not_named_together():
    made = [Trace("m", {0}, {0}), Trace("m", {1}, {1})]
    assert recognise(2, {0, 1}, made) == {}


def test_two_mistakes_are_not_named_together_for_words():
    """There are three verdicts: what one mistake does not say, the other does."""
    made = [Trace("m", {0, 1}, {0}, words={0}), Trace("n", {1, 2}, {2}, words={2})]
    assert recognise(3, {0, 2}, made) == {}
    assert recognise(3, {0, 2}, [Trace(t.code, t.agreeing, t.finite) for t in made]) == {0: 0, 2: 1}


def inverse(probs):
    return np.exp(-np.log(probs).mean())


def draw(rng):
    return [
        Example("a few tokens", rng.uniform(0.1, 0.9, 4)),
        Example("thousands of tokens", rng.uniform(0.1, 0.9, 3000)),
    ]


PERPLEXITY = Function(
    "perplexity",
    2,
    inverse,
    draw,
    [
        Mistake(
            "by-product",
            "The product of thousands of probabilities is 0.",
            lambda p: np.prod(p) ** (-1 / len(p)),
        ),
        Mistake(
            "epsilon",
            "You added a small number.",
            answers=[lambda p, e=e: inverse(p + e) for e in (1e-3, 1e-5)],
        ),
        Mistake("raises", "An empty list has no first item.", lambda p: inverse(p) if len(p) < 9 else [][0]),
    ],
)
HIDDEN = CaseFile.of("99_test", [PERPLEXITY], 7, public=False).tasks["perplexity"]


def marked(function):
    with np.errstate(all="warn"):
        return mark_reply(HIDDEN, collect(questions_of(HIDDEN), function))


def test_an_infinity_that_came_by_another_road_names_no_mistake():
    assert marked(lambda p: np.prod(p) ** (-1 / len(p))).mistakes == ("by-product",)
    by_sum = marked(lambda p: np.exp(-np.log(p).sum()) ** (1 / len(p)))
    assert by_sum == 1.0
    assert by_sum.mistakes == ()
    assert "NumPy warned of an overflow" in by_sum.findings[1].sentence


def test_infinities_everywhere_name_no_mistake():
    for wrong in (math.inf, math.nan, 0.0):
        assert marked(lambda p, wrong=wrong: wrong).mistakes == ()


def test_a_family_is_known_by_any_of_its_members():
    for e in (1e-3, 1e-5):
        assert marked(lambda p, e=e: inverse(p + e)).mistakes == ("epsilon",)
    assert marked(lambda p: inverse(p + 0.1)).mistakes == ()


def test_an_exception_is_a_known_one_when_it_says_the_same():
    assert marked(lambda p: inverse(p) if len(p) < 9 else [][0]).mistakes == ("raises",)
    assert marked(lambda p: inverse(p) if len(p) < 9 else p[5000]).mistakes == ()


def test_a_mistake_that_one_input_contradicts_is_not_named():
    assert marked(lambda p: np.prod(p) ** (-1 / len(p)) if len(p) > 9 else 1.0).mistakes == ()


def test_a_mistake_explains_no_wrong_shape_where_its_own_result_is_right():
    """An answer gives numbers for lists of one: two mistakes that are right there, each elsewhere, explain nothing."""
    rules = {"double": lambda x: [2 * x], "cube": lambda x: [x**3], "sum": lambda x: [x, x]}

    def with_rule(of, rule):
        return lambda op, x: rule(x) if op == of else rules[op](x)

    task = Function(
        "rules",
        1,
        lambda op, x: rules[op](x),
        lambda rng: [Example(op, op, float(rng.uniform(2, 3))) for op in rules],
        [
            Mistake("halves", "You halved.", with_rule("double", lambda x: [x / 2])),
            Mistake("squares", "You squared.", with_rule("cube", lambda x: [x**2])),
        ],
    )
    entry = CaseFile.of("s", [task], 0, False).tasks["rules"]
    answer = lambda op, x: rules[op](x) if op == "sum" else rules[op](x)[0]  # noqa: E731
    score = mark_reply(entry, collect(questions_of(entry), answer))
    assert (score.full, list(score.mistakes)) == (False, [])
