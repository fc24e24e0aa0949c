"""Judges submissions on other machines, with dask.distributed: its scheduler, its workers, the same judge.

Every worker process gets a `_Station`, once: it holds the cases, and starts a warm process when the first submission
comes. A station takes one notebook at a time (the judge's budgets are a process's own), so start workers of one thread:
`dask worker tcp://HOST:8786 --nworkers 8 --nthreads 1`. Workers need this package and bubblewrap, but not the course.

All processes of a cluster trust each other: dask's messages are pickles, and the cases travel in them. A student's code
is behind its walls there as here, without a network.

Nothing is written there: a verdict comes home, where the one writer takes it. What a lost
worker was at goes to another.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from distributed import Client, KilledWorker, WorkerPlugin, get_worker, wait

from grader.judge import JudgeError
from grader.judge.verdict import Submission
from grader.pipeline import PipelineError
from grader.pipeline.pool import Bench, Outcome, Tries, Work
from grader.pipeline.submissions import Handed
from grader.pipeline.warm import Warm
from grader.sandbox import SandboxError

STATION = "surprisal-station"
AHEAD = 2  # submissions that a worker has at a time: the one that it judges, and the next
PATIENCE_SECONDS = 30.0  # without a scheduler, or without any worker


class _Station(WorkerPlugin):
    """What a worker process keeps between the submissions of one run."""

    name = STATION

    def __init__(self, bench: Bench, run: str) -> None:
        self.bench, self.run = bench, run

    def setup(self, worker: Any) -> None:
        self._one_at_a_time = threading.Lock()
        self._warm = Warm(self.bench.sandbox)

    def teardown(self, worker: Any) -> None:
        # A worker that is killed closes the warm process's standard input, which ends that as well.
        self._warm.close()

    def judge(self, set_name: str, submission: Submission) -> Outcome:
        with self._one_at_a_time:
            return self.bench.try_to_judge(set_name, submission, self._warm.address())


def judge_on(
    work: Iterable[Work], bench: Bench, scheduler: str
) -> Iterator[tuple[Handed, Submission, Outcome]]:
    """Yield each submission with its verdict, as they come; the same contract as `pool.judge_all`.

    scheduler: an address such as tcp://10.0.0.1:8786. Raises `PipelineError` when nobody answers there, no worker is
    left or another run takes them, and `SandboxError` when a worker can't put up the walls.
    """
    tries, queue, run = Tries(), iter(work), uuid4().hex
    with _client(scheduler) as client:
        client.register_plugin(_Station(bench, run))
        sent: dict[Any, Work] = {}
        try:
            while True:
                while len(sent) < AHEAD * max(1, _workers(client)):
                    item = tries.following(queue, idle=not sent)
                    if item is None:
                        break
                    # pure=False: dask must not take two submissions of the same bytes for one task
                    future = client.submit(_judge_there, run, item[0].exercise.name, item[1], pure=False)
                    sent[future] = item
                if not sent:
                    return
                for future in _done(client, list(sent), scheduler):
                    item, outcome = sent.pop(future), _outcome(client, future)
                    if tries.settled(item, outcome):
                        yield (*item, outcome)
        finally:
            client.cancel(list(sent))
            client.unregister_worker_plugin(STATION)


def _judge_there(run: str, set_name: str, submission: Submission) -> Outcome:
    station = get_worker().plugins[STATION]
    assert isinstance(station, _Station)
    if station.run != run:
        raise PipelineError(
            "Another `grader grade` has taken the workers of this scheduler; give each run its own."
        )
    return station.judge(set_name, submission)


def _done(client: Any, futures: list[Any], scheduler: str) -> list[Any]:
    """Wait until some are done, and return these."""
    without = time.monotonic()
    while True:
        try:
            return list(wait(futures, timeout=1.0, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if _workers(client):
                without = time.monotonic()
            if time.monotonic() - without > PATIENCE_SECONDS:
                raise PipelineError(
                    f"The scheduler at {scheduler} has no workers left; start some."
                ) from None


def _outcome(client: Any, future: Any) -> Outcome:
    if future.status == "finished":
        outcome: Outcome = future.result()
        return outcome
    if client.status != "running":
        raise PipelineError(
            "The dask scheduler is gone. What stands in the journal is safe; start it and run again."
        )
    error = future.exception()
    if isinstance(error, (SandboxError, PipelineError)):
        raise error
    if isinstance(error, KilledWorker):
        return JudgeError("the workers that took this died one after the other")
    return JudgeError(f"the cluster lost it: {type(error).__name__}: {error}")


def _workers(client: Any) -> int:
    """Return the number of worker processes."""
    return len(client.scheduler_info(n_workers=-1)["workers"])


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    # dask tells on stderr what a lost worker means to it; what it means to the class stands in the summary.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout=PATIENCE_SECONDS)
    except (OSError, ValueError) as error:
        raise PipelineError(
            f"No dask scheduler answers at {scheduler} ({error}). Start one with `dask scheduler`, and give the "
            "address that it prints."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        except TimeoutError as error:
            start = f"dask worker {scheduler} --nworkers 2 --nthreads 1"
            raise PipelineError(
                f"The scheduler at {scheduler} has no workers; start some: {start}"
            ) from error
        yield client
