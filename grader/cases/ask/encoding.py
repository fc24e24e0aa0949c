"""From a value to plain data, without asking it anything. `grader.cases.values` describes the data."""

import math
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from grader.cases.ask.carriers import NOTHING, carried, is_one_of
from grader.cases.values import DTYPES, MAX_DIGITS, MAX_LINES, MAX_STRING, PLAIN_INT, Budget, Limit, Member

_NUMPY_SCALARS = tuple(t for t in np.sctypeDict.values() if issubclass(t, np.bool_ | np.number))


def encode_value(value: Any) -> Any:
    """Return `value` as JSON-able data (see the module's docstring). Takes anything and never raises.

    >>> encode_value((1, float("inf"), np.zeros(2)))
    {'tuple': [1, {'float': 'inf'}, {'array': [0.0, 0.0], 'shape': [2], 'dtype': 'float64'}]}
    >>> encode_value(object())
    {'object': 'object'}
    """
    try:
        return _encode(value, Budget(), 0)
    except Limit as limit:
        return {"problem": str(limit)}


def type_name(value: Any) -> str:
    """Return the name of the type of `value`, without asking the object or its class."""
    # A metaclass may define __name__ as it likes; type's own descriptor reads the real one.
    return str(type.__dict__["__name__"].__get__(type(value)))[:60]


def _encode(value: Any, budget: Budget, depth: int) -> Any:
    budget.spend(1, depth)
    kind = type(value)
    if value is None or kind is bool:
        return value
    if is_one_of(kind, int, float, complex, str, Fraction, Decimal):
        return _encode_scalar(value, kind)
    if kind is list:
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
    kind = type(key)
    if is_one_of(kind, *_NUMPY_SCALARS) and issubclass(kind, np.integer):
        key, kind = int(key), int
    elif not is_one_of(kind, int, str):
        key = carried(key, kind)
        kind = type(key)
    if is_one_of(kind, int, str):
        return _encode_scalar(key, kind)
    raise Limit(f"a dictionary with a key of type {type_name(key)}")


def _encode_scalar(value: Any, kind: type) -> Any:
    if kind is str:
        if len(value) > MAX_STRING:
            raise Limit(f"a text of more than {MAX_STRING:,} characters")
        # A lone surrogate can't be sent as UTF-8.
        return value.encode("utf-8", "replace").decode("utf-8")
    if kind is int:
        # 3.33 bits to a decimal digit; str() of a huge int would take for ever.
        if value.bit_length() > MAX_DIGITS * 3.32:
            raise Limit(f"an integer of more than {MAX_DIGITS} digits")
        return value if abs(value) <= PLAIN_INT else {"int": str(value)}
    if kind is complex and value.imag == 0:
        value, kind = value.real, float
    if kind is complex:
        return {"complex": [_encode_scalar(value.real, float), _encode_scalar(value.imag, float)]}
    if kind is not float:
        try:
            value = float(value)
        except (OverflowError, ValueError):
            raise Limit(f"a {kind.__name__} beyond the range of floats") from None
    return value if math.isfinite(value) else {"float": str(value)}


def _encode_array(array: Any, budget: Budget, depth: int) -> Any:
    if array.dtype.kind in "OUT":
        # Objects and texts are read one by one; without axes it is what it holds.
        budget.spend(int(array.size), depth)
        budget.left += int(array.size)
        return _encode(array.tolist(), budget, depth + 1)
    name = "longdouble" if array.dtype == np.longdouble and array.dtype != np.float64 else array.dtype.name
    if array.dtype.kind not in "biufc" or name.startswith("clongdouble") or name == "complex256":
        return {"object": f"array of {array.dtype.name[:40]}"}
    budget.spend(int(array.size), depth)
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
        name = array.dtype.name
    flat = array.ravel()
    if array.dtype.kind == "c":  # Off the real axis it is no real number; the sentence needs the type only.
        flat = np.zeros(flat.size)
    elif array.dtype.kind == "f":
        flat = flat.astype(np.float64)
    numbers = flat.tolist()
    if array.dtype.kind == "f" and not np.isfinite(flat).all():
        numbers = [x if math.isfinite(x) else str(x) for x in numbers]
    return {"array": numbers, "shape": list(array.shape), "dtype": name}


def _encode_other(value: Any, kind: type, budget: Budget, depth: int) -> Any:
    plainer = carried(value, kind)
    if type(plainer) is Member:
        return {"member": [plainer.name, _encode(plainer.value, budget, depth + 1)]}
    if plainer is not NOTHING:
        return _encode(plainer, budget, depth + 1)
    torch = sys.modules.get("torch")
    if torch is not None and is_one_of(kind, torch.Tensor, torch.nn.Parameter, torch.nn.Buffer):
        return _encode_tensor(value, torch, budget, depth)
    algebra = sys.modules.get("grader.algebra")
    if algebra is not None and issubclass(kind, algebra.Derivation):  # a student's own kind of one, too
        return _encode_derivation(value)
    sympy = sys.modules.get("sympy")
    if sympy is not None and issubclass(kind, sympy.Basic):
        return _encode_expression(value)
    return {"object": type_name(value)}


def _encode_tensor(tensor: Any, torch: Any, budget: Budget, depth: int) -> Any:
    # By the class's own methods: an object's attributes may be anything.
    plain = torch.Tensor.detach(tensor)
    budget.spend(int(plain.numel()), depth)
    held = plain.device.type != "meta"  # Otherwise there are no numbers to read.
    if held and plain.layout is not torch.strided:
        plain = plain.to_dense()
    name = str(plain.dtype).removeprefix("torch.")
    if not held or name not in DTYPES:
        return {"object": f"tensor of {plain.dtype}, {plain.layout}"}
    plain = plain.cpu().resolve_conj().resolve_neg()
    if plain.is_floating_point():
        plain = plain.to(torch.float64)
    encoded = _encode_array(plain.numpy(), budget, depth)
    return encoded | {"dtype": encoded["dtype"] if plain.is_complex() else name, "torch": True}


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
            raise Limit(f"a derivation of more than {MAX_LINES} lines")
        because = line.because if type(line.because) is str else ""
        relation = line.relation if type(line.relation) is str else ""
        # A line that is argued in words has no expression, so there is nothing to compute.
        tree = None if line.expr is None else _encode_expression(line.expr)
        entry = [relation, tree["expr"] if tree and "expr" in tree else tree, because[:500]]
        lines.append(entry + _as_typed(line))
    return {"derivation": lines}


def _as_typed(line: Any) -> list[Any]:
    """What of a line SymPy evaluated away: the tree as it was typed, if another, and the names that it uses."""
    from grader.algebra import AlgebraError, encode
    from grader.algebra.typed import names_in

    if line.expr is None:
        return [None, []]
    try:
        written = getattr(line, "typed", None)
        typed = None if written is None or written == line.expr else encode(written)
    except AlgebraError:
        typed = None
    return [typed, names_in(line.expr)]
