"""Runs a notebook's cells in a walled-in kernel; the same contract as `grader.judge.execute.execute`.

What comes over the socket is the student's word: it is capped in size and number, and only a reply with the nonce of
its question is taken for one.
"""

import array
import errno
import secrets
import select
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from grader.judge import JudgeError
from grader.judge.clock import OwnTime, wall_seconds
from grader.judge.execute import describe_error
from grader.judge.kept import Kept, ask_all, in_order
from grader.judge.limits import Limits
from grader.judge.outputs import Outputs
from grader.judge.side_effects import Names
from grader.judge.step import INTERRUPT_EVERY, TOO_BUSY, Result, Step, keeping, question, read_reply
from grader.sandbox import Ahead, Kernel, SandboxError, Walls, frames
from grader.sandbox.kernel import DESCRIPTOR
from grader.sandbox.processes import used_by

_POLL_SECONDS = 0.1
INTERRUPT_CELL_EVERY = 0.1  # seconds; a cell may lose some, as what runs around a fork does
_CHUNK = 1 << 18
_MOST_BYTES_A_CELL = 64_000_000
_MOST_MESSAGES_A_CELL = 50_000

# How a wall sounds when a program runs into it, by the number of the error it gets.
_WALL_ERRORS = {
    errno.ENOSPC: "filled its disk space ({disk} MB)",
    errno.EFBIG: "wrote a file of more than {file} MB",
    errno.EMFILE: "opened more than {files} files at once",
    errno.EAGAIN: "started more than {processes} processes and threads",
    errno.ENETUNREACH: "tried to reach the network, which is not there while a notebook is graded",
}


class WalledExecutor:
    """An executor whose kernels stand behind walls; picklable, so that worker processes can share a warm process.

    address: a :class:`grader.sandbox.ForkServer`'s. slot: a number that no other worker has at the same time. ahead:
    puts up the rooms of that slot, with the same walls; without it each is put up when it is needed.
    """

    walls_in_words = "bwrap"

    def __init__(self, address: str, walls: Walls, slot: int = 0, ahead: Ahead | None = None) -> None:
        self._address, self._walls, self._slot, self._ahead = address, walls, slot, ahead

    def __call__(self, steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        """Return one result for each step, run in order in a fresh kernel. Raises JudgeError when none starts."""
        results, whole = self._run(steps, files, limits, save_forks=True)
        if not whole:  # what one check did to a process cost another its answer
            results, _ = self._run(steps, files, limits, save_forks=False)
        return results

    def _run(
        self, steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits, save_forks: bool
    ) -> tuple[list[Result], bool]:
        """Return the results, and whether each check had what it would have had in a process of its own."""
        try:
            room = None if self._ahead is None else self._ahead.room()
            kernel = Kernel(self._address, self._walls, files, self._slot, room)
        except SandboxError as error:
            raise JudgeError(str(error)) from error
        try:
            session = _Session(kernel, limits, self._walls, save_forks)
            results = [session.run(step) for step in steps]
            if results:
                results[-1].usage = session.ask_kept()
            return results, session.whole
        finally:
            if self._ahead is None:
                kernel.close()
            else:
                self._ahead.follow(kernel)


class _Room:
    """A kernel's room as `grader.judge.kept` needs it."""

    def __init__(self, kernel: Kernel, too_much: str) -> None:
        self._meter, self._too_much = kernel.meter, too_much
        self.processes, self.end_all_but, self.confine = kernel.processes, kernel.end_all_but, kernel.confine
        self.interrupt, self.usage = kernel.interrupt, used_by

    def holds_too_much(self) -> str:
        return self._too_much if self._meter.passed_memory() else ""


def _pair() -> tuple[socket.socket, socket.socket]:
    """Return our end and a process's end of a connection over which each message says which process sent it."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def _with(descriptor: int | None) -> list[tuple[int, int, bytes]]:
    """Return what sends a descriptor along with a message."""
    if descriptor is None:
        return []
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]).tobytes())]


class _Session:
    """A running kernel; after its death every step comes back as not run."""

    def __init__(self, kernel: Kernel, limits: Limits, walls: Walls, save_forks: bool) -> None:
        self._kernel, self._limits, self._walls = kernel, limits, walls
        self._outputs = Outputs(limits)
        self._reader = frames.Reader(2 * limits.reply_bytes)
        self._meter = kernel.meter
        self._clock = OwnTime(self._meter.waited, self._meter.processor_seconds)
        self._reap = False  # whether processes were ended that the kernel has started
        self._before: set[int] = set()  # what ran in the room when the step began
        self._number = 0
        self._over = self._starved = False
        self._names, self._save_forks = Names(), save_forks
        self._to_keep: list[tuple[Step, Result]] = []
        self._kept: list[Kept] = []
        self.whole = True

    def run(self, step: Step) -> Result:
        if self._over:
            return Result(ran=False)
        if self._clock.now() >= self._limits.notebook_seconds:
            self._over = True
            used = f"was not run: the notebook had used its {self._limits.notebook_seconds:.0f} s"
            return Result(ran=False, trouble=used)
        if self._to_keep and not (self._save_forks and self._names.leaves_alone(step)):
            self._keep()
        if self._over:
            return Result(ran=False)
        self._names.take(step)
        if step.at_end:
            self._to_keep.append((step, Result()))
            return self._to_keep[-1][1]
        self._outputs.begin()
        self._number += 1
        nonce = secrets.token_hex(16)
        asked = {"source": step.source} if step.questions is None else {"expression": question(nonce, step)}
        request = frames.pack({"id": self._number, "reap": self._reap, **asked})
        self._before = self._meter.processes()
        content, trouble = self._await(request, step)
        self._reap = trouble is not None and not self._over
        if self._reap and not self._meter.end_all_but(self._before):
            content, trouble = self._stopped(f"{trouble} and left processes that could not be ended")
        result = Result(list(self._outputs.cell), trouble=trouble, starved=self._starved)
        if step.questions is not None:
            result.outputs = []  # only the judge writes below a check cell
            read_reply(result, content.get("data"), nonce, self._limits)
        elif trouble is None and content.get("status") == "error":
            result.trouble = self._describe(content)
        elif self._outputs.cut and trouble is None:
            result.trouble = "printed or showed more than is kept; its output was cut"
        return result

    def _keep(self) -> None:
        """Let the kernel fork a process that waits to be asked for what is to be kept."""
        self._outputs.begin()
        self._number += 1
        ours, theirs = _pair()
        steps = in_order(self._to_keep)
        expression = keeping(DESCRIPTOR, [step for step, _ in steps])
        request = frames.pack({"id": self._number, "expression": expression})
        self._before = self._meter.processes()
        with theirs:
            _, trouble = self._await(request, steps[-1][0], theirs.fileno())
        for _, result in self._to_keep:
            result.trouble, result.starved = trouble, self._starved
        self._kept.append(Kept(steps, ours))
        self._to_keep = []

    def _keep_here(self) -> None:
        """Let the kernel's own process wait: nothing of the notebook follows."""
        ours, theirs = _pair()
        steps = in_order(self._to_keep)
        expression = keeping(DESCRIPTOR, [step for step, _ in steps], here=True)
        request = frames.pack({"id": self._number + 1, "expression": expression})
        with theirs, suppress(OSError):
            self._kernel.sock.settimeout(self._limits.grace_seconds)
            socket.send_fds(self._kernel.sock, [request], [theirs.fileno()])
        self._kept.append(Kept(steps, ours))

    def ask_kept(self) -> dict[str, float]:
        """Ask what was kept, all else having ended; return what the kernel and they have used."""
        used = self._meter.usage()
        if self._to_keep:
            self._keep_here()
        here = self._kept[-1] if self._to_keep else None
        if self._kept:
            used["cpu_seconds"] += ask_all(
                self._kept, _Room(self._kernel, self._too_much_memory()), self._limits
            )
        self.whole = not any(
            kept.lost and (len(kept.steps) > 1 or (kept is here and not kept.process)) for kept in self._kept
        )
        return used

    def _await(
        self, request: bytes, step: Step, descriptor: int | None = None
    ) -> tuple[dict[str, Any], str | None]:
        """Send a request, and a descriptor with it; return what ended the step, and the trouble when it did not end
        well."""
        start, began = self._clock.now(), time.monotonic()
        most = step.seconds or self._limits.cell_seconds
        seconds = min(most, self._limits.notebook_seconds - start)
        looked, interrupts, received, messages = began, 0, 0, 0
        trouble: str | None = None
        every = INTERRUPT_CELL_EVERY if step.questions is None else INTERRUPT_EVERY
        sock = self._kernel.sock
        while True:
            # A kernel need not read what it is sent, so sending is a part of what has limits.
            ready, free, _ = select.select(
                [sock], [sock] if request else [], [], min(_POLL_SECONDS, self._meter.look_every)
            )
            if free:
                try:
                    # not by socket.send_fds, which waits whatever flags it is given
                    sent = sock.sendmsg([request], _with(descriptor), socket.MSG_DONTWAIT)
                    request, descriptor = request[sent:], None
                except BlockingIOError:
                    pass
                except OSError:
                    return self._stopped("could not be run: an earlier cell had ended the process")
            if ready:
                try:
                    data = sock.recv(_CHUNK)
                except OSError:
                    data = b""
                if not data:
                    self._over = True
                    if self._meter.passed_memory():
                        return self._stopped(self._too_much_memory())
                    return {}, trouble or "ended the process; nothing after it could be run"
                received += len(data)
                self._reader.feed(data)
                while (message := self._reader.take()) is not None:
                    messages += 1
                    content = message.get("content")
                    if not isinstance(content, dict):
                        continue
                    if message.get("type") == "done" and content.get("id") == self._number:
                        if self._meter.passed_memory():  # a process lost its life, if not this one
                            return self._stopped(self._too_much_memory())
                        return content, trouble
                    self._outputs.add(str(message.get("type")), content)
            if received > _MOST_BYTES_A_CELL or messages > _MOST_MESSAGES_A_CELL:
                return self._stopped("sent a flood of output and was ended; nothing after it could be run")
            now = time.monotonic()
            if now - looked >= self._meter.look_every:
                looked = now
                if self._meter.passed_memory():
                    return self._stopped(self._too_much_memory())
            late = self._clock.now() - start - seconds
            if now - began > wall_seconds(seconds) + self._limits.grace_seconds:
                self._starved = True
                return self._stopped(TOO_BUSY)
            if late > interrupts * every:
                trouble = trouble or self._late(seconds, most)
                self._kernel.interrupt()
                self._meter.end_all_but(self._before, 0.0)  # or they would leave it no time to stop
                interrupts += 1
            if late > self._limits.grace_seconds:
                return self._stopped(
                    f"{trouble} and did not stop when told to; nothing after it could be run"
                )

    def _stopped(self, trouble: str) -> tuple[dict[str, Any], str]:
        self._over = True
        return {}, trouble

    def _too_much_memory(self) -> str:
        return f"used more than {self._walls.memory_bytes >> 20} MB of memory and was ended"

    def _late(self, seconds: float, most: float) -> str:
        if seconds < most:
            return f"was stopped: the notebook had used its {self._limits.notebook_seconds:.0f} s"
        return f"was stopped after {seconds:g} s, the limit for a cell"

    def _describe(self, content: Mapping[str, Any]) -> str:
        if str(content.get("ename")).endswith("MemoryError"):  # NumPy has one of its own
            return f"ran out of memory: the limit is {self._walls.process_bytes >> 20} MB"
        said = str(content.get("evalue", ""))
        for number, words in _WALL_ERRORS.items():
            if said.startswith(f"[Errno {number}]"):
                walls = self._walls
                return words.format(
                    disk=walls.disk_bytes >> 20, file=walls.file_bytes >> 20, files=walls.open_files,
                    processes=walls.processes,
                )  # fmt: skip
        return describe_error(content)
