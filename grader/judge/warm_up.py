"""What the warm process does once, before any kernel is forked from it.

SymPy loads much of itself and fills its caches at the first sum, product, derivative and proof. A fork of a process
that has seen one of each need not do so again. Nothing here is an answer: every student's process holds it.
"""

from grader.cases import collect, listen


def warm_up() -> None:
    """Make, show and read two derivations, as notebooks and their judge do; and hear of what could run unwatched."""
    listen()
    from sympy import Derivative, KroneckerDelta, Product, Sum, exp, log

    from grader.algebra import Derivation, index, probabilities, reals, size

    m = size("m")
    j, k = index("j", m), index("k", m)
    p, z = probabilities("p", m), reals("z", m)
    mean = Derivation("mean", strict=False)
    mean.start(log(Product(p[j], (j, 1, m)) ** (1 / m)))
    mean.step("=", Sum(log(p[j]), (j, 1, m)) / m, because="")
    slope = Derivation("slope", strict=False)
    slope.start(Derivative(log(Sum(exp(z[k]), (k, 1, m))) - 2 * z[j], z[j]))
    slope.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 1, m)) - 2 * KroneckerDelta(j, j), because="")
    for shown in (mean, slope):
        repr(shown), shown._repr_mimebundle_()
        collect({"kind": "derivation"}, shown)
