"""Are determinants those that NumPy computes, and triangular ones the product of their diagonal?"""

import numpy as np
import pytest
from sympy import Integer, Product, Sum, exp, log

from grader.algebra import (
    AlgebraError,
    determinant,
    evaluate,
    index,
    latex,
    positives,
    real,
    reals,
    relate,
    size,
    triangular,
)

n, m = size("n"), size("m")
i, j = index("i", n), index("j", m)
d, s = positives("d", n), reals("s", m)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("size_", [1, 2, 3])
def test_a_determinant_is_that_of_numpy(size_):
    letters = [[real(f"a_{r}{c}") for c in range(size_)] for r in range(size_)]
    values = RNG.normal(size=(size_, size_)).round(2)
    point = {f"a_{r}{c}": float(values[r, c]) for r in range(size_) for c in range(size_)}
    assert evaluate(determinant(letters), point) == pytest.approx(np.linalg.det(values))


@pytest.mark.parametrize("size_", [2, 3])
def test_the_determinant_of_a_product_is_the_product(size_):
    one, other = (
        [[real(f"{name}_{r}{c}") for c in range(size_)] for r in range(size_)] for name in ("a", "b")
    )
    span = range(size_)
    both = [[sum((one[r][k] * other[k][c] for k in span), Integer(0)) for c in span] for r in span]
    assert relate(determinant(both), "=", determinant(one) * determinant(other)).status == "proved"
    assert relate(determinant(both), "=", determinant(one) + determinant(other)).status == "refuted"


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_triangular_determinant_is_that_of_numpy_whatever_stands_below(length):
    diagonal = RNG.uniform(0.5, 2, size=length).round(2)
    matrix = np.diag(diagonal) + np.tril(RNG.normal(size=(length, length)), -1)
    found = evaluate(triangular(Product(d[i], (i, 1, n))), {"n": length, "d": [float(v) for v in diagonal]})
    assert found == pytest.approx(np.linalg.det(matrix))


def test_its_logarithm_is_a_sum_over_the_blocks():
    blocks = triangular(Product(d[i], (i, 1, n)), Product(exp(s[j]), (j, 1, m)))
    total = Sum(log(d[i]), (i, 1, n)) + Sum(s[j], (j, 1, m))
    assert relate(log(blocks), "=", total).status == "proved"
    assert relate(log(blocks), "=", Sum(s[j], (j, 1, m))).status == "refuted"


@pytest.mark.parametrize("rows", [[], [[1, 2]], [[1, 2], [3]], [[0] * 4] * 4])
def test_what_is_not_square_and_small_is_refused(rows):
    with pytest.raises(AlgebraError, match="square"):
        determinant(rows)


@pytest.mark.parametrize("blocks", [(), (Product(d[i], (i, 2, n)),), (d[1],)])
def test_a_diagonal_is_a_product_from_1(blocks):
    with pytest.raises(AlgebraError, match="diagonal"):
        triangular(*blocks)


def test_determinants_are_printed_as_matrices():
    assert latex(determinant([[1, real("x")], [0, 2]])) == r"\det\begin{pmatrix} 1 & x \\ 0 & 2 \end{pmatrix}"
    ones = triangular(Product(1, (i, 1, n)), Product(exp(s[j]), (j, 1, m)))
    assert r"\operatorname{diag}(e^{s_{1}}, \dots, e^{s_{m}})" in latex(ones)
    assert latex(ones).startswith(r"\det\begin{pmatrix} I & 0")
