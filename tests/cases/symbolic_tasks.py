"""Small tasks with expressions and derivations, for the tests of their marking."""

import json

from sympy import Derivative, KroneckerDelta, Product, Sum, exp, log

from grader.algebra import Derivation, index, positive, positives, reals, simplex, size
from grader.cases import (
    CaseFile,
    DerivationTask,
    Expression,
    Form,
    Milestone,
    Mistake,
    collect,
    mark_reply,
    questions_of,
)

V = size("V")
j, k, y = index("j", V), index("k", V), index("y", V)
z = reals("z", V)
total = Sum(exp(z[k]), (k, 1, V))
soft = exp(z[j]) / total
NLL = log(total) - z[y]

GRADIENT = Expression(
    "gradient",
    2,
    soft - KroneckerDelta(j, y),
    (V, j, k, y, z),
    [
        Mistake("forgets-one-hot", "The target is missing.", soft),
        Mistake("flipped-sign", "Target minus prediction.", KroneckerDelta(j, y) - soft),
        Mistake("wrong-class", "That is the other class.", exp(z[y]) / total - KroneckerDelta(j, y)),
    ],
)
STEPS = DerivationTask(
    "steps",
    4,
    start=Derivative(NLL, z[j]),
    goal=soft - KroneckerDelta(j, y),
    milestones=(
        Milestone("apart", "the two derivatives stand apart", (Form(apart=(("Derivative", "Sum", "y"),)),)),
        Milestone(
            "one-done", "one of them is worked out", (Form(holds=("Derivative",), free_of=("Derivative>y",)),)
        ),
    ),
    symbols=(V, j, k, y, z),
    mistakes=[Mistake("forgets-one-hot", "The target is missing.", soft)],
)
n = size("n")
i = index("i", n)
a = positives("a", n)
LOG_PRODUCT = DerivationTask(
    "log-product",
    2,
    start=log(Product(a[i], (i, 1, n))),
    goal=Sum(log(a[i]), (i, 1, n)),
    milestones=(
        Milestone("last-apart", "the last factor stands apart", (Form(holds=("log>Mul>Product",)),)),
    ),
    symbols=(n, i, a),
    mistakes=[Mistake("log-of-sum", "A sum where a product was.", log(Sum(a[i], (i, 1, n))))],
    form=Form(free_of=("Product",)),
)
x = positive("x")
TANGENT = DerivationTask(
    "tangent",
    2,
    start=exp(x),
    goal=1 + x,
    milestones=(Milestone("more-terms", "there are three terms", (Form(holds=("Pow",)),)),),
    symbols=(x,),
    mistakes=[Mistake("two-x", "The slope at 0 is 1.", 1 + 2 * x)],
    relation="≥",
    form=Form(free_of=("exp", "Pow")),
)
p, q = simplex("p", V), simplex("q", V)
GIBBS = DerivationTask(
    "below-zero",
    3,
    start=Sum(p[k] * log(q[k] / p[k]), (k, 1, V)),
    goal=V - V,
    milestones=(Milestone("termwise", "an inequality goes into the sum", termwise="p"),),
    symbols=(V, j, k, p, q),
    mistakes=[Mistake("one", "The 1 is missing.", Sum(q[k], (k, 1, V)))],
    relation="≤",
    form=Form(free_of=("Sum",), says="The last line has to be 0."),
)
w = positives("w", V)
BOUND = DerivationTask(
    "bound",
    3,
    start=Sum(p[k] * log(w[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)),
    goal=log(Sum(w[k], (k, 1, V))),
    milestones=(
        Milestone(
            "one-logarithm",
            "there is one logarithm",
            (Form(holds=("log>inverse",), product=("w", "p"), free_of=("log>log",)),),
        ),
        Milestone(
            "bounded",
            "an inequality is used, or a divergence is seen",
            (Form(holds=("Sum>log>Sum",), product=("w", "Sum"), says="a divergence is seen"),),
            termwise="p",
            after="one-logarithm",
        ),
    ),
    symbols=(V, j, k, p, w),
    mistakes=[Mistake("sum-of-logs", "The logarithm of the sum is asked.", Sum(log(w[k]), (k, 1, V)))],
    relation="≤",
    form=Form(free_of=("p",), says="The last line must be without p."),
)
TASKS = (GRADIENT, STEPS, LOG_PRODUCT, TANGENT, GIBBS, BOUND)
HIDDEN = CaseFile.of("98_symbolic", TASKS, 3, public=False).tasks
PUBLIC = CaseFile.of("98_symbolic", TASKS, 3, public=True).tasks


def marked(task, answer, cases=HIDDEN):
    """The score of an answer, sent as a kernel sends it."""
    reply = json.loads(json.dumps(collect(questions_of(cases[task]), answer)))
    return mark_reply(cases[task], reply)


def derivation(*lines):
    """A student's derivation; a line is an expression or a pair of a relation and one."""
    first, *rest = lines
    made = Derivation("mine", strict=False)
    made.start(first)
    for line in rest:
        relation, expression = line if isinstance(line, tuple) else ("=", line)
        made.step(relation, expression, because="so")
    return made
