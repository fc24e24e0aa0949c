"""Small faults put into the prover's functions, one at a time, in this process.

A function's source is read, one place in it changed (a comparison, a condition, a sign, a number), and its code
object put in the place of the function's own. So whoever imported the function before has the faulty one, too.
"""

import ast
import copy
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

WHOLE_BODY = "\0"  # in the place of a piece of source
Variant = tuple[str, ast.AST]

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
}  # fmt: skip
# Sets of signs and constants of the arithmetic, each with one that is a mistake in its place.
_NAMES = {
    "POSITIVE": "NOT_NEGATIVE", "NOT_NEGATIVE": "POSITIVE", "NEGATIVE": "NOT_POSITIVE", "ANY_SIGN": "POSITIVE",
    "NOT_POSITIVE": "NEGATIVE", "ZERO": "POSITIVE", "ZERO_POLY": "ONE_POLY", "ONE_POLY": "ZERO_POLY", "ONE": "NONE",
    "NONE": "ONE",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A function with one fault: where it stands, what was changed, and the faulty code."""

    module: str
    function: str
    line: int
    change: str
    target: FunctionType
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module}.{self.function}:{self.line}  {self.change}"


def mutants_of(module_name: str) -> Iterator[Mutant]:
    """Yield every mutant of the functions and methods of a module of ``grader.algebra``."""
    tree, module = _parsed(importlib.import_module(f"grader.algebra.{module_name}"))
    for name, node, target in _functions(tree, module):
        for line, change, faulty in _faulty(node):
            code = _compiled(faulty, module, target)
            if code is not None:
                yield Mutant(module_name, name, line, change, target, code)


def mutant_with(function: str, old: str, new: str) -> Mutant:
    """Return the mutant of a function of ``grader.algebra`` whose source has `new` for `old`, or as its whole body.

    Raises ValueError unless there is one function of this name, and `old` stands there exactly once.
    """
    named = [
        (module, node, target)
        for module in _modules()
        if f"def {function.rpartition('.')[2]}(" in _source(module)
        for name, node, target in _functions(*_parsed(module))
        if name == function
    ]
    found = [place for place in named if old == WHOLE_BODY or ast.unparse(place[1]).count(old) == 1]
    if len(found) != 1:
        raise ValueError(f"{len(found)} of {len(named)} functions {function} have once: {old}")
    ((module, node, target),) = found
    if old == WHOLE_BODY:
        node.body = ast.parse(f"def f():\n    {new}").body[0].body  # type: ignore[attr-defined]
    else:
        (node,) = ast.parse(ast.unparse(node).replace(old, new)).body  # type: ignore[assignment]
    code = _compiled(node, module, target)
    if code is None:
        raise ValueError(f"{function} does not compile with {new}")
    place = module.__name__.rpartition(".")[2], function, target.__code__.co_firstlineno
    return Mutant(*place, f"{old.strip(WHOLE_BODY)}  →  {new}", target, code)


def _parsed(module: ModuleType) -> tuple[ast.Module, ModuleType]:
    return ast.parse(_source(module)), module


@lru_cache
def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


@lru_cache
def _modules() -> tuple[ModuleType, ...]:
    """The modules of ``grader.algebra``."""
    package = importlib.import_module("grader.algebra")
    names = sorted(
        path.stem for path in Path(str(package.__file__)).parent.glob("*.py") if path.stem != "__init__"
    )
    return tuple(importlib.import_module(f"grader.algebra.{name}") for name in names)


def _functions(tree: ast.Module, module: ModuleType) -> Iterator[tuple[str, ast.FunctionDef, FunctionType]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            target = inspect.unwrap(getattr(module, node.name, None))  # type: ignore[arg-type]
            if isinstance(target, FunctionType):
                yield node.name, node, target
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    method = vars(getattr(module, node.name)).get(inner.name)
                    method = method.fget if isinstance(method, property) else method
                    if isinstance(method, FunctionType):
                        yield f"{node.name}.{inner.name}", inner, method


def _faulty(function: ast.FunctionDef) -> Iterator[tuple[int, str, ast.FunctionDef]]:
    """Yield (line, change, function) for every place and every way to spoil it."""
    places = _places(function)
    for number, place in enumerate(places):
        for change, spoiled in _variants(place):
            again = copy.deepcopy(function)
            twin = _places(again)[number]
            _Replace(twin, spoiled).visit(again)
            yield getattr(place, "lineno", function.lineno), change, ast.fix_missing_locations(again)
    for change, value in (("returns None at once", "None"), ("returns its first argument at once", None)):
        arguments = [a.arg for a in function.args.args if a.arg not in ("self", "cls")]
        if value is None and not arguments:
            continue
        off = copy.deepcopy(function)
        off.body = ast.parse(f"return {value or arguments[0]}").body
        yield function.lineno, change, ast.fix_missing_locations(off)


def _places(function: ast.FunctionDef) -> list[ast.AST]:
    """What may be spoiled: not the docstring, types, the budget's counting, or text that is raised."""
    found: list[ast.AST] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "spend":
            return
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value).startswith("spend(")
        ):
            return
        found.append(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_comment") or isinstance(node, ast.Raise):
                continue
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, ast.AST):
                    look(inner)

    for statement in _without_docstring(function):
        look(statement)
    return found


def _without_docstring(function: ast.FunctionDef) -> list[ast.stmt]:
    first = function.body[0]
    is_text = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return function.body[1:] if is_text else function.body


class _Replace(ast.NodeTransformer):
    def __init__(self, place: ast.AST, spoiled: ast.AST) -> None:
        self.place, self.spoiled = place, spoiled

    def visit(self, node: ast.AST) -> Any:
        return self.spoiled if node is self.place else super().visit(node)


def _variants(node: ast.AST) -> Iterator[Variant]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            for other in _COMPARISONS.get(type(operator), ()):
                yield _changed(node, ast.Compare(left, [other()], [right]))
        case ast.BoolOp(op=operator, values=values):
            for left_out in range(len(values)):
                kept = [value for number, value in enumerate(values) if number != left_out]
                yield _changed(node, kept[0] if len(kept) == 1 else ast.BoolOp(operator, kept))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield _changed(node, operand)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            yield _changed(node, ast.BinOp(left, _OPERATORS[type(operator)](), right))
        case ast.Constant(value=bool() as value):
            yield _changed(node, ast.Constant(not value))
        case ast.Constant(value=int() as value):
            yield _changed(node, ast.Constant(value + 1))
            yield _changed(node, ast.Constant(value - 1))
        case ast.Name(id=name) if name in _NAMES:
            yield _changed(node, ast.Name(_NAMES[name], ast.Load()))
        case ast.If(test=test, body=body, orelse=orelse):
            for answer in (True, False):
                label = f"if {ast.unparse(test)}: taken {'always' if answer else 'never'}"
                yield label[:150], ast.If(ast.Constant(answer), body, orelse)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            for answer, value in ((True, body), (False, orelse)):
                yield f"{ast.unparse(node)}  →  always {'first' if answer else 'second'}"[:150], value
        case ast.Continue():
            yield "continue  →  pass", ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield f"{ast.unparse(node)}  left out"[:150], ast.Pass()


def _changed(before: ast.AST, after: ast.AST) -> Variant:
    return f"{ast.unparse(before)}  →  {ast.unparse(ast.fix_missing_locations(copy.deepcopy(after)))}"[
        :150
    ], after


def _compiled(function: ast.FunctionDef, module: ModuleType, target: FunctionType) -> CodeType | None:
    function.decorator_list = []
    names: dict[str, Any] = {}
    try:
        exec(compile(ast.Module([function], []), str(module.__file__), "exec"), vars(module), names)  # noqa: S102
    except (SyntaxError, ValueError, TypeError):
        return None
    code: CodeType = names[function.name].__code__
    return code if code.co_freevars == target.__code__.co_freevars else None


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """Put the fault in for the block."""
    own = mutant.target.__code__
    _forget()
    mutant.target.__code__ = mutant.code
    try:
        yield
    finally:
        mutant.target.__code__ = own
        _forget()


def _forget() -> None:
    for clear in _caches():
        clear()


@lru_cache
def _caches() -> tuple[Callable[[], None], ...]:
    """The ways to empty the caches of the algebra's functions, which hold results of the sound ones."""
    found = []
    for module in _modules():
        found += [value.cache_clear for value in vars(module).values() if hasattr(value, "cache_clear")]
    return tuple(found)
