"""Does a decision always end, whatever the reply, and is what ran out of time or memory left to a person?"""

import os
import resource
import signal
import threading
from dataclasses import replace
from typing import Any

import pytest

from grader.judge.aside import Aside
from grader.judge.decide import Decider, decider
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from tests.attacks.arena import released

LIMITS = Limits(decision_seconds=2.0, decision_bytes=400_000_000)
BIG = ["Integer", "9" * 399]
ENDLESS = {"answer": {"expr": ["KroneckerDelta", ["Pow", BIG, BIG], ["Add", ["Pow", BIG, BIG], 1]]}}
RIGHT = {"answer": 8.1662}


def marked(reply: Any, task: str = "perplexity-of-mean-nll", by: Decider | None = None) -> Any:
    return (by or decider()).mark(released("06_perplexity"), task, reply, ("", [], ""), LIMITS)


@pytest.mark.keeps("grader.judge.limits", "decision_seconds")
def test_a_decision_without_end_is_left_to_a_person_and_the_next_one_is_made() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    score = marked(ENDLESS, "two-sentences")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert 1 < used.ru_utime - before.ru_utime < 20  # of the process that was ended, its start included
    assert score == 0 and score.needs_review and "a person will look at it" in score.note
    assert marked(RIGHT).full


@pytest.mark.keeps("grader.judge.limits", "decision_bytes")
def test_a_decision_that_takes_too_much_memory_is_left_to_a_person() -> None:
    released_set = released("06_perplexity")
    entry = released_set.entries["perplexity-of-mean-nll"]
    hungry = replace(released_set, entries={"hungry": entry | {"shape": [10**9], "id": "hungry"}})
    own = Decider()
    score = own.mark(hungry, "hungry", {"answer": [1.0]}, ("", [], ""), LIMITS)
    own.close()
    assert score == 0 and score.needs_review


def test_a_deciding_process_that_somebody_killed_is_started_once_more() -> None:
    own = Decider()
    try:
        assert marked(RIGHT, by=own).full
        assert own.process is not None
        os.kill(own.process, signal.SIGKILL)
        score = marked(RIGHT, by=own)
        assert score.full and not score.needs_review and not own.ran_out
    finally:
        own.close()


def test_a_deciding_process_that_always_dies_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    stand = Aside._stand

    def dying(aside: Aside) -> None:
        stand(aside)
        assert aside.process is not None
        started.append(aside.process)
        os.kill(aside.process, signal.SIGKILL)

    monkeypatch.setattr(Aside, "_stand", dying)
    score = marked(RIGHT, by=Decider())
    assert score == 0 and score.needs_review
    assert len(set(started)) == 2


def test_it_marks_as_the_marker_does() -> None:
    assert marked(RIGHT).full
    assert marked({"answer": 4.287}).mistakes == ("base-2",)


def test_it_is_started_anew_where_there_are_threads() -> None:
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    own = Decider()
    try:
        assert marked(RIGHT, by=own).full
    finally:
        wait.set()
        thread.join()
        own.close()


def test_it_ends_with_what_started_it() -> None:
    own = Decider()
    own.start(LIMITS)
    process = own.process
    assert process is not None
    own.close()
    assert own.process is None
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_another_set_is_learnt() -> None:
    first, other = released("06_perplexity"), released("05_softmax_gradient")
    for exercise, task, reply in (
        (first, "perplexity-of-mean-nll", RIGHT),
        (other, "temperature-limit", {"answer": "b"}),
    ):
        assert decider().mark(exercise, task, reply, ("", [], ""), LIMITS).full
    assert isinstance(first, ReleasedSet)
