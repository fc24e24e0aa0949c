"""Is it known when two trees say the same?"""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, KroneckerDelta, Piecewise, Product, Sum, exp, log

from grader.algebra import decode, encode, evaluate, over, plus, positive, times
from grader.cases.mark.trees import canonical, exact, exact_long, free_letters, padded, simplified
from tests.cases.symbolic_tasks import V, a, i, j, k, n, p, q, x, y, z

b, c = positive("b"), positive("c")
SYMBOLS = {"x": x, "b": b, "c": c}


def same(one, other):
    return canonical(encode(one)) == canonical(encode(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Sum(p[k], (k, 1, V)), Sum(p[j], (j, 1, V))),
        (Product(Sum(z[k], (k, 1, V)) * p[j], (j, 1, V)), Product(Sum(z[j], (j, 1, V)) * p[k], (k, 1, V))),
        (plus(x, b, 0), plus(b, x)),
        (times(x, 1, plus(b, plus(c, 0))), times(plus(plus(c, b)), x)),
        (times(-1, plus(x, times(-1, b))), plus(b, times(-1, x))),
        (times(x, plus(b, times(-1, c))), times(-1, x, plus(c, times(-1, b)))),
        (times(-1, Sum(-p[k], (k, 1, V))), Sum(p[k], (k, 1, V))),
        (over(x, x), 1 + 0 * x),
        (plus(x, times(-1, x), b), b),
        (times(x, over(b, b)), x),
        (over(1, times(x, b)), times(over(1, x), over(1, b))),
        (over(x, 2), 0.5 * x),
        (0.3333333333333333 * x, x / 3),
        (KroneckerDelta(j, y), KroneckerDelta(y, j)),
        (times(KroneckerDelta(j, j), x), x),
        (Derivative(7 - log(x), x), Derivative(-log(x), x)),
        (Derivative(z[j] + V, z[j]), Derivative(z[j], z[j])),
        (Derivative(2 * log(x), x), 2 * Derivative(log(x), x)),
        (plus(x, x), 2 * x),
        (log(times(x, 1)), log(x)),
    ],
)
def test_what_only_looks_different_is_the_same(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Sum(p[k], (k, 1, V)), Sum(p[k], (k, 2, V))),
        (Sum(p[k] * q[j], (k, 1, V)), Sum(p[j] * q[k], (k, 1, V))),
        (log(times(x, b)), plus(log(x), log(b))),
        (log(over(1, x)), -log(x)),
        (exp(log(x), evaluate=False), x),
        (times(x, plus(b, c)), plus(times(x, b), times(x, c))),
        (x**2, 2 * x),
        (Derivative(log(x), x), Derivative(log(b), x)),
        (0.6931471805599453 * x, log(2) * x),
        (Piecewise((x, x < 1), (b, True)), Piecewise((b, x < 1), (x, True))),
    ],
)
def test_what_takes_a_rule_is_another_line(one, other):
    assert not same(one, other)


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        (log(x) * Sum(p[k], (k, 1, V)), log(x)),
        (log(x) + b, log(x)),
        (plus(log(x), b) * c - Sum(p[k], (k, 1, V)), log(x) * c - Sum(p[k], (k, 1, V))),
        (log(x * b), log(x)),
        (Sum(p[k] * b, (k, 1, V)) / c, Sum(p[k], (k, 1, V)) / c),
        (Derivative(-log(x * c), x), Derivative(-log(x), x)),
    ],
)
def test_what_has_something_put_in_at_one_place_is_padded(line, plain):
    assert padded(canonical(encode(line)), canonical(encode(plain)))
    assert not padded(canonical(encode(plain)), canonical(encode(line)))


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        (log(p[k]) + log(q[k] / p[k]), log(q[k])),  # at two places it may be anything
        (Sum(p[k] * (log(p[k]) + log(q[k] / p[k])), (k, 1, V)), Sum(p[k] * log(q[k]), (k, 1, V))),
        (Sum(q[k] - p[k], (k, 1, V)), 0 * x),
    ],
)
def test_an_honest_line_is_not_padded(line, plain):
    assert not padded(canonical(encode(line)), canonical(encode(plain)))


def test_towers_of_powers_are_left_alone():
    tower = 10
    for _ in range(12):
        tower = ["Pow", tower, 60]
    assert canonical(tower) == canonical(tower)
    assert canonical(["Pow", ["Mul", tower, "x"], 60])[0] in ("Pow", "product")
    assert canonical(["Pow", ["Mul", 2, "x"], 3]) == canonical(["Mul", 8, ["Pow", "x", 3]])


def test_parts_that_are_0_or_1_by_themselves_go():
    one = encode(Sum(p[k], (k, 1, V)))

    def trivial(tree):
        return 1 if tree == one else None

    line = encode(log(x) * Sum(p[k], (k, 1, V)) + Product(a[i] * Sum(p[k], (k, 1, V)), (i, 1, n)))
    found = canonical(simplified(line, trivial))
    assert found == canonical(encode(log(x) + Product(a[i], (i, 1, n))))


def test_a_part_with_a_bound_letter_is_not_asked_about():
    asked = []
    simplified(encode(Sum(p[k] * log(q[k]), (k, 1, V))), lambda tree: asked.append(tree))
    assert all("k" not in free_letters(tree) for tree in asked)


@pytest.mark.parametrize(
    ("number", "fraction", "rounded"),
    [
        (0.1, Fraction(1, 10), False),
        (1 / 3, Fraction(1, 3), False),
        (-2 / 7, Fraction(-2, 7), False),
        (3.0, Fraction(3), False),
        (1e-12, Fraction(1, 10**12), True),
        (0.6931471805599453, Fraction("0.6931471805599453"), True),
        (0.1 + 0.2, Fraction("0.30000000000000004"), True),
    ],
)
def test_a_float_is_the_fraction_that_it_was_typed_for(number, fraction, rounded):
    assert exact(number) == (fraction, rounded)


def test_a_float_with_many_digits_is_one_too():
    from sympy import Float

    assert exact_long(*encode(Float("0.1", 40))[1:]) == (Fraction(1, 10), False)
    assert exact_long(*encode(log(2).evalf(40))[1:])[1]


expressions = st.recursive(
    st.integers(-3, 3).map(lambda m: m + 0 * x) | st.sampled_from([x, b, c]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: plus(*parts))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: times(*parts))
        | inner.map(lambda e: exp(e / 50, evaluate=False))
    ),
    max_leaves=8,
)


@given(expressions, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=80)
def test_trees_with_one_canonical_form_have_one_value(expression, random):
    tree = encode(expression)
    shuffled = _shuffled(tree, random)
    assert canonical(tree) == canonical(shuffled)
    point = {"x": 0.7, "b": 1.3, "c": 2.1}
    values = [evaluate(decode(t, SYMBOLS), point) for t in (tree, shuffled)]
    assert values[0] == pytest.approx(values[1], rel=1e-12, abs=1e-12)


def _shuffled(tree, random):
    if not isinstance(tree, list):
        return tree
    head, *parts = tree
    parts = [_shuffled(part, random) for part in parts]
    if head in ("Add", "Mul"):
        random.shuffle(parts)
        if random.random() < 0.5:
            parts = [[head, *parts], 0 if head == "Add" else 1]
    return [head, *parts]
