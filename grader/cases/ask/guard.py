"""Whether a function calls what its task forbids, while it is asked; `grader.cases.mark.forbidden` reads its source.

Promised, each with a test that names it (`tests/promises.py`):

- a call is seen by any name and by any way: an alias, a helper in another cell, `getattr` and `eval`, a module that
  calls it inside (`nn.LogSoftmax`);
- the watch stands from before the inputs are known until the last result is plain data;
- where it can't see, it tells that somebody went there: a thread or a process that is started; the watch that is taken
  down, and be it put back; a function that the interpreter runs unwatched (a trace function, an audit hook); a C
  library's function by `ctypes`; a look at the collector's objects;
- who has taken the profiler down is heard all the same, by an audit hook, which Python has no way to remove;
- of what C calls from C (by `map`) these are seen: Torch's functions, which tell it themselves; ufuncs and builtin
  functions that are found by their modules or by a name of the notebook, in whose places
  `grader.cases.ask.references` puts doors that tell;
- where an answer is asked behind walls, the judge sees to it from outside that there is no other thread or process.

Not promised: anything against who replaces the grader's own modules in the student's process, where this works, or
writes to memory, nor that any other function written in C is seen which C calls (`map` over an array's `lgamma`; with
Python 3.11, which raises no event for it, the start of a thread, and behind walls none can be started).
So no task's answer is a forbidden call by itself (`tests/exercises/test_forbidden_alone.py`): who gets one past the
watch has the logarithm in nats where bits are asked, or the loss without its temperature. A call with a line around
it would still do, for whatever follows from a library's function by a line does. The gradient of a loss is told from
its differences by the digits; it is not told from its derivative by a step into the complex plane, which is exact.
"""

import _thread
import builtins
import gc
import linecache
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from types import FrameType
from typing import Any, cast

from grader.cases.ask.libraries import is_library
from grader.cases.ask.references import doors_that_tell, functions_of, held
from grader.cases.values import OUT_OF_SIGHT, WATCH_TAKEN_DOWN

_BELOW_PYTHON = ("_forward", "_nd", "2d", "_loss", "_out", "_default")
_OF_A_CLASS = ("__call__", "__init__", "__new__")
_UFUNC_METHODS = ("reduce", "accumulate")

# Taken before any student's code runs, which may put something else in their places.
_set, _get = sys.setprofile, sys.getprofile
_TAMPERING = {
    id(function): told
    for told, functions in (
        (WATCH_TAKEN_DOWN, (_set, _get, sys.settrace, gc.get_objects, gc.get_referrers, gc.get_referents)),
        (OUT_OF_SIGHT, (_thread.start_new_thread, *(getattr(os, n, None) for n in ("fork", "posix_spawn")))),
    )
    for function in functions
}
_EVENTS = {
    **dict.fromkeys(
        (
            "sys.setprofile",
            "sys.settrace",
            "sys.addaudithook",
            "sys.monitoring.register_callback",
            "gc.get_objects",
            "gc.get_referrers",
            "gc.get_referents",
        ),
        WATCH_TAKEN_DOWN,
    ),
    **dict.fromkeys(
        (
            "_thread.start_new_thread",
            "_thread.start_joinable_thread",
            "os.fork",
            "os.forkpty",
            "os.posix_spawn",
            "os.system",
            "os.exec",
            "subprocess.Popen",
        ),
        OUT_OF_SIGHT,
    ),
}
_CTYPES = ("ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function")


class Calls(list[str]):
    """The forbidden names that were called, each once, and where: the student's line that led to it, by name.

    tell: is called with each name, its line's number and its text, as soon as it is known.
    """

    def __init__(self, tell: Callable[[str, int, str], None] | None = None) -> None:
        super().__init__()
        self.lines: dict[str, tuple[int, str]] = {}
        self._tell = tell

    def add(self, name: str, frame: FrameType | None = None) -> None:
        """Take down a call that the frame, or one above it, led to."""
        if name in self:
            return
        self.append(name)
        while frame is not None and is_library(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is not None:
            code = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            self.lines[name] = (frame.f_lineno, code[:120])
        if self._tell is not None:
            self._tell(name, *self.lines.get(name, (0, "")))


@contextmanager
def watched(
    names: Iterable[str], answer: Any = None, tell: Callable[[str, int, str], None] | None = None
) -> Iterator[Calls]:
    """Watch the calls of the block; yield what receives the forbidden names that are called.

    names: as `grader.cases.mark.doors` has them. A student's own function of a forbidden name is no library's, so it
    may be called. answer: what is going to be called; what it refers to counts as called. tell: as `Calls` has it.

    >>> import math
    >>> with watched(["math.log", ".lgamma"]) as used:
    ...     (lambda f: f(2.0))(math.log)
    0.6931471805599453
    >>> used
    ['math.log']
    """
    wanted: dict[str, list[str]] = {}
    names = list(names)
    whole = [name.removesuffix("*") for name in names if name.endswith(".*")]
    for name in names:
        wanted.setdefault(name.rsplit(".", 1)[-1], []).append(name)
    used = Calls(tell)
    if not wanted:
        yield used
        return
    for name in held(answer, names):
        used.add(name)
    # By what it is, too: the name of a module or of a function's module can be changed.
    resolved = {id(getattr(each, "__code__", each)): name for name, each in functions_of(names)}

    def watch(frame: FrameType, event: str, called: Any) -> None:
        # What runs in here is not watched, so nothing in here may run a student's code: no attribute of an object of
        # theirs is asked for, and no method of a mapping of theirs is called.
        if event == "call":
            if id(frame.f_code) in resolved:
                used.add(resolved[id(frame.f_code)], frame.f_back)
            simple, module = frame.f_code.co_name, _text(dict.get(frame.f_globals, "__name__"))
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
            simple, module, caller = called.__name__, _text(getattr(called, "__module__", None)), frame
            if id(called) in resolved:
                used.add(resolved[id(called)], frame)
            if id(called) in _TAMPERING and frame.f_code is not _own:
                used.add(_TAMPERING[id(called)], frame)
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

    before, traced = _get(), sys.gettrace()
    sys.settrace(None)  # what a trace function calls is not watched
    doors = doors_that_tell(names, lambda name: used.add(name, sys._getframe(2)))
    with doors, _torch_mode(watch_torch):
        _set(watch)
        try:
            with _listening(used):
                yield used
        finally:
            if _get() is not watch:
                used.add(WATCH_TAKEN_DOWN)
            _set(before)
            sys.settrace(traced)


_own = watched.__wrapped__.__code__  # type: ignore[attr-defined]


class _Heard:
    """What an audit hook hears: who is to be told of it, and whether somebody has added a hook of their own."""

    def __init__(self) -> None:
        self.used: Calls | None = None
        self.foreign = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "sys.addaudithook":
            self.foreign = True
        if self.used is None:
            return
        if event in _EVENTS:
            self.used.add(_EVENTS[event], sys._getframe(1))
        elif event in _CTYPES and not is_library(_outside_of_ctypes(sys._getframe(1))):
            self.used.add(OUT_OF_SIGHT, sys._getframe(1))


_heard: _Heard | None = None


def listen() -> None:
    """Hear from now on of what could run unwatched. There is no way back: Python removes no audit hook."""
    global _heard
    if _heard is None:
        heard = _Heard()
        sys.addaudithook(heard)
        _heard = heard


@contextmanager
def _listening(used: Calls) -> Iterator[None]:
    listen()
    assert _heard is not None
    if _heard.foreign:  # what an audit hook calls is not watched
        used.add(WATCH_TAKEN_DOWN)
    before, _heard.used = _heard.used, used
    try:
        yield
    finally:
        _heard.used = before


def _outside_of_ctypes(frame: FrameType | None) -> str:
    """The file of the first frame that is not of ctypes itself."""
    while frame is not None and os.path.basename(os.path.dirname(frame.f_code.co_filename)) == "ctypes":
        frame = frame.f_back
    return "" if frame is None else frame.f_code.co_filename


def _local(frame: FrameType, name: str) -> Any:
    """A frame's variable; None where its names are kept in a mapping of the student's own."""
    names = frame.f_locals
    return names.get(name) if type(names) in (dict, _LOCALS) else None


_LOCALS = type((lambda: sys._getframe().f_locals)())  # newer Pythons have a type of its own for it


def _text(value: Any) -> str:
    """The value where it is a text, else "": a module's name can be set to anything."""
    return value if type(value) is str else ""


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
    operators, called = sys.modules.get("torch._ops"), _local(frame, "self")
    if operators is None or type(called) not in (operators.OpOverload, operators.OpOverloadPacket):
        return ""
    return str(called.__name__).partition(".")[0]


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
    made = _local(frame, first[0]) if first else None
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
