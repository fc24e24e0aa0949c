# SymPy classes that call themselves equal, lie in args, func, free_symbols and name, and evaluate to anything.
# set: 06_perplexity
# credit: nothing
# %% two-sentences
from sympy import Add, Expr, Integer, Symbol

class Anything(Expr):
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0
    _hashable_content = lambda self: ()
    args = property(lambda self: (Integer(1),))
    func = property(lambda self: Add)
    is_Add = is_number = True
    evalf = doit = subs = xreplace = lambda self, *a, **k: exp((L_1 + L_2) / (m_1 + m_2))
    _eval_evalf = lambda self, prec: Integer(1)
    definition = Integer(7)

ppl_of_both = Anything()
# %% perplexity-steps
class Named(Symbol):
    name = property(lambda self: ["exp", 1])

steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Anything(), because="it is everything")
steps.step("=", Named("x"), because="it is a list")
steps.lines = [type("Line", (), {"relation": "=", "expr": Anything(), "because": "", "verdict": "proved"})() for _ in range(3)]
# %% perplexity-of-mean-nll
ppl = Anything()
