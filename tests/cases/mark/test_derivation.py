"""Are derivations marked line by line as a mathematician marks them?"""

import dataclasses

import pytest
import sympy
from sympy import Derivative, KroneckerDelta, Limit, Product, Rational, Sum, exp, log, sqrt

from grader.algebra import Derivation
from grader.cases import CaseError, Form, Milestone, Mistake, mark_reply, verify
from grader.cases.mark import known
from tests.cases.symbolic_tasks import (
    BOUND,
    HIDDEN,
    LOG_PRODUCT,
    NLL,
    PUBLIC,
    STEPS,
    TANGENT,
    V,
    a,
    derivation,
    i,
    j,
    k,
    marked,
    n,
    p,
    q,
    soft,
    total,
    w,
    x,
    y,
    z,
)

START, GOAL = Derivative(NLL, z[j]), soft - KroneckerDelta(j, y)
APART = Derivative(log(total), z[j]) - Derivative(z[y], z[j])
ONE_DONE = Derivative(log(total), z[j]) - KroneckerDelta(j, y)


@pytest.mark.parametrize("cases", [PUBLIC, HIDDEN])
def test_a_full_derivation_earns_its_points(cases):
    score = marked("steps", derivation(START, APART, ONE_DONE, GOAL), cases)
    assert score == 4.0
    assert not score.needs_review
    assert [f.sentence for f in score.findings] == [
        "",
        "True, and it brings you on: the two derivatives stand apart.",
        "True, and it brings you on: one of them is worked out.",
        "True.",
        "",
    ]


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        # Two milestones and a conclusion, a third each.
        ([START], 0),
        ([START, START, START, START], 0),
        ([START, GOAL], 1),
        ([START, APART, GOAL], 2),
        ([START, ONE_DONE, GOAL], 3),  # one line passes both: the route is short, not wrong
        ([START, APART, ONE_DONE], 2),
        ([START, APART, ONE_DONE, START], 0),  # forth and back
        ([START, APART, GOAL, APART, GOAL], 2),
        ([START, APART, ONE_DONE, soft], 1),  # a wrong last line: two milestones, less one
        ([START, 2 * APART, 2 * ONE_DONE, GOAL], 1),  # each wrong line costs one, but never the conclusion's
        ([START, APART, 2 * ONE_DONE, GOAL], 1),
        ([START, ("≤", APART), ONE_DONE, GOAL], 2),
        ([START, log(-exp(z[j])), ONE_DONE, GOAL], 1),
        ([2 * START, 2 * APART, 2 * ONE_DONE, 2 * GOAL], 1),
        ([APART, ONE_DONE, GOAL], 2),  # it doesn't begin where the task does
        ([START, APART, 3 * APART, 3 * ONE_DONE, 3 * ONE_DONE, GOAL], 1),
    ],
)
def test_each_part_earns_its_share_and_a_wrong_line_costs_one(lines, share):
    for cases in (PUBLIC, HIDDEN):
        score = marked("steps", derivation(*lines), cases)
        assert score == pytest.approx(4 * share / 3), score.text()


def test_a_long_route_loses_nothing():
    lines = [
        START,
        APART,
        APART,
        APART * Sum(soft.subs(j, k), (k, 1, V)),
        ONE_DONE,
        APART,
        ONE_DONE,
        GOAL,
        GOAL,
    ]
    score = marked("steps", derivation(*lines))
    assert score == 4.0
    assert [f.sentence for f in score.findings[2:4]] == ["True, but it says the same as line 1."] * 2


def test_a_line_that_only_looks_different_is_no_step():
    zero = sympy.Add(START, 0, evaluate=False)
    one = sympy.Mul(1, sympy.Add(0, START, evaluate=False), evaluate=False)
    twice = sympy.Mul(-1, sympy.Mul(-1, START, evaluate=False), evaluate=False)
    shifted = Derivative(NLL + 7, z[j])
    renamed = START.subs(k, sympy.Symbol("i", integer=True))
    summed = START * Sum(soft.subs(j, k), (k, 1, V))
    score = marked("steps", derivation(START, zero, one, twice, shifted, renamed, summed, GOAL))
    assert score == pytest.approx(4 / 3)
    told = {f.label: f.sentence for f in score.findings}
    assert all(told[f"line {m}"] == "True, but it says the same as the start." for m in range(1, 7))


def test_a_wrong_line_is_shown_where_it_fails():
    score = marked("steps", derivation(START, APART, 2 * ONE_DONE, 2 * GOAL))
    told = score.findings[2].sentence
    assert told.startswith("It does not follow from the line before it: at V = ")
    assert "the left side is" in told
    assert score.findings[3].ok  # it follows from the wrong line


def test_what_is_equal_to_eight_digits_is_no_step():
    near_goal = GOAL * (1 + Rational(1, 10**9))
    score = marked("steps", derivation(START, APART, ONE_DONE, near_goal))
    assert score == pytest.approx(4 / 3)
    assert not score.findings[3].ok


def test_a_difference_quotient_is_not_the_asked_form():
    h = Rational(1, 10**12)
    shifted = log(total + exp(z[j]) * (exp(h) - 1)) - z[y] - h * KroneckerDelta(j, y)
    score = marked("steps", derivation(START, APART, ONE_DONE, (shifted - NLL) / h))
    assert score == pytest.approx(4 / 3)
    assert not score.findings[-1].ok


@pytest.mark.parametrize("last", [Limit(GOAL, x, 0), Limit(GOAL * x / x, x, 0, "+")])
def test_a_limit_is_not_the_asked_form(last):
    task = dataclasses.replace(STEPS, symbols=(*STEPS.symbols, x))
    held = sympy.Limit(GOAL + x, x, 0)
    entry = {"steps": task.cases(__import__("numpy").random.default_rng(0), False)}
    score = marked("steps", derivation(START, APART, ONE_DONE, held), entry)
    assert score == pytest.approx(8 / 3)
    assert score.findings[-1].sentence == "The last line still holds a limit; work it out."


def test_a_mistake_in_a_line_is_named():
    score = marked("steps", derivation(START, APART, ONE_DONE, soft))
    assert score.mistakes == ("forgets-one-hot",)
    assert [f.ok for f in score.findings] == [True, True, True, False, False]


def test_a_line_that_argues_in_words_is_no_step():
    made = derivation(START, APART, ONE_DONE)
    made.argued("=", r"\hat y_j - \delta_{jy}", because="it is obvious")
    score = marked("steps", made)
    assert score == pytest.approx(8 / 3)
    assert "words only" in score.findings[3].sentence


def test_a_line_without_a_value_is_wrong_and_no_ground_to_stand_on():
    from_zero = Derivative(log(Sum(exp(z[k]), (k, 0, V - 1))) - z[y], z[j])
    score = marked("steps", derivation(START, from_zero, APART, ONE_DONE, GOAL))
    assert score == pytest.approx(8 / 3)
    assert "It uses z[0]. Entries are counted from 1" in score.findings[1].sentence
    assert score.findings[2].sentence == "The line before it has no value, so nothing follows from it."
    assert score.findings[3].ok


def test_a_form_that_must_go_must_be_gone_at_the_end():
    last_apart = log(Product(a[i], (i, 1, n - 1)) * a[n])
    assert marked("log-product", derivation(LOG_PRODUCT.start, last_apart, LOG_PRODUCT.goal)) == 2.0
    doubled = log(Product(a[i] ** 2, (i, 1, n))) / 2
    score = marked("log-product", derivation(LOG_PRODUCT.start, last_apart, doubled))
    assert score == pytest.approx(4 / 3)
    assert "still holds a Product" in score.findings[-1].sentence


def test_an_inequality_may_only_go_its_own_way():
    more = 1 + x + x**2 / 2
    assert marked("tangent", derivation(exp(x), ("≥", more), ("≥", 1 + x))) == 2.0
    assert marked("tangent", derivation(exp(x), (">", more), (">", 1 + x))) == 2.0
    assert marked("tangent", derivation(exp(x), ("≥", 1 + x))) == pytest.approx(2 / 3)
    assert marked("tangent", derivation(exp(x), ("≤", 1 + x))) == pytest.approx(2 / 3)
    assert marked("tangent", derivation(exp(x), ("=", more), ("≥", 1 + x))) == pytest.approx(2 / 3)
    assert marked("tangent", derivation(exp(x), ("≥", 1 + x + x**2), ("≥", 1 + x))) == pytest.approx(2 / 3)
    assert TANGENT.relation == "≥"


S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
T = Sum(p[j] * log(q[j] / p[j]), (j, 1, V))


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        ([("≤", Sum(q[k] - p[k], (k, 1, V))), 0], 3),
        ([("≤", log(Sum(q[k], (k, 1, V)))), 0], 3),
        ([S + Sum(q[k] - p[k], (k, 1, V)), ("≤", 0)], 1),  # the sum is 0, and so is what it brings
        ([Sum(p[k] * log(q[k] / p[k]) + q[k] * 0 + p[k] - q[k], (k, 1, V)), ("≤", 0)], 3),
        ([("≤", 0)], 1),
        ([("≤", Sum(q[k], (k, 1, V))), 0], 1),  # log t ≤ t is too weak: from 1 no step leads to 0
        ([("≤", Sum(q[k] * log(q[k] / p[k]), (k, 1, V))), ("≥", 0)], 1),
        ([("≤", S / 2), ("≤", 0)], 1),
        ([("≤", S / 2), ("≤", Sum(q[k] - p[k], (k, 1, V)) / 2), 0], 1),
        ([("≤", Sum(p[k] - q[k], (k, 1, V))), 0], 1),
        ([("≤", log(Sum(p[k], (k, 1, V)))), 0], 1),
        ([S * Sum(p[j], (j, 1, V)), ("≤", 0)], 1),
        ([("≤", Sum(q[k] - p[k], (k, 1, V)))], 2),
        (
            [("≤", Sum(q[k] - p[k], (k, 1, V))), ("≤", 1)],
            2,
        ),  # what comes after the goal proves nothing, nor spoils it
        ([("≤", 1)], 0),
        ([Sum(S * p[j], (j, 1, V)), ("≤", 0)], 1),
        ([Sum(T * p[k], (k, 1, V)), ("≤", Sum(T * p[k] / 2, (k, 1, V))), ("≤", 0)], 1),
        ([Sum(p[k] * (T + q[k]), (k, 1, V)) - Sum(p[k] * q[k], (k, 1, V)), ("≤", 0)], 1),
        ([Sum(p[k] * log(Product((q[j] / p[j]) ** p[j], (j, 1, V))), (k, 1, V)), ("≤", 0)], 1),
        (
            [
                ("≤", 2 * log(Sum(sqrt(p[k] * q[k]), (k, 1, V)))),
                ("≤", 2 * log(Sum((p[k] + q[k]) / 2, (k, 1, V)))),
                0,
            ],
            3,
        ),
        ([("≤", 2 * log(Sum(sqrt(p[k] * q[k]), (k, 1, V)))), ("≤", 0)], 1),
    ],
)
def test_a_theorem_is_no_proof_of_itself(lines, share):
    score = marked("below-zero", derivation(S, *lines))
    assert score == pytest.approx(share), score.text()


def test_it_is_told_how_an_inequality_is_seen():
    told = {
        Sum(q[k] - p[k], (k, 1, V)): "an inequality is put into each term of the sum",
        log(Sum(q[k], (k, 1, V))): "Jensen's inequality takes the logarithm out of the sum",
    }
    for line, idea in told.items():
        score = marked("below-zero", derivation(S, ("≤", line), 0))
        assert f"[right] line 1: True, and it brings you on: {idea}." in score.text()
    score = marked("below-zero", derivation(S, S * 1 + 0 * V, ("≤", Sum(q[k] - p[k], (k, 1, V))), ("≤", 1)))
    assert "[true] line 1: True, but it says the same as the start." in score.text()
    assert "[true] line 3: True, but the line before it is what is to be shown" in score.text()
    score = marked("below-zero", derivation(S, ("≤", Sum(q[k], (k, 1, V))), ("≤", 0)))
    assert "[true] line 1: True, but too weak" in score.text()


APART_BELOW = Sum(p[k] * log(w[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V))
TOGETHER = Sum(p[k] * log(w[k] / p[k]), (k, 1, V))
TOTAL = Sum(w[j], (j, 1, V))


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        ([TOGETHER, ("≤", log(TOTAL))], 3),
        ([log(TOTAL) - Sum(p[k] * log(p[k] * TOTAL / w[k]), (k, 1, V)), ("≤", log(TOTAL))], 3),
        ([("≤", log(TOTAL))], 1),  # Jensen's inequality, on what is still to be put together
        ([Sum(p[k] * (log(w[k]) - log(p[k])), (k, 1, V)), ("≤", log(TOTAL))], 1),
        ([TOGETHER], 1),
        ([("≤", (APART_BELOW + log(TOTAL)) / 2), ("≤", log(TOTAL))], 1),
    ],
)
def test_a_milestone_may_rest_on_another_and_a_theorem_be_used_where_it_is_seen(lines, share):
    score = marked("bound", derivation(APART_BELOW, *lines))
    assert score == pytest.approx(share), score.text()


def test_a_milestone_that_rests_on_none_before_it_is_refused():
    turned = dataclasses.replace(BOUND, milestones=BOUND.milestones[::-1])
    with pytest.raises(
        CaseError, match="bounded rests on one-logarithm, and no milestone before it has this code"
    ):
        verify(turned, 1)


def test_an_undecided_line_is_not_wrong_but_waits_for_a_person():
    endless = sympy.Add(GOAL, Sum(exp(-k * 10**9), (k, 1, 10**12)), evaluate=False)
    score = marked("steps", derivation(START, APART, endless, GOAL))
    assert score == pytest.approx(8 / 3)  # what nobody could check is no step yet
    assert score.needs_review


def test_a_derivation_that_takes_too_long_waits_for_a_person(monkeypatch):
    known._verdicts.clear()
    monkeypatch.setattr("grader.cases.mark.derivation.SECONDS", 0.0)
    score = marked("steps", derivation(START, APART, ONE_DONE, GOAL))
    assert score < 4.0
    assert score.needs_review


def test_a_decision_is_made_once_for_a_class(monkeypatch):
    known._verdicts.clear()
    first = marked("steps", derivation(START, APART, ONE_DONE, GOAL))
    monkeypatch.setattr(known, "relate", None)  # whoever asks again raises
    assert marked("steps", derivation(START, APART, ONE_DONE, GOAL)) == first == 4.0


def test_verdicts_are_not_kept_without_end(monkeypatch):
    known._verdicts.clear()
    monkeypatch.setattr(known, "_MOST_VERDICTS", 2)
    marked("steps", derivation(START, APART, ONE_DONE, GOAL))
    assert len(known._verdicts) == 2


def test_a_step_that_sympy_merges_counts_as_it_was_typed():
    made = Derivation("typed", strict=False)
    made.start(S)
    made.step("=", Sum(p[k] * log(q[k] / p[k]) + p[k] - p[k], (k, 1, V)))
    typed = made.lines[1].typed
    assert typed is not None
    assert typed != made.lines[1].expr


def test_what_was_typed_is_not_believed_when_it_is_something_else():
    from grader.algebra import encode

    def points(typed):
        lines = [(START, None), (GOAL, typed), (GOAL, None)]
        sent = [["=", encode(line), "", None if t is None else encode(t), []] for line, t in lines]
        return mark_reply(HIDDEN["steps"], {"answer": {"derivation": sent}})

    assert points(None) == pytest.approx(4 / 3)
    assert points(2 * ONE_DONE) == pytest.approx(4 / 3)
    assert points(ONE_DONE) == 4.0


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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"form": Form()}, "repeating the start would pass for the goal"),
        ({"milestones": ()}, "it has no milestones"),
        ({"milestones": (Milestone("nothing", "nothing"),)}, "nothing can reach the milestone nothing"),
        ({"relation": "~"}, "none of"),
        ({"goal": soft}, "its goal in one line"),
        ({"mistakes": []}, "it has no mistakes"),
        ({"symbols": (V, j, k, y)}, "The family 'z' is not known here"),
        ({"goal": log(-exp(z[j]))}, "no value at"),
        ({"mistakes": [Mistake("stranger", "Whose is it?", sympy.Symbol("w"))]}, "'w'"),
    ],
)
def test_a_broken_derivation_task_is_refused(change, told):
    with pytest.raises(CaseError, match="steps") as caught:
        verify(dataclasses.replace(STEPS, **change), 3)
    assert told in str(caught.value)
