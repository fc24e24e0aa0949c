"""Marks replies in a process of its own, with limits of time and memory of its own.

A reply is a student's data, and to decide on it can cost anything: `KroneckerDelta` of two huge powers never ends, and
a list of texts and numbers can become an array of gigabytes. So the judge decides nothing itself. What runs out of time
or memory here is marked for a person to look at: it earns nothing yet, and nobody says that it is wrong. A process that
ends before its time is started once more, for somebody may have killed it.

The process is forked from the judge when that has one thread (no import is paid twice), else started anew. It runs no
student code; it decodes data. It ends with the judge, and when it has used its time on the processor.
"""

import atexit
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from grader.cases import Score, mark_reply
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.sandbox import frames

ATTEMPTS = 2
_SPARE_SECONDS = 5  # processor time beyond the wall time of a decision, before the kernel ends an orphan
_OUT_OF_REACH = "This answer took more than {} to decide, so no machine marked it; a person will look at it."


class Decider:
    """The process that marks; `mark` starts it when it is needed, and again when it has ended."""

    ran_out = False  # whether the last decision passed its limits

    def __init__(self) -> None:
        self._sock: socket.socket | None = None
        self._process = 0
        self._started: subprocess.Popen[bytes] | None = None
        self._learnt: ReleasedSet | None = None
        self._ready = False

    def mark(
        self, exercise: ReleasedSet, task_id: str, reply: Any, sources: tuple[str, Sequence[str]], limits: Limits
    ) -> Score:  # fmt: skip
        """Return the score of a reply to a task, as `grader.cases.mark_reply` does, or one that asks for a person.

        sources: the student's code for the task, and their other cells. The set's cases are sent once.
        """
        entry = exercise.entries[task_id]
        source, context = sources if entry.get("forbidden") else (None, ())
        request = {
            "task": task_id, "reply": reply, "source": source, "context": list(context),
            "seconds": limits.decision_seconds,
        }  # fmt: skip
        self.ran_out = False
        for _ in range(ATTEMPTS):
            begun = time.monotonic()
            try:
                self._prepare(exercise, limits)
                assert self._sock is not None
                begun = time.monotonic()
                frames.send(self._sock, request)
                return Score.from_json(frames.receive(self._sock))
            except (frames.Closed, RecursionError, ValueError):
                self.close()
            if time.monotonic() - begun >= limits.decision_seconds:
                break  # it had its time; one that ended before may have been killed by somebody else
        self.ran_out = True
        most = f"{limits.decision_seconds:g} s or {limits.decision_bytes >> 20} MB"
        note = _OUT_OF_REACH.format(most)
        return Score(0.0, float(entry["points"]), needs_review=True, task=task_id, note=note)

    def start(self, limits: Limits) -> None:
        """Start the process; a judge that will have threads starts it before."""
        ours, theirs = socket.socketpair()
        if threading.active_count() == 1:
            self._process = os.fork()
            if self._process == 0:
                _serve_alone(theirs, limits.decision_bytes)
        else:
            program = [
                sys.executable,
                "-m",
                "grader.judge.decide",
                str(theirs.fileno()),
                str(limits.decision_bytes),
            ]
            self._started = subprocess.Popen(program, pass_fds=[theirs.fileno()])
        theirs.close()
        self._sock = ours
        self._learnt, self._ready = None, False

    def _prepare(self, exercise: ReleasedSet, limits: Limits) -> None:
        if self._sock is None:
            self.start(limits)
        assert self._sock is not None
        if not self._ready:  # no answer is charged for what the process imports
            self._sock.settimeout(limits.start_seconds)
            frames.receive(self._sock)
            self._ready = True
        self._sock.settimeout(limits.decision_seconds)
        if exercise is not self._learnt:
            frames.send(self._sock, {"learn": dict(exercise.entries)})
            self._learnt = exercise

    @property
    def process(self) -> int | None:
        """The process's id, None when none runs."""
        if self._sock is None:
            return None
        return self._process if self._started is None else self._started.pid

    def close(self) -> None:
        """End the process."""
        if self._sock is not None:
            self._sock.close()
            self._sock = None
            if self._started is not None:
                self._started.kill()
                self._started.wait()
                self._started = None
                return
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)


_mine: dict[int, Decider] = {}


def decider() -> Decider:
    """Return this process's decider."""
    if os.getpid() not in _mine:
        _mine.clear()  # a forked process has a copy of its parent's, which is not its own to use
        _mine[os.getpid()] = Decider()
        atexit.register(_mine[os.getpid()].close)
    return _mine[os.getpid()]


def _serve_alone(sock: socket.socket, size: int) -> NoReturn:
    """Serve in a forked process, without what belongs to its parent."""
    try:
        keep = sock.fileno()
        os.closerange(3, keep)
        os.closerange(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        _serve(sock, size)
    finally:
        os._exit(1)


def _serve(sock: socket.socket, size: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the judge's end is ours
    with open("/proc/self/statm") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + size, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import grader.cases.mark.symbolic  # noqa: F401  (so that the first decision is not charged for it)

    frames.send(sock, "ready")
    entries: dict[str, Any] = {}
    while True:
        try:
            request = frames.receive(sock)
        except frames.Closed:
            return
        if "learn" in request:
            entries = request["learn"]
            continue
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime + request["seconds"]) + _SPARE_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        score = mark_reply(
            entries[request["task"]], request["reply"], source=request["source"], context=request["context"]
        )
        frames.send(sock, score.to_json())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
