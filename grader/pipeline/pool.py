"""Judges submissions in parallel: a pool of processes, each driving one kernel at a time.

A process that dies (out of memory, a signal) costs no verdict but its own: what was being judged is judged again, one
at a time in a process of its own, and what dies again is reported.
"""

import os
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from grader.judge import JudgeError
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.pipeline.submissions import Handed

Work = tuple[Handed, Submission]
Judged = tuple[Handed, Submission, SubmissionVerdict | JudgeError]


@dataclass(frozen=True)
class Bench:
    """What every worker knows: the sets with their cases, the seed, the limits."""

    sets: Mapping[str, ReleasedSet]
    seed: int
    limits: Limits


_bench: Bench | None = None


def judge_all(work: Iterable[Work], bench: Bench, jobs: int) -> Iterator[Judged]:
    """Yield each submission with its verdict, as they come; at most `2 * jobs` are held at a time.

    A `JudgeError` in the place of a verdict says that the judge itself could not work on it.
    """
    queue = iter(work)
    while True:
        lost = yield from _judge_in_pool(queue, bench, jobs)
        if not lost:
            return
        for item in lost:
            again = yield from _judge_in_pool(iter([item]), bench, 1)
            for handed, submission in again:
                yield handed, submission, JudgeError("the judge's process died twice while it worked on this")


def _judge_in_pool(queue: Iterator[Work], bench: Bench, jobs: int) -> Generator[Judged, None, list[Work]]:
    """Yield verdicts until the queue is empty or the pool broke; return the items that were lost with it."""
    pending: dict[Future[SubmissionVerdict | JudgeError], Work] = {}
    lost: list[Work] = []
    # Spawned, not forked: a fork would copy the open gradebook and the state of other threads.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (bench, os.getpid())) as pool:
        while not lost:
            while len(pending) < 2 * jobs and (item := next(queue, None)) is not None:
                try:
                    pending[pool.submit(_judge, item[0].exercise.name, item[1])] = item
                except BrokenProcessPool:
                    lost.append(item)
                    break
            if not pending:
                break
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                handed, submission = pending.pop(future)
                try:
                    yield handed, submission, future.result()
                except BrokenProcessPool:
                    lost.append((handed, submission))
        lost += pending.values()
    return lost  # noqa: B901  (the value of `yield from`)


def _begin(bench: Bench, parent: int) -> None:
    global _bench
    _bench = bench
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: int) -> None:
    # A killed grader must leave no worker behind; a worker's kernel in turn watches the worker.
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _judge(set_name: str, submission: Submission) -> SubmissionVerdict | JudgeError:
    assert _bench is not None
    exercise = _bench.sets[set_name]
    for attempt in (1, 2):
        try:
            return judge(submission, exercise, _bench.seed, _bench.limits)
        except JudgeError as error:
            if attempt == 2:
                return error
    raise AssertionError("unreachable")
