"""Symbols that know where they live, and random points of those domains.

Every symbol of the course carries a :class:`Domain`. A proof may use it, random points are drawn from it, and the
printed condition comes from it. Indices count from 1, as mathematics does; code counts classes from 0.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sympy import Derivative, Expr, Indexed, IndexedBase, Integer, Limit, Product, Sum, Symbol
from sympy.printing.latex import LatexPrinter

from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.recording import note_symbol

Kind = Literal["size", "index", "real", "positive", "probability", "simplex"]
Point = dict[str, Any]

_ASSUMPTIONS: dict[str, dict[str, bool]] = {
    "size": {"integer": True, "positive": True},
    "index": {"integer": True, "positive": True},
    "real": {"real": True},
    "positive": {"positive": True},
    "probability": {"positive": True},
    "simplex": {"positive": True},
}
_LARGEST_SIZE = (
    4  # random points use vocabularies of 1 to 4 symbols: small enough to read, large enough to differ
)


@dataclass(frozen=True)
class Domain:
    """Where a symbol takes its values.

    kind: ``size`` (an integer ≥ at_least), ``index`` (an integer from 1 to size), ``real``, ``positive``,
        ``probability`` (the open interval from 0 to 1) or ``simplex`` (all entries positive, their sum is 1).
    size: for an index, its last value; for a family, the number of entries. None for a scalar.
    said: what a reader is told in the place of the kind, ``%s`` for the names; "-" for nothing.
    shown: the TeX that stands for the symbol there; that of its name by default.
    """

    kind: Kind
    size: Expr | None = None
    at_least: int = 1
    said: str = ""
    shown: str = ""

    def __str__(self) -> str:
        words = {
            "size": f"an integer ≥ {self.at_least}",
            "index": f"an index from 1 to {self.size}",
            "real": "real",
            "positive": "positive",
            "probability": "in the open interval (0, 1)",
            "simplex": "positive, with sum 1",
        }[self.kind]
        return words if self.size is None or self.kind == "index" else f"{words}, {self.size} entries"

    # SymPy sorts symbols by what they are made of. Two that differ in their domain only meet there, for example
    # when a notebook defines the index k over two sizes.
    def __lt__(self, other: "Domain") -> bool:
        return self._rank() < other._rank()

    def __gt__(self, other: "Domain") -> bool:
        return self._rank() > other._rank()

    def _rank(self) -> tuple[str, str, int, str]:
        return self.kind, str(self.size), self.at_least, self.said


class DomainSymbol(Symbol):
    """A SymPy symbol with a :class:`Domain`; two are equal when name and domain are."""

    __slots__ = ("domain",)
    domain: Domain

    def __new__(cls, name: str, domain: Domain) -> "DomainSymbol":
        made: DomainSymbol = Symbol.__xnew__(cls, name, **_ASSUMPTIONS[domain.kind])
        made.domain = domain
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, Domain], dict[str, Any]]:
        return (self.name, self.domain), {}

    def __getstate__(self) -> None:
        # SymPy restores slots through __getnewargs_ex__; there is no other state.
        return None

    def _hashable_content(self) -> tuple[Any, ...]:
        content: tuple[Any, ...] = super()._hashable_content()
        return (*content, self.domain)


def _checked_name(name: str) -> str:
    if not isinstance(name, str) or not name or len(name) > 40 or not name.replace("_", "").isalnum():
        raise AlgebraError(
            f"A symbol's name is a short word of letters, digits and _, such as 'z'; given: {name!r}."
        )
    return name


def _checked_size(size: Any) -> Expr:
    length = as_expression(size)
    if length.is_integer is not True:
        raise AlgebraError(f'A size is an integer or made of size("V"), such as V or V - 1; given: {size!r}.')
    return length


def _scalar_symbol(name: str, domain: Domain, meaning: str) -> DomainSymbol:
    symbol = DomainSymbol(_checked_name(name), domain)
    if meaning or domain.kind != "index":  # a letter without a meaning runs over what its sum says
        note_symbol(latex_of(symbol), latex_of(symbol), meaning, str(domain))
    return symbol


def latex_of(symbol: Any) -> str:
    """Return the TeX of a symbol, or of a name."""
    return str(LatexPrinter().doprint(Symbol(symbol) if isinstance(symbol, str) else symbol))


def size(name: str, at_least: int = 1, *, meaning: str = "") -> DomainSymbol:
    """Return a positive integer symbol, such as the vocabulary size V or the length m.

    at_least: its least value, 1 or more. Raises AlgebraError for less: what may be 0 is n − 1 for a size n.
    meaning: what it stands for, in a few words, for the page on notation; so for the other symbols, too.

    >>> size("V").domain.kind
    'size'
    """
    if not isinstance(at_least, int) or at_least < 1:
        raise AlgebraError(
            f"A size is at least 1; given at_least={at_least!r}. Write n - 1 for a number that may be 0."
        )
    return _scalar_symbol(name, Domain("size", at_least=int(at_least)), meaning)


def index(name: str, last: Any, *, meaning: str = "") -> DomainSymbol:
    """Return an integer symbol that runs from 1 to `last` (a size, or an expression of sizes)."""
    return _scalar_symbol(name, Domain("index", _checked_size(last)), meaning)


def real(name: str, *, meaning: str = "") -> DomainSymbol:
    """Return a real symbol."""
    return _scalar_symbol(name, Domain("real"), meaning)


def positive(name: str, *, meaning: str = "") -> DomainSymbol:
    """Return a symbol that is greater than 0."""
    return _scalar_symbol(name, Domain("positive"), meaning)


def probability(name: str, *, meaning: str = "") -> DomainSymbol:
    """Return a symbol in the open interval from 0 to 1."""
    return _scalar_symbol(name, Domain("probability"), meaning)


class Family(IndexedBase):
    """Indexed symbols, such as z_1, …, z_V. An index that is given as text is refused; SymPy would run it."""

    def __getitem__(self, position: Any) -> Indexed:
        return super().__getitem__(as_expression(position))


def _family(name: str, kind: Kind, length: Any, meaning: str) -> IndexedBase:
    label = DomainSymbol(_checked_name(name), Domain(kind, _checked_size(length)))
    last = latex_of(label.domain.size)
    entries = rf"{latex_of(label)}_1, \dots, {latex_of(label)}_{{{last}}}"
    note_symbol(f"{latex_of(label)}_{{%s}}", entries, meaning, str(label.domain))
    return Family(label)


def reals(name: str, length: Any, *, meaning: str = "") -> IndexedBase:
    """Return a family of `length` real numbers, such as the logits z: ``z[j]`` is the j-th, j = 1 … length.

    >>> V = size("V"); z = reals("z", V)
    >>> z[index("j", V)]
    z[j]
    """
    return _family(name, "real", length, meaning)


def positives(name: str, length: Any, *, meaning: str = "") -> IndexedBase:
    """Return a family of `length` positive numbers."""
    return _family(name, "positive", length, meaning)


def probabilities(name: str, length: Any, *, meaning: str = "") -> IndexedBase:
    """Return a family of `length` probabilities, each in the open interval from 0 to 1; they need not sum to 1."""
    return _family(name, "probability", length, meaning)


def simplex(name: str, length: Any, *, meaning: str = "") -> IndexedBase:
    """Return a distribution over `length` outcomes: positive entries that sum to 1."""
    return _family(name, "simplex", length, meaning)


def label_of(symbol: Any) -> DomainSymbol:
    """Return the symbol that carries the domain: the symbol itself, or a family's label."""
    found = symbol.label if isinstance(symbol, IndexedBase) else symbol
    if not isinstance(found, DomainSymbol):
        raise AlgebraError(
            f"{symbol} has no domain. Make it with size, index, real, positive, probability, reals, positives, "
            "probabilities or simplex."
        )
    return found


def free_symbols(expr: Any) -> set[Symbol]:
    """Return the free symbols of an expression, a family by its label.

    SymPy's own property leaves out the index of a variable of differentiation: the j of ∂/∂z[j].
    """
    if isinstance(expr, Symbol):
        return {expr}
    if isinstance(expr, Indexed):
        return {expr.base.label}.union(*(free_symbols(i) for i in expr.indices))
    if isinstance(expr, Sum | Product):
        free = free_symbols(expr.function)
        for variable, low, high in expr.limits:
            free = (free - {variable}) | free_symbols(low) | free_symbols(high)
        return free
    if isinstance(expr, Limit):
        return (free_symbols(expr.args[0]) - {expr.args[1]}) | free_symbols(expr.args[2])
    if isinstance(expr, Derivative):
        return free_symbols(expr.expr).union(*(free_symbols(v) for v in expr.variables))
    letters = getattr(
        expr, "own_free_symbols", None
    )  # an expectation binds a letter, a curve brings one along
    if letters is not None:
        own: set[Symbol] = letters(free_symbols)
        return own
    return set().union(*(free_symbols(a) for a in getattr(expr, "args", ())))


def symbols_of(*expressions: Expr) -> list[DomainSymbol]:
    """Return the symbols with domains that the expressions and these domains depend on, sizes first.

    Raises AlgebraError when a free symbol has no domain.
    """
    found: dict[str, DomainSymbol] = {}
    stack = [s for e in expressions for s in free_symbols(e)]
    while stack:
        label = label_of(stack.pop())
        known = found.get(label.name)
        if known is not None and known != label:
            raise AlgebraError(
                f"Two different symbols are called {label.name}: {known.domain}, and {label.domain}."
            )
        if known is None:
            found[label.name] = label
            if label.domain.size is not None:
                stack.extend(free_symbols(label.domain.size))
    return sorted(found.values(), key=lambda s: (s.domain.kind != "size", s.name))


def length_of(domain: Domain, point: Mapping[str, Any]) -> int:
    """Return the number of entries, or an index's last value, at a point that gives the sizes."""
    assert domain.size is not None
    value = domain.size.xreplace({s: Integer(point[s.name]) for s in domain.size.free_symbols})
    return int(value)


def _scalar(kind: Kind, rng: random.Random) -> float:
    spread = rng.choice((0.7, 1.5, 4.0))
    if kind == "real":
        return round(rng.gauss(0.0, spread), 2)
    if kind == "positive":
        return max(0.05, round(spread * rng.expovariate(1.0), 2))
    return round(rng.uniform(0.03, 0.97), 2)


def _entries(kind: Kind, length: int, rng: random.Random) -> list[float]:
    if kind != "simplex":
        return [_scalar(kind, rng) for _ in range(length)]
    weights = [rng.randint(1, 9) for _ in range(length)]
    return [weight / sum(weights) for weight in weights]


def sample(symbols: Iterable[Any], rng: random.Random) -> Point:
    """Return a random point: a value for each symbol, by name, a list for a family. Plain data, fit for JSON.

    The numbers have few digits, so that a counterexample can be checked by hand. Sizes are 1 to 4 (more where a
    size has a larger minimum). Raises AlgebraError when a symbol has no domain.

    >>> V = size("V"); point = sample([reals("z", V)], random.Random(0))
    >>> len(point["z"]) == point["V"]
    True
    """
    labels = {label_of(s).name: label_of(s) for s in symbols}
    for label in list(labels.values()):
        if label.domain.size is not None:
            for needed in symbols_of(label.domain.size):
                labels.setdefault(needed.name, needed)
    for _ in range(200):
        point = _draw(sorted(labels.values(), key=lambda s: (s.domain.kind != "size", s.name)), rng)
        if point is not None:
            return point
    raise AlgebraError("No point found: an index ranges over an empty set for every small size.")


def _draw(labels: list[DomainSymbol], rng: random.Random) -> Point | None:
    point: Point = {}
    for label in labels:
        domain = label.domain
        if domain.kind == "size":
            point[label.name] = domain.at_least + rng.randrange(_LARGEST_SIZE)
        elif domain.kind == "index":
            last = length_of(domain, point)
            if last < 1:
                return None
            point[label.name] = rng.randint(1, last)
        elif domain.size is not None:
            point[label.name] = _entries(domain.kind, length_of(domain, point), rng)
        else:
            point[label.name] = _scalar(domain.kind, rng)
    return point
