"""Whether a function calls what its task forbids, while it runs; `grader.cases.mark.forbidden` reads its source.

This sees a call by any name and by any way: an alias, a helper in another cell, `getattr` and `eval`, a module that
calls it inside (`nn.LogSoftmax`). It works in the student's own process. So whoever takes the watch down, or computes
in a thread or a process that it does not see, is not found here; a taken-down watch is told as "sys.setprofile". Nor
is a function written in C that C calls (`map(math.log, ...)`) seen, but for Torch's, which tell it themselves, and for
ufuncs, which `grader.cases.ask.references` watches.
"""

import builtins
import linecache
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from types import FrameType
from typing import Any, cast

from grader.cases.ask.libraries import is_library
from grader.cases.ask.references import doors_that_tell
from grader.cases.values import WATCH_TAKEN_DOWN

_BELOW_PYTHON = ("_forward", "_nd", "2d", "_loss", "_out", "_default")
_OF_A_CLASS = ("__call__", "__init__", "__new__")
_UFUNC_METHODS = ("reduce", "accumulate")


class Calls(list[str]):
    """The forbidden names that were called, each once, and where: the student's line that led to it, by name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        super().__init__(names)
        self.lines: dict[str, tuple[int, str]] = {}

    def add(self, name: str, frame: FrameType | None) -> None:
        """Take down a call that the frame, or one above it, led to."""
        if name in self:
            return
        self.append(name)
        while frame is not None and is_library(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is not None:
            code = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            self.lines[name] = (frame.f_lineno, code[:120])


@contextmanager
def watched(names: Iterable[str]) -> Iterator[Calls]:
    """Watch the calls of the block; yield what receives the forbidden names that are called.

    names: as `grader.cases.mark.doors` has them. A student's own function of a forbidden name is no library's, so it
    may be called.

    >>> import math
    >>> with watched(["math.log", ".lgamma"]) as used:
    ...     (lambda f: f(2.0))(math.log)
    0.6931471805599453
    >>> used
    ['math.log']
    """
    wanted: dict[str, list[str]] = {}
    whole = [name.removesuffix("*") for name in names if name.endswith(".*")]
    for name in names:
        wanted.setdefault(name.rsplit(".", 1)[-1], []).append(name)
    used = Calls()
    if not wanted:
        yield used
        return

    def watch(frame: FrameType, event: str, called: Any) -> None:
        if event == "call":
            simple, module = frame.f_code.co_name, frame.f_globals.get("__name__", "")
            if simple in _OF_A_CLASS:
                simple = _operator(frame) if simple == "__call__" else _made(frame)
            known = any(name in wanted for name in _in_python(simple))
            if not (known or whole) or not is_library(frame.f_code.co_filename):
                return
            called, caller = None, frame.f_back
            for opened in whole:
                if f"{module}.".startswith(opened):
                    used.add(f"{opened}*", caller)
        elif event == "c_call":
            simple, module, caller = called.__name__, getattr(called, "__module__", None) or "", frame
        else:
            return
        simple = next((name for name in _in_python(simple) if name in wanted), simple)
        for name in wanted.get(simple, ()):
            if name not in used and _meant(name, module, called, frame):
                used.add(name, caller)

    def watch_torch(called: Any) -> None:
        name = getattr(called, "__name__", "")
        simple = (
            getattr(called.__self__, "__name__", "") if name == "__get__" else name
        )  # a property, such as .grad
        simple = next((s for s in _in_python(simple) if s in wanted), simple)
        for each in wanted.get(simple, ()):
            if each not in used and each.startswith((".", "torch.")):
                used.add(each, sys._getframe())

    before = sys.getprofile()
    with doors_that_tell(names, lambda name: used.add(name, sys._getframe(2))), _torch_mode(watch_torch):
        sys.setprofile(watch)
        try:
            yield used
        finally:
            taken_down = sys.getprofile() is not watch
            sys.setprofile(before)
            if taken_down:
                used.append(WATCH_TAKEN_DOWN)


def _torch_mode(told: Callable[[Any], None]) -> AbstractContextManager[Any]:
    """Return a context in which Torch tells each of its functions that is called, by C (`map`) as well."""
    torch = sys.modules.get("torch")
    overrides = getattr(torch, "overrides", None)
    if overrides is None:
        return nullcontext()

    class Watch(overrides.TorchFunctionMode):  # type: ignore[name-defined]
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            told(function)
            return function(*args, **(kwargs or {}))

    return cast(AbstractContextManager[Any], Watch())


def _operator(frame: FrameType) -> str:
    """Return the name of the Torch operator that is called (`torch.ops.aten._log_softmax`), else ""."""
    if frame.f_globals.get("__name__") != "torch._ops":
        return ""
    name = getattr(frame.f_locals.get("self"), "__name__", "")
    return str(name).partition(".")[0]


@lru_cache(10_000)
def _in_python(simple: str) -> tuple[str, ...]:
    """The names that a function of Torch's own may have in Python: nll_loss for nll_loss_nd, softmax for _softmax."""
    found = [simple, simple.strip("_")]
    while ending := next((e for e in _BELOW_PYTHON if found[-1].endswith(e)), ""):
        found.append(found[-1].removesuffix(ending))
    return tuple(found)


def _made(frame: FrameType) -> str:
    """Return the name of the class whose object is made, by `__init__` or `__new__`."""
    first = frame.f_code.co_varnames[:1]
    made = frame.f_locals.get(first[0]) if first else None
    kind = made if frame.f_code.co_name == "__new__" else type(made)
    return str(type.__dict__["__name__"].__get__(kind)) if isinstance(kind, type) else ""


def _meant(name: str, module: str, called: Any, frame: FrameType) -> bool:
    """Return whether a library's function with the last part of this name is the one that is forbidden."""
    if name.startswith("."):
        return True
    if "." in name:
        parts = name.split(".")
        if parts[-1] in _UFUNC_METHODS:  # of which every ufunc has its own
            return getattr(getattr(called, "__self__", None), "__name__", None) == parts[-2]
        return not module or module.partition(".")[0] == parts[0]
    # A builtin: libraries may use it, the student may not.
    return getattr(builtins, name, None) is called and not is_library(frame.f_code.co_filename)
