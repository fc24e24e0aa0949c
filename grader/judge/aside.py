"""A process aside that does one kind of work on a student's data, within limits of processor time and memory.

To mark an answer or to make a page of a notebook runs no student code, but it can cost anything: `KroneckerDelta` of
two huge powers never ends, a hundred thousand open tags take minutes to close. So the process that must not stop
hands such work to one that may. What runs out of its limits is told as `RanOut`; the next request gets a new process.

Limits count the process's own time, so they don't depend on the machine's load: a limit of processor time, and a many
times longer one for a process that waits for nothing, in which what others kept it waiting for does not count.

What one request leaves behind must not change the next one's answer. So a process that has grown is replaced when it
has answered, and a request for which its memory does not suffice is put once more, to a new one.

The process is forked where its parent has one thread (no import is paid twice), else started anew as
``python -m grader.judge.aside MODULE``. It calls `MODULE.prepare()` once and `MODULE.answer(request)` for each request,
and it ends with its parent.
"""

import importlib
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from grader.judge.clock import LOOK_EVERY, OwnTime
from grader.sandbox import frames
from grader.sandbox.waiting import waited

ATTEMPTS = 2
IDLE = 10.0  # times the processor time that a request may take, or a start takes
_GROWN = (
    256 << 20
)  # bytes, held or mapped, by which it may have grown when it answers; then a new one follows


class RanOut(Exception):
    """The work took more processor time or memory than it may, or its process died each time."""


class _Idle(Exception):
    """The process waits for nothing."""


class Aside:
    """One such process; `ask` starts it when it is needed, and again when it has ended.

    module: the name of the module whose `answer(request)` does the work; requests and replies are JSON-able.
    size: bytes of address space beyond what stands at the start. start_seconds: what it takes to stand.
    """

    def __init__(self, module: str, size: int, start_seconds: float) -> None:
        self.module, self.size, self.start_seconds = module, size, start_seconds
        self._sock: socket.socket | None = None
        self._forked = 0
        self._started: subprocess.Popen[bytes] | None = None
        self._ready = self._asked = False

    def ask(self, request_of: Callable[[bool], Any], seconds: float) -> Any:
        """Return the answer to a request, which may take so many seconds of processor time. Raises RanOut.

        request_of: returns the request; it is called with whether the process is new and knows nothing yet. A process
        that ended before its time is started once more, for somebody may have killed it.
        """
        for _ in range(ATTEMPTS):
            try:
                self._stand()
                assert self._sock is not None
                fresh, self._asked = not self._asked, True
                self._sock.settimeout(IDLE * seconds)
                frames.send(self._sock, {"seconds": seconds, "request": request_of(fresh)})
                reply = self._receive(IDLE * seconds)
            except _Idle:
                self.close()
                break
            except (frames.Closed, RecursionError, ValueError):
                if self.close():
                    break  # it had its time
                continue
            if reply["retire"]:
                self.close()
            return reply["answer"]
        raise RanOut

    def start(self) -> None:
        """Start the process; who will have threads starts it before."""
        ours, theirs = socket.socketpair()
        if threading.active_count() == 1:
            self._forked = os.fork()
            if self._forked == 0:
                _serve_alone(theirs, self.module, self.size)
        else:
            program = [sys.executable, "-m", "grader.judge.aside", self.module]
            program += [str(theirs.fileno()), str(self.size)]
            self._started = subprocess.Popen(program, pass_fds=[theirs.fileno()])
        theirs.close()
        self._sock = ours
        self._ready = self._asked = False

    def _stand(self) -> None:
        if self._sock is None:
            self.start()
        assert self._sock is not None
        if not self._ready:  # no request is charged for what the process imports
            self._receive(IDLE * self.start_seconds)
            self._ready = True

    def _receive(self, seconds: float) -> Any:
        """Return the process's next message. Raises _Idle when that takes so many seconds of its own time."""
        assert self._sock is not None
        process = self.process or 0
        clock = OwnTime(lambda: waited(process))
        while not select.select([self._sock], [], [], LOOK_EVERY)[0]:
            if clock.now() >= seconds:
                raise _Idle
        self._sock.settimeout(seconds)
        return frames.receive(self._sock)

    @property
    def process(self) -> int | None:
        """The process's id, None when none runs."""
        if self._sock is None:
            return None
        return self._forked if self._started is None else self._started.pid

    def close(self) -> bool:
        """End the process; return whether it had ended by itself because its processor time was used up."""
        if self._sock is None:
            return False
        self._sock.close()
        self._sock = None
        if self._started is not None:
            self._started.kill()  # one that has ended keeps its status
            status, self._started = self._started.wait(), None
            return status == -signal.SIGXCPU
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._forked, signal.SIGKILL)
            _, status = os.waitpid(self._forked, 0)
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        return False


def _serve_alone(sock: socket.socket, module: str, size: int) -> NoReturn:
    """Serve in a forked process, without what belongs to its parent."""
    try:
        keep = sock.fileno()
        os.closerange(3, keep)
        os.closerange(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        _serve(sock, module, size)
    finally:
        os._exit(1)


def _serve(sock: socket.socket, module: str, size: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent's end is ours
    work = importlib.import_module(module)
    work.prepare()
    mapped, held = _memory()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + size, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    frames.send(sock, "ready")
    while True:
        try:
            message = frames.receive(sock)
        except frames.Closed:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + message["seconds"]) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        try:
            answer = work.answer(message["request"])
        except MemoryError:
            return  # a new process may have enough for it
        now_mapped, now_held = _memory()
        frames.send(sock, {"answer": answer, "retire": max(now_mapped - mapped, now_held - held) > _GROWN})


def _memory() -> tuple[int, int]:
    """Return the bytes that this process has mapped, and those that it holds."""
    with open("/proc/self/statm") as file:
        mapped, held = file.read().split()[:2]
    return int(mapped) * resource.getpagesize(), int(held) * resource.getpagesize()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[2])), sys.argv[1], int(sys.argv[3]))
