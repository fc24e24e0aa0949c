"""Marks replies in a process aside, with limits of time and memory of its own (see `grader.judge.aside`).

A reply is a student's data, so the judge decides nothing itself. What runs out of time or memory is marked for a person
to look at: it earns nothing yet, and nobody says that it is wrong.
"""

import atexit
import os
from collections.abc import Sequence
from typing import Any

from grader.cases import Score, mark_reply
from grader.judge.aside import Aside, RanOut
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits

_OUT_OF_REACH = "This answer took more than {} to decide, so no machine marked it; a person will look at it."

Sources = tuple[str, Sequence[str], str]
"""The student's code for a task, the cells that ran before its check, and the expression that is checked."""


class Decider:
    """The process that marks; `mark` starts it when it is needed, and again when it has ended."""

    ran_out = False  # whether the last decision passed its limits

    def __init__(self) -> None:
        self._aside: Aside | None = None
        self._learnt: ReleasedSet | None = None

    def mark(
        self, exercise: ReleasedSet, task_id: str, reply: Any, sources: Sources, limits: Limits
    ) -> Score:  # fmt: skip
        """Return the score of a reply to a task, as `grader.cases.mark_reply` does, or one that asks for a person.

        The set's cases are sent once.
        """
        entry = exercise.entries[task_id]
        # for what the answer uses, and for the lines that its exceptions name
        needed = entry.get("forbidden") or (isinstance(reply, dict) and "results" in reply)
        source, context, expression = sources if needed else (None, (), None)
        request = {
            "task": task_id, "reply": reply, "source": source, "context": list(context), "answer": expression,
        }  # fmt: skip

        def with_entries(fresh: bool) -> dict[str, Any]:
            if fresh or exercise is not self._learnt:
                self._learnt = exercise
                return {**request, "learn": dict(exercise.entries)}
            return request

        self.start(limits)
        assert self._aside is not None
        self.ran_out = False
        try:
            return Score.from_json(self._aside.ask(with_entries, limits.decision_seconds))
        except RanOut:
            self.ran_out = True
        most = f"{limits.decision_seconds:g} s or {limits.decision_bytes >> 20} MB"
        note = _OUT_OF_REACH.format(most)
        return Score(0.0, float(entry["points"]), needs_review=True, task=task_id, note=note)

    def start(self, limits: Limits) -> None:
        """Start the process, unless it runs; a judge that will have threads starts it before."""
        if self._aside is None:
            self._aside = Aside(__name__, limits.decision_bytes, limits.start_seconds)
            self._aside.start()

    @property
    def process(self) -> int | None:
        """The process's id, None when none runs."""
        return None if self._aside is None else self._aside.process

    def close(self) -> None:
        """End the process."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None


_mine: dict[int, Decider] = {}


def decider() -> Decider:
    """Return this process's decider."""
    if os.getpid() not in _mine:
        _mine.clear()  # a forked process has a copy of its parent's, which is not its own to use
        _mine[os.getpid()] = Decider()
        atexit.register(_mine[os.getpid()].close)
    return _mine[os.getpid()]


_entries: dict[str, Any] = {}  # of the process aside: the cases of the set that is being marked


def prepare() -> None:
    """Import what marking needs, so that the first decision is not charged for it."""
    import grader.cases.mark.derivation  # noqa: F401


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the score of a request as plain data; this runs in the process aside."""
    if "learn" in request:
        _entries.clear()
        _entries.update(request["learn"])
    entry = _entries[request["task"]]
    code = {name: request[name] for name in ("source", "context", "answer")}
    return mark_reply(entry, request["reply"], **code).to_json()
