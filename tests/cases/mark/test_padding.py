"""Is what says nothing at the top of a line taken off before it is asked whether the line brings a derivation on?"""

import pytest
from sympy import Add, Derivative, Integer, KroneckerDelta, Mul, Sum, cosh, exp, log, sinh

from grader.algebra import encode
from grader.cases.mark.known import Knowledge
from grader.cases.mark.padding import unpadded
from grader.cases.mark.trees import canonical
from tests.cases.symbolic_tasks import HIDDEN, NLL, V, derivation, j, k, marked, p, q, soft, x, y, z

ONE = Sum(KroneckerDelta(j, k), (k, 1, V))
GOAL = soft - KroneckerDelta(j, y)
NOTHING = Integer(0)


def left_of(line, task="steps", start=NOTHING):
    knowledge = Knowledge(HIDDEN[task], 30.0)
    return [canonical(tree) for tree in unpadded(encode(line), knowledge, encode(start))]


@pytest.mark.parametrize(
    ("padded", "plain"),
    [
        (GOAL * ONE, GOAL),
        (soft * ONE - KroneckerDelta(j, y) * ONE, GOAL),
        (Sum(GOAL * KroneckerDelta(k, j), (k, 1, V)), GOAL),
        (GOAL + Sum((k - j) * KroneckerDelta(k, j), (k, 1, V)), GOAL),
        (GOAL + Sum(exp(z[k]) * KroneckerDelta(k, j), (k, 1, V)) - exp(z[j]), GOAL),
        ((GOAL + Derivative(z[j] ** 2, z[j]) - 2 * z[j]) / 3, GOAL / 3),
    ],
)
def test_what_is_one_or_adds_up_to_nothing_is_taken_off(padded, plain):
    assert canonical(encode(plain)) in left_of(padded)


def test_terms_that_add_up_to_a_number_become_that_number():
    assert canonical(encode(4 + 2 * x)) in left_of(2 * x + 4 * cosh(x) ** 2 - 4 * sinh(x) ** 2, "tangent")


def test_a_line_in_which_every_part_says_something_stays_as_it_is():
    for line in (GOAL, Sum(exp(z[k]) * KroneckerDelta(k, j), (k, 1, V)) - KroneckerDelta(j, y), soft * z[j]):
        assert left_of(line) == []


def test_a_line_without_any_terms_has_nothing_to_take_off():
    nothing = Add(0, 0, evaluate=False)
    assert left_of(nothing) == left_of(Mul(soft, nothing, evaluate=False)) == []


def test_terms_of_the_start_may_cancel_for_that_is_still_to_be_done():
    entropy, other = Sum(p[k] * log(p[k]), (k, 1, V)), Sum(p[k] * log(q[k]), (k, 1, V))
    line = Add(-other, entropy, Mul(-1, entropy, evaluate=False), evaluate=False)
    assert canonical(encode(-other)) in left_of(line, "below-zero")
    assert left_of(line, "below-zero", start=entropy - other) == []


def test_the_end_with_something_that_is_nothing_earns_what_the_end_earns():
    start = Derivative(NLL, z[j])
    bare = marked("steps", derivation(start, GOAL))
    for nothing in (Derivative(exp(z[y]), z[y]) - exp(z[y]), Derivative(z[y] ** 2, z[y]) - 2 * z[y]):
        assert marked("steps", derivation(start, GOAL + nothing, GOAL)) == bare
        assert marked("steps", derivation(start, (GOAL + nothing) * ONE, GOAL)) == bare
