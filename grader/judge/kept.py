"""Asks an answer in a process of its own, which was forked at its check, once the notebook has ended.

The notebook's outputs are closed before the first question leaves, and everything in its room but the processes that
wait has been ended. So what a function does with its inputs reaches no page, and what later cells do changes no mark.
What comes back goes to the marker, and it is the student's word: capped in size, and nothing of it is told to anybody
as it stands.
"""

import builtins
import re
import secrets
import select
import socket
import struct
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from grader.cases.values import OUT_OF_SIGHT
from grader.judge.clock import OwnTime, wall_seconds
from grader.judge.limits import Limits
from grader.judge.step import INTERRUPT_EVERY, TOO_BUSY, Result, Step, read_reply
from grader.sandbox import frames
from grader.sandbox.waiting import waited

_POLL_SECONDS = 0.1
_CHUNK = 1 << 18
_CREDENTIALS = struct.Struct("3i")  # process, user, group
_MOST_MESSAGES = 100
_MISSING = re.compile(r"(\w+): name '(\w+)' is not defined")

NOT_KEPT = "could not be asked: no process could be started for it"
NOT_LEFT = "could not be asked: its process had ended at the check before"
NOT_ALONE = "could not be asked: what the notebook had started could not be ended"
_USED_UP = "the checks before it had used the {0.notebook_seconds:.0f} s of the notebook"
_START_SECONDS = 20.0


class Room(Protocol):
    """What holds the processes of a notebook."""

    def processes(self) -> set[int]:
        """Return the processes that run."""

    def end_all_but(self, kept: Collection[int]) -> bool:
        """End all others; return whether that could be done."""

    def interrupt(self, process: int) -> None:
        """Raise KeyboardInterrupt in what a process runs, if it listens."""

    def confine(self, process: int) -> bool:
        """Let a process start no thread and no process; return whether it has one thread."""

    def holds_too_much(self) -> str:
        """Return what to say where the processes hold more memory than they may, else ""."""

    def usage(self, process: int) -> dict[str, float]:
        """Return the cpu_seconds of a process."""


@dataclass
class Kept:
    """A process that keeps answers as they were at their checks.

    steps: the checks as its look-ups follow one another, each with its result, which `ask_all` fills. sock: our end of
    its socket. process: its id, once it is known. lost: whether it ended before it was asked for all.
    """

    steps: list[tuple[Step, Result]]
    sock: socket.socket
    process: int = 0
    lost: bool = False

    def stands(self, seconds: float) -> bool:
        """Wait until the process says that it waits, and return whether it did in time; whoever said so is kept."""
        self.sock.settimeout(max(0.0, seconds) or 1e-3)
        try:
            _, ancillary, _, _ = self.sock.recvmsg(
                len(frames.pack(KEPT)), socket.CMSG_SPACE(_CREDENTIALS.size)
            )
        except OSError:
            return False
        finally:
            self.sock.settimeout(None)
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                self.process = _CREDENTIALS.unpack(data[: _CREDENTIALS.size])[0]
        return self.process > 0

    def ask_all(self, room: "Room", limits: Limits, seconds: float) -> float:
        """Ask for each answer, for at most so many seconds of its own time; return what it took."""
        left = seconds
        for step, result in self.steps:
            if self.lost:
                result.trouble = NOT_LEFT
            elif left <= 0:
                result.trouble = f"was not asked: {_USED_UP.format(limits)}"
            else:
                left -= self._ask(step, result, room, limits, left)
        return seconds - left

    def _ask(self, step: Step, result: Result, room: "Room", limits: Limits, seconds: float) -> float:
        talk = _Talk(self, room, limits, min(step.seconds or limits.cell_seconds, seconds))
        nonce, forbidden = secrets.token_hex(16), _forbidden(step)
        alone = not forbidden or room.confine(self.process)
        if talk.put({"nonce": nonce, "forbidden": forbidden}, "watching") and talk.put(
            step.questions or {}, "done"
        ):
            read_reply(result, talk.reply, nonce, limits)
        else:
            self.lost = True
        result.trouble, result.starved = talk.trouble or result.trouble, talk.starved
        if result.missing is not None:
            result.missing = without_inputs(result.missing, step.source)
        if isinstance(result.reply, dict):
            used = talk.used if alone else {**talk.used, OUT_OF_SIGHT: (0, "")}
            result.reply |= {"used": list(used), "lines": used}
        return talk.clock.now()


def in_order(steps: Sequence[tuple[Step, Result]]) -> list[tuple[Step, Result]]:
    """Return the checks in the order in which one process is asked for them: what forbids something comes last, for
    from then on the process can start no thread any more."""
    return sorted(steps, key=lambda each: bool(_forbidden(each[0])))


def _forbidden(step: Step) -> list[str]:
    return list((step.questions or {}).get("forbidden", ()))


KEPT = {"type": "kept", "content": {}}


def without_inputs(said: str, expression: str) -> str:
    """Return what was said of an answer that is missing, with nothing in it that a student could have made of inputs.

    >>> without_inputs("NameError: name 'kl' is not defined", "kl"), without_inputs("KeyError: [0.2, 0.8]", "kl")
    ("NameError: name 'kl' is not defined", 'KeyError')
    """
    name = said.partition(":")[0]
    found = _MISSING.fullmatch(said)
    if found and found[1] == "NameError" and found[2] in re.findall(r"\w+", expression):
        return said
    known = getattr(builtins, name, None)
    return name if isinstance(known, type) and issubclass(known, BaseException) else "an error"


class _Talk:
    """One conversation with a process that waits, within limits."""

    def __init__(self, kept: Kept, room: Room, limits: Limits, seconds: float) -> None:
        self._sock, self._process, self._room, self._limits = kept.sock, kept.process, room, limits
        self._reader = frames.Reader(2 * limits.reply_bytes)
        self._seconds, self._began = seconds, time.monotonic()
        self._received = self._interrupts = 0
        self.clock = OwnTime(lambda: waited(kept.process))
        self.trouble: str | None = None
        self.starved = False
        self.reply: Any = None
        self.used: dict[str, tuple[Any, Any]] = {}

    def put(self, message: Mapping[str, Any], answered_by: str) -> bool:
        """Send a message; return whether the message of that type came before anything went wrong."""
        rest = frames.pack(message)
        looked = time.monotonic()
        while not self._over():
            ready, free, _ = select.select([self._sock], [self._sock] if rest else [], [], _POLL_SECONDS)
            try:
                if free:
                    rest = rest[self._sock.send(rest, socket.MSG_DONTWAIT) :]
                data = self._sock.recv(_CHUNK) if ready else None
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if data == b"":
                self.trouble = self.trouble or "ended its process"
                return False
            if data and self._take(data, answered_by):
                return True
            if time.monotonic() - looked > 2 * _POLL_SECONDS:
                looked = time.monotonic()
                if too_much := self._room.holds_too_much():
                    self.trouble = too_much
                    return False
        return False

    def _take(self, data: bytes, wanted: str) -> bool:
        self._received += len(data)
        self._reader.feed(data)
        while (message := self._reader.take()) is not None:
            kind, content = message.get("type"), message.get("content")
            if not isinstance(content, dict):
                continue
            if kind == "used" and len(self.used) < _MOST_MESSAGES:
                self.used.setdefault(str(content.get("name")), (content.get("line"), content.get("code")))
            elif kind == "reply":
                self.reply = content
            elif kind == wanted:
                if self.reply is None and self._reader.damaged:
                    self.trouble = f"gave an answer of more than {self._limits.reply_bytes // 1_000_000} MB"
                return True
        return False

    def _over(self) -> bool:
        """Return whether a limit is passed; interrupt a process that takes too long."""
        if self._received > 4 * self._limits.reply_bytes:
            self.trouble = "sent a flood and was ended"
            return True
        if time.monotonic() - self._began > wall_seconds(self._seconds) + self._limits.grace_seconds:
            self.starved, self.trouble = True, TOO_BUSY
            return True
        late = self.clock.now() - self._seconds
        if late > self._interrupts * INTERRUPT_EVERY:
            self.trouble = self.trouble or f"was stopped after {self._seconds:g} s, the limit for a cell"
            self._room.interrupt(self._process)
            self._interrupts += 1
        if late > self._limits.grace_seconds:
            self.trouble = f"{self.trouble} and did not stop when told to"
            return True
        return False


def ask_all(kept: Sequence[Kept], room: Room, limits: Limits) -> float:
    """Ask each process that waits, and end it when it has replied; return the processor time of all, in seconds.

    All others of the room are ended first. What could not be kept was no fault of the answer's: it is to be judged
    again. The checks together may take as long as the notebook.
    """
    latest = time.monotonic() + _START_SECONDS
    for each in kept:
        each.lost = not each.stands(latest - time.monotonic())
    here = room.processes()
    waiting = {each.process for each in kept} & here
    alone = room.end_all_but(waiting)
    left, worked = limits.notebook_seconds, 0.0
    for each in kept:
        if each.lost or each.process not in waiting or not alone:
            each.lost = True
            for _, result in each.steps:
                if result.trouble is None:
                    result.trouble, result.starved = NOT_KEPT if alone else NOT_ALONE, alone
        else:
            before = room.usage(each.process)["cpu_seconds"]
            left -= each.ask_all(room, limits, left)
            worked += max(0.0, room.usage(each.process)["cpu_seconds"] - before)
            waiting.discard(each.process)
            room.end_all_but(waiting)
        each.sock.close()
    return worked
