r"""Expectations, densities and Gaussian variables: declared, never integrated.

An expectation is a linear operator with rules. For a Gaussian variable they are those of
:mod:`grader.algebra.moments`. For a variable z with *any* law they are linearity, E[c] = c, E[f] ≥ 0 for f ≥ 0, and
E_q[p(z)/q(z)] = 1 for two densities that are positive at the same places. They are not listed one by one: z is given
n_z cells, each with a volume; a law has a probability for each cell, its density there is probability over volume,
and E_q[f(z)] = Σ_z (probability of z) · f(z). What is proved holds for every number of cells and all volumes.

Why that is enough for every density: take finitely many integrable functions of z. The vector of their expectations
lies in the convex hull of their values, so some finite law with the same values has the very same expectations
(Carathéodory). Let E_q[p/q] = 1 be among them, and let a cell's volume be its probability over q(z). Then a relation
between expectations that failed for some densities would fail for cells, and each cell is a density that is constant
on a piece. So a statement is true for cells just when it is true for all densities whose expectations exist.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Expr, Indexed, Mul, Sum, Symbol
from sympy.core.symbol import Str

from grader.algebra.definitions import Abbreviation, Defined, open_definitions
from grader.algebra.domains import Domain, DomainSymbol, Family, Kind, free_symbols, latex_of
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.inequalities import written_signs
from grader.algebra.moments import gaussian_mean
from grader.algebra.normal import NoNormalForm, Normalizer
from grader.algebra.polynomial import POSITIVE
from grader.algebra.recording import note_symbol

_DENSITIES = "$%s$ %{any distribution|any distributions that are positive at the same places}"


class Expectation(Abbreviation):
    """E over one letter; args: body, letter, what is printed below the E, then what the law is made of."""

    @property
    def body(self) -> Expr:
        """What the expectation is taken of."""
        return self.args[0]

    @property
    def letter(self) -> Symbol:
        """The variable; it is bound."""
        return self.args[1]

    @property
    def below(self) -> str:
        """The TeX below the E."""
        return str(self.args[2])

    def own_free_symbols(self, free: Callable[[Any], set[Symbol]]) -> set[Symbol]:
        """Return the free letters, as `free` finds them in the parts."""
        return (free(self.body) - {self.letter}).union(*(free(part) for part in self._law()))

    def _law(self) -> tuple[Expr, ...]:
        return tuple(self.args[3:])

    @property
    def free_symbols(self) -> set[Symbol]:
        return self.own_free_symbols(lambda part: set(part.free_symbols))


class OverLaw(Expectation):
    """E_{z∼q}; the fourth arg is the family of the cells' probabilities."""

    @property
    def definition(self) -> Expr:
        """Σ_z (probability of the cell z) · body."""
        masses = self.args[3]
        weighted = Mul(masses[self.letter], self.body, evaluate=False)
        return Sum(weighted, (self.letter, 1, masses.label.domain.size))

    def _law(self) -> tuple[Expr, ...]:
        masses = self.args[3]
        return (masses, masses.label.domain.size)


class OverGaussian(Expectation):
    """E_{x∼N(m, v)}; the fourth arg is the mean, the fifth the variance."""

    @property
    def definition(self) -> Expr:
        """The expectation by moments. Raises AlgebraError where these are not declared."""
        return gaussian_mean(open_definitions(self.body), self.letter, *self.args[3:])


def outcome(name: str) -> DomainSymbol:
    """Return a variable with any law, such as a latent z or a data point x, to be used with `law` and `function_of`.

    >>> from sympy import log
    >>> z = outcome("z")
    >>> q = law("q", z)
    >>> q.mean(log(q(z)))
    E[log(q(z))]
    """
    cells = DomainSymbol(f"n_{name}", Domain("size", said="-"))
    return DomainSymbol(name, Domain("index", cells, said="any $%s$"))


class Law:
    """The law of a variable: its density, and expectations under it."""

    def __init__(self, name: str, letter: DomainSymbol, tex: str, below: str, meaning: str) -> None:
        cells = _cells_of(letter)
        label = DomainSymbol(name, Domain("simplex", cells, said=_DENSITIES, shown=below or latex_of(name)))
        volumes = Family(DomainSymbol(f"v_{letter.name}", Domain("positive", cells, said="-")))
        self.letter, self.masses = letter, Family(label)
        self._volumes, self._tex = volumes, tex
        note_symbol(tex, tex % latex_of(letter), meaning, "a density")
        self._below = rf"{latex_of(letter)} \sim {below or latex_of(label)}"

    def __call__(self, at: Any) -> Expr:
        """Return the density at a value of the variable: positive, not at most 1."""
        place = as_expression(at)
        return Defined(self.masses[place] / self._volumes[place], Str(self._tex), place)

    def mean(self, body: Any) -> Expectation:
        """Return E over the variable of an expression that holds it."""
        return OverLaw(as_expression(body), self.letter, Str(self._below), self.masses)


def law(name: str, letter: DomainSymbol, *, tex: str = "", below: str = "", meaning: str = "") -> Law:
    r"""Return a law of the variable with a density; two laws of one variable are positive at the same places.

    tex: how the density is printed, ``%s`` for the variable; q(%s) for the name q. below: how the law is printed where
    it stands below an E.
    """
    return Law(name, letter, tex or name + "(%s)", below, meaning)


def function_of(
    name: str, letter: DomainSymbol, kind: Kind = "real", *, tex: str = "", meaning: str = ""
) -> Callable[[Any], Expr]:
    """Return any function of the variable with real or positive values: a likelihood, a loss."""
    if kind not in ("real", "positive"):
        raise AlgebraError(f'A function of {letter} is "real" or "positive"; given: {kind!r}.')
    cells = _cells_of(letter)
    template, kinds = tex or name + "(%s)", "positive function" if kind == "positive" else "function"
    shown = template % latex_of(letter)
    said = f"$%s$ %{{any {kinds}|any {kinds}s}} of ${latex_of(letter)}$"
    values = Family(DomainSymbol(name, Domain(kind, cells, said=said, shown=shown)))
    note_symbol(template, shown, meaning, f"any {kinds}")

    def at(place: Any) -> Expr:
        return Defined(values[as_expression(place)], Str(template), as_expression(place))

    return at


class Gaussian:
    """A Gaussian variable; expectations of polynomials and exponentials of it are known."""

    def __init__(self, letter: Symbol, mean: Expr, variance: Expr, below: str) -> None:
        self.letter, self.expected, self.variance, self._below = letter, mean, variance, below

    def mean(self, body: Any) -> Expectation:
        """Return E over the variable. Raises AlgebraError where the moments do not give it."""
        found = OverGaussian(as_expression(body), self.letter, Str(self._below), self.expected, self.variance)
        _ = found.definition
        return found


def gaussian(letter: Any, mean: Any = 0, variance: Any = 1, *, below: str = "") -> Gaussian:
    r"""Return the Gaussian law N(mean, variance) for a real symbol; the variance must be known to be positive.

    mean may hold other variables: x given z. below: TeX for what stands below the E.

    >>> from grader.algebra import real, positive, relate
    >>> x, m, s = real("x"), real("m"), positive("s")
    >>> relate(gaussian(x, m, s**2).mean(x**2), "=", m**2 + s**2).status
    'proved'
    """
    if not isinstance(letter, DomainSymbol) or letter.domain.kind != "real":
        raise AlgebraError(f"A Gaussian variable is a real symbol; given: {letter!r}.")
    centre, spread = as_expression(mean), as_expression(variance)
    if letter in free_symbols(centre) | free_symbols(spread):
        raise AlgebraError(f"The law of {letter} can't depend on {letter} itself.")
    try:
        positive = written_signs(open_definitions(spread), Normalizer()) == POSITIVE
    except NoNormalForm:
        positive = False
    if not positive:
        raise AlgebraError(f"The variance {spread} is not known to be positive.")
    return Gaussian(letter, centre, spread, below)


def outcome_as_number(expr: Any) -> str:
    """Return the name of an outcome that stands where a number is wanted, such as the z of z + 1; empty for none.

    A cell has a number, and an outcome has none: it may only be what a density or a function is taken at.
    """
    if isinstance(expr, DomainSymbol):
        return expr.name if expr.domain.kind == "index" and expr.domain.said else ""
    if isinstance(expr, Indexed) or not getattr(expr, "args", ()):
        return "" if isinstance(expr, Indexed) and isinstance(expr.indices[0], Symbol) else _first(expr.args)
    if isinstance(expr, Expectation):
        return _first((expr.body, *expr.args[3:]))
    return _first((expr.definition,) if isinstance(expr, Abbreviation) else expr.args)


def _first(parts: Iterable[Any]) -> str:
    return next((found for part in parts if (found := outcome_as_number(part))), "")


def _cells_of(letter: Any) -> Expr:
    domain = letter.domain if isinstance(letter, DomainSymbol) else None
    if domain is None or domain.kind != "index" or not domain.said:
        raise AlgebraError(f'A law is one of a variable that outcome("z") made; given: {letter!r}.')
    cells: Expr = domain.size
    return cells
