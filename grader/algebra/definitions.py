"""Named quantities: printed by their name, understood by their definition."""

import inspect
from collections.abc import Callable
from typing import Any

from sympy import Add, Dummy, Expr, Function, Indexed, KroneckerDelta, Limit, Mul, Pow, Product, Sum, Symbol
from sympy.core.symbol import Str

from grader.algebra.budget import spend
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression
from grader.algebra.recording import is_recording, note_symbol


class Defined(Expr):
    """An expression under a name, such as ŷ_j for a softmax entry; args: definition, template, parameters."""

    is_commutative = True

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
        return Defined(as_expression(build(*expressions)), Str(template), *expressions)

    return named


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
    if isinstance(expr, Defined):
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
        fresh = Dummy(variable.name, **variable.assumptions0)
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
