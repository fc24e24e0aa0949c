"""Does a limit count a kernel's own time, whatever else the machine does?"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from grader.judge.clock import OwnTime
from grader.judge.execute import execute
from grader.judge.limits import Limits
from grader.judge.step import Step
from grader.sandbox.waiting import waited

CROWD = 8


def test_the_clock_stands_while_others_have_the_processor() -> None:
    waits = [0.0]
    clock = OwnTime(lambda: waits[0])
    time.sleep(0.25)
    waits[0] = 0.2
    assert 0.0 <= clock.now() < 0.25


def test_the_clock_goes_on_in_a_sleep_and_never_back() -> None:
    clock = OwnTime(lambda: 0.0)
    time.sleep(0.3)
    assert clock.now() >= 0.3
    waits = [5.0]
    clock = OwnTime(lambda: waits[0])
    seen = [clock.now()]
    for waits[0] in (900.0, 0.0, 2.0):
        time.sleep(0.25)
        seen.append(clock.now())
    assert seen == sorted(seen) and seen[-1] <= 0.9


def test_one_who_is_not_there_has_not_waited() -> None:
    assert waited(2**22 + 1) == 0.0


@pytest.fixture
def crowded() -> Iterator[int]:
    """A processor with a crowd on it, to which this process and all that it starts are bound."""
    before = os.sched_getaffinity(0)
    place = min(before)
    os.sched_setaffinity(0, {place})
    crowd = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(CROWD)]
    try:
        yield place
    finally:
        for process in crowd:
            process.kill()
            process.wait()
        os.sched_setaffinity(0, before)


def test_a_cell_that_needs_less_than_its_limit_is_not_stopped_on_a_busy_machine(crowded: int) -> None:
    """One of nine on a processor takes nine times as long by the wall."""
    begin = "import time; begin = time.process_time()"
    steps = [Step(begin), Step("while time.process_time() < begin + 1.0: pass"), Step("print('done')")]
    started = time.monotonic()
    results = execute(steps, {}, Limits(cell_seconds=3.0, notebook_seconds=20.0))
    took = time.monotonic() - started
    assert [result.trouble for result in results] == [None, None, None]
    assert results[2].outputs[0]["text"] == "done\n"
    if took < 3.0:
        pytest.skip(
            "the crowd did not keep it waiting"
        )  # the machine gives more than its share to this session


def test_an_endless_cell_is_stopped_on_a_busy_machine_too(crowded: int) -> None:
    results = execute([Step("while True: pass")], {}, Limits(cell_seconds=0.3, notebook_seconds=20.0))
    assert "was stopped after 0.3 s" in str(results[0].trouble) or results[0].starved


def test_of_several_at_work_the_time_of_each_counts_and_the_load_does_not() -> None:
    waits, uses = [0.0], [0.0]
    clock = OwnTime(lambda: waits[0], lambda: uses[0])
    time.sleep(0.25)
    waits[0], uses[0] = 0.25, 7.0  # as if seven had had a processor each
    assert 7.0 <= clock.now() < 7.25
    time.sleep(0.25)
    waits[0], uses[0] = 0.5, 7.0  # nobody had any
    assert clock.now() < 7.25
