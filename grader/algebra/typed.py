"""A call's argument as it was typed, before SymPy evaluated it.

SymPy evaluates while a student types: `exp(log(x))` is `x` before any function sees it, so a step that was written
may arrive as its neighbour. Here the argument is read once more from the caller's source, and its sums, products,
powers and functions are built unevaluated. Nothing of a student's is called on the way; where the source can't be
had, or holds anything but plain mathematics, there is no typed form.
"""

import ast
import linecache
import operator
from collections.abc import Callable, Mapping
from itertools import islice
from types import FrameType, FunctionType, ModuleType
from typing import Any

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Limit,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    sqrt,
)
from sympy.core.relational import Relational

from grader.algebra.definitions import Defined
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression

_LONGEST = 8_000  # characters of a call; a line of a derivation has a few hundred
_LONGEST_SOURCE = 100_000  # characters of a cell in which a function of the student's own is looked up
_DEEPEST = 5  # functions that call functions
# what reading a source, looking up a name and building a node may raise; then there is no typed form
_FAILURES = (
    AlgebraError, ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, SyntaxError,
    TypeError, UnicodeError, ValueError,
)  # fmt: skip
_OURS = ("grader.algebra.definitions", "grader.algebra.unevaluated")
_PLAIN: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def as_typed(frame: FrameType, position: int, keyword: str) -> Expr | None:
    """Return an argument of the call that `frame` is in as it was typed, or None where that can't be had.

    position, keyword: which argument. Never raises.
    """
    try:
        read = _Reader({**frame.f_globals, **frame.f_locals}).read(_argument(_call(frame), position, keyword))
        return as_expression(read)
    except _FAILURES:
        return None


def names_in(expr: Expr) -> list[str]:
    """Return the templates of the named quantities in an expression, each once, sorted; 20 at most."""
    return sorted({node.template[:100] for node in expr.atoms(Defined)})[:20]


def _call(frame: FrameType) -> ast.Call:
    """The call that the frame is in, from the source that linecache has; IPython puts a notebook's cells there."""
    place = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    line, end_line, column, end_column = place
    if line is None or end_line is None or column is None or end_column is None:
        raise ValueError("the interpreter keeps no positions")
    lines = [text.encode() for text in linecache.getlines(frame.f_code.co_filename)[line - 1 : end_line]]
    lines[-1] = lines[-1][:end_column]  # columns count bytes; the end first, for it may be the same line
    lines[0] = lines[0][column:]
    text = b"".join(lines).decode()
    if len(text) > _LONGEST:
        raise ValueError("the call is too long")
    body = ast.parse(f"({text})", mode="eval").body
    if not isinstance(body, ast.Call):
        raise ValueError("no call stands there")
    return body


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr:
    for given in call.keywords:
        if given.arg == keyword:
            return given.value
    if any(isinstance(a, ast.Starred) for a in call.args):
        raise ValueError("starred arguments")
    return call.args[position]


class _Reader:
    """Reads mathematics from a syntax tree with given names; whatever else stands there ends in ValueError."""

    def __init__(self, names: Mapping[str, Any], depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise ValueError("functions that call functions")
        self.names, self.depth = names, depth

    def read(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() as value):
                return value
            case ast.Name(id=name):
                return self.names[name]
            case ast.Attribute(value=owner, attr=name):
                module = self.read(owner)
                if type(module) is not ModuleType:
                    raise ValueError("an attribute of something that is no module")
                return getattr(module, name)
            case ast.Tuple(elts=parts):
                return tuple(self.read(p) for p in parts)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                value = self.read(operand)
                return value if isinstance(sign, ast.UAdd) else _negative(value)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _PLAIN:
                return _joined(self.read(left), type(sign), self.read(right))
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARED:
                return _COMPARED[type(sign)](_operand(self.read(left)), _operand(self.read(right)))
            case ast.Subscript(value=owner, slice=place):
                return _item(self.read(owner), self.read(place))
            case ast.Call(func=function, args=arguments, keywords=[]):
                return self.called(self.read(function), [self.read(a) for a in arguments])
        raise ValueError(f"{type(node).__name__} is no plain mathematics")

    def called(self, function: Any, arguments: list[Any]) -> Any:
        """The value of a call; a function of the student's own is read as well, where it is a formula."""
        if type(function) is not FunctionType or function.__module__ in _OURS or function is sqrt:
            return _called(function, arguments)
        parameters, formula = _formula(function)
        named = dict(zip(parameters, arguments, strict=True))
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        enclosing = {name: cell.cell_contents for name, cell in cells}
        return _Reader({**function.__globals__, **enclosing, **named}, self.depth + 1).read(formula)


def _formula(function: FunctionType) -> tuple[list[str], ast.expr]:
    """The parameters of a function and what it returns, when that is all it does."""
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename))
    if len(text) > _LONGEST_SOURCE:
        raise ValueError("the source is too long")
    found: list[tuple[ast.arguments, ast.expr]] = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Lambda(args=parameters, body=formula) if node.lineno == code.co_firstlineno:
                found.append((parameters, formula))
            case ast.FunctionDef(
                name=code.co_name, args=parameters, body=[*_, ast.Return(value=ast.expr() as formula)]
            ):
                if node.lineno == code.co_firstlineno and all(_is_text(part) for part in node.body[:-1]):
                    found.append((parameters, formula))
    ((parameters, formula),) = found
    return [parameter.arg for parameter in parameters.args], formula


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _operand(value: Any) -> Expr:
    if not isinstance(value, Expr | int | float):
        raise ValueError("no expression")
    return as_expression(value)


def _negative(value: Any) -> Any:
    if isinstance(value, int | float):
        return -value
    return Mul(S.NegativeOne, _operand(value), evaluate=False)


def _parts(kind: Any, value: Expr) -> tuple[Expr, ...]:
    return value.args if isinstance(value, kind) else (value,)


def _joined(left: Any, sign: type[ast.operator], right: Any) -> Any:
    if isinstance(left, int | float) and isinstance(right, int | float):
        return _PLAIN[sign](left, right)
    if sign is ast.Sub:
        return _joined(left, ast.Add, _negative(right))
    one, other = _operand(left), _operand(right)
    if sign is ast.Add:
        return Add(*_parts(Add, one), other, evaluate=False)
    if sign is ast.Mult:
        return Mul(*_parts(Mul, one), other, evaluate=False)
    if sign is ast.Pow:
        return Pow(one, other, evaluate=False)
    inverse = Rational(1, other) if isinstance(other, Integer) else Pow(other, -1, evaluate=False)
    return inverse if one == 1 else Mul(*_parts(Mul, one), inverse, evaluate=False)


def _item(owner: Any, place: Any) -> Any:
    if isinstance(owner, IndexedBase):
        return Indexed(owner, _operand(place))
    if type(owner) in (list, tuple, dict):
        return owner[place]
    raise ValueError("an entry of something that is no family")


def _called(function: Any, arguments: list[Any]) -> Any:
    if function is sqrt:
        return Pow(_operand(arguments[0]), S.Half, evaluate=False)
    if type(function) is FunctionType and function.__module__ in _OURS:
        return function(*arguments)
    if not isinstance(function, type) or not issubclass(function, Basic):
        raise ValueError("a call of something that is no mathematics")
    if function in (Add, Mul, Pow, Piecewise) or (
        issubclass(function, Function) and function is not KroneckerDelta
    ):
        return function(*arguments, evaluate=False)
    if function in (Sum, Product, Derivative, Limit, KroneckerDelta, Rational, Integer) or issubclass(
        function, Relational
    ):
        return function(*arguments)
    raise ValueError(f"{function.__name__} is not read as it is typed")
