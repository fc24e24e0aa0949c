"""The TeX of an expression reads as it is meant: brackets where something else could be read, none elsewhere."""

import pytest
from sympy import Add, Derivative, Expr, Mul, Sum, exp, log

from grader.algebra import define, index, latex, over, reals, simplex, size, times

V = size("V")
i, j, k = (index(name, V) for name in "ijk")
z, q = reals("z", V), simplex("q", V)
total = Sum(exp(z[k]), (k, 1, V))
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / total)
error = Add(q[i], -q[j], evaluate=False)


@pytest.mark.parametrize(
    ("expr", "tex"),
    [
        (
            Derivative(-total, z[j]),
            r"\frac{\partial}{\partial z_{j}} \left(- \sum_{k=1}^{V} e^{z_{k}}\right)",
        ),
        (Derivative(total, z[j]), r"\frac{\partial}{\partial z_{j}} \sum_{k=1}^{V} e^{z_{k}}"),
        (Derivative(y_hat(i), z[j]), r"\frac{\partial \hat y_{i}}{\partial z_{j}}"),
        (over(Sum(q[i], (i, 1, V)), total), r"\frac{\sum_{i=1}^{V} q_{i}}{\sum_{k=1}^{V} e^{z_{k}}}"),
        (-Sum(log(q[i]), (i, 1, V)) / V, r"- \frac{1}{V} \sum_{i=1}^{V} \log q_{i}"),
        (Mul(-1, error, evaluate=False), r"- \left(q_{i} - q_{j}\right)"),
        (Mul(q[k], error, evaluate=False), r"q_{k} \left(q_{i} - q_{j}\right)"),
        (times(q[k], times(-z[i], q[i])), r"q_{k} \left(- z_{i} q_{i}\right)"),
        (times(q[k], -z[i], q[i]), r"q_{k} \left(- z_{i}\right) q_{i}"),
        (times(-z[i], q[i]), r"- z_{i} q_{i}"),
        (over(error, total**2), r"\frac{q_{i} - q_{j}}{\left(\sum_{k=1}^{V} e^{z_{k}}\right)^{2}}"),
    ],
)
def test_latex_of(expr: Expr, tex: str) -> None:
    assert latex(expr) == tex


def test_the_authors_order_of_terms_is_kept() -> None:
    assert latex(Add(z[j], -z[i], evaluate=False)) == "z_{j} - z_{i}"
    assert latex(Add(-z[i], z[j], evaluate=False)) == "- z_{i} + z_{j}"


def test_an_entry_of_a_family_whose_name_has_a_subscript_has_one_subscript_at_a_place():
    V = size("V")
    assert latex(reals("p_u", V)[index("k", V)]) == "{p_{u}}_{k}"
    assert latex(reals("z", V)[index("k", V)]) == "z_{k}"
