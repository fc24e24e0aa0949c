# A derivation whose steps nobody can evaluate, between the right start and the right end: steps that could not be checked earn nothing yet.
# set: 06_perplexity
# credit: perplexity-steps 0.6666666666666666
# review: perplexity-steps
# %% perplexity-steps
from sympy import Integer, Mul, Pow
tower = Integer(10)
for _ in range(6):
    tower = Pow(10, tower, evaluate=False)
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Mul(tower, m, evaluate=False))
steps.step("=", Mul(2, tower, m, evaluate=False))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))
