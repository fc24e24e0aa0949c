"""Starts walled-in kernels in milliseconds, by forking a process that has imported everything already."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.sandbox import frames
from grader.sandbox.errors import SandboxError
from grader.sandbox.room import Room, bubblewrap
from grader.sandbox.walls import Walls

PRELOAD = ("numpy", "sympy", "torch", "IPython.core.interactiveshell", "matplotlib_inline.backend_inline")
_WARM_UP_SECONDS = 120.0


class ForkServer:
    """The warm process, from outside. A context manager; `address` can be given to other processes.

    modules: what the warm process imports before it is forked, whoever needs it; those that are missing are left out.
    """

    def __init__(self, modules: Sequence[str] = PRELOAD) -> None:
        bubblewrap()
        self._folder = tempfile.mkdtemp(prefix="warm-")  # mode 0700: who may connect may start kernels
        self.address = f"{self._folder}/s"
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
        }
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[name] = "1"  # more would be threads, and no process with threads can be forked safely
        environment["HOME"] = self._folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.sandbox.warm", self.address, json.dumps(list(modules))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=self._folder,
        )  # fmt: skip
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _WARM_UP_SECONDS)
        if not ready or self._process.stdout.readline() != b"ready\n":
            self.close()
            raise SandboxError("The warm process did not start; its own message stands above.")

    @property
    def process(self) -> int:
        """The warm process's id."""
        return self._process.pid

    def close(self) -> None:
        """End the warm process. Kernels that run go on until their rooms are closed."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "ForkServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


class Kernel:
    """A walled-in kernel in a room of its own; a context manager.

    sock: our end of the socket to it. process: its id, outside.
    """

    def __init__(self, address: str, walls: Walls, files: Mapping[str, bytes], slot: int = 0) -> None:
        self.room = Room(walls, slot)
        self.sock, theirs = socket.socketpair()
        try:
            request = {
                "files": {name: content.hex() for name, content in files.items()},
                "walls": walls.to_json(),
                "user": self.room.user,
            }
            told = _ask(address, request, [theirs.fileno(), self.room.pidfd])
            if "process" not in told:
                raise SandboxError(
                    f"No kernel could be started behind the walls: {told.get('problem', 'no reason')}"
                )
            self.process = int(told["process"])
            self._await_walls()
            with suppress(ProcessLookupError):
                self._pidfd: int | None = os.pidfd_open(self.process)
        except BaseException:
            self.close()
            raise
        finally:
            theirs.close()

    _pidfd: int | None = None

    def _await_walls(self) -> None:
        self.sock.settimeout(30.0)
        try:
            told = frames.receive(self.sock)
        except frames.Closed:
            told = {"content": "it ended at once"}
        if told.get("type") != "ready":
            raise SandboxError(f"A kernel could not be walled in: {told.get('content')}.")
        self.sock.settimeout(None)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in what the kernel runs, if it listens."""
        if self._pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)

    def resident_bytes(self) -> int:
        """Return the memory that the kernel and what it started hold, pages shared with files left out."""
        pages = 0
        for process in [self.process, *_descendants(self.process), *_descendants(self.room.init)]:
            with suppress(OSError, ValueError, IndexError):
                resident, shared = Path(f"/proc/{process}/statm").read_text().split()[1:3]
                pages += int(resident) - int(shared)
        return pages * os.sysconf("SC_PAGE_SIZE")

    def usage(self) -> dict[str, float]:
        """Return what the kernel's own process has used: cpu_seconds and peak_bytes (resident)."""
        with suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
            seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            status = Path(f"/proc/{self.process}/status").read_text()
            # a process that has ended holds no memory and has no such line
            peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
            return {"cpu_seconds": seconds, "peak_bytes": int(peak.split()[1]) * 1024.0}
        return {"cpu_seconds": 0.0, "peak_bytes": 0.0}

    def close(self) -> None:
        """End the kernel and everything that it started."""
        self.sock.close()
        self.room.close()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def __enter__(self) -> "Kernel":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    waiting = [process]
    while waiting:
        parent = waiting.pop()
        with suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):
                with suppress(OSError):
                    children = [
                        int(c) for c in Path(f"/proc/{parent}/task/{task}/children").read_text().split()
                    ]
                    found += children
                    waiting += children
    return found


def _ask(address: str, request: Mapping[str, Any], descriptors: Sequence[int]) -> dict[str, Any]:
    deadline = time.monotonic() + 30.0
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(max(0.1, deadline - time.monotonic()))
        try:
            connection.connect(address)
            socket.send_fds(connection, [b"f"], list(descriptors))
            frames.send(connection, request)
            told = frames.receive(connection)
        except (OSError, frames.Closed) as problem:
            raise SandboxError(
                f"The warm process does not answer ({problem or 'it closed the connection'})."
            ) from None
    return dict(told)
