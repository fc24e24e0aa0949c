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
from grader.sandbox.room import WRITABLE, Room, bubblewrap
from grader.sandbox.waiting import waited
from grader.sandbox.walls import Walls

PRELOAD = ("numpy", "sympy", "torch", "IPython.core.interactiveshell", "matplotlib_inline.backend_inline")
_WARM_UP_SECONDS = 120.0


class ForkServer:
    """The warm process, from outside. A context manager; `address` can be given to other processes.

    It warms up while its starter goes on; `address` waits until it is ready, and raises SandboxError when it is not.

    modules: what the warm process imports before it is forked, whoever needs it; those that are missing are left out.
        "module:function" is also called, without arguments: what it loads and caches, every kernel has.
    """

    def __init__(self, modules: Sequence[str] = PRELOAD) -> None:
        bubblewrap()
        self._folder = tempfile.mkdtemp(prefix="warm-")  # mode 0700: who may connect may start kernels
        self._path, self._ready = f"{self._folder}/s", False
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
        }
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[name] = "1"  # more would be threads, and no process with threads can be forked safely
        environment["HOME"] = self._folder
        # of this package, wherever another one is installed
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.sandbox.warm", self._path, json.dumps(list(modules))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=self._folder,
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Where it listens. Waits until it does; raises SandboxError when it did not start."""
        if not self._ready:
            assert self._process.stdout is not None
            ready, _, _ = select.select([self._process.stdout], [], [], _WARM_UP_SECONDS)
            if not ready or self._process.stdout.readline() != b"ready\n":
                self.close()
                raise SandboxError("The warm process did not start; its own message stands above.")
            self._ready = True
        return self._path

    @property
    def process(self) -> int:
        """The warm process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the warm process still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the warm process. Kernels that run go on until their rooms are closed."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        if not self._ready:  # it would look at its standard input only when everything is imported
            self._process.kill()
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
            request = {"walls": walls.to_json(), "user": self.room.user}
            told = _ask(address, request, [theirs.fileno(), self.room.pidfd])
            if "process" not in told:
                raise SandboxError(
                    f"No kernel could be started behind the walls: {told.get('problem', 'no reason')}"
                )
            self.process = int(told["process"])
            theirs.close()  # while we hold it, too, the end of a kernel that dies now is not seen
            self.sock.settimeout(30.0)
            with suppress(frames.Closed):  # it says why when it is asked whether the walls stand
                frames.send(self.sock, {name: content.hex() for name, content in files.items()})
            self._await_walls()
            self._inherited = _own_bytes(self.process)
            with suppress(ProcessLookupError):
                self._pidfd: int | None = os.pidfd_open(self.process)
        except BaseException:
            self.close()
            raise
        finally:
            theirs.close()

    _pidfd: int | None = None
    _inherited = 0

    def _await_walls(self) -> None:
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

    def holds_more_than(self, size: int) -> bool:
        """Return whether the kernel and what it started hold more than `size` bytes of memory.

        What the kernel was forked with does not count, what lies in the room's folders does, and memory that its
        processes share counts once.
        """
        processes = {self.process, *_descendants(self.process), *_descendants(self.room.init)}
        size -= sum(_tmpfs_bytes(f"/proc/{self.room.init}/root{folder}") for folder in WRITABLE)
        most = {process: max(0, _own_bytes(process) - self._inherited) for process in processes}
        if size < 0 or sum(most.values()) <= size:
            return size < 0
        # Exact, but slow where a process is at work on its memory: the largest first, and no more than it takes.
        size += self._inherited
        for process in sorted(most, key=lambda each: -most[each]):
            size -= _fair_bytes(process)
            if size < 0:
                return True
        return False

    def waited(self) -> float:
        """Return the seconds for which the kernel, or the one of its processes that waited longest, had no processor.

        0 where the system does not tell.
        """
        mine = waited(self.process)
        others = (
            waited(p) for p in {*_descendants(self.process), *_descendants(self.room.init)} - {self.process}
        )
        return mine + max(others, default=0.0)

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


_FILE_BYTES = 1024  # what the kernel keeps for a file, however short


def _tmpfs_bytes(folder: str) -> int:
    with suppress(OSError):
        of = os.statvfs(folder)
        return (of.f_blocks - of.f_bfree) * of.f_frsize + (of.f_files - of.f_ffree) * _FILE_BYTES
    return 0


def _own_bytes(process: int) -> int:
    """Return a process's anonymous and shared memory; pages that several processes map count for each of them."""
    return _sum_of_lines(f"/proc/{process}/status", ("RssAnon:", "RssShmem:"))


def _fair_bytes(process: int) -> int:
    """Return a process's share of the memory that it maps, files left out."""
    try:
        return _sum_of_lines(f"/proc/{process}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:", "SwapPss:"))
    except PermissionError:  # an ordinary user may not look at what joined a user namespace
        return _own_bytes(process)


def _sum_of_lines(path: str, names: tuple[str, ...]) -> int:
    try:
        lines = Path(path).read_text().splitlines()
    except PermissionError:
        raise
    except OSError:  # it has just ended
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(names))


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
