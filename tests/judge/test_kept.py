"""Is an answer asked as it was at its check, when nothing can carry its inputs on? Asked of both executors."""

from dataclasses import replace
from typing import Any

import pytest

from grader.judge.execute import Executor
from grader.judge.kept import NOT_KEPT, without_inputs
from grader.judge.limits import Limits
from grader.judge.step import Result, Step

LIMITS = Limits(cell_seconds=20, notebook_seconds=100, grace_seconds=0.3)
SECRETS = [[1234567.5], [7654321.5]]


def asked(source: str, inputs: list[Any] = SECRETS, seconds: float | None = None, **more: Any) -> Step:
    return Step(source, {"id": source, "kind": "function", "inputs": inputs, **more}, seconds, at_end=True)


def run(executor: Executor, steps: list[Step]) -> list[Result]:
    """Return the results; where the machine was too busy to say anything, of another run, as grading does."""
    for _ in range(5):
        results = executor(steps, {}, LIMITS)
        if not any(result.starved for result in results):
            break
    return results


def values(result: Result) -> list[Any]:
    return [each.get("value", each) for each in result.reply["results"]]


def test_an_answer_is_asked_as_it_was_at_its_check(executor: Executor) -> None:
    steps = [
        Step(
            "factor, calls = 2, 0\ndef f(x):\n    global calls\n    calls += 1\n    return factor * x + calls"
        ),
        asked("f", [[1], [10]]),
        Step("factor = 5\nprint(f(1))"),
        asked("f", [[1], [10]]),
        Step("import os\ndel f\nprint(calls)\nos._exit(1)"),
    ]
    results = executor(steps, {}, LIMITS)
    assert [values(results[1]), values(results[3])] == [[3, 22], [7, 53]]
    assert results[2].outputs == [{"output_type": "stream", "name": "stdout", "text": "6\n"}]
    assert "ended the process" in (results[4].trouble or "")
    assert not results[3].starved


def test_inputs_that_are_kept_get_nowhere(executor: Executor) -> None:
    steps = [
        Step("import os, sys\nseen = []\ndef f(x):\n    seen.append(x)\n    open('kept', 'a').write(str(x))"
             "\n    print(x); print(x, file=sys.__stdout__); os.write(1, b'%d' % x); display(x)\n    return x"),
        asked("f"),
        Step("print(seen, os.path.exists('kept'))"),
        asked("f"),
        Step("import time; time.sleep(0.3); print(seen, os.path.exists('kept'))"),
    ]  # fmt: skip
    results = executor(steps, {}, LIMITS)
    for result in (results[1], results[3]):
        assert (values(result), result.outputs) == ([1234567.5, 7654321.5], [])
    for result in (results[2], results[4]):
        assert result.outputs[0]["text"] == "[] False\n"


def test_one_that_does_not_end_costs_no_other_its_answer(executor: Executor) -> None:
    endless = "import signal\ndef endless(x):\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass"
    steps = [
        Step(f"{endless}\ndef slow(x):\n    while True: pass"),
        Step(
            "import os\ndef ends(x): os._exit(0)\ndef f(x): return x\ndef flood(x): return ['y' * 9_000] * 1_500"
        ),
        *(asked(name, seconds=1.0) for name in ("endless", "slow", "ends", "flood", "f")),
    ]
    endless_, slow, ends, flood, last = run(executor, steps)[2:]
    assert endless_.trouble == "was stopped after 1 s, the limit for a cell and did not stop when told to"
    assert slow.trouble == "was stopped after 1 s, the limit for a cell"
    assert [r.get("raised", {}).get("type") for r in slow.reply["results"]] == ["KeyboardInterrupt", None]
    assert (ends.trouble, ends.reply) == ("ended its process", None)
    assert flood.reply is None and "gave an" in (flood.trouble or "")
    assert values(last) == [1234567.5, 7654321.5]


def test_where_no_process_can_be_forked_the_answer_is_to_be_judged_again(executor: Executor) -> None:
    steps = [
        Step("import os\ndef f(x): return x\ndef none(): raise OSError(11, 'none')\nos.fork = none"),
        asked("f"),
        Step("print(f)"),
    ]
    result = executor(steps, {}, LIMITS)[1]
    assert (result.trouble, result.starved, result.reply) == (NOT_KEPT, True, None)


def test_what_is_missing_is_told_without_what_it_may_hold(executor: Executor) -> None:
    steps = [
        Step("class Lookup:\n    def __getattr__(self, name): raise KeyError('7654321.5')\nx = Lookup()")
    ]
    results = executor([*steps, asked("no_such_name"), asked("x.f")], {}, LIMITS)
    assert results[1].missing == "NameError: name 'no_such_name' is not defined"
    assert results[2].missing == "KeyError"
    assert without_inputs("Leak7654321: no", "f") == "an error"


def test_a_notebook_that_is_over_is_asked_for_what_it_had_answered(executor: Executor) -> None:
    steps = [Step("def f(x): return x"), asked("f"), Step("while True: pass"), asked("f")]
    limits = replace(LIMITS, notebook_seconds=1.5)
    first, stopped, last = executor(steps, {}, limits)[1:]
    assert values(first) == [1234567.5, 7654321.5]
    assert stopped.trouble == "was stopped: the notebook had used its 2 s"
    assert not last.ran and last.reply is None


THREAD = """
import threading
def f(x):
    found = []
    thread = threading.Thread(target=lambda: found.append(x))
    thread.start()
    thread.join()
    return found[0]
"""


def test_threads_are_free_but_where_something_is_forbidden(executor: Executor) -> None:
    free, forbids = executor([Step(THREAD), asked("f"), asked("f", forbidden=["math.log"])], {}, LIMITS)[1:]
    assert values(free) == [1234567.5, 7654321.5] and free.reply["used"] == []
    assert forbids.reply["used"] == ["another thread or process"]


@pytest.mark.keeps(
    "grader.cases.ask.guard",
    "where an answer is asked behind walls, the judge sees to it from outside",
)
@pytest.mark.parametrize("way", ["os.register_at_fork(after_in_child=start)", "os.fork = forks"])
def test_a_thread_from_before_the_questions_is_told(executor: Executor, way: str) -> None:
    hidden = f"""
import os, threading, time
def start(): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
real = os.fork
def forks():
    child = real()
    return child or start() or 0
def f(x): return x
{way}
"""
    result = executor([Step(hidden), asked("f", forbidden=["math.log"]), Step("print(f)")], {}, LIMITS)[1]
    assert result.reply["used"] == ["another thread or process"]


def test_who_changes_places_with_its_child_is_still_alone(executor: Executor) -> None:
    swaps = "import os\nseen, real = [], os.fork\nos.fork = lambda: 1 if real() == 0 else 0\ndef f(x): seen.append(x)"
    results = executor([Step(swaps), asked("f"), Step("print(seen)")], {}, LIMITS)
    assert not any("1234567" in str(output) for result in results for output in result.outputs)
