"""Named quantities: printed by their name, understood by their definition."""

import inspect
from collections.abc import Callable
from itertools import count
from typing import Any

from sympy import Add, Dummy, Expr, Function, Indexed, KroneckerDelta, Limit, Mul, Pow, Product, Sum, Symbol
from sympy.core.symbol import Str

from grader.algebra.approach import LimitLetter
from grader.algebra.budget import spend
from grader.algebra.domains import free_symbols
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.recording import is_recording, note_symbol


class Abbreviation(Expr):
    """An expression that is printed in one way and understood by its definition."""

    is_commutative = True

    @property
    def definition(self) -> Expr:
        """What it stands for."""
        raise NotImplementedError

    def _eval_derivative(self, symbol: Any) -> Expr:
        return self.definition.diff(symbol)

    def _eval_is_real(self) -> bool | None:
        real: bool | None = self.definition.is_real
        return real

    def _eval_is_positive(self) -> bool | None:
        positive: bool | None = self.definition.is_positive
        return positive

    def doit(self, **hints: Any) -> Expr:
        return self.definition.doit(**hints)


class Defined(Abbreviation):
    """An expression under a name, such as ŷ_j for a softmax entry; args: definition, template, parameters."""

    @property
    def definition(self) -> Expr:
        """What the name stands for."""
        return self.args[0]

    @property
    def template(self) -> str:
        """The TeX of the name, with ``%s`` for each parameter."""
        return str(self.args[1])

    @property
    def parameters(self) -> tuple[Expr, ...]:
        """What the name is applied to, such as the index j."""
        return tuple(self.args[2:])


def define(
    template: str, build: Callable[..., Any], *, meaning: str = "", unit: str = ""
) -> Callable[..., Expr]:
    r"""Return a function that gives a named quantity; `build` says what it means.

    template: TeX with one ``%s`` for each argument of `build`. meaning, unit: for the page on notation.

    >>> from sympy import exp, Sum
    >>> from grader.algebra import index, latex, reals, size
    >>> V = size("V"); j, k = index("j", V), index("k", V); z = reals("z", V)
    >>> y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))
    >>> latex(y_hat(j))
    '\\hat y_{j}'
    """

    arguments = tuple(inspect.signature(build).parameters)
    if meaning or is_recording():
        note_symbol(template, template % arguments, meaning, f"$= {_tex(build, arguments)}$", unit)

    def named(*parameters: Any) -> Expr:
        expressions = [as_expression(p) for p in parameters]
        if template.count("%s") != len(expressions):
            raise AlgebraError(
                f"The name {template} takes {template.count('%s')} argument(s); given: {len(expressions)}."
            )
        definition = _without_capture(build, expressions, as_expression(build(*expressions)))
        return Defined(definition, Str(template), *expressions)

    return named


def _without_capture(build: Callable[..., Any], parameters: list[Expr], built: Expr) -> Expr:
    """Return a definition in which no sum or product binds a letter that a parameter brings with it.

    The k of g(k) = Σ_k k z_k is another k than the sum's. Then the sum's letter gets a name of its own.
    """
    brought = {letter for parameter in parameters for letter in free_symbols(parameter)}
    if not any(_bound_in(node) & brought for node in built.atoms(Sum, Product)):
        return built
    stand_ins = [
        Dummy("parameter", integer=p.is_integer, positive=p.is_positive, real=p.is_real) for p in parameters
    ]
    letters = {s: free_symbols(p) for s, p in zip(stand_ins, parameters, strict=True)}
    apart = _renamed(as_expression(build(*stand_ins)), letters, brought)
    return apart.xreplace(dict(zip(stand_ins, parameters, strict=True)))


def _renamed(expr: Any, letters: dict[Any, set[Symbol]], taken: set[Symbol]) -> Any:
    """Rename the letters of sums and products that a parameter inside them brings, too; from the inside out."""
    if not expr.args or isinstance(expr, Indexed):
        return expr
    args = [_renamed(a, letters, taken) for a in expr.args]
    expr = rebuilt(expr, args)
    if not isinstance(expr, Sum | Product):
        return expr
    inside = expr.function.free_symbols
    came = {letter for stand_in, own in letters.items() if stand_in in inside for letter in own}
    names = {variable: _another(variable, taken | inside) for variable in _bound_in(expr) & came}
    return expr.xreplace(names) if names else expr


def _bound_in(node: Any) -> set[Symbol]:
    return {variable for variable, _, _ in node.limits}


def _another(letter: Symbol, taken: set[Any]) -> Symbol:
    """Return the letter under a name that is not taken: k_1 for k."""
    names = {str(symbol) for symbol in taken}
    name = next(f"{letter.name}_{n}" for n in count(1) if f"{letter.name}_{n}" not in names)
    domain = getattr(letter, "domain", None)
    return Symbol(name, **letter.assumptions0) if domain is None else type(letter)(name, domain)


def _tex(build: Callable[..., Any], arguments: tuple[str, ...]) -> str:
    from grader.algebra.printing import latex  # which prints what is defined here

    return latex(as_expression(build(*(Symbol(name, integer=True) for name in arguments))))


def open_definitions(expr: Expr) -> Expr:
    """Return the expression with every name replaced by its definition, and every bound variable by one of its own.

    After this no two sums share a variable and no bound variable is also free, so substitution can't capture.
    """
    return _open(expr, {})


def _open(expr: Any, renamed: dict[Expr, Expr]) -> Any:
    spend()
    if expr in renamed:
        return renamed[expr]
    if isinstance(expr, Abbreviation):
        return _open(expr.definition, renamed)
    if isinstance(expr, Sum | Product):
        inner, limits = dict(renamed), []
        for variable, low, high in reversed(expr.limits):  # the last limit is the outermost
            low, high = _open(low, inner), _open(high, inner)
            fresh = Dummy(variable.name, integer=True)
            inner[variable] = fresh
            limits.append((fresh, low, high))
        return expr.func(_open(expr.function, inner), *reversed(limits))
    if isinstance(expr, Limit):
        target, variable, point, direction = expr.args
        fresh = LimitLetter(variable)
        return Limit(
            _open(target, {**renamed, variable: fresh}), fresh, _open(point, renamed), str(direction)
        )
    if isinstance(expr, Indexed):
        return Indexed(expr.base, *(_open(i, renamed) for i in expr.indices))
    if not expr.args:
        return expr
    opened = [_open(a, renamed) for a in expr.args]
    return rebuilt(expr, opened)


def rebuilt(expr: Expr, args: list[Any]) -> Expr:
    """Return the expression with other arguments and nothing evaluated: 0 · log x still asks for x > 0."""
    if all(a is b for a, b in zip(args, expr.args, strict=True)):
        return expr
    # SymPy also takes a product over an empty range for 0 where its factor is 0, and evaluates functions with that.
    if isinstance(expr, Add | Mul | Pow | Function) and not isinstance(expr, KroneckerDelta):
        return expr.func(*args, evaluate=False)
    return expr.func(*args)
