"""What an answer refers to, as objects: which of a library's functions it holds, whatever they were called.

`grader.cases.ask.guard` sees calls. It does not see those of NumPy's ufuncs (`scipy.special.rel_entr`), which the
interpreter tells nobody of, nor those of a builtin function that C calls (`map(math.lgamma, ...)`). So these are found
where an answer holds them, and replaced in their modules and in the notebook by doors that tell, while it is asked.
"""

import dis
import functools
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from grader.cases.ask.libraries import is_library
from grader.cases.values import OUT_OF_SIGHT

_MOST = 2_000
"""Objects that are looked at: an answer that holds more than this holds data."""


def held(answer: Any, names: Iterable[str]) -> list[str]:
    """Return the forbidden names whose functions an answer refers to; only loaded libraries are looked at.

    >>> import math
    >>> held((lambda log: lambda x: log(x))(math.log), ["math.log", "math.exp"])
    ['math.log']
    """
    names = list(names)
    wanted = {id(function): name for name, function in functions_of(names)}
    found: dict[str, None] = {}
    seen: set[int] = set()
    left = [answer] if names else []
    while left and len(seen) < _MOST:
        each = left.pop()
        if id(each) in wanted:
            found[wanted[id(each)]] = None
        elif _of_a_c_library(each):
            found[OUT_OF_SIGHT] = None
        elif id(each) not in seen:
            seen.add(id(each))
            left += _parts(each)
    return [name for name in (*names, OUT_OF_SIGHT) if name in found]


@contextmanager
def doors_that_tell(names: Iterable[str], tell: Callable[[str], None]) -> Iterator[None]:
    """Put doors in the place of forbidden ufuncs and builtin functions, in every module of their library and under
    every name of the notebook; `tell` is told who is called."""
    replaced = []
    notebook = getattr(sys.modules.get("__main__"), "__dict__", {})
    for name, function in functions_of(names):
        builtin, top = type(function) is types.BuiltinFunctionType, name.partition(".")[0]
        if not (hasattr(function, "reduce") or (builtin and top != "torch")):
            continue  # a profiler sees its calls, and Torch tells them
        modules = [
            vars(m) for n, m in list(sys.modules.items()) if n.partition(".")[0] == top and m is not None
        ]
        last = name.rsplit(".", 1)[-1]
        places = [(space, last) for space in modules if space.get(last) is function]
        places += [(notebook, key) for key, value in list(notebook.items()) if value is function]
        for space, key in places:
            replaced.append((space, key, function))
            space[key] = _Door(function, name, tell)
    try:
        yield
    finally:
        for space, key, function in replaced:
            space[key] = function


class _Door:
    """Calls what it stands for, and tells it."""

    def __init__(self, function: Any, name: str, tell: Callable[[str], None]) -> None:
        self._function, self._name, self._tell = function, name, tell

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._tell(self._name)
        return self._function(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


def functions_of(names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield the functions that dotted names stand for, in modules that are loaded."""
    for name in names:
        module, _, last = name.rpartition(".")
        found = getattr(sys.modules.get(module), "__dict__", {}).get(last)
        if callable(found):
            yield name, found


def _of_a_c_library(each: Any) -> bool:
    """Whether it is a function that `ctypes` has found: nobody sees it called."""
    ctypes = sys.modules.get("ctypes")
    return ctypes is not None and issubclass(type(each), ctypes._CFuncPtr)


def _parts(each: Any) -> list[Any]:
    """What an object of the student's own code refers to."""
    kind = type(each)
    if kind is types.FunctionType:
        return [] if is_library(each.__code__.co_filename) else _of_function(each)
    if kind is types.MethodType:
        return [each.__func__, each.__self__]
    if kind is functools.partial:
        return [each.func, *each.args, *each.keywords.values()]
    if kind in (list, tuple):
        return list(each[:100])
    if kind is dict:
        return list(each.values())[:100]
    if kind in (staticmethod, classmethod):
        return [each.__func__]
    if kind is property:
        return [each.fget]
    if isinstance(each, type):
        own = type.__dict__["__dict__"].__get__(each)
        return list(own.values()) if _is_own(own) else []
    own = type.__dict__["__dict__"].__get__(kind)
    if not _is_own(own):
        return []
    try:
        return [kind, *object.__getattribute__(each, "__dict__").values()]
    except AttributeError:  # it has slots
        return [kind]


def _is_own(members: Any) -> bool:
    """Whether a class was written by the student: one of its functions stands in no library's file."""
    functions = [m for m in members.values() if type(m) is types.FunctionType]
    return any(not is_library(f.__code__.co_filename) for f in functions)


def _of_function(function: Any) -> list[Any]:
    names = set(_globals_of(function.__code__))
    found = [function.__globals__[name] for name in names if name in function.__globals__]
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # it is empty yet
            continue
    return [*found, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]


def _globals_of(code: types.CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _globals_of(constant)
