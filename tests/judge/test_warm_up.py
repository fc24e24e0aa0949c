"""Does a kernel find loaded what symbolic answers need, and nothing of an answer?"""

import shutil
from collections.abc import Callable

from grader.pipeline.warm import WARM
from grader.sandbox import ForkServer, Kernel, Walls
from tests.sandbox.conftest import talk

LIGHT = tuple(name for name in WARM if name != "torch")  # it takes seconds to import
CELL = """
from sympy import Derivative, Product, Sum, log
from grader.algebra import Derivation, index, positive, probabilities, size
T = positive("T")
n = size("n")
i = index("i", n)
q = probabilities("q", n)
d = Derivation("of-a-student", strict=False)
d.start(log(Product(q[i] ** T, (i, 1, n))))
d.step("=", T * Sum(log(q[i]), (i, 1, n)), because="")
d.step("=", Derivative(T**2 / 2, T) * Sum(log(q[i]), (i, 1, n)), because="")
d
"""


def test_a_symbolic_cell_loads_nothing_that_is_not_there(lacking: Callable[[str], None]) -> None:
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    with ForkServer(LIGHT) as warm, Kernel(warm.address, Walls(), {}) as kernel:
        talk(kernel, "import sys; before = set(sys.modules)")
        assert "proved" in str(talk(kernel, CELL).messages)
        late = talk(kernel, "print(sorted(set(sys.modules) - before))").text
        names = talk(kernel, "print([n for n in dir() if not n.startswith('_')])").text
    assert late.strip() == "[]"
    assert "slope" not in names and "mean" not in names
