"""Sums, products and fractions that stay as they are written.

SymPy sorts the terms of a sum and the factors of a product, and cancels what it can. A derivation shows its steps in
the author's order, so it builds them with these.
"""

from sympy import Add, Expr, Mul, Pow

from grader.algebra.expressions import as_expression


def plus(*terms: Expr | int) -> Expr:
    """Return the sum of `terms` in their order.

    Raises AlgebraError for text: it is never read as mathematics.

    >>> from grader.algebra import latex, real
    >>> c, M = real("c"), real("M")
    >>> latex(plus(c, M)), latex(c + M)
    ('c + M', 'M + c')
    """
    return Add(*map(as_expression, terms), evaluate=False)


def times(*factors: Expr | int) -> Expr:
    """Return the product of `factors` in their order, none of them cancelled or multiplied out.

    Raises AlgebraError for text: it is never read as mathematics.

    >>> from grader.algebra import latex, real
    >>> c, M = real("c"), real("M")
    >>> latex(times(c, plus(M, -M)))
    'c \\\\left(M - M\\\\right)'
    """
    return Mul(*map(as_expression, factors), evaluate=False)


def over(above: Expr | int, below: Expr | int) -> Expr:
    """Return the fraction `above` / `below`, with nothing cancelled.

    Raises AlgebraError for text: it is never read as mathematics.

    >>> from grader.algebra import latex, real
    >>> c = real("c")
    >>> latex(over(times(2, c), c))
    '\\\\frac{2 c}{c}'
    """
    inverse = Pow(as_expression(below), -1, evaluate=False)
    return Mul(as_expression(above), inverse, evaluate=False)
