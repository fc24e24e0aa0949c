"""Do sealed mistakes open for who has made them, and for nobody else?"""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.cases import CaseError, CaseFile, Mistake, Value, collect, mark_reply, questions_of
from grader.cases.mark import sealed as sealed_mistakes
from grader.cases.mark.compare import EPSILON, Tolerance
from grader.cases.mark.sealed import seal, unseal

TOLERANCES = [
    Tolerance(0.0, 6e-4),
    Tolerance(0.0, 0.5),
    Tolerance(1e-3),
    Tolerance(1e-3, 1e-2),
    Tolerance(0.2, 1e-6),
    Tolerance(0.0, 1e-6),
    Tolerance(0.0),
]
each_tolerance = pytest.mark.parametrize("tolerance", TOLERANCES, ids=str)
numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(-1000, 1000))


def opened(sealed, value, tolerance):
    return [box["code"] for box in unseal(sealed, value, tolerance)]


def sealed_one(value, tolerance, salt="salt"):
    return seal(salt, [(value, {"code": "made"})], tolerance, work=0)


@each_tolerance
@given(mistake=numbers, share=st.floats(-1, 1))
def test_every_number_within_the_tolerance_of_a_mistake_opens_its_box(tolerance, mistake, share):
    reach = tolerance.atol + tolerance.rtol * abs(mistake)
    sealed = sealed_one(mistake, tolerance)
    for number in (mistake, float(mistake), mistake + share * reach, mistake - reach, mistake + reach):
        if abs(number - mistake) <= reach:
            assert opened(sealed, number, tolerance) == ["made"]


@given(mistake=st.floats(-1e6, 1e6), off=st.sampled_from([-np.inf, 0, np.inf]))
def test_who_computes_in_float32_opens_a_box_all_the_same(mistake, off):
    rounded = np.float32(mistake)
    number = np.array(np.nextafter(rounded, np.float32(off)) if off else rounded)
    assume(abs(mistake) > 1e-30)  # below, a float32 has fewer digits
    for tolerance in (Tolerance(0.0, 1e-9), Tolerance(1e-12)):
        assert opened(sealed_one(mistake, tolerance), number, tolerance) == ["made"]


@each_tolerance
@given(mistake=numbers, off=st.floats(7, 1e6), sign=st.sampled_from([-1, 1]))
def test_no_number_far_from_a_mistake_opens_its_box(tolerance, mistake, off, sign):
    reach = tolerance.atol + max(tolerance.rtol, 4 * EPSILON["float32"]) * abs(mistake) + 1e-300
    assert opened(sealed_one(mistake, tolerance), mistake + sign * off * reach, tolerance) == []


@given(mistake=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=5), share=st.floats(-0.99, 0.99))
def test_a_list_opens_the_box_of_a_list_near_it_and_not_of_its_reverse(mistake, share):
    tolerance = Tolerance(0.0, 1e-3)
    sealed = sealed_one(mistake, tolerance)
    near = np.array(mistake) + share * 1e-3
    for given_ in (near, near.tolist(), tuple(near)):
        assert opened(sealed, given_, tolerance) == ["made"]
    if any(abs(a - b) > 1 for a, b in list(zip(mistake, mistake[::-1], strict=True))[:3]):
        assert opened(sealed, near[::-1], tolerance) == []


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan, 0.0, -0.0, 1e308, -5e-324, 10**20])
@each_tolerance
def test_odd_numbers_open_their_own_box_only(odd, tolerance):
    sealed = sealed_one(odd, tolerance)
    assert opened(sealed, odd, tolerance) == ["made"]
    assert opened(sealed, np.float64(odd) if abs(odd) < 1e19 else odd, tolerance) == ["made"]
    for other in (math.inf, -math.inf, math.nan, 1.7, -1e307):
        if not (other == odd or (math.isnan(other) and math.isnan(odd))):
            assert opened(sealed, other, tolerance) == []


@pytest.mark.parametrize("no_number", ["2.1", None, True, [1.0, "a"], 2.1j, {}])
def test_what_is_no_number_opens_nothing_and_is_no_mistake(no_number):
    assert opened(sealed_one(2.1, Tolerance(1e-3)), no_number, Tolerance(1e-3)) == []
    if no_number is not True:
        with pytest.raises(CaseError, match="can't be sealed"):
            sealed_one(no_number, Tolerance(1e-3))


def test_mistakes_that_share_a_bucket_all_open_in_their_order():
    tolerance = Tolerance(0.0, 1.0)
    sealed = seal("salt", [(5.0, {"code": "a"}), (5.5, {"code": "b"}), (50.0, {"code": "c"})], tolerance, 0)
    assert opened(sealed, 5.2, tolerance) == ["a", "b"]


def test_the_boxes_tell_nothing_of_what_is_in_them():
    tolerance = Tolerance(0.0, 1e-3)
    made = [(2.1, {"code": "a", "says": "short"}), (-7.25, {"code": "gives-the-loss", "says": "long" * 50})]
    sealed = seal("salt", made, tolerance, 0)
    assert len({len(box) for box in sealed["boxes"].values()}) == 1
    assert list(sealed["boxes"]) == sorted(sealed["boxes"])
    assert sealed == seal("salt", made, tolerance, 0)
    other = seal("other", made, tolerance, 0)
    assert not set(other["boxes"]) & set(sealed["boxes"])
    assert not set(other["boxes"].values()) & set(sealed["boxes"].values())
    assert not {"2.1", "7.25", "loss", "short"} & set(json.dumps(sealed).replace('"', " ").split())


def test_a_check_makes_one_slow_hash_whatever_is_sealed(monkeypatch):
    tolerance = Tolerance(0.0, 1e-3)
    sealed = seal("salt", [([n, 2.0, 3.0], {"code": str(n)}) for n in range(20)], tolerance, 0)
    asked = []
    slow = sealed_mistakes._key
    monkeypatch.setattr(sealed_mistakes, "_key", lambda *args: asked.append(args) or slow(*args))
    for value in ([4.0, 2.0, 3.0], [0.4995, 1, 1], [1.0], 3.0):
        asked.clear()
        list(unseal(sealed, value, tolerance))
        assert len(asked) == 1
    assert sealed_mistakes.WORK >= 16


def test_a_damaged_box_is_told():
    sealed = sealed_one(2.1, Tolerance(1e-3))
    for damaged in ("", "!", next(iter(sealed["boxes"].values()))[4:]):
        broken = {**sealed, "boxes": dict.fromkeys(sealed["boxes"], damaged)}
        with pytest.raises(CaseError, match="get the set again"):
            list(unseal(broken, 2.1, Tolerance(1e-3)))


LOSSES = Value(
    "losses",
    1,
    [-5.5, -3.6],
    [
        Mistake("gives-the-loss", "These are the losses.", [5.5, 3.6]),
        Mistake("swapped", "The other way round.", [-3.6, -5.5]),
        Mistake("cut", "You cut it.", answers=[[-5.0, -3.0], [-5.0, -4.0]]),
        Mistake("not-finite", "The log of 0.", [-math.inf, math.nan]),
    ],
    within=(-100, 100),
    rtol=0.0,
    atol=5e-3,
)
CASES = [CaseFile.of("99_test", [LOSSES], 7, public).tasks["losses"] for public in (True, False)]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([5.5, 3.6], "gives-the-loss"),
        ((5.504, 3.596), "gives-the-loss"),
        (np.array([5.5, 3.6], dtype=np.float32), "gives-the-loss"),
        (np.array([5.5, 3.6], dtype=np.float16), "gives-the-loss"),
        (np.array([[5.5, 3.6]]), "gives-the-loss"),
        ([np.array([5.5]), sympy.Rational(36, 10)], "gives-the-loss"),
        ([Fraction(11, 2), 3.6], "gives-the-loss"),
        ([-3.6, -5.5], "swapped"),
        ([-5, -4], "cut"),
        ([-5, -3], "cut"),
        ([-math.inf, math.nan], "not-finite"),
        ([5.51, 3.6], None),
        ([5.5], None),
        ([math.nan, -math.inf], None),
        ("5.5, 3.6", None),
    ],
)
def test_a_student_is_told_by_sealed_cases_which_mistake_the_open_ones_name(answer, code):
    for entry in CASES:
        score = mark_reply(entry, collect(questions_of(entry), answer))
        assert score.mistakes == (() if code is None else (code,))
        assert code is None or score == 0.0


@given(
    near=st.sampled_from([m for mistake in LOSSES.mistakes[:3] for m in mistake.family]),
    off=st.tuples(*[st.floats(-2e-2, 2e-2)] * 2),
)
def test_open_and_sealed_cases_name_the_same_mistake_at_every_edge(near, off):
    answer = (np.array(near) + off).tolist()
    sealed, open_ = (mark_reply(entry, {"answer": answer}).mistakes for entry in CASES)
    assert sealed == open_
