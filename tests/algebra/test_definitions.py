"""Does a name mean what its definition says, whatever letters its parameters bring?"""

import pytest
from sympy import Integer, Product, Sum, exp, log

from grader.algebra import AlgebraError, define, index, latex, probabilities, reals, relate, size

V, W = size("V"), size("W")
j, k, i = index("j", V), index("k", V), index("i", V)
z, p = reals("z", V), probabilities("p", V)
weighted = define(r"g_{%s}", lambda e: Sum(e * z[k], (k, 1, V)))
softmax = define(r"\hat y_{%s}", lambda e: exp(z[e]) / Sum(exp(z[k]), (k, 1, V)))
twice = define(r"h_{%s %s}", lambda a, b: Sum(a * Sum(b * z[i] * z[k], (i, 1, V)), (k, 1, V)))
total = Sum(z[k], (k, 1, V))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (weighted(j), j * total),
        (weighted(k), k * total),
        (weighted(z[k]), z[k] * total),
        (weighted(k + 1), (k + 1) * total),
        (Sum(weighted(k), (k, 1, V)), V * (V + 1) / 2 * total),
        (Sum(weighted(j), (j, 1, V)), V * (V + 1) / 2 * total),
        (twice(i, k), i * k * total**2),
        (twice(k, i), i * k * total**2),
        (Sum(softmax(k), (k, 1, V)), Integer(1)),
        (
            define(r"f_{%s}", lambda e: Product(p[k] * exp(e), (k, 1, V)))(k),
            Product(p[j], (j, 1, V)) * exp(V * k),
        ),
    ],
)
def test_a_definition_captures_no_letter_of_its_parameters(left, right):
    assert relate(left, "=", right).status == "proved", left


def test_the_captured_meaning_is_refuted():
    assert relate(weighted(k), "=", Sum(k * z[k], (k, 1, V))).status == "refuted"
    assert relate(Sum(weighted(k), (k, 1, V)), "=", V * Sum(k * z[k], (k, 1, V))).status == "refuted"


def test_a_name_whose_letters_do_not_meet_is_built_as_written():
    assert softmax(k).definition == exp(z[k]) / Sum(exp(z[k]), (k, 1, V))
    assert latex(weighted(k).definition) == r"\sum_{k_{1}=1}^{V} k z_{k_{1}}"


@pytest.mark.parametrize("least", [0, -3, 1.5])
def test_a_size_that_could_be_0_is_refused(least):
    with pytest.raises(AlgebraError, match="A size is at least 1"):
        size("N", least)


def test_a_number_that_may_be_0_is_a_size_less_one():
    n = size("n") - 1
    assert relate(log(1 + n), "≥", 0).status in ("proved", "tested")
    assert relate(0**n, "=", 0).status == "refuted"
