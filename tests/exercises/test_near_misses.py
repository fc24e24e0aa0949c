"""Does every draw of a function's inputs tell a near-miss from the right answer, and not just a lucky one?"""

from pathlib import Path

import numpy as np
import pytest

from grader.pipeline.course import Course
from grader.pipeline.near_misses import Fate, near_misses
from grader.pipeline.spoiling import behaviours, spoilt_sources

COURSE = Course(Path(__file__).parents[2])
DRAWS = 4

SUM, ROUNDED, WARNED = "a sum has no order", "as right as float32 can be", "it silences a warning only"
BELOW = "too small to be seen behind six digits"
EQUIVALENT = {
    "sequence-nll": {
        "its inputs are sorted": SUM,
        "its inputs are turned round": SUM,
        "its inputs are in single precision": ROUNDED,
        "line 3, column 9: divide= is dropped": WARNED,
    },
    "batch-nll": {
        "its inputs are in single precision": ROUNDED,
        "its inputs have 0 for NaN": "NaN stands in the padding only",
        "its inputs have 1e-12 added": BELOW,
        "line 3, column 52: the minus is dropped": "of two axes the last is the second",
    },
    "three-losses": {"its inputs are turned round": SUM},
    "bigram-probs": {
        "its inputs are turned round": "sentences have no order",
        "line 6, column 28: 1 is 2": "shares of doubled counts",
        "line 8, column 60: 1 is 0": "a row without counts is replaced anyway",
    },
    "smoothed": {},
    "kl-divergence": {
        "its inputs are in single precision": ROUNDED,
        "its inputs are normalised": "distributions sum to 1",
        "line 3, column 9: divide= is dropped": WARNED,
        "line 3, column 9: invalid= is dropped": WARNED,
    },
    "kl-from-samples": {
        "its inputs are sorted": "the difference of two means, each of a sum without order",
        "its inputs are turned round": SUM,
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-12 added": BELOW,
        "its inputs have 1e-4 added": "it cancels in the difference",
    },
    "best-gaussian": {
        "its inputs are turned round": SUM,
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-12 added": BELOW,
    },
    "one-hot-cross-entropy": {
        "its inputs are in single precision": ROUNDED,
        "its inputs are normalised": "distributions sum to 1",
        "line 3, column 13: axis= is dropped": "the last axis is what NumPy takes by itself",
        "line 4, column 9: divide= is dropped": WARNED,
        "line 3, column 81: 0 is -1": "the axis has length 1",
    },
    "properness": {
        "its inputs are turned round": "neither forecasts nor outcomes have an order",
        "its inputs have 1e-12 added": "a thousandth of what is taken for equal",
        "line 6, column 8: Gt is GtE": "no two averages differ by 1e-9 exactly",
        "line 8, column 24: GtE is Gt": "no two averages differ by 1e-9 exactly",
    },
    "answer-log-prob": {
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-4 added": "a softmax does not mind a shift",
        "its inputs have 1e-12 added": BELOW,
        "line 6, column 24: 0 is -1": "the axis has length 1",
    },
    "table-audit": {
        "its inputs are turned round": "every row has to be normalised, whatever their order",
        "its inputs are counted once each": "equal rows are normalised together",
        "its inputs are in single precision": ROUNDED,
        "its inputs are finite at any price": "the exponential of a very negative number is 0, too",
        "its inputs are kept within ±700": "the exponential of a very negative number is 0, too",
        "its inputs have 1e-12 added": "a millionth of what is taken for equal",
        "line 7, column 9: over= is dropped": WARNED,
        "line 5, column 16: Lt is LtE": "no sum differs from 1 by 1e-6 exactly",
    },
    "rank-candidates": {"line 6, column 23: 1 is 2": "half of every sum ranks alike"},
    "beam-search": {
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-4 added": "scores differ by more where a place is at stake",
        "its inputs have 1e-12 added": BELOW,
        "line 3, column 13: 0.0 is 1.0": "a shift of all scores",
        "line 3, column 13: 0.0 is -1.0": "a shift of all scores",
        "line 12, column 15: key= is dropped": "texts are compared where scores are equal, and none are that matter",
    },
    "coupling-log-det": {
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-12 added": BELOW,
    },
    "elbo-from-table": {
        "its inputs are turned round": SUM,
        "its inputs are in single precision": ROUNDED,
        "line 3, column 9: divide= is dropped": WARNED,
    },
    "diffusion-posterior": {
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-12 added": BELOW,
    },
    "exam-batch-loss": {
        "its inputs are turned round": SUM,
        "its inputs are in single precision": ROUNDED,
        "its inputs have 1e-4 added": "a softmax does not mind a shift",
        "its inputs have 1e-12 added": BELOW,
    },
}
"""What no draw tells from the right answer, since it is right: a person has said why. Other sets print theirs."""


@pytest.mark.parametrize("exercise", COURSE.sets(), ids=lambda exercise: exercise.name)
def test_no_near_miss_slips_through_some_draws(exercise, request, record_property):
    fates = near_misses(exercise, draws=DRAWS)
    equal = sum(fate.never_told_apart for fate in fates)
    record_property("figure", f"{exercise.name}: {len(fates)} near-misses, {equal} of them never told apart")
    assert len(fates) >= 50
    assert [str(fate) for fate in fates if fate.slipped_through] == []
    unexplained = [f for f in fates if f.never_told_apart and f.name not in EQUIVALENT.get(f.task, [f.name])]
    assert [str(fate) for fate in unexplained] == []


def test_what_a_person_found_equivalent_is_still_a_near_miss():
    made = {(f.task, f.name) for f in near_misses(COURSE.set_named("01_sequences"), ["batch-nll"], draws=1)}
    assert {("batch-nll", name) for name in EQUIVALENT["batch-nll"]} <= made


def test_a_draw_that_misses_by_luck_is_found():
    assert Fate("a", "is never below 0", [1.0, 0.5, 1.0]).slipped_through
    assert not Fate("a", "is 0", [0.0, 0.5, 0.0]).slipped_through
    assert Fate("a", "an equivalent form", [1.0, 1.0, 1.0]).never_told_apart


def test_a_behaviour_that_changes_nothing_is_no_near_miss():
    spoilt = dict(behaviours(lambda x: float(np.sum(x))))
    near = spoilt["its result is never below 0"]
    assert near(np.array([1.0, 2.0])) == 3.0
    assert not near.touched
    assert near(np.array([-1.0, -2.0])) == 0.0
    assert near.touched


@pytest.mark.parametrize(
    ("name", "right", "args", "spoilt"),
    [
        ("is right up to two axes only", lambda x: x.sum(axis=-1), (np.ones((1, 1, 2)),), 2.01),
        ("takes its first two arguments the other way round", lambda p, q: p - q, (1.0, 3.0), 2.0),
        ("its result is 0 where it is infinite", lambda x: x * np.inf, (np.array([2.0]),), 0.0),
        ("its result is infinite throughout where one is", lambda x: x, (np.array([1.0, np.inf]),), np.inf),
        ("its inputs have 0 for -inf", lambda x: x, (np.array([-np.inf]),), 0.0),
        ("its inputs have 0 for NaN", lambda x: x, (np.array([np.nan]),), 0.0),
    ],
)
def test_a_behaviour_spoils_what_its_name_says(name, right, args, spoilt):
    near = dict(behaviours(right))[name]
    np.testing.assert_allclose(near(*args), spoilt)
    assert near.touched


def test_a_text_is_spoilt_as_well():
    spoilt = dict(behaviours(lambda x: "proper"))
    first_only, with_state = (
        spoilt["is right for the first shapes only"],
        spoilt["is off by what it gave before"],
    )
    assert [first_only(np.zeros(n)) for n in (1, 2, 1)] == ["proper", "", "proper"]
    assert [with_state(0) for _ in range(3)] == ["proper", "", ""]


def test_every_small_change_of_a_source_is_made_alone():
    spoilt = dict(spoilt_sources("def f(p):\n    return -np.sum(np.log(p), axis=-1)"))
    assert "    return +np.sum(np.log(p), axis=-1)" in spoilt["line 2, column 11: the minus is dropped"]
    assert "    return -np.mean(np.log(p), axis=-1)" in spoilt["line 2, column 12: sum is mean"]
    assert "    return -np.sum(np.log(p))" in spoilt["line 2, column 12: axis= is dropped"]
    assert len(spoilt) >= 8
