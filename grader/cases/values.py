"""Values as plain data, and back: the only form in which anything leaves a student's process.

    None, bool, int, float, str    as they are; {"int": "123..."} when large, {"float": "nan"} when not finite
    list, tuple, dict              [...], {"tuple": [...]}, {"dict": [[key, value], ...]}
    complex                        {"complex": [re, im]}
    NumPy array or scalar          {"array": [flat numbers], "shape": [...], "dtype": "float64"}
    Torch tensor                   the same with "torch": true
    SymPy expression               {"expr": tree}, see `grader.algebra.encode`
    Derivation                     {"derivation": [[relation, tree, because], ...]}
    anything else                  {"object": "the name of its type"}
    beyond a limit                 {"problem": "a text of more than 10,000 characters"}

Types are compared exactly. An unknown object is never asked anything (no `__eq__`, `__array__`, `__float__`,
`__len__`, `__iter__`, `__repr__`): whatever it would say is its author's word, not a value.
"""

import math
import sys
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

MAX_STRING = 10_000
MAX_ITEMS = 200_000
MAX_DEPTH = 20
MAX_DIGITS = 300
MAX_DIMENSIONS = 16
MAX_LINES = 200

_PLAIN_INT = 2**53
_NUMPY_SCALARS = tuple(t for t in np.sctypeDict.values() if issubclass(t, np.bool_ | np.number))
_DTYPES = frozenset(
    ["bool", "complex64", "complex128", "float16", "float32", "float64", "longdouble", "bfloat16"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
)


@dataclass(frozen=True)
class Foreign:
    """What stands where a value should be: an object of another type, or something beyond a limit.

    what: a noun with its article, for a sentence: "an object of type Tensor".
    """

    what: str


@dataclass(frozen=True)
class Tree:
    """An encoded expression, not yet decoded: that takes the task's symbols."""

    tree: Any


@dataclass(frozen=True)
class Lines:
    """An encoded derivation: its lines, not yet decoded."""

    lines: Any


class _Limit(Exception):
    pass


class _Budget:
    """Counts items, so that a hundred large lists are as much too much as one huge one."""

    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def spend(self, items: int, depth: int) -> None:
        self.left -= items
        if self.left < 0:
            raise _Limit(f"more than {MAX_ITEMS:,} numbers")
        if depth > MAX_DEPTH:
            raise _Limit(f"lists nested more than {MAX_DEPTH} deep")


def encode_value(value: Any) -> Any:
    """Return `value` as JSON-able data (see the module's docstring). Takes anything and never raises.

    >>> encode_value((1, float("inf"), np.zeros(2)))
    {'tuple': [1, {'float': 'inf'}, {'array': [0.0, 0.0], 'shape': [2], 'dtype': 'float64'}]}
    >>> encode_value(object())
    {'object': 'object'}
    """
    try:
        return _encode(value, _Budget(), 0)
    except _Limit as limit:
        return {"problem": str(limit)}


def decode_value(data: Any, torch: bool = False) -> Any:
    """Return the value that `data` stands for; a `Foreign` for what is none. Takes any JSON and never raises.

    torch: whether a Torch tensor becomes one again (this imports torch); otherwise it becomes a NumPy array.

    >>> decode_value({"array": [1.0, 2.0], "shape": [2], "dtype": "float32"})
    array([1., 2.], dtype=float32)
    """
    try:
        return _decode(data, _Budget(), 0, torch)
    except _Limit as limit:
        return Foreign(str(limit))


def is_value(data: Any) -> bool:
    """Return whether encoded `data` is a real value throughout: nothing foreign, complex or symbolic in it.

    >>> is_value([1.5, {"float": "inf"}]), is_value([{"object": "Foo"}])
    (True, False)
    """
    if isinstance(data, list):
        return all(map(is_value, data))
    if not isinstance(data, dict):
        return True
    if "array" in data:
        return not str(data["dtype"]).startswith("complex")
    if "dict" in data:
        return all(is_value(v) for _, v in data["dict"])
    return is_value(data["tuple"]) if "tuple" in data else ("float" in data or "int" in data)


def type_name(value: Any) -> str:
    """Return the name of the type of `value`, without asking the object or its class."""
    # A metaclass may define __name__ as it likes; type's own descriptor reads the real one.
    return str(type.__dict__["__name__"].__get__(type(value)))[:60]


def is_one_of(kind: type, *kinds: type) -> bool:
    """Return whether `kind` is one of these very types.

    `kind in kinds` would ask its metaclass, which may call itself equal to every type.
    """
    return any(kind is k for k in kinds)


def _encode(value: Any, budget: _Budget, depth: int) -> Any:
    budget.spend(1, depth)
    kind = type(value)
    if value is None or kind is bool:
        return value
    if is_one_of(kind, int, float, complex, str, Fraction, Decimal):
        return _encode_scalar(value, kind)
    if kind is list or kind is range:
        budget.spend(len(value), depth)
        budget.left += len(value)
        return [_encode(v, budget, depth + 1) for v in value]
    if kind is tuple:
        return {"tuple": [_encode(v, budget, depth + 1) for v in value]}
    if kind is dict:
        pairs = [[_encode_key(k), _encode(v, budget, depth + 1)] for k, v in value.items()]
        return {"dict": pairs}
    if is_one_of(kind, np.ndarray, *_NUMPY_SCALARS):
        return _encode_array(np.asarray(value), budget, depth)
    return _encode_other(value, kind, budget, depth)


def _encode_key(key: Any) -> Any:
    if is_one_of(type(key), int, str):
        return _encode_scalar(key, type(key))
    raise _Limit(f"a dictionary with a key of type {type_name(key)}")


def _encode_scalar(value: Any, kind: type) -> Any:
    if kind is str:
        if len(value) > MAX_STRING:
            raise _Limit(f"a text of more than {MAX_STRING:,} characters")
        # A lone surrogate can't be sent as UTF-8.
        return value.encode("utf-8", "replace").decode("utf-8")
    if kind is int:
        # 3.33 bits to a decimal digit; str() of a huge int would take for ever.
        if value.bit_length() > MAX_DIGITS * 3.32:
            raise _Limit(f"an integer of more than {MAX_DIGITS} digits")
        return value if abs(value) <= _PLAIN_INT else {"int": str(value)}
    if kind is complex:
        return {"complex": [_encode_scalar(value.real, float), _encode_scalar(value.imag, float)]}
    if kind is not float:
        try:
            value = float(value)
        except (OverflowError, ValueError):
            raise _Limit(f"a {kind.__name__} beyond the range of floats") from None
    return value if math.isfinite(value) else {"float": str(value)}


def _encode_array(array: Any, budget: _Budget, depth: int) -> Any:
    name = "longdouble" if array.dtype == np.longdouble and array.dtype != np.float64 else array.dtype.name
    if array.dtype.kind not in "biufc" or name.startswith("clongdouble") or name == "complex256":
        return {"object": f"array of {array.dtype.name[:40]}"}
    budget.spend(int(array.size), depth)
    flat = array.ravel()
    if array.dtype.kind == "c":
        flat = np.zeros(
            flat.size
        )  # Complex is no real number, whatever its values; the sentence needs the type only.
    elif array.dtype.kind == "f":
        flat = flat.astype(np.float64)
    numbers = flat.tolist()
    if array.dtype.kind == "f" and not np.isfinite(flat).all():
        numbers = [x if math.isfinite(x) else str(x) for x in numbers]
    return {"array": numbers, "shape": list(array.shape), "dtype": name}


def _encode_other(value: Any, kind: type, budget: _Budget, depth: int) -> Any:
    torch = sys.modules.get("torch")
    if torch is not None and is_one_of(kind, torch.Tensor, torch.nn.Parameter):
        return _encode_tensor(value, torch, budget, depth)
    algebra = sys.modules.get("grader.algebra")
    if algebra is not None and kind is algebra.Derivation:
        return _encode_derivation(value)
    sympy = sys.modules.get("sympy")
    if sympy is not None and issubclass(kind, sympy.Basic):
        return _encode_expression(value)
    return {"object": type_name(value)}


def _encode_tensor(tensor: Any, torch: Any, budget: _Budget, depth: int) -> Any:
    if tensor.layout is not torch.strided or str(tensor.dtype).removeprefix("torch.") not in _DTYPES:
        return {"object": f"tensor of {tensor.dtype}, {tensor.layout}"}
    budget.spend(int(tensor.numel()), depth)
    plain = tensor.detach().cpu()
    name = str(plain.dtype).removeprefix("torch.")
    if plain.is_floating_point():
        plain = plain.to(torch.float64)
    return _encode_array(plain.numpy(), budget, depth) | {"dtype": name, "torch": True}


def _encode_expression(expression: Any) -> Any:
    from grader.algebra import AlgebraError, encode

    try:
        return {"expr": encode(expression)}
    except AlgebraError as error:
        return {"problem": f"an expression that can't be read: {str(error)[:500]}"}


def _encode_derivation(derivation: Any) -> Any:
    lines: list[Any] = []
    for line in derivation.lines:
        if len(lines) == MAX_LINES:
            raise _Limit(f"a derivation of more than {MAX_LINES} lines")
        because = line.because if type(line.because) is str else ""
        relation = line.relation if type(line.relation) is str else ""
        # A line that is argued in words has no expression, so there is nothing to compute.
        tree = None if line.expr is None else _encode_expression(line.expr)
        lines.append([relation, tree["expr"] if tree and "expr" in tree else tree, because[:500]])
    return {"derivation": lines}


def _decode(data: Any, budget: _Budget, depth: int, torch: bool) -> Any:
    budget.spend(1, depth)
    if data is None or type(data) is bool or type(data) is float:
        return data
    if type(data) is int:
        return data if abs(data) <= _PLAIN_INT else Foreign("a number that was sent in a wrong way")
    if type(data) is str:
        return data if len(data) <= MAX_STRING else Foreign(f"a text of more than {MAX_STRING:,} characters")
    if type(data) is list:
        return [_decode(v, budget, depth + 1, torch) for v in data]
    if type(data) is dict:
        return _decode_tagged(data, budget, depth, torch)
    return Foreign("something that is no plain data")


def _decode_tagged(data: dict[str, Any], budget: _Budget, depth: int, torch: bool) -> Any:
    match data:
        case {"array": list(numbers), "shape": list(shape), "dtype": str(dtype)}:
            budget.spend(len(numbers), depth)
            return _decode_array(numbers, shape, dtype, torch and data.get("torch") is True)
        case {"tuple": list(items)}:
            return tuple(_decode(v, budget, depth + 1, torch) for v in items)
        case {"dict": list(pairs)}:
            return _decode_dict(pairs, budget, depth, torch)
        case {"float": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"int": str(text)} if (
            len(text) <= MAX_DIGITS + 2 and text.lstrip("-").isdecimal() and text.isascii()
        ):
            return int(text)
        case {"complex": [_, _]}:
            re, im = (_decode(part, budget, depth + 1, torch) for part in data["complex"])
            return complex(re, im) if type(re) is float and type(im) is float else Foreign("a complex number")
        case {"expr": tree}:
            return Tree(tree)
        case {"derivation": lines}:
            return Lines(lines)
        case {"object": str(name)}:
            return Foreign(f"an object of type {name[:60]}")
        case {"problem": str(text)}:
            return Foreign(text[:600])
        case _:
            return Foreign("something that is no plain data")


def _decode_dict(pairs: list[Any], budget: _Budget, depth: int, torch: bool) -> Any:
    decoded = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2:
            return Foreign("something that is no plain data")
        key = _decode(pair[0], budget, depth + 1, torch)
        if type(key) not in (int, str):
            return Foreign("something that is no plain data")
        decoded[key] = _decode(pair[1], budget, depth + 1, torch)
    return decoded


def _decode_array(numbers: list[Any], shape: list[Any], dtype: str, torch: bool) -> Any:
    wrong = Foreign("an array that was sent in a wrong way")
    if dtype not in _DTYPES or len(shape) > MAX_DIMENSIONS:
        return wrong
    if not all(type(n) is int and 0 <= n <= MAX_ITEMS for n in shape) or math.prod(shape) != len(numbers):
        return wrong
    if dtype.startswith("complex"):
        return np.zeros(shape, dtype)
    kinds = (
        {bool}
        if dtype == "bool"
        else {int, float, str}
        if "float" in dtype or dtype == "longdouble"
        else {int}
    )
    if not kinds.issuperset(map(type, numbers)):
        return wrong
    if str in kinds and not {"nan", "inf", "-inf"}.issuperset(n for n in numbers if type(n) is str):
        return wrong
    try:
        array = np.array(
            [float(n) for n in numbers] if str in kinds else numbers, np.float64 if str in kinds else dtype
        )
    except (OverflowError, ValueError):
        return wrong
    if torch:
        import torch as torch_module

        return torch_module.from_numpy(array.reshape(shape)).to(getattr(torch_module, dtype))
    # NumPy has no bfloat16; float32 holds its values exactly.
    return array.astype("float32" if dtype == "bfloat16" else dtype).reshape(shape)
