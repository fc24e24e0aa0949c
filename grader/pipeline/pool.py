"""Judges submissions in parallel: processes that each drive one kernel at a time.

Whatever dies, no student is marked down for it:

- a worker that dies (out of memory, a signal) or hangs costs the submission it was at another try;
- the warm process is started again when it has died, and what its kernels were at is tried again;
- a kernel that ended before its notebook did is started once more, for somebody may have killed it. A notebook that
  ends its own kernel does so again, and that is the verdict;
- a notebook that had no processor for most of its time is judged again at the end, once, with nothing beside it.

A submission is tried `ATTEMPTS` times, the last time alone. One that failed each time gets a `JudgeError` in the place
of a verdict; one at which the judge's process died each time gets a verdict that leaves it to a person, so that no
later run dies of it again.
(`concurrent.futures` can wait for ever on a process that died while it was sent something:
https://github.com/python/cpython/issues/94777, so this has its own few lines.)
"""

import gc
import os
import resource
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from grader.judge import JudgeError
from grader.judge.clock import WALL
from grader.judge.decide import decider
from grader.judge.execute import Executor, execute
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.step import Result, Step
from grader.judge.verdict import Submission, SubmissionVerdict, judge, unjudged
from grader.judge.walled import WalledExecutor
from grader.pipeline.submissions import Handed
from grader.pipeline.warm import Warm
from grader.sandbox import Ahead, Walls

Work = tuple[Handed, Submission]
Outcome = SubmissionVerdict | JudgeError

ATTEMPTS = 3
_DIED = (
    "The grader's own process ended each of the {} times that it worked on this submission, so nothing was marked. A "
    "person will look at it; it costs no points."
)
# A worker that is at work may be sent what it will be at next, so that it need not wait while the one writer is busy.
# It reads that later: until then all of it lies in the pipe, which holds some 200 kB. To wait for room there could be
# for ever, for the worker waits in turn when what it says finds no room.
AHEAD, LARGEST_AHEAD = 1, 1 << 16
MARKING_SECONDS = 300.0  # what the judge may take beyond the notebook's time before it counts as hung

# Libraries that keep connections, event loops or threads, which no fork may have a copy of.
STATEFUL = {"sqlalchemy", "zmq"}


@dataclass(frozen=True)
class Bench:
    """What every worker knows: the sets with their cases, the seed's label, the limits, and the walls.

    sandbox: "bwrap" or "none".
    """

    sets: Mapping[str, ReleasedSet]
    seed: int | str
    limits: Limits
    walls: Walls = Walls()
    sandbox: str = "bwrap"

    def ahead(self) -> Ahead | None:
        """Return what puts up this thread's rooms before they are needed; None where there are no walls."""
        return None if self.sandbox == "none" else Ahead(self.walls, _slot())

    def judge(
        self, set_name: str, submission: Submission, address: str | None, ahead: Ahead | None = None
    ) -> SubmissionVerdict:
        """Return the verdict on a submission; its kernel comes from the warm process at `address`.

        Raises `JudgeError` when no kernel starts.
        """
        run: Executor = execute
        if self.sandbox != "none":
            assert address is not None
            run = WalledExecutor(address, self.walls, _slot(), ahead)
        return judge(submission, self.sets[set_name], self.seed, self.limits, _Again(run), self.sandbox)

    def unjudged(self, whose: Handed, submission: Submission) -> SubmissionVerdict:
        """Return the verdict that leaves a submission to a person."""
        exercise = self.sets[whose.exercise.name]
        return unjudged(submission, exercise, self.seed, self.limits, self.sandbox, _DIED.format(ATTEMPTS))

    def try_to_judge(
        self, set_name: str, submission: Submission, address: str | None, ahead: Ahead | None = None
    ) -> Outcome:
        """Return the verdict, or as a `JudgeError` why there is none."""
        try:
            return self.judge(set_name, submission, address, ahead)
        except JudgeError as error:
            return error
        except Exception as error:  # noqa: BLE001  (a fault of the judge's on one submission must not end a class)
            return JudgeError(f"the judge failed: {type(error).__name__}: {error}")

    @property
    def seconds(self) -> float:
        """The longest that a judge at work takes for a submission."""
        each = self.limits.start_seconds + WALL * self.limits.notebook_seconds + self.limits.grace_seconds
        return 2 * each + MARKING_SECONDS


class Died(JudgeError):
    """The process that judged a submission died."""


class _Again:
    """An executor that runs a notebook once more when its kernel ended before it."""

    def __init__(self, run: Executor) -> None:
        self._run = run

    def __call__(self, steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        results = self._run(steps, files, limits)
        if any((result.trouble or "").startswith("ended the process") for result in results):
            return self._run(steps, files, limits)
        return results


class _Worker:
    """A process that judges what it is sent. `items`: what it is at, and then what it will be at next.

    forked: it is a fork of this process; else it is started anew, for a fork would copy the open gradebook and the
    state of other threads.
    """

    def __init__(self, bench: Bench, forked: bool = False) -> None:
        context = get_context("fork") if forked else get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, bench, os.getpid(), forked), daemon=True)
        self.process.start()
        theirs.close()  # so that its death is seen as the end of the pipe
        self.items: deque[Work] = deque()
        self.seconds = bench.seconds
        self.deadline = time.monotonic() + self.seconds

    def send(self, item: Work, address: str | None) -> bool:
        """Give it an item, and return whether it took it: what is large it takes only when it has nothing to do."""
        message = ForkingPickler.dumps((item[0].exercise.name, item[1], address))
        if self.items and len(message) > LARGEST_AHEAD:
            return False
        if not self.items:
            self.deadline = time.monotonic() + self.seconds
        self.items.append(item)
        with suppress(OSError):  # it has died; reading from it will say so
            self.pipe.send_bytes(message)
        return True

    def receive(self) -> tuple[Work, Outcome | None]:
        """Return what it was at and what it found; None when it died."""
        try:
            outcome: Outcome | None = self.pipe.recv()
        except (EOFError, OSError):
            outcome = None
        self.deadline = time.monotonic() + self.seconds
        return self.items.popleft(), outcome

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Tries:
    """Counts how often each submission was tried, and keeps those that are to be tried again; `alone` at the end."""

    def __init__(self) -> None:
        self.again: deque[Work] = deque()
        self.alone: deque[Work] = deque()
        self._starved: set[tuple[str, str]] = set()
        self._failed: dict[tuple[str, str], int] = {}

    def following(self, queue: Iterator[Work], idle: bool) -> Work | None:
        """Return what to judge next, None when there is nothing now; `idle` says that nothing is being judged."""
        if self.again:
            return self.again.popleft()
        item = next(queue, None)
        return self.alone.popleft() if item is None and idle and self.alone else item

    def settled(self, item: Work, outcome: Outcome) -> bool:
        """Return whether the outcome is the last word; if not, the item is put down to be tried again."""
        key = (item[0].student, item[0].exercise.name)
        if isinstance(outcome, SubmissionVerdict):
            if not outcome.starved or key in self._starved:
                return True
            self._starved.add(key)
            self.alone.append(item)
            return False
        self._failed[key] = self._failed.get(key, 0) + 1
        if self._failed[key] >= ATTEMPTS:
            return True
        # The last time with nothing beside it: what hindered it may be another's notebook that is still at work.
        (self.alone if self._failed[key] == ATTEMPTS - 1 else self.again).append(item)
        return False


class Crew:
    """The warm process, and workers that wait for something to judge."""

    def __init__(self, warm: Warm) -> None:
        self.warm = warm
        self._waiting: list[_Worker] = []

    def fork(self, bench: Bench, jobs: int) -> None:
        """Start so many workers now, as forks, so that they need not import again what stands in this process.

        Call it before a gradebook is open. Where a fork would copy more than memory it does nothing, and the workers
        come later.
        """
        if threading.active_count() == 1 and not sys.modules.keys() & STATEFUL:
            import grader.cases.mark.derivation  # noqa: F401  (the deciding processes need it)

            gc.freeze()  # so that collections, here and there, leave the shared pages alone
            self._waiting += [_Worker(bench, forked=True) for _ in range(jobs)]

    def worker(self, bench: Bench) -> _Worker:
        """Return a worker that has nothing to do."""
        return self._waiting.pop() if self._waiting else _Worker(bench)

    def close(self) -> None:
        """End the warm process, and the workers that were not asked for."""
        for worker in self._waiting:
            worker.stop()
        self._waiting.clear()
        self.warm.close()


def judge_all(
    work: Iterable[Work], bench: Bench, jobs: int, crew: Crew | None = None
) -> Iterator[tuple[Handed, Submission, Outcome]]:
    """Yield each submission with its verdict, as they come; two submissions a job are held at a time.

    A `JudgeError` in the place of a verdict says that the judge itself could not work on it. Raises `SandboxError` when
    the walls can't be put up at all. crew: what was started before; it is closed at the end.
    """
    queue = iter(work)
    tries = Tries()
    workers: list[_Worker] = []
    crew = crew or Crew(Warm(bench.sandbox))

    def following() -> Work | None:
        return tries.following(queue, idle=not workers)

    def fill(worker: _Worker) -> None:
        while len(worker.items) <= AHEAD and (item := following()) is not None:
            if not worker.send(item, crew.warm.address()):
                tries.again.appendleft(item)
                return

    try:
        while True:
            fresh: list[tuple[_Worker, Work]] = []
            while len(workers) < jobs and (item := following()) is not None:
                workers.append(worker := crew.worker(bench))
                fresh.append((worker, item))
            for worker, item in fresh:  # the warm process starts while they do
                worker.send(item, crew.warm.address())
            for worker in workers:
                fill(worker)
            if not workers:
                return
            for worker in _ready(workers):
                done, outcome = worker.receive()
                if outcome is None:
                    tries.again += worker.items  # it was not at these yet
                    worker.items.clear()
                    outcome = Died("the judge's process died while it worked on this")
                else:
                    fill(worker)
                if not worker.items:
                    workers.remove(worker)
                    worker.stop()
                if tries.settled(done, outcome):
                    if isinstance(outcome, Died):
                        outcome = bench.unjudged(*done)
                    yield (*done, outcome)
    finally:
        for worker in workers:
            worker.stop()
        crew.close()


def _ready(workers: Sequence[_Worker]) -> list[_Worker]:
    """Wait for the workers that have something to say. One that hangs is killed, which is also something."""
    first = min(worker.deadline for worker in workers)
    ready = connection.wait([worker.pipe for worker in workers], max(0.0, first - time.monotonic()))
    if not ready:
        for worker in workers:
            if worker.deadline <= time.monotonic():
                worker.process.kill()
                worker.deadline += worker.seconds
    return [worker for worker in workers if worker.pipe in ready]


def _serve(pipe: "Connection[Any, Any]", bench: Bench, parent: int, forked: bool) -> None:
    # Ctrl-C goes to all processes of a terminal; it is the grader's to decide. (Kernels would inherit "ignore".)
    signal.signal(signal.SIGINT, lambda *_: None)
    if forked:
        # The output's lock, the pipe that keeps the warm process up and the others' pipes are not ours.
        os.closerange(3, pipe.fileno())
        os.closerange(pipe.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    # before there is a second thread, so that it is a fork and imports nothing again
    decider().start(bench.limits)
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    ahead = bench.ahead()
    while True:
        try:
            set_name, submission, address = pipe.recv()
        except EOFError:
            return
        pipe.send(bench.try_to_judge(set_name, submission, address, ahead))


def _slot() -> int:
    """Return a number of this thread's: no two threads of the machine have the same id, so no two rooms a slot."""
    return threading.get_native_id()


def _die_with(parent: int) -> None:
    # A killed grader must leave no worker behind; a worker's kernel in turn watches the worker.
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
