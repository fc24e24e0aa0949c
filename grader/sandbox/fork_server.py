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
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.sandbox import frames
from grader.sandbox.cgroups import Group
from grader.sandbox.errors import SandboxError
from grader.sandbox.meter import Meter, descendants
from grader.sandbox.processes import end_all_but, no_more_processes, runs, threads
from grader.sandbox.room import WRITABLE, Room, bubblewrap
from grader.sandbox.walls import Walls

PRELOAD = ("numpy", "sympy", "torch", "IPython.core.interactiveshell", "matplotlib_inline.backend_inline")
_WARM_UP_SECONDS = 120.0


class ForkServer:
    """The warm process, from outside. A context manager; `address` can be given to other processes.

    It warms up while its starter goes on; `address` waits until it is ready, and raises SandboxError when it is not.

    modules: what the warm process imports before it is forked, whoever needs it; those that are missing are left out.
        "module:function" is also called, without arguments: what it loads and caches, every kernel has.
    grouped: give each room a control group, where the system lets us.
    """

    def __init__(self, modules: Sequence[str] = PRELOAD, grouped: bool = True) -> None:
        bubblewrap()
        self._folder = tempfile.mkdtemp(prefix="warm-")  # mode 0700: who may connect may start kernels
        self._path, self._ready = f"{self._folder}/s", False
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
        }
        # where the user's systemd is to be asked for a control group
        asked = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
        environment |= {name: os.environ[name] for name in asked if name in os.environ}
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[name] = "1"  # more would be threads, and no process with threads can be forked safely
        environment["HOME"] = self._folder
        # of this package, wherever another one is installed
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.sandbox.warm", self._path, json.dumps(list(modules)),
             json.dumps(grouped)],
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

    sock: our end of the socket to it. process: its id, outside. meter: what it uses. room: an empty one, put up
        with the same walls; without it the kernel gets a new one of the slot.
    """

    def __init__(
        self, address: str, walls: Walls, files: Mapping[str, bytes], slot: int = 0, room: Room | None = None
    ) -> None:
        self.room = room or Room(walls, slot)
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
            self._group = Group(told["group"], self.process)  # while it walls itself in
            self._await_walls()
            self.meter = Meter(self.process, self.room.init, WRITABLE, walls, self._group)
            with suppress(ProcessLookupError):
                self._pidfd: int | None = os.pidfd_open(self.process)
        except BaseException:
            self.close()
            raise
        finally:
            theirs.close()

    _pidfd: int | None = None
    _group: Group | None = None

    def _await_walls(self) -> None:
        try:
            told = frames.receive(self.sock)
        except frames.Closed:
            told = {"content": "it ended at once"}
        if told.get("type") != "ready":
            raise SandboxError(f"A kernel could not be walled in: {told.get('content')}.")
        self.sock.settimeout(None)

    def interrupt(self, process: int | None = None) -> None:
        """Raise KeyboardInterrupt in what the kernel, or another process of the room, runs, if it listens."""
        with suppress(ProcessLookupError):
            if process is not None:
                os.kill(process, signal.SIGINT)
            elif self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)

    def processes(self) -> set[int]:
        """Return the processes that run in the room, its first one left out."""
        # By its descriptor, for the kernel's number may be another's once it has ended.
        over = self._pidfd is None or bool(select.select([self._pidfd], [], [], 0)[0])
        return {p for p in self.meter.processes() - ({self.process} if over else set()) if runs(p)}

    def end_all_but(self, kept: Collection[int]) -> bool:
        """End the kernel and all other processes of the room but the kept ones; return whether that could be done."""
        return end_all_but(kept, self.processes)

    def confine(self, process: int) -> bool:
        """End what a process of the room has started, and let it start nothing more, no thread either; return whether
        it has one thread."""
        no_more_processes(process)
        for other in descendants(process):
            with suppress(ProcessLookupError):
                os.kill(other, signal.SIGKILL)
        return threads(process) == 1

    def close(self) -> None:
        """End the kernel and everything that it started."""
        self.sock.close()
        self.room.close()
        if self._group is not None:
            self._group.close()
            self._group = None
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def __enter__(self) -> "Kernel":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


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
