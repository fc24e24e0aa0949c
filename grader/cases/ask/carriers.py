"""What carries a number or a text, and how it is read without running its author's code.

One number is one number: a subclass of a built-in type, an `mpf`, a matrix or a series of another library is read by
the methods of the base or of the library, looked up on the class itself, never on the object. So whatever a class
overrides stays unasked.
"""

import array as arrays
import enum
import sys
from collections import deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from grader.cases.values import MAX_ITEMS, Limit, Member

NOTHING = object()
"""What `carried` returns for a value that carries nothing that it knows."""

_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()))
_NUMBERS = (
    int,
    float,
    complex,
    Fraction,
    Decimal,
    *{t for t in np.sctypeDict.values() if issubclass(t, np.number)},
)
_SPARSE = [f"{form}_{kind}" for form in "bsr coo csc csr dia dok lil".split() for kind in ("array", "matrix")]


def bases(kind: type) -> tuple[type, ...]:
    """Return the method resolution order of a class, by type's own descriptor: a metaclass may lie about it."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return found


def is_one_of(kind: type, *kinds: type) -> bool:
    """Return whether `kind` is one of these very types.

    `kind in kinds` would ask its metaclass, which may call itself equal to every type.
    """
    return any(kind is k for k in kinds)


def carried(value: Any, kind: type) -> Any:
    """Return what a value of type `kind` carries, in a plainer type, or NOTHING.

    A masked array with masked entries and an array that is too large raise Limit.

    >>> from collections import namedtuple
    >>> pair = namedtuple("Pair", "x y")(1, 2.5)
    >>> carried(pair, type(pair))
    (1, 2.5)
    """
    if kind is range or is_one_of(kind, *_VIEWS):
        if len(value) > MAX_ITEMS:
            raise Limit(f"more than {MAX_ITEMS:,} numbers")
        return list(value)
    order = bases(kind)
    # A member of an enumeration that is no text or whole number itself: its value when that is a text or a number.
    if len(order) > 2 and is_one_of(enum.Enum, *order) and type(kind) is enum.EnumType:
        stored = object.__getattribute__(value, "__dict__")
        inner, name = stored.get("_value_"), stored.get("_name_")
        if not is_one_of(str, *order) and not is_one_of(int, *order):
            if type(inner) is str:
                return inner
            return Member(str(name)[:60], inner) if is_one_of(type(inner), *_NUMBERS) else name
    found = _built_in(value, order)
    return _of_library(value, kind, order) if found is NOTHING else found


def _built_in(value: Any, order: tuple[type, ...]) -> Any:
    for base in order[1:]:
        if base is np.ndarray:
            return _array(value, order[0])
        if base is int or base is float or base is complex:
            return base.__dict__[f"__{base.__name__}__"](value)
        if base is str:
            return str.__str__(value)
        if base is tuple:
            return tuple(tuple.__iter__(value))
        if base is list or base is dict:
            return base.copy(value)
    if is_one_of(deque, *order):
        return list(deque.__iter__(value))
    return arrays.array.tolist(value) if order[0] is arrays.array else NOTHING


def _array(value: Any, kind: type) -> Any:
    masked = sys.modules.get("numpy.ma")
    if masked is not None and is_one_of(masked.MaskedArray, *bases(kind)):
        if kind is not masked.MaskedArray or masked.getmaskarray(value).any():
            raise Limit("a masked array with masked entries, which are no numbers")
    return np.ndarray.view(value, np.ndarray)


def _of_library(value: Any, kind: type, order: tuple[type, ...]) -> Any:
    """Read what another library's type carries; only libraries that are loaded are looked at."""
    loaded = sys.modules.get
    if (multiprecision := loaded("mpmath")) is not None:
        found = _multiprecision(value, kind, order, multiprecision)
        if found is not NOTHING:
            return found
    if (sparse := loaded("scipy.sparse")) is not None:
        if is_one_of(kind, *(getattr(sparse, n) for n in _SPARSE if hasattr(sparse, n))):
            return _dense(kind, value, value.shape)
    if (pandas := loaded("pandas")) is not None and hasattr(pandas, "DataFrame"):
        if is_one_of(kind, pandas.Series, pandas.DataFrame, pandas.Index):
            return kind.to_numpy(value)  # type: ignore[attr-defined]
    if (sympy := loaded("sympy")) is not None and hasattr(sympy, "ImmutableDenseNDimArray"):
        if value is sympy.true or value is sympy.false:
            return value is sympy.true
        if value is sympy.nan:
            return float("nan")
        if value is sympy.zoo:
            raise Limit("zoo, SymPy's infinity without a sign, which is no number (the logarithm of 0?)")
        if kind is sympy.Tuple:
            return tuple(kind.args.__get__(value))
        matrices = (
            sympy.Matrix,
            sympy.ImmutableMatrix,
            sympy.MutableDenseNDimArray,
            sympy.ImmutableDenseNDimArray,
        )
        if is_one_of(kind, *matrices):
            return kind.tolist(value)  # type: ignore[attr-defined]
    return NOTHING


def _dense(kind: Any, value: Any, shape: tuple[int, ...]) -> Any:
    size = 1
    for side in shape:
        size *= int(side)
    if size > MAX_ITEMS:
        raise Limit(f"more than {MAX_ITEMS:,} numbers")
    return kind.toarray(value)


def _multiprecision(value: Any, kind: type, order: tuple[type, ...], mpmath: Any) -> Any:
    slots = getattr(mpmath, "ctx_mp_python", None)
    if slots is None:
        return NOTHING
    if (
        is_one_of(slots._mpf, *order)
        and type(slots._mpf.__dict__.get("_mpf_")).__name__ == "member_descriptor"
    ):
        parts = _stored(slots._mpf, "_mpf_", value)
        plain = (int, type(mpmath.libmp.MPZ_ZERO))
        if type(parts) is tuple and len(parts) == 4 and all(is_one_of(type(p), *plain) for p in parts):
            return float(mpmath.libmp.to_float(parts))
    if is_one_of(slots._mpc, *order):
        parts = _stored(slots._mpc, "_mpc_", value)
        if type(parts) is tuple and len(parts) == 2 and parts[1] == mpmath.libmp.fzero:
            return float(mpmath.libmp.to_float(parts[0]))
        return 1j  # Off the real axis it is no real number; the sentence needs the type only.
    return kind.tolist(value) if kind is mpmath.mp.matrix else NOTHING


def _stored(base: type, name: str, value: Any) -> Any:
    try:
        return base.__dict__[name].__get__(value)
    except AttributeError:  # A constant such as mp.e holds no number; it computes one.
        return None
