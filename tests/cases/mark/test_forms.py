"""Do conditions on a form see what they name, and nothing else?"""

import pytest
from sympy import Derivative, KroneckerDelta, Limit, Piecewise, Product, Sum, exp, log, tanh

from grader.algebra import encode, times
from grader.cases.mark.forms import has, meets, missing
from tests.cases.symbolic_tasks import V, a, i, j, k, n, p, q, soft, total, x, y, z


@pytest.mark.parametrize(
    ("expression", "path", "found"),
    [
        (Derivative(log(total), z[j]), "Derivative>log>Sum", True),
        (Derivative(log(total), z[j]), "Derivative>log>z", True),
        (Derivative(log(total), z[j]), "Derivative>j", False),  # what it is differentiated by is not in it
        (log(total) - Derivative(z[y], z[j]), "Derivative>log", False),
        (Sum(z[k], (k, 1, V)), "k", False),  # the letter of a sum is no symbol
        (Sum(z[k], (k, 1, V)), "V", True),
        (z[k] + Sum(z[k], (k, 1, V)), "k", True),
        (1 / x, "fraction", True),
        (x ** (-1 / V), "fraction", True),
        (exp(-x), "fraction", False),
        (exp(-x), "inverse", True),
        (exp(x), "inverse", False),
        (x**2, "Pow", True),
        (x / 2, "Pow", False),
        (Piecewise((log(x), x > 1), (x, True)), "Piecewise>log", True),
        (Limit(log(x), x, 0), "log>x", False),
        (log(Product(a[i], (i, 1, n))), "log>Product>a", True),
        (Product(log(a[i]), (i, 1, n)), "log>Product", False),
    ],
)
def test_a_path_is_found_where_it_is(expression, path, found):
    assert has(encode(expression), path) is found


@pytest.mark.parametrize(
    ("expression", "form", "unmet"),
    [
        (log(x), {"free_of": ["log"]}, "log"),
        (log(x), {"holds": ["exp"]}, "exp"),
        (times(-1, soft, KroneckerDelta(j, y)), {"product": ["exp", "KroneckerDelta"]}, None),
        (soft + KroneckerDelta(j, y), {"product": ["exp", "KroneckerDelta"]}, "product"),
        (x * log(x), {"product": ["=x", "log"]}, None),
        ((x + 1) * log(x), {"product": ["=x", "log"]}, "product"),
        (x * log(x), {"product": ["log", "log"]}, "product"),
        (log(p[k] / q[k]), {"apart": [["log", "p", "q"]]}, "log>q"),
        (log(p[k]) - log(q[k]), {"apart": [["log", "p", "q"]]}, None),
        (Sum(p[k], (k, 1, V)) + Sum(q[k], (k, 1, V)), {"once": ["Sum"]}, "Sum"),
        (Sum(p[k] + q[k], (k, 1, V)), {"once": ["Sum"]}, None),
        (1 - tanh(x) ** 2, {"inside": [["x", "tanh"]]}, None),
        (1 - tanh(2 * x) ** 2, {"inside": [["x", "tanh"]]}, "x"),
        (x - tanh(x) ** 2, {"inside": [["x", "tanh"]]}, "x"),
        (exp(x) * tanh(x), {"inside": [["x", "tanh"]]}, "x"),
        (x, {"inside": [["x", "tanh"]]}, "x"),
        (log(p[k] * q[k]), {"inside": [["p", "Mul"]]}, None),
        (log(p[k] * q[k]) - log(p[k]), {"inside": [["p", "Mul"]]}, "p"),
        (p[k], {"inside": [["p", "Mul"]]}, "p"),
        (x, {}, None),
    ],
)
def test_a_condition_that_is_not_met_is_named(expression, form, unmet):
    assert missing(form, encode(expression)) == unmet
    assert meets(form, encode(expression)) is (unmet is None)
