"""Is a line known as it was typed, wherever that can be had?"""

import linecache
import sys

import pytest
import sympy

from grader.algebra import Derivation
from grader.algebra.typed import as_typed, names_in

SETUP = """
import sympy
from sympy import Derivative, KroneckerDelta, Piecewise, Product, Sum, exp, log, sqrt
from grader.algebra import Derivation, define, index, over, probabilities, real, reals, size
V = size("V")
j, k, y = index("j", V), index("k", V), index("y", V)
z, p, x = reals("z", V), probabilities("p", V), real("x")
y_hat = define(r"y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))
jacobian = lambda a, b: y_hat(a) * (KroneckerDelta(a, b) - y_hat(b))
def inverse(t):
    "A function of the student's own."
    return 1 / t
def counted(t):
    calls.append(t)
    return t
calls = []
steps = Derivation("mine", strict=False)
steps.start(x)
"""


def typed(source, name="<a cell>"):
    """The typed form of the last line of a derivation that goes on with `source`, and the namespace."""
    text = SETUP + source
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace = {"__name__": "__main__"}
    exec(compile(text, name, "exec"), namespace)  # noqa: S102 - the lines of this file
    return namespace["steps"].lines[-1].typed, namespace


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ('steps.step("=", exp(log(x**2)))', "exp(log(x**2))"),
        ('steps.step("=", x + log(x) - log(x))', "x - log(x) + log(x)"),
        ('steps.step("=", x*2 / 2)', "x*2*(1/2)"),
        ('steps.step("=", because="größer", expr=sympy.exp(sympy.log(x)))', "exp(log(x))"),
        ('steps.step(\n    "=",\n    exp(\n        log(x),\n    ),\n)', "exp(log(x))"),
        ('ä = "é"; steps.step("=", exp(log(x)), because="ñ")', "exp(log(x))"),
        ('steps.step("=", inverse(inverse(x)))', "1/(1/x)"),
        ('half = x / 2\nsteps.step("=", half + half)', "x/2 + x/2"),
        ('parts = [x, -x]\nsteps.step("=", parts[0] + parts[1] + x)', "-x + x + x"),
        ('steps.step("=", Sum(p[k] / p[k], (k, 1, V)))', "Sum(p[k]/p[k], (k, 1, V))"),
        ('steps.step("=", sqrt(x**2))', "sqrt(x**2)"),
        ('for t in (x,):\n    steps.step("=", exp(log(t)))', "exp(log(x))"),
        ('def go(t):\n    steps.step("=", exp(log(t)))\ngo(x)', "exp(log(x))"),
    ],
)
def test_a_line_is_known_as_it_was_typed(source, written):
    assert str(typed(source)[0]) == written


def test_what_sympy_cancels_at_once_stays():
    found, names = typed('steps.step("=", -(1 / y_hat(y)) * jacobian(y, j))')
    assert names["steps"].lines[-1].expr == names["y_hat"](names["j"]) - sympy.KroneckerDelta(
        names["j"], names["y"]
    )
    assert len(found.args) == 3
    assert found.has(sympy.KroneckerDelta)


@pytest.mark.parametrize(
    "source",
    [
        'steps.step("=", Derivative(x**2, x).doit())',
        'steps.step("=", counted(exp(log(x))))',
        'steps.step("=", sum([x, -x]))',
        'steps.step("=", (w := x) + 1)',
        'steps.step(*("=", exp(log(x))))',
        'steps.step("=", x if True else 0)',
        'steps.step("=", steps.lines[0].expr)',
        'steps.step("=", [exp(log(t)) for t in (x,)][0])',
        'steps.step("=", eval("x"))',
        'getattr(steps, "step")("=", x.subs(x, x))',
    ],
)
def test_where_it_is_more_than_mathematics_there_is_none(source):
    assert typed(source)[0] is None


def test_nothing_of_the_students_is_called_twice():
    _, names = typed('steps.step("=", counted(x))')
    assert names["calls"] == [names["x"]]


def test_without_a_source_there_is_none():
    namespace = {"__name__": "__main__"}
    exec(SETUP + 'steps.step("=", exp(log(x)))', namespace)  # noqa: S102
    assert namespace["steps"].lines[-1].typed is None


def test_another_source_of_the_same_name_is_no_source():
    name = "<replaced>"
    linecache.cache[name] = (4, None, ["spam"], name)
    namespace = {"__name__": "__main__"}
    exec(compile(SETUP + 'steps.step("=", exp(log(x)))', name, "exec"), namespace)  # noqa: S102
    assert namespace["steps"].lines[-1].typed is None


def test_the_book_keeps_no_typed_lines():
    x = sympy.Integer(2)
    one = Derivation("one")
    one.start(x + x)
    one.step("=", x * 2)
    assert [line.typed for line in one.lines] == [None, None]


def test_a_caller_that_is_no_call_has_none():
    assert as_typed(sys._getframe(), 0, "expr") is None


def test_names_are_those_that_the_line_uses():
    _, names = typed('steps.step("=", y_hat(j) + x)')
    assert names_in(names["steps"].lines[-1].expr) == ["y_{%s}"]
