"""Expressions as plain data: how a student's expression leaves the student's process.

A tree is made of JSON values only: a number, a name, or a list that begins with a node's name. Reading one needs no
parser and runs no code; whatever is not a known node is refused.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Derivative,
    Eq,
    Expr,
    Float,
    Ge,
    Gt,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Le,
    Limit,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    binomial,
    cosh,
    coth,
    csch,
    default_sort_key,
    exp,
    factorial,
    log,
    sech,
    sign,
    sinh,
    tanh,
)

from grader.algebra.definitions import Abbreviation
from grader.algebra.domains import Domain, DomainSymbol, Family, label_of, symbols_of
from grader.algebra.errors import AlgebraError

Tree = Any  # int | float | str | list[Tree]

MOST_NODES, GREATEST_DEPTH, MOST_DIGITS = 5_000, 100, 400
MOST_BITS = 20_000  # of the binary exponent of a Float

_FUNCTIONS: dict[str, Any] = {
    f.__name__: f
    for f in (
        Add, Mul, Pow, exp, log, KroneckerDelta, Max, Min, Abs, sign, tanh, sinh, cosh, sech, csch, coth, factorial,
        binomial,
    )
}  # fmt: skip
_CONNECTIVES: dict[str, Any] = {"And": And, "Or": Or, "Not": Not}
_CONDITIONS: dict[str, Any] = {"Eq": Eq, "Ne": Ne, "Lt": Lt, "Le": Le, "Gt": Gt, "Ge": Ge}
_CONDITION_NAMES = {
    "Equality": "Eq", "Unequality": "Ne", "StrictLessThan": "Lt", "LessThan": "Le", "StrictGreaterThan": "Gt",
    "GreaterThan": "Ge",
}  # fmt: skip
_CONSTANTS = {"pi": S.Pi, "E": S.Exp1, "oo": S.Infinity, "-oo": S.NegativeInfinity}


class _Counter:
    """Counts nodes and depth, and refuses what is too large."""

    def __init__(self) -> None:
        self.nodes = 0

    def enter(self, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise AlgebraError(f"The expression has more than {MOST_NODES:,} parts; simplify it.")
        if depth > GREATEST_DEPTH:
            raise AlgebraError(
                f"The expression is nested more than {GREATEST_DEPTH} levels deep; simplify it."
            )


def encode(expr: Expr) -> Tree:
    """Return the expression as a tree of plain values; a named quantity is opened.

    Raises AlgebraError for a node that the course does not use, or more than 5,000 nodes or 100 levels.

    >>> from grader.algebra import positive
    >>> encode(log(positive("x")) + 1)
    ['Add', 1, ['log', 'x']]
    """
    return _encode(expr, 0, _Counter())


def _encode(expr: Any, depth: int, counter: _Counter) -> Tree:
    counter.enter(depth)
    if isinstance(expr, Abbreviation):
        return _encode(expr.definition, depth, counter)
    for name, constant in _CONSTANTS.items():
        if expr == constant:
            return [name]
    if isinstance(expr, Integer):
        return int(expr) if abs(int(expr)) < 2**53 else ["Integer", _digits(int(expr))]
    if isinstance(expr, Rational):
        return ["Rational", _digits(int(expr.p)), _digits(int(expr.q))]
    if isinstance(expr, Float):
        return _encode_float(expr)
    if isinstance(expr, Symbol):
        return expr.name
    if isinstance(expr, Indexed):
        if len(expr.indices) != 1:
            raise AlgebraError(f"{expr.base} has {len(expr.indices)} indices; one is understood.")
        return ["Item", str(expr.base.label), _encode(expr.indices[0], depth + 1, counter)]

    if isinstance(expr, IndexedBase):
        raise AlgebraError(f"{expr.label} is a family; write {expr.label}[k] for one of its entries.")

    def inner(part: Any) -> Tree:
        return _encode(part, depth + 1, counter)

    if isinstance(expr, Sum | Product):
        limits = [[v.name, inner(low), inner(high)] for v, low, high in map(tuple, expr.limits)]
        return [type(expr).__name__, inner(expr.function), *limits]
    if isinstance(expr, Derivative):
        return ["Derivative", inner(expr.expr), *([inner(v), int(n)] for v, n in expr.variable_count)]
    if isinstance(expr, Limit):
        target, variable, point, direction = expr.args
        return ["Limit", inner(target), variable.name, inner(point), str(direction)]
    if isinstance(expr, Piecewise):
        return ["Piecewise", *([inner(value), _encode_condition(cond, inner)] for value, cond in expr.args)]
    name = type(expr).__name__
    if name not in _FUNCTIONS:
        raise AlgebraError(
            f"{name} is not used in this course; write the expression with sums, products, exp and log."
        )
    return [name, *(inner(a) for a in expr.args)]


def _encode_float(value: Float) -> Tree:
    """A float where it holds all digits, else the mantissa and the binary exponent."""
    sign_, mantissa, exponent, bits = value._mpf_
    if not value.is_finite or abs(exponent) > MOST_BITS:
        raise AlgebraError("A number that is not finite, or far too large or small, is not understood.")
    if bits <= 53 and (value == 0 or -1000 < exponent + bits < 1000):
        return float(value)
    return ["Float", _digits(-int(mantissa) if sign_ else int(mantissa)), int(exponent)]


def _encode_condition(condition: Any, inner: Callable[[Any], Tree]) -> Tree:
    if condition == S.true:
        return ["True"]
    if isinstance(condition, And | Or | Not):
        parts = sorted(condition.args, key=default_sort_key)
        return [type(condition).__name__, *(_encode_condition(c, inner) for c in parts)]
    name = _CONDITION_NAMES.get(type(condition).__name__)
    if name is None:
        raise AlgebraError(
            f"The condition {type(condition).__name__} is not understood; use =, ≠, <, ≤, >, ≥, and, or, not."
        )
    return [name, *(inner(a) for a in condition.args)]


def _digits(value: int) -> str:
    if value.bit_length() > MOST_DIGITS * 10 // 3:
        raise AlgebraError(f"A number with more than {MOST_DIGITS} digits is too large.")
    return str(value)


def decode(tree: Tree, symbols: Mapping[str, Any]) -> Expr:
    """Return the expression that a tree describes, with the given symbols (name → symbol or family).

    Nothing is simplified on the way, so no number grows. Raises AlgebraError for a name that is not among `symbols`,
    an unknown node, or a tree that is too large or malformed.
    """
    try:
        return _Decoder(symbols).read(tree, {}, 0)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as problem:
        if isinstance(problem, AlgebraError):
            raise
        raise AlgebraError(f"The expression can't be read: {type(problem).__name__}.") from None


class _Decoder:
    def __init__(self, symbols: Mapping[str, Any]) -> None:
        self.symbols = symbols
        self.counter = _Counter()

    def read(self, tree: Tree, bound: Mapping[str, Symbol], depth: int) -> Any:
        self.counter.enter(depth)
        match tree:
            case bool():
                raise AlgebraError("True and False are no expressions.")
            case int():
                return Integer(tree)
            case float():
                return Float(tree)
            case str():
                return self.symbol(tree, bound)
            case [str(name), *parts]:
                return self.node(name, parts, bound, depth + 1)
        raise AlgebraError("The expression can't be read: a node is neither a number, a name nor a list.")

    def symbol(self, name: str, bound: Mapping[str, Symbol]) -> Any:
        if name in bound:
            return bound[name]
        found = self.symbols.get(name)
        if found is None:
            known = ", ".join(sorted(self.symbols))
            raise AlgebraError(
                f"The symbol {name[:40]!r} is not known here; the task uses {known or 'no symbols'}."
            )
        if isinstance(found, IndexedBase):
            raise AlgebraError(f"{name} is a family; write {name}[j] for one of its entries.")
        return found

    def node(self, name: str, parts: list[Tree], bound: Mapping[str, Symbol], depth: int) -> Any:
        def inner(part: Tree) -> Any:
            return self.read(part, bound, depth)

        if name in _CONSTANTS and not parts:
            return _CONSTANTS[name]
        if name == "Integer":
            return Integer(_parsed(parts[0]))
        if name == "Rational":
            numerator, denominator = (_parsed(p) for p in parts)
            if denominator == 0:
                raise AlgebraError("A fraction has the denominator 0.")
            return Rational(numerator, denominator)
        if name == "Float":
            return _float(_parsed(parts[0]), parts[1])
        if name == "Item":
            return self.item(parts[0], inner(parts[1]))
        if name in ("Sum", "Product"):
            return self.ranged({"Sum": Sum, "Product": Product}[name], parts, bound, depth)
        if name == "Derivative":
            return Derivative(inner(parts[0]), *((inner(v), _order(n)) for v, n in parts[1:]))
        if name == "Limit":
            target, variable, point, direction = parts
            symbol = self.symbol(variable, bound)
            if direction not in ("+", "-", "+-"):
                raise AlgebraError(f"A limit comes from + or -; given: {str(direction)[:10]!r}.")
            return Limit(inner(target), symbol, inner(point), direction)
        if name == "Piecewise":
            return Piecewise(*((inner(v), self.condition(c, inner)) for v, c in parts), evaluate=False)
        if name == "KroneckerDelta":
            return KroneckerDelta(*(inner(p) for p in parts))
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(inner(p) for p in parts), evaluate=False)
        raise AlgebraError(f"The node {name[:40]!r} is not used in this course.")

    def item(self, name: Any, position: Expr) -> Expr:
        family = self.symbols.get(name) if isinstance(name, str) else None
        if not isinstance(family, IndexedBase):
            raise AlgebraError(f"The family {str(name)[:40]!r} is not known here.")
        return family[position]

    def condition(self, tree: Tree, inner: Callable[[Tree], Any]) -> Any:
        self.counter.enter(0)
        if tree == ["True"]:
            return S.true
        if isinstance(tree, list) and tree and tree[0] in _CONNECTIVES:
            parts = [self.condition(part, inner) for part in tree[1:]]
            return _CONNECTIVES[tree[0]](*parts, evaluate=False)
        name, left, right = tree
        return _CONDITIONS[name](inner(left), inner(right), evaluate=False)

    def ranged(self, kind: Any, parts: list[Tree], bound: Mapping[str, Symbol], depth: int) -> Expr:
        body, *limits = parts
        inner, read = dict(bound), []
        for variable, low, high in reversed(limits):  # the last limit is the outermost
            if not isinstance(variable, str) or len(variable) > 40:
                raise AlgebraError("A sum's variable is a short name.")
            ends = self.read(low, inner, depth), self.read(high, inner, depth)
            known = self.symbols.get(variable)
            inner[variable] = known if isinstance(known, Symbol) else Symbol(variable, integer=True)
            read.append((inner[variable], *ends))
        return kind(self.read(body, inner, depth), *reversed(read))


def _parsed(text: Any) -> int:
    if not isinstance(text, str) or len(text) > MOST_DIGITS + 1:
        raise AlgebraError(f"A number with more than {MOST_DIGITS} digits is too large.")
    return int(text)


def _float(mantissa: int, exponent: Any) -> Expr:
    if type(exponent) is not int or abs(exponent) > MOST_BITS:
        raise AlgebraError("A number's exponent is too large.")
    exact = Rational(mantissa) * Integer(2) ** exponent
    return Float(exact, precision=max(53, mantissa.bit_length()))


def _order(value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= 3:
        raise AlgebraError("A derivative's order is 1, 2 or 3.")
    return value


def encode_symbols(symbols: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the symbols with their domains as plain data, sizes first."""
    given = {label_of(s).name: s for s in symbols}
    needed = [
        size
        for s in given.values()
        if (length := label_of(s).domain.size) is not None
        for size in symbols_of(length)
    ]
    everything = {s.name: s for s in needed} | given
    ordered = sorted(everything.items(), key=lambda pair: (label_of(pair[1]).domain.kind != "size", pair[0]))
    return [
        {
            "name": name,
            "kind": label_of(symbol).domain.kind,
            "size": None if label_of(symbol).domain.size is None else encode(label_of(symbol).domain.size),
            "at_least": label_of(symbol).domain.at_least,
            "family": isinstance(symbol, IndexedBase),
        }
        for name, symbol in ordered
    ]


def decode_symbols(described: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return name → symbol (or family) for what `encode_symbols` gave."""
    found: dict[str, Any] = {}
    for entry in described:
        length = None if entry["size"] is None else decode(entry["size"], found)
        # a size read from a tree is not simplified; as part of a symbol it must be, for symbols compare by it
        length = length if length is None or not length.args else length.func(*length.args)
        label = DomainSymbol(entry["name"], Domain(entry["kind"], length, entry["at_least"]))
        found[entry["name"]] = Family(label) if entry["family"] else label
    return found
