"""Is a cell told from one that may change what an answer before it needs?"""

import pytest

from grader.judge.side_effects import Names
from grader.judge.step import Step

SETUP = Step("import numpy as np\nfrom sympy import Sum, exp\np = make('p')", locked=True)
ANSWER = Step("import math\nscale = 2.0\ndef f(x):\n    total = scale * x\n    return np.exp(total)")
CHECK = Step("f", {"id": "f", "kind": "function", "inputs": [[1]]}, at_end=True)
VALUE = Step("loss", {"id": "loss", "kind": "value"})

ALONE = {
    "a value": "loss = math.exp(2.1) / 3",
    "an expression": "gradient = exp(p[1]) - Sum(p[2], (p[3], 1, 5))",
    "a derivation": "from grader.algebra import Derivation\nd = Derivation('d')\nd.start(p)\nd.step('=', p)\nd",
    "another function": "def g(x, many=3):\n    return f(x) * many",
    "a table": "table = [[np.sqrt(k), 1.0] for k in range(3)]\nprint(max(table))",
    "a name that is a function's own": "total = 3",
    "a text": "'a text'",
    "a library once more": "import numpy as np",
}
NOT_ALONE = {
    "a name that the function uses": "scale = 3.0",
    "the answer's name": "f = np.exp",
    "a library's name": "np = None",
    "a call of the student's own": "print(f(1))",
    "the function given to a library": "np.vectorize(f)(p)",
    "the generator of random numbers": "np.random.seed(1)",
    "how a library works": "np.seterr(all='raise')",
    "what a library writes into": "np.exp(p, out=p)",
    "an entry": "p[0] = 1",
    "an attribute": "np.exp = None",
    "a loop": "while True: break",
    "a class": "class f: pass",
    "a decorator": "@print\ndef g(): pass",
    "a default": "def g(x=f(1)): pass",
    "another library": "import mine",
    "an import of all": "from numpy import *",
    "a line of IPython's": "%run mine",
    "a deletion": "del p",
    "an unknown name": "unknown",
}


def after(*steps: Step) -> Names:
    names = Names()
    for step in steps:
        names.take(step)
    return names


@pytest.mark.parametrize("way", ALONE)
def test_such_a_cell_leaves_an_answer_alone(way: str) -> None:
    assert after(SETUP, ANSWER, CHECK).leaves_alone(Step(ALONE[way]))


@pytest.mark.parametrize("way", NOT_ALONE)
def test_such_a_cell_may_change_an_answer(way: str) -> None:
    assert not after(SETUP, ANSWER, CHECK).leaves_alone(Step(NOT_ALONE[way]))


def test_a_cell_of_the_course_may_change_what_it_names() -> None:
    names = after(SETUP, ANSWER, CHECK)
    assert names.leaves_alone(Step("total = [make(n) for n in 'xyz']", locked=True))
    assert not names.leaves_alone(Step("scale = 3.0", locked=True))
    assert not names.leaves_alone(Step("torch.manual_seed(0); np.random.seed(0)", locked=True))


def test_a_check_changes_nothing_but_where_a_class_or_any_name_may_be_looked_up() -> None:
    assert after(SETUP, ANSWER, CHECK).leaves_alone(VALUE)
    for opaque in ("class A: pass", "def g(): return globals()['scale']", "%load_ext x"):
        assert not after(SETUP, Step(opaque), ANSWER, CHECK).leaves_alone(VALUE)


def test_what_was_bound_anew_is_no_librarys_any_more() -> None:
    assert not after(SETUP, Step("p = open('x')"), ANSWER, CHECK).leaves_alone(Step("q = p + 1"))
    assert not after(SETUP, Step("np = p"), ANSWER, CHECK).leaves_alone(Step("import numpy as np"))
    assert not after(SETUP, Step("def max(x): ..."), ANSWER, CHECK).leaves_alone(Step("q = max(p)"))
