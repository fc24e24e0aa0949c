"""The symbols that the tests of the algebra share."""

from sympy import Expr, Sum, exp, log

from grader.algebra import index, positive, probabilities, probability, real, reals, simplex, size

V, m = size("V"), size("m")
i, j, k, y = (index(name, V) for name in "ijky")
t, s = index("t", m), index("s", m)
z, v = reals("z", V), reals("v", V)
p, q = simplex("p", V), simplex("q", V)
r = probabilities("r", m)
c, x = real("c"), real("x")
T, a, b, nats = positive("T"), positive("a"), positive("b"), positive("nats")
rho = probability("rho")


def over_classes(term: Expr) -> Expr:
    return Sum(term, (k, 1, V))


LSE = log(over_classes(exp(z[k])))
NLL = -z[y] + LSE


def softmax(at: Expr) -> Expr:
    return exp(z[at]) / over_classes(exp(z[k]))
