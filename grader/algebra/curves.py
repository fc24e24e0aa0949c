"""Functions of which a statement needs the value and the slope at one place, whatever the function.

A curve such as a strictly increasing g stands for every function of its kind. At a place it has a value and a slope,
which are symbols of their own; the chain rule connects them. More is not known, so that no second derivative and no
second place is ever taken.
"""

from collections.abc import Callable
from typing import Any, Literal

from sympy import Expr, Integer, Symbol
from sympy.core.symbol import Str

from grader.algebra.domains import Domain, DomainSymbol, Kind
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.recording import note_symbol

CurveKind = Literal["increasing", "decreasing", "distribution"]

_VALUES: dict[str, Kind] = {"increasing": "real", "decreasing": "real", "distribution": "probability"}
_SAID = {
    "increasing": "$%s$ differentiable with a slope above 0",
    "decreasing": "$%s$ differentiable with a slope below 0",
    "distribution": "$%s$ a differentiable distribution function with a positive density",
}


class Curve(Expr):
    """The value (order 0) or the slope (order 1) of a curve; args: kind, name, the slope's name, place, order."""

    is_commutative = True
    is_real = True

    @property
    def kind(self) -> str:
        """increasing, decreasing or distribution."""
        return str(self.args[0])

    @property
    def name(self) -> str:
        """The function's TeX."""
        return str(self.args[1])

    @property
    def place(self) -> Expr:
        """Where it is looked at."""
        return self.args[3]

    @property
    def order(self) -> int:
        """0 for the value, 1 for the slope."""
        return int(self.args[4])

    @property
    def template(self) -> str:
        """The TeX of this order, without the place."""
        return str(self.args[2]) if self.order else self.name

    def slope(self) -> "Curve":
        """Return the slope at the place of a value."""
        return Curve(*self.args[:4], Integer(1))

    @property
    def size(self) -> DomainSymbol:
        """The symbol of the value, or of the slope without its sign."""
        said = "-" if self.order else _SAID[self.kind].replace("%s", self.name)
        domain = Domain("positive" if self.order else _VALUES[self.kind], said=said)
        return DomainSymbol(f"{self.template}({self.place})", domain)

    @property
    def entry(self) -> Expr:
        """What it is, by its symbol."""
        return -self.size if self.order and self.kind == "decreasing" else self.size

    def own_free_symbols(self, free: Callable[[Any], set[Symbol]]) -> set[Symbol]:
        """Return the letters of the place, and the symbols of value and slope."""
        return {self.size, self.slope().size} | free(self.place)

    @property
    def free_symbols(self) -> set[Symbol]:
        return self.own_free_symbols(lambda part: set(part.free_symbols))


def curve(
    name: str, kind: CurveKind, *, slope: str = "", meaning: str = "", slope_meaning: str = ""
) -> Callable[[Any], Curve]:
    """Return any function of its kind, to be applied to one place. slope: the TeX of its derivative, name′ by default.

    kind: ``increasing`` or ``decreasing``, differentiable with a slope that is not 0; ``distribution``, the
    distribution function of a variable with a positive density, which is its slope.

    >>> from sympy import Derivative
    >>> from grader.algebra import real, relate
    >>> x = real("x"); g = curve("g", "increasing"); F = curve("F", "distribution", slope="p")
    >>> relate(Derivative(F(g(x)), x), "=", F(g(x)).slope() * g(x).slope()).status
    'proved'
    """
    if kind not in _VALUES:
        raise AlgebraError(f"A curve is increasing, decreasing or a distribution; given: {kind!r}.")
    slope = slope or name + "'"
    note_symbol(name, name, meaning, _SAID[kind].replace("$%s$ ", ""))
    note_symbol(slope, slope, slope_meaning, f"the derivative of ${name}$")

    def at(place: Any) -> Curve:
        return Curve(Str(kind), Str(name), Str(slope), as_expression(place), Integer(0))

    return at


def asked_twice(expr: Expr, seen: dict[str, Expr]) -> str:
    """Return which curve is looked at in two places, empty for none. seen: name → place, which is added to."""
    for found in sorted(expr.atoms(Curve), key=str):
        if seen.setdefault(found.name, found.place) != found.place:
            return found.name
    return ""
