"""Whether the letter of a sum or product keeps to the values that it is known to have.

SymPy simplifies with what a letter is known to be while a sum is written: |k| is k for an index k, and δ_{k0} is 0. A
sum that takes such a letter below 0 is another sum than the one that was meant, and nothing shows it any more. Many
people count from 0, and there little is lost (a delta, the sign), so that is taken as it stands unless nothing is left.
"""

from typing import Any

from sympy import Expr, Indexed, Product, Sum, Symbol

from grader.algebra.definitions import Abbreviation, open_definitions
from grader.algebra.domains import DomainSymbol
from grader.algebra.integers import at_least, is_empty
from grader.algebra.normal import NoNormalForm, Normalizer

_GAPS = ("even", "odd", "prime", "composite", "irrational", "noninteger", "infinite", "imaginary", "zero")


def stray_letter(expr: Expr) -> str:
    """Return why a sum's letter does not keep to its values, empty where each is known to."""
    return _stray(expr, Normalizer())


def _stray(expr: Any, normal: Normalizer) -> str:
    if isinstance(expr, Abbreviation):
        return _stray(expr.definition, normal)
    if isinstance(expr, Symbol | Indexed) or not getattr(expr, "args", ()):
        return ""
    if not isinstance(expr, Sum | Product):
        return next((found for part in expr.args if (found := _stray(part, normal))), "")
    for letter, low, high in reversed(expr.limits):  # the last limit is the outermost
        found = _stray(low, normal) or _stray(high, normal)
        if not found and not _keeps(letter, low, high, normal, from_0=expr.function != 0):
            found = f"{letter} is {_words(letter)}, and a sum or product takes it from {low} to {high}"
        if found:
            return found
        inside = _under(normal, letter, low, high)
        if inside is None:
            return "" if not expr.function.has(Sum, Product) else _stray(expr.function, normal)
        normal = inside
    return _stray(expr.function, normal)


def _under(normal: Normalizer, letter: Symbol, low: Expr, high: Expr) -> Normalizer | None:
    try:
        return normal.under(letter, open_definitions(low), open_definitions(high))
    except NoNormalForm:
        return None


def _keeps(letter: Symbol, low: Expr, high: Expr, normal: Normalizer, from_0: bool) -> bool:
    """Whether all values from low to high are such as the letter is known to have, or there are none.

    from_0: whether 0 counts as positive, and as negative.
    """
    if any(getattr(letter, f"is_{gap}") for gap in _GAPS):
        return False
    end = 0 if from_0 else 1
    above = end if letter.is_extended_positive else 0 if letter.is_extended_nonnegative else None
    below = -end if letter.is_extended_negative else 0 if letter.is_extended_nonpositive else None
    either = above is None and below is None and letter.is_extended_nonzero
    if above is None and below is None and not either:
        return True
    if above is not None and low.is_Integer:
        return bool(low >= above)
    try:
        first, last = (normal(open_definitions(end)) for end in (low, high))
    except NoNormalForm:
        return False
    if is_empty(first, last):
        return True
    if either:
        return at_least(first, 1) or at_least(-last, 1)
    return at_least(first, above) if above is not None else at_least(-last, -(below or 0))


def _words(letter: Symbol) -> str:
    if isinstance(letter, DomainSymbol):
        return str(letter.domain)
    if letter.is_extended_positive or letter.is_extended_negative:
        return "positive" if letter.is_extended_positive else "negative"
    if letter.is_extended_nonnegative or letter.is_extended_nonpositive:
        return "not negative" if letter.is_extended_nonnegative else "not positive"
    return "known to be of one kind"
