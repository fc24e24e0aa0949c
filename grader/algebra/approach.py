"""Where the letter of a limit can go.

SymPy simplifies with what a letter is known to be: √(w²) is w for a positive w. So a limit means something only where
the letter's own values come close to the point: w > 0 can't come from below 0, a probability can't grow beyond 1, and
no integer comes close to 3 without being 3.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Dummy, Expr, Indexed, S, Symbol

from grader.algebra.domains import DomainSymbol, free_symbols

_GAPS = ("zero", "even", "odd", "prime", "composite", "irrational", "noninteger", "infinite", "imaginary")

SignsOf = Callable[[Expr], Iterable[int]]
"""The signs that an expression can have: some of −1, 0 and 1."""


class LimitLetter(Dummy):
    """A bound letter of its own for a limit, which remembers the letter that it stands for."""

    __slots__ = ("letter",)
    letter: Symbol

    def __new__(cls, letter: Any) -> "LimitLetter":
        made: LimitLetter = super().__new__(cls, letter.name, **letter.assumptions0)
        made.letter = letter_of(letter)
        return made


def letter_of(variable: Any) -> Symbol:
    """Return the letter as it was written."""
    written: Symbol = variable.letter if isinstance(variable, LimitLetter) else variable
    return written


def is_whole(variable: Symbol) -> bool:
    """Whether the letter stands for integers only."""
    return letter_of(variable).is_integer is True


def obstacle(target: Expr, variable: Symbol, point: Expr, direction: str, signs: SignsOf) -> str | None:
    """Return why the letter can't go to the point from the side, or sides, of the direction; None where it can.

    signs: what is known of an expression's sign where the limit stands. What is not known is an obstacle.
    """
    letter = letter_of(variable)
    if isinstance(letter, Indexed) or not isinstance(letter, Symbol):
        return f"{letter} is an entry of a family, and no letter of its own"
    moved = _moved_along(target, letter)
    if moved is not None:
        return f"{moved} depends on {letter} by its domain, {moved.domain}"
    if letter.is_extended_real is False or any(getattr(letter, f"is_{gap}") for gap in _GAPS):
        return f"{letter} does not take all values near the point"
    if point in (S.Infinity, S.NegativeInfinity):
        return _obstacle_far_out(letter, 1 if point == S.Infinity else -1)
    if letter.is_integer:
        return f"{letter} is an integer, so it can't come close to {point} without being there"
    for end, side in _ends(letter):
        found = _obstacle_at(letter, point, direction, (end, side), signs)
        if found is not None:
            return found
    return None


def _moved_along(target: Expr, letter: Symbol) -> DomainSymbol | None:
    """A family, or an index, whose length is not fixed while the letter moves."""
    for symbol in sorted(free_symbols(target), key=str):
        own = letter_of(symbol)
        size = own.domain.size if isinstance(own, DomainSymbol) else None
        if size is not None and letter in free_symbols(size):
            assert isinstance(own, DomainSymbol)
            return own
    return None


def _ends(letter: Symbol) -> list[tuple[int, int]]:
    """The finite ends of the letter's values, each with the side on which the values lie."""
    found = []
    if letter.is_extended_nonnegative:
        found.append((0, 1))
    if letter.is_extended_nonpositive:
        found.append((0, -1))
    if isinstance(letter, DomainSymbol) and letter.domain.kind == "probability":
        found.append((1, -1))
    return found


def _obstacle_far_out(letter: Symbol, way: int) -> str | None:
    where = "oo" if way > 0 else "-oo"
    if isinstance(letter, DomainSymbol) and letter.domain.kind == "index":
        return f"{letter} is {letter.domain}, so it can't go to {where}"
    if any(side == -way for _, side in _ends(letter)):
        return f"{letter} is {_words(letter)}, so it can't go to {where}"
    return None


def _obstacle_at(
    letter: Symbol, point: Expr, direction: str, end: tuple[int, int], signs: SignsOf
) -> str | None:
    value, side = end
    beyond = {side * sign for sign in signs(point - value)}  # where the point lies, seen from the end
    if beyond <= {1}:
        return None
    if beyond <= {0, 1} and direction == ("+" if side > 0 else "-"):
        return None
    words = _words(letter)
    if beyond == {0}:
        return f"{letter} is {words}, so it can't come from {'below' if side > 0 else 'above'} {value}"
    if beyond <= {-1, 0}:
        return f"{letter} is {words}, so it can't come close to {point}"
    return f"{letter} is {words}, and it is not known whether it can come close to {point}"


def _words(letter: Symbol) -> str:
    if isinstance(letter, DomainSymbol):
        return str(letter.domain)
    if letter.is_extended_positive or letter.is_extended_negative:
        return "positive" if letter.is_extended_positive else "negative"
    return "not negative" if letter.is_extended_nonnegative else "not positive"
