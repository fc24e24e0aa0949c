"""Judges submissions in parallel: processes that each drive one kernel at a time.

A process that dies (out of memory, a signal) costs no verdict but that of the submission it was at; that one is judged
once more, and reported when it kills its judge again. (`concurrent.futures` can wait for ever on a process that died
while it was sent something: https://github.com/python/cpython/issues/94777, so this has its own few lines.)
"""

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import Any

from grader.judge import JudgeError
from grader.judge.execute import Executor, execute
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.judge.walled import WalledExecutor
from grader.pipeline.submissions import Handed
from grader.sandbox import Walls

Work = tuple[Handed, Submission]
Outcome = SubmissionVerdict | JudgeError

ATTEMPTS = 2


@dataclass(frozen=True)
class Bench:
    """What every worker knows: the sets with their cases, the seed, the limits, and where kernels come from.

    warm: the address of a `ForkServer`, whose kernels stand behind `walls`; None for kernels without walls.
    """

    sets: Mapping[str, ReleasedSet]
    seed: int
    limits: Limits
    walls: Walls = Walls()
    warm: str | None = None

    @property
    def sandbox(self) -> str:
        """The name of the walls."""
        return "none" if self.warm is None else "bwrap"

    def executor(self) -> Executor:
        """Return what runs the cells in this process."""
        # no two processes have the same id at a time, so no two rooms have the same slot
        return execute if self.warm is None else WalledExecutor(self.warm, self.walls, slot=os.getpid())


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

    def send(self, item: Work) -> None:
        self.item = item
        try:
            self.pipe.send((item[0].exercise.name, item[1]))
        except OSError:
            pass  # it has died; reading from it will say so

    def stop(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()
        self.process.close()


def judge_all(work: Iterable[Work], bench: Bench, jobs: int) -> Iterator[tuple[Handed, Submission, Outcome]]:
    """Yield each submission with its verdict, as they come; one submission a job is held at a time.

    A `JudgeError` in the place of a verdict says that the judge itself could not work on it.
    """
    queue = iter(work)
    again: deque[Work] = deque()
    attempts: dict[tuple[str, str], int] = {}
    workers: list[_Worker] = []
    try:
        while True:
            while (
                len(workers) < jobs and (item := again.popleft() if again else next(queue, None)) is not None
            ):
                workers.append(worker := _Worker(bench))
                worker.send(item)
            if not workers:
                return
            ready = connection.wait([worker.pipe for worker in workers])
            for worker in [worker for worker in workers if worker.pipe in ready]:
                assert worker.item is not None
                handed, submission = worker.item
                try:
                    outcome: Outcome = worker.pipe.recv()
                except (EOFError, OSError):
                    workers.remove(worker)
                    worker.stop()
                    key = (handed.student, handed.exercise.name)
                    attempts[key] = attempts.get(key, 0) + 1
                    if attempts[key] < ATTEMPTS:
                        again.append((handed, submission))
                        continue
                    outcome = JudgeError(f"the judge's process died {ATTEMPTS} times while it worked on this")
                else:
                    following = again.popleft() if again else next(queue, None)
                    if following is not None:
                        worker.send(following)
                    else:
                        workers.remove(worker)
                        worker.stop()
                yield handed, submission, outcome
    finally:
        for worker in workers:
            worker.stop()


def _serve(pipe: "Connection[Any, Any]", bench: Bench, parent: int) -> None:
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    while True:
        try:
            set_name, submission = pipe.recv()
        except EOFError:
            return
        pipe.send(_judge(bench.sets[set_name], submission, bench))


def _die_with(parent: int) -> None:
    # A killed grader must leave no worker behind; a worker's kernel in turn watches the worker.
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _judge(exercise: ReleasedSet, submission: Submission, bench: Bench) -> Outcome:
    failure = JudgeError("unreachable")
    for _ in range(ATTEMPTS):
        try:
            return judge(submission, exercise, bench.seed, bench.limits, bench.executor(), bench.sandbox)
        except JudgeError as error:
            failure = error
        except Exception as error:  # noqa: BLE001  (a fault of the judge's on one submission must not end a class)
            failure = JudgeError(f"the judge failed: {type(error).__name__}: {error}")
    return failure
