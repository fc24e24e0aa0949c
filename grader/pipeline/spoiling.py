"""Near-misses of a right function: changes of what it does (`behaviours`) and of its source (`spoilt_sources`)."""

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from grader.cases.ask.encoding import encode_value

Answer = Callable[..., Any]
ITSELF = "_itself"
"""The name of the identity in spoilt sources: a call of it stands where a call was dropped."""

_MANY = 100  # elements: "right for short inputs only"


def behaviours(right: Answer) -> Iterator[tuple[str, "NearMiss"]]:
    """Yield (name, near-miss) for each way to spoil what a right function does; each is made anew, without state."""
    for name, change in _OUTPUTS.items():
        yield f"its result {name}", NearMiss(partial(_with_result, right, change), right)
    for name, change in _INPUTS.items():
        yield f"its inputs {name}", NearMiss(partial(_with_inputs, right, change), None, change)
    yield "answers as the first time", NearMiss(_first_answer(right))
    yield "is off by what it gave before", NearMiss(_with_state(right))
    yield "is right for the first shapes only", NearMiss(_for_first_shapes(right))
    yield "is right up to two axes only", NearMiss(partial(_up_to_two_axes, right), right)
    yield "takes its first two arguments the other way round", NearMiss(partial(_swapped, right), right)
    yield "gives NaN where it should raise", NearMiss(partial(_never_raising, right), right)
    for position in range(3):
        yield f"ignores argument {position}", NearMiss(_ignoring(right, position))


class NearMiss:
    """A near-miss, and whether it ever did anything: what changes no input and no result is no near-miss here."""

    def __init__(
        self, near: Answer, right: Answer | None = None, change: Callable[[Any], Any] | None = None
    ) -> None:
        self.near, self.right, self.change = near, right, change
        self.touched = right is None and change is None

    def __call__(self, *args: Any) -> Any:
        if not self.touched and self.change is not None:
            self.touched = encode_value(list(args)) != encode_value([_entries(a, self.change) for a in args])
        result = self.near(*args)
        if not self.touched and self.right is not None:
            self.touched = not _alike(result, self.right(*args))
        return result


def _with_result(right: Answer, change: Callable[[Any], Any], *args: Any) -> Any:
    return _numbers(right(*args), change)


def _with_inputs(right: Answer, change: Callable[[Any], Any], *args: Any) -> Any:
    return right(*(_entries(a, change) for a in args))


def _entries(arg: Any, change: Callable[[Any], Any]) -> Any:
    return change(arg) if isinstance(arg, np.ndarray | list) and len(arg) else arg


def _alike(one: Any, other: Any) -> bool:
    """Whether two results are the same numbers, whatever carries them."""
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(_alike, one, other))
    try:
        return bool(np.array_equal(np.asarray(one, float), np.asarray(other, float), equal_nan=True))
    except (TypeError, ValueError):
        return one is other


def _numbers(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change every array or number in a value; another text is an empty one."""
    if isinstance(value, str):
        return value if change is _unchanged else ""
    if isinstance(value, tuple):
        return tuple(_numbers(v, change) for v in value)
    if type(value).__module__ == "torch":
        value = value.detach().numpy()
    if isinstance(value, float | int | np.ndarray | np.generic) and not isinstance(value, bool):
        return change(np.asarray(value, dtype=float))
    if isinstance(value, list) and value and all(isinstance(v, float | int) for v in value):
        return list(change(np.asarray(value, dtype=float)))
    return value


def _unchanged(x: Any) -> Any:
    return x


def _off_by(amount: float) -> Callable[[Any], Any]:
    return (lambda x: x + amount) if amount else _unchanged


def _nan_to_num(x: Any) -> Any:
    return np.nan_to_num(x, nan=0.0, posinf=1e6, neginf=-1e6)


_OUTPUTS: dict[str, Callable[[Any], Any]] = {
    "is 0": lambda x: x * 0.0 if np.isfinite(x).all() else np.zeros_like(x),
    "is NaN": lambda x: np.full_like(x, np.nan),
    "has the other sign": lambda x: -x,
    "is without its sign": np.abs,
    "is never below 0": lambda x: np.maximum(x, 0.0),
    "is in bits": lambda x: x / np.log(2),
    "is to base 10": lambda x: x / np.log(10),
    "has three digits": lambda x: np.vectorize(lambda v: float(f"{v:.3g}"), otypes=[float])(x),
    "is off by a thousandth": lambda x: x * 1.001,
    "is off by 1e-4": lambda x: x + 1e-4,
    "is off by 1e-5": lambda x: x + 1e-5,
    "is float16": lambda x: np.asarray(x).astype(np.float16),
    "is finite at any price": _nan_to_num,
    "is 0 where it is infinite": lambda x: np.where(np.isinf(x), 0.0, x),
    "is infinite throughout where one is": lambda x: np.full_like(x, np.inf) if np.isinf(x).any() else x,
    "is turned round": lambda x: x[::-1] if x.ndim else x,
    "is transposed": lambda x: x.T,
    "is its mean": lambda x: np.full_like(x, x.mean()) if x.size else x,
    "lacks its last entry": lambda x: np.concatenate([x[:-1], x[-1:] * 0]) if x.ndim and len(x) else x,
    "is right in its first entry only": lambda x: (
        np.concatenate([x[:1], x[1:] * 0]) if x.ndim and len(x) else x
    ),
    "sums to 1": lambda x: x / x.sum() if x.ndim and x.sum() else x,
}


def _as_array(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a change of arrays work on a list, where it is one of numbers."""

    def changed(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return change(value)
        if isinstance(value, list) and all(isinstance(v, int | float) for v in value):
            return change(np.asarray(value)).tolist()
        return value

    return changed


_INPUTS: dict[str, Callable[[Any], Any]] = {
    "are sorted": _as_array(lambda x: np.sort(x, axis=0)),
    "are turned round": lambda x: x[::-1],
    "lack their last": lambda x: x[:-1] if len(x) > 1 else x,
    "lack their first": lambda x: x[1:] if len(x) > 1 else x,
    f"end after {_MANY}": lambda x: x[:_MANY],
    "are counted once each": _as_array(lambda x: np.unique(x, axis=0)),
    "are without zeros": _as_array(lambda x: x[x != 0] if x.ndim == 1 and (x != 0).any() else x),
    "are in single precision": _as_array(lambda x: x.astype(np.float32) if x.dtype.kind == "f" else x),
    "are finite at any price": _as_array(lambda x: _nan_to_num(x) if x.dtype.kind == "f" else x),
    "have 0 for -inf": _as_array(lambda x: np.where(np.isneginf(x), 0.0, x) if x.dtype.kind == "f" else x),
    "have 0 for NaN": _as_array(lambda x: np.where(np.isnan(x), 0.0, x) if x.dtype.kind == "f" else x),
    "are kept within ±700": _as_array(lambda x: np.clip(x, -700, 700) if x.dtype.kind == "f" else x),
    "are kept above 1e-12": _as_array(lambda x: np.maximum(x, 1e-12) if x.dtype.kind == "f" else x),
    "are kept above 1e-300": _as_array(lambda x: np.maximum(x, 1e-300) if x.dtype.kind == "f" else x),
    "have 1e-4 added": _as_array(lambda x: x + 1e-4 if x.dtype.kind == "f" else x),
    "have 1e-12 added": _as_array(lambda x: x + 1e-12 if x.dtype.kind == "f" else x),
    "are normalised": _as_array(
        lambda x: x / x.sum() if x.dtype.kind == "f" and x.ndim == 1 and x.sum() else x
    ),
}


def _first_answer(right: Answer) -> Answer:
    kept: list[Any] = []

    def near_miss(*args: Any) -> Any:
        if not kept:
            kept.append(right(*args))
        return copy.deepcopy(kept[0])

    return near_miss


def _with_state(right: Answer) -> Answer:
    total = [0.0]

    def near_miss(*args: Any) -> Any:
        before, total[0] = total[0], total[0] + 0.125
        return _numbers(right(*args), _off_by(before))

    return near_miss


def _for_first_shapes(right: Answer) -> Answer:
    first: list[Any] = []

    def near_miss(*args: Any) -> Any:
        shapes = [
            np.shape(a) if isinstance(a, np.ndarray) else len(a) if isinstance(a, list) else 0 for a in args
        ]
        first.append(shapes)
        return _numbers(right(*args), _off_by(0.0 if shapes == first[0] else 0.01))

    return near_miss


def _up_to_two_axes(right: Answer, *args: Any) -> Any:
    most = max((a.ndim for a in args if isinstance(a, np.ndarray)), default=0)
    return _numbers(right(*args), _off_by(0.01 if most > 2 else 0.0))


def _swapped(right: Answer, *args: Any) -> Any:
    return right(args[1], args[0], *args[2:]) if len(args) > 1 else right(*args)


def _never_raising(right: Answer, *args: Any) -> Any:
    try:
        return right(*args)
    except Exception:  # noqa: BLE001 - the near-miss is that it swallows whatever the right answer raises
        return float("nan")


def _ignoring(right: Answer, position: int) -> Answer:
    first: list[Any] = []

    def near_miss(*args: Any) -> Any:
        if not first:
            first.append(copy.deepcopy(args))
        if position >= len(args):
            raise TypeError("there is no such argument")
        return right(*args[:position], copy.deepcopy(first[0][position]), *args[position + 1 :])

    return near_miss


# --- sources -------------------------------------------------------------------------------------------------------

_OPERATORS: dict[type, list[type]] = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult], ast.Pow: [ast.Mult],
    ast.FloorDiv: [ast.Div], ast.Lt: [ast.LtE], ast.LtE: [ast.Lt], ast.Gt: [ast.GtE], ast.GtE: [ast.Gt],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.And: [ast.Or], ast.Or: [ast.And],
}  # fmt: skip
_NAMES = {
    "sum": ["mean", "max"], "mean": ["sum", "median"], "max": ["min", "sum"], "min": ["max"], "log": ["log2", "log10"],
    "exp": ["exp2"], "log2": ["log"], "argmax": ["argmin"], "prod": ["sum"], "nansum": ["sum"], "maximum": ["minimum"],
    "isneginf": ["isposinf"], "isnan": ["isinf"], "fsum": ["prod"],
}  # fmt: skip


def spoilt_sources(source: str) -> Iterator[tuple[str, str]]:
    """Yield (what was changed, source) for each small change of a right answer's source."""
    tree = ast.parse(source)
    places = [n for n in ast.walk(tree) if hasattr(n, "lineno")]
    for number, node in enumerate(places):
        for name, change in _changes(node):
            spoilt = ast.parse(source)
            twin = [n for n in ast.walk(spoilt) if hasattr(n, "lineno")][number]
            change(twin)
            try:
                yield (
                    f"line {node.lineno}, column {getattr(node, 'col_offset', 0)}: {name}",
                    ast.unparse(ast.fix_missing_locations(spoilt)),
                )
            except (ValueError, TypeError, AttributeError):
                continue


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for kind in _OPERATORS.get(type(node.op), ()):
            yield f"{type(node.op).__name__} is {kind.__name__}", _set("op", kind)
    if isinstance(node, ast.BinOp):
        yield "only the left operand", _fields(op=ast.Add(), right=ast.Constant(0))
    if isinstance(node, ast.BoolOp):
        for kind in _OPERATORS[type(node.op)]:
            yield f"{type(node.op).__name__} is {kind.__name__}", _set("op", kind)
    if isinstance(node, ast.Compare):
        for kind in _OPERATORS.get(type(node.ops[0]), ()):
            yield (
                f"{type(node.ops[0]).__name__} is {kind.__name__}",
                partial(_with_comparison, kind),
            )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "the minus is dropped", _set("op", ast.UAdd)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} is {not node.value}", _fields(value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        for value in dict.fromkeys((node.value + 1, node.value - 1, 0)):
            if value != node.value:
                yield f"{node.value} is {value}", _fields(value=value)
    if isinstance(node, ast.Attribute | ast.Name):
        key = "attr" if isinstance(node, ast.Attribute) else "id"
        for other in _NAMES.get(getattr(node, key), ()):
            yield f"{getattr(node, key)} is {other}", _fields(**{key: other})
    if isinstance(node, ast.If | ast.IfExp):
        for value in (True, False):
            yield f"if {value}", _fields(test=ast.Constant(value))
    if isinstance(node, ast.Call) and node.keywords:
        for position, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield f"{keyword.arg}= is dropped", partial(_without_keyword, position)
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        yield "a call is dropped", _fields(func=ast.Name(ITSELF, ast.Load()))
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr) and not _is_text(node):
        yield "a statement is dropped", _as_pass


def _set(name: str, kind: type) -> Callable[[Any], None]:
    return lambda node: setattr(node, name, kind())


def _fields(**values: Any) -> Callable[[Any], None]:
    return lambda node: node.__dict__.update(values)


def _with_comparison(kind: type, node: Any) -> None:
    node.ops[0] = kind()


def _without_keyword(position: int, node: Any) -> None:
    del node.keywords[position]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _as_pass(node: Any) -> None:
    node.__class__, fields = ast.Pass, ("targets", "target", "value", "op")
    for name in fields:
        node.__dict__.pop(name, None)
