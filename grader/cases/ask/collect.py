"""What runs beside the student's code: it turns an answer into plain data, and judges nothing."""

import builtins
import linecache
import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from grader.cases.ask.capture import silenced
from grader.cases.ask.carriers import is_one_of
from grader.cases.ask.encoding import encode_value, type_name
from grader.cases.ask.guard import watched
from grader.cases.ask.libraries import is_library
from grader.cases.decoding import decode_value

CALLED = ("function", "model")
"""The kinds of task whose answer is called, once for each case."""

WALL = 10.0
"""Times the processor time that the calls may take, for one who sleeps; a busy machine never takes so much."""

_MAX_MESSAGE = 300


def questions_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a student's kernel needs to know of a task: id, kind and, for a function or a model, its inputs,
    what it forbids, and the seconds that it may take.

    No expected value, mistake, tolerance or label is in it.

    >>> questions_of({"id": "ppl", "kind": "value", "points": 1.0, "expected": 8.166})
    {'id': 'ppl', 'kind': 'value'}
    """
    questions = {"id": entry["id"], "kind": entry["kind"]}
    if entry["kind"] in CALLED:
        questions["inputs"] = [case["args"] for case in entry["cases"]]
        questions |= {name: entry[name] for name in ("forbidden", "seconds") if entry.get(name)}
    return questions


def collect(questions: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Return the reply to `questions` (from `questions_of`): the answer as plain data.

    A function is called once for each input, each time with copies of its own; what it raises is recorded,
    what it prints is dropped. Once the calls have taken more processor time than the questions allow, the remaining
    inputs are recorded as not run. Any other answer is encoded as it stands. Nothing that the answer does is
    raised here: not an exception, not `sys.exit`; an interrupt ends the calls, and the remaining ones are
    recorded as not run.

    >>> collect({"id": "ppl", "kind": "value"}, 8.17)
    {'answer': 8.17}
    """
    with watched(questions.get("forbidden", ()), answer) as used:
        reply = reply_to(questions, answer)
    return reply | ({"used": list(used), "lines": used.lines} if used else {})


def reply_to(questions: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Return the reply as `collect` does, for who watches the calls themselves."""
    if questions["kind"] in CALLED and callable(answer):
        return _called(questions, answer)
    return _encoded(answer)


def _encoded(answer: Any) -> dict[str, Any]:
    with silenced():
        try:
            return {"answer": encode_value(answer)}
        except BaseException as error:  # noqa: BLE001 - reading SymPy objects may run a student's code.
            return {"answer": {"problem": f"something that raises {type_name(error)} when it is read"}}


def _called(questions: dict[str, Any], answer: Any) -> dict[str, Any]:
    results: list[dict[str, Any]] = []
    interrupted = False
    time_is_up = _clock(questions.get("seconds", math.inf))
    for args in questions["inputs"]:
        if interrupted or time_is_up():
            results.append({"not_run": True})
            continue
        try:
            results.append(call(answer, args))
        except KeyboardInterrupt as error:  # It came between two calls.
            results.append({"raised": _raised(error)})
        interrupted = results[-1].get("raised", {}).get("type") == "KeyboardInterrupt"
    return {"results": results} | ({"late": True} if time_is_up() else {})


def _clock(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so many seconds of processor time are over, or many times as long was slept."""
    used, begun = time.process_time(), time.monotonic()
    return lambda: time.process_time() - used > seconds or time.monotonic() - begun > WALL * seconds


def call(function: Any, args: list[Any]) -> dict[str, Any]:
    """Return what `function` does with decoded copies of `args`: a "value", or what it "raised"; with notes.

    Notes are "warnings" (texts) and "mutated" (the places of the arguments that the call changed).

    >>> call(lambda x: x + 1, [2])
    {'value': 3}
    >>> call(lambda x: 1 / x, [0])["raised"]["type"]
    'ZeroDivisionError'
    """
    inputs = [decode_value(a, torch=True) for a in args]
    result: dict[str, Any]
    with silenced() as warnings:
        try:
            # Encoding stands inside: an interrupt or a patched library may raise in it.
            result = {"value": encode_value(function(*inputs))}
            mutated = [i for i, (a, b) in enumerate(zip(args, inputs, strict=True)) if encode_value(b) != a]
        except BaseException as error:  # noqa: BLE001 - the boundary to the student's code.
            result, mutated = {"raised": _raised(error)}, []
    if mutated:
        result["mutated"] = mutated
    if warnings:
        result["warnings"] = warnings
    return result


def _raised(error: BaseException) -> dict[str, Any]:
    bases = [type.__dict__["__name__"].__get__(t) for t in type.__dict__["__mro__"].__get__(type(error))]
    known = [name for name in bases if isinstance(getattr(builtins, name, None), type)]
    # str(error) may run the student's code: only arguments that are plain text or numbers are told.
    args = BaseException.args.__get__(error)  # type: ignore[attr-defined]
    plain = [a for a in args if is_one_of(type(a), str, float) or (type(a) is int and a.bit_length() < 100)]
    message = ": ".join(str(a)[:_MAX_MESSAGE] for a in plain)[:_MAX_MESSAGE]
    record: dict[str, Any] = {"type": type_name(error), "bases": known, "message": message}
    return record | _place(error.__traceback__)


def _place(traceback: TracebackType | None) -> dict[str, Any]:
    """The last line of the traceback that is not a library's: its number and its text."""
    place: dict[str, Any] = {}
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        # What is not a library's frame is where the student's code went wrong.
        if not is_library(filename):
            line = linecache.getline(filename, traceback.tb_lineno).strip()
            place = {"line": traceback.tb_lineno, "code": line[:200]}
        traceback = traceback.tb_next
    return place
