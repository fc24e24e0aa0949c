"""Does work aside end within its limits, whatever it is, and is the next request served?"""

import time

import pytest

from grader.judge.aside import Aside, RanOut
from tests.judge import work_aside


@pytest.fixture
def aside():
    process = Aside(work_aside.__name__, 200_000_000, 30.0)
    yield process
    process.close()


def ask(aside: Aside, work: str, amount: int = 0, seconds: float = 1.0):
    return aside.ask(lambda fresh: {"work": work, "amount": amount}, seconds)


def test_it_answers(aside):
    assert ask(aside, "echo", 3) == 3


def test_endless_work_is_told_once_and_the_next_request_is_served(aside):
    with pytest.raises(RanOut):
        ask(aside, "spin")
    assert ask(aside, "echo", 4) == 4


def test_a_wait_is_not_charged_as_work(aside):
    """Limits count processor time: on a busy machine a process waits for most of the wall time."""
    assert ask(aside, "wait", 2, seconds=0.5) == 2


def test_who_waits_for_nothing_is_ended(aside):
    with pytest.raises(RanOut):
        ask(aside, "wait", 600, seconds=0.1)
    assert ask(aside, "echo", 6) == 6


def test_who_waits_for_a_processor_is_waited_for(aside, monkeypatch):
    """On a busy machine work and start take many times as long, and no answer may be given up for that."""
    monkeypatch.setattr("grader.judge.aside.waited", lambda process: time.monotonic())
    assert ask(aside, "wait", 3, seconds=0.1) == 3
    monkeypatch.setenv(work_aside.START, "2")
    slow = Aside(work_aside.__name__, 200_000_000, 0.1)
    try:
        assert ask(slow, "echo", 6) == 6
    finally:
        slow.close()


@pytest.mark.keeps("grader.pipeline.pages", "limits of time, memory")
def test_too_much_memory_is_refused(aside):
    assert ask(aside, "hold", 2_000_000_000) == "MemoryError"
    assert ask(aside, "echo", 5) == 5


def test_who_has_grown_gets_a_successor():
    big = Aside(work_aside.__name__, 2_000_000_000, 30.0)
    try:
        ask(big, "echo", 1)
        before = big.process
        ask(big, "keep", 400_000_000, seconds=20.0)
        ask(big, "echo", 1)
        assert big.process != before
    finally:
        big.close()


def test_what_earlier_requests_left_takes_nothing_from_the_next():
    """The answer to one request is the same whatever was asked before it."""
    narrow = Aside(work_aside.__name__, 600_000_000, 30.0)
    try:
        for _ in range(5):
            assert ask(narrow, "map", 200_000_000) > 0
    finally:
        narrow.close()


def test_work_that_needs_more_than_there_is_runs_out(aside):
    with pytest.raises(RanOut):
        ask(aside, "map", 2_000_000_000)
    assert ask(aside, "echo", 6) == 6


def test_a_new_process_is_told_that_it_knows_nothing(aside):
    told = []

    def request(fresh: bool):
        told.append(fresh)
        return {"work": "echo", "amount": 0}

    aside.ask(request, 1.0)
    aside.ask(request, 1.0)
    aside.close()
    aside.ask(request, 1.0)
    assert told == [True, False, True]
