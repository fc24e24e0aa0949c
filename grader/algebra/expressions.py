"""What is taken for an expression. Text never is: SymPy would hand it to Python's eval."""

from numbers import Number
from typing import Any

from sympy import Basic, Expr, sympify

from grader.algebra.errors import AlgebraError


def as_expression(value: Any) -> Expr:
    """Return the value, an expression or a number, as an expression; text is never parsed.

    Raises AlgebraError for anything else, also for a list: it may hold text.

    >>> as_expression(2)
    2
    """
    if isinstance(value, str):
        raise AlgebraError(
            f"An expression is built from symbols, never from text; given the text {value[:40]!r}."
        )
    # SymPy parses the text inside a tuple or a dict even when told to be strict, so it sees numbers and its own only.
    found = sympify(value, strict=True) if isinstance(value, Basic | Number) else None
    if not isinstance(found, Expr):
        raise AlgebraError(f"An expression is wanted, such as log(p) or 0; given {type(value).__name__}.")
    return found
