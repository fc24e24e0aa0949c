"""What is known of a Gaussian variable: the expectations of polynomials and exponentials of it.

Nothing is integrated. An expectation is linear, and E[xᵏ] and E[e^{sx}] are declared: the moments of N(m, v) are
Σ_j C(k, 2j) (2j − 1)!! vʲ m^{k − 2j}, and a factor e^{sx} moves the mean, E[f(x) e^{sx}] = e^{sm + s²v/2} E[f(x)] with
N(m + sv, v) on the right.
"""

from math import comb, prod

from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, Sum, Symbol, exp, log

from grader.algebra.budget import spend
from grader.algebra.domains import free_symbols
from grader.algebra.errors import AlgebraError

_HIGHEST = 12  # power of the variable
_Term = tuple[Expr, int, Expr]  # c, k, s: the term c · xᵏ · e^{sx}


def gaussian_mean(body: Expr, x: Symbol, mean: Expr, variance: Expr) -> Expr:
    """Return E[body] for x ~ N(mean, variance), where body is a sum of terms c · xᵏ · e^{sx} with c and s free of x.

    mean and variance may hold other letters, also other variables over which an expectation is taken. Nothing is
    simplified, so that a factor 0 hides no logarithm. Raises AlgebraError for a body of another form.
    """
    return _added([_times(c, _expected(k, s, mean, variance)) for c, k, s in _by_powers(body, x)])


def _expected(power: int, slope: Expr, mean: Expr, variance: Expr) -> Expr:
    """E[x^power e^{slope x}]."""
    if slope == 0:
        return _moment(power, mean, variance)
    tilted = _added([mean, _times(slope, variance)])
    factor = exp(_added([_times(slope, mean), _times(Rational(1, 2), slope, slope, variance)]))
    return _times(factor, _moment(power, tilted, variance))


def _moment(power: int, mean: Expr, variance: Expr) -> Expr:
    spend(power + 1)
    return _added(
        [
            _times(
                Integer(comb(power, 2 * j) * prod(range(1, 2 * j, 2))),
                *[variance] * j,
                *[mean] * (power - 2 * j),
            )
            for j in range(power // 2 + 1)
        ]
    )


def _by_powers(expr: Expr, x: Symbol) -> list[_Term]:
    spend()
    if x not in free_symbols(expr):
        return [(expr, 0, S.Zero)]
    if expr == x:
        return [(S.One, 1, S.Zero)]
    if isinstance(expr, Add):
        return [term for part in expr.args for term in _by_powers(part, x)]
    if isinstance(expr, Mul):
        return _multiplied([_by_powers(part, x) for part in expr.args])
    if isinstance(expr, exp):
        return [_exponential(expr.exp, x)]
    if isinstance(expr, Pow) and expr.exp.is_Integer and 0 <= expr.exp <= _HIGHEST:
        return _multiplied([_by_powers(expr.base, x)] * int(expr.exp))
    if isinstance(expr, Pow) and x not in free_symbols(expr.base):
        return [_exponential(_times(log(expr.base), expr.exp), x)]
    if isinstance(expr, Sum):
        return _under_sum(expr, x)
    raise AlgebraError(
        f"The expectation of {expr} over {x} is not declared; use sums of {x}^k and exp(s {x}) with factors "
        f"that are free of {x}."
    )


def _exponential(exponent: Expr, x: Symbol) -> _Term:
    """The exponential of what is linear in x."""
    constant: list[Expr] = []
    slope: list[Expr] = []
    for c, k, s in _by_powers(exponent, x):
        if k > 1 or s != 0:
            raise AlgebraError(
                f"The expectation of exp({exponent}) over {x} is declared for linear exponents only."
            )
        (slope if k else constant).append(c)
    return exp(_added(constant)), 0, _added(slope)


def _under_sum(expr: Sum, x: Symbol) -> list[_Term]:
    """The expectation of a sum is the sum of the expectations; a range must not depend on x."""
    letters = {letter for letter, _, _ in expr.limits}
    bounds = [bound for _, low, high in expr.limits for bound in (low, high)]
    terms = _by_powers(expr.function, x)
    if any(x in free_symbols(b) for b in bounds) or any(letters & free_symbols(s) for _, _, s in terms):
        raise AlgebraError(f"The expectation of {expr} over {x} is not declared.")
    return [(Sum(c, *expr.limits), k, s) for c, k, s in terms]


def _multiplied(factors: list[list[_Term]]) -> list[_Term]:
    product: list[_Term] = [(S.One, 0, S.Zero)]
    for terms in factors:
        spend(len(product) * len(terms))
        product = [(_times(c, d), k + n, _added([s, r])) for c, k, s in product for d, n, r in terms]
        if any(k > _HIGHEST for _, k, _ in product):
            raise AlgebraError(f"Moments are declared up to the power {_HIGHEST}.")
    return product


def _times(*factors: Expr) -> Expr:
    kept = [factor for factor in factors if factor is not S.One]
    return Mul(*kept, evaluate=False) if len(kept) > 1 else (kept[0] if kept else S.One)


def _added(terms: list[Expr]) -> Expr:
    kept = [term for term in terms if term is not S.Zero]
    return Add(*kept, evaluate=False) if len(kept) > 1 else (kept[0] if kept else S.Zero)
