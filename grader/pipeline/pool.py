"""Judges submissions in parallel: processes that each drive one kernel at a time.

Whatever dies, no student is marked down for it:

- a worker that dies (out of memory, a signal) or hangs costs the submission it was at another try;
- the warm process is started again when it has died, and what its kernels were at is tried again;
- a kernel that ended before its notebook did is started once more, for somebody may have killed it. A notebook that
  ends its own kernel does so again, and that is the verdict.

A submission that failed `ATTEMPTS` times gets a `JudgeError` in the place of a verdict. (`concurrent.futures` can wait
for ever on a process that died while it was sent something: https://github.com/python/cpython/issues/94777, so this has
its own few lines.)
"""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import Any

from grader.judge import JudgeError
from grader.judge.decide import decider
from grader.judge.execute import Executor, Result, Step, execute
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.judge.walled import WalledExecutor
from grader.pipeline.submissions import Handed
from grader.sandbox import ForkServer, Walls
from grader.sandbox.fork_server import PRELOAD

Work = tuple[Handed, Submission]
Outcome = SubmissionVerdict | JudgeError

ATTEMPTS = 3
MARKING_SECONDS = 300.0  # what the judge may take beyond the notebook's time before it counts as hung
# What the warm process imports before it is forked: what notebooks use, and what asks them for their answers.
WARM = (*PRELOAD, "grader.judge.kernel")


@dataclass(frozen=True)
class Bench:
    """What every worker knows: the sets with their cases, the seed, the limits, and the walls ("bwrap" or "none")."""

    sets: Mapping[str, ReleasedSet]
    seed: int
    limits: Limits
    walls: Walls = Walls()
    sandbox: str = "bwrap"

    def judge(self, set_name: str, submission: Submission, address: str | None) -> SubmissionVerdict:
        """Return the verdict on a submission; its kernel comes from the warm process at `address`.

        Raises `JudgeError` when no kernel starts.
        """
        run: Executor = execute
        if self.sandbox != "none":
            assert address is not None
            # No two threads of the machine have the same id at a time, so no two rooms have the same slot.
            run = WalledExecutor(address, self.walls, slot=threading.get_native_id())
        return judge(submission, self.sets[set_name], self.seed, self.limits, _Again(run), self.sandbox)

    def try_to_judge(self, set_name: str, submission: Submission, address: str | None) -> Outcome:
        """Return the verdict, or as a `JudgeError` why there is none."""
        try:
            return self.judge(set_name, submission, address)
        except JudgeError as error:
            return error
        except Exception as error:  # noqa: BLE001  (a fault of the judge's on one submission must not end a class)
            return JudgeError(f"the judge failed: {type(error).__name__}: {error}")

    @property
    def seconds(self) -> float:
        """The longest that a judge at work takes for a submission."""
        each = self.limits.start_seconds + self.limits.notebook_seconds + self.limits.grace_seconds
        return 2 * each + MARKING_SECONDS


class Warm:
    """The warm process that a bench's kernels are forked from: started when first asked for, and again when it died."""

    def __init__(self, sandbox: str) -> None:
        self._walled = sandbox != "none"
        self._server: ForkServer | None = None

    def start(self) -> None:
        """Let it warm up while we go on. Raises `SandboxError` where walls are wanted and can't be put up."""
        if self._walled and (self._server is None or not self._server.alive):
            self.close()
            self._server = ForkServer(WARM)

    def address(self) -> str | None:
        """Return where it listens; None where no walls are wanted. Raises `SandboxError` when it does not start."""
        self.start()
        return None if self._server is None else self._server.address

    def close(self) -> None:
        """End it."""
        if self._server is not None:
            self._server.close()
            self._server = None


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
    """A process that judges what it is sent, and the item that it is at."""

    def __init__(self, bench: Bench) -> None:
        # Spawned, not forked: a fork would copy the open gradebook and the state of other threads.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, bench, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()  # so that its death is seen as the end of the pipe
        self.item: Work | None = None
        self.seconds = bench.seconds
        self.deadline = time.monotonic() + self.seconds

    def send(self, item: Work, address: str | None) -> None:
        self.item = item
        self.deadline = time.monotonic() + self.seconds
        with suppress(OSError):  # it has died; reading from it will say so
            self.pipe.send((item[0].exercise.name, item[1], address))

    def receive(self) -> Outcome | None:
        """Return what it found; None when it died."""
        try:
            outcome: Outcome = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return outcome

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Tries:
    """Counts how often each submission was tried, and keeps those that are to be tried again."""

    def __init__(self) -> None:
        self.again: deque[Work] = deque()
        self._failed: dict[tuple[str, str], int] = {}

    def settled(self, item: Work, outcome: Outcome) -> bool:
        """Return whether the outcome is the last word; if not, the item is put down to be tried again."""
        if isinstance(outcome, SubmissionVerdict):
            return True
        key = (item[0].student, item[0].exercise.name)
        self._failed[key] = self._failed.get(key, 0) + 1
        if self._failed[key] >= ATTEMPTS:
            return True
        self.again.append(item)
        return False


def judge_all(
    work: Iterable[Work], bench: Bench, jobs: int, warm: Warm | None = None
) -> Iterator[tuple[Handed, Submission, Outcome]]:
    """Yield each submission with its verdict, as they come; one submission a job is held at a time.

    A `JudgeError` in the place of a verdict says that the judge itself could not work on it. Raises `SandboxError` when
    the walls can't be put up at all. warm: a warm process that was started before; it is closed at the end.
    """
    queue = iter(work)
    tries = Tries()
    workers: list[_Worker] = []
    warm = warm or Warm(bench.sandbox)

    def following() -> Work | None:
        return tries.again.popleft() if tries.again else next(queue, None)

    try:
        while True:
            fresh: list[tuple[_Worker, Work]] = []
            while len(workers) < jobs and (item := following()) is not None:
                workers.append(worker := _Worker(bench))
                fresh.append((worker, item))
            for worker, item in fresh:  # the warm process starts while they do
                worker.send(item, warm.address())
            if not workers:
                return
            for worker in _ready(workers):
                assert worker.item is not None
                done, outcome = worker.item, worker.receive()
                if outcome is None:
                    workers.remove(worker)
                    worker.stop()
                    outcome = JudgeError("the judge's process died while it worked on this")
                final = tries.settled(done, outcome)
                if worker in workers:
                    if (item := following()) is not None:
                        worker.send(item, warm.address())
                    else:
                        workers.remove(worker)
                        worker.stop()
                if final:
                    yield (*done, outcome)
    finally:
        for worker in workers:
            worker.stop()
        warm.close()


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


def _serve(pipe: "Connection[Any, Any]", bench: Bench, parent: int) -> None:
    # Ctrl-C goes to all processes of a terminal; it is the grader's to decide. (Kernels would inherit "ignore".)
    signal.signal(signal.SIGINT, lambda *_: None)
    decider().start(
        bench.limits
    )  # before there is a second thread, so that it is a fork and imports nothing again
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    while True:
        try:
            set_name, submission, address = pipe.recv()
        except EOFError:
            return
        pipe.send(bench.try_to_judge(set_name, submission, address))


def _die_with(parent: int) -> None:
    # A killed grader must leave no worker behind; a worker's kernel in turn watches the worker.
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
