"""What runs in a room and what it uses, seen from outside.

A room's control group bounds its memory and adds up its processor time. Where there is none, both are read from its
processes, every few hundredths of a second while there is more than one of them: so long may memory grow unseen, and a
process that lives for less counts for what its parent waited for.
"""

import math
import os
import signal
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

from grader.sandbox.cgroups import Group
from grader.sandbox.processes import peak_bytes, stat, state
from grader.sandbox.waiting import waited
from grader.sandbox.walls import Walls

LOOK_EVERY = 0.2  # seconds
_LOOK_AT_MANY_EVERY = 0.02
_FILE_BYTES = 1024  # what the kernel keeps for a file, however short
_END_SECONDS = 20.0  # of a busy machine, which lets them run to their end
_LEAST_SHARE = 19  # the highest nice value
_SHARE_A_STEP = 1.25  # by which a step of the nice value lessens a share of the processor


class Meter:
    """Looks at the processes of a room.

    process, init: the ids, outside, of the kernel and of the room's first process. folders: those that lie in memory.
    """

    def __init__(self, process: int, init: int, folders: tuple[str, ...], walls: Walls, group: Group) -> None:
        self._process, self._init, self._walls, self._group = process, init, walls, group
        self._folders = [f"/proc/{init}/root{folder}" for folder in folders]
        self._inherited = own_bytes(process)
        self._waited: dict[str, float] = {}
        self._all_waited = self._all_used = 0.0
        self._used: dict[str, tuple[float, float]] = {}
        self._many = False

    @property
    def look_every(self) -> float:
        """Return after how many seconds to look again."""
        return _LOOK_AT_MANY_EVERY if self._many and not self._group.bounds_memory else LOOK_EVERY

    def passed_memory(self) -> bool:
        """Return whether the room has passed its bound on memory. It is to be ended then."""
        self._share()
        if self._group.bounds_memory:
            return self._group.ran_out_of_memory()
        return self.holds_more_than(self._walls.memory_bytes)

    def holds_more_than(self, size: int) -> bool:
        """Return whether the kernel and what it started hold more than `size` bytes of memory.

        What the kernel was forked with does not count, what lies in the room's folders does, sockets count with what
        they may hold, and memory that its processes share counts once.
        """
        processes = self.processes()
        self._many = len(processes) > 1
        size -= sum(map(_tmpfs_bytes, self._folders)) + _socket_bytes(self._init)
        most = {process: max(0, own_bytes(process) - self._inherited) for process in processes}
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
        """Return the seconds for which the room was kept waiting for a processor, up to this look.

        Of each time between two looks those count for which the kernel's main thread waited, and those of the thread
        that waited longest beside it. 0 where the system does not tell.
        """
        main = f"{self._process}/task/{self._process}"
        now = {thread: waited(thread) for process in self.processes() for thread in _threads(process)}
        grew = {thread: seconds - self._waited.get(thread, 0.0) for thread, seconds in now.items()}
        self._all_waited += grew.pop(main, 0.0) + max(grew.values(), default=0.0)
        self._waited = now
        return self._all_waited

    def processor_seconds(self) -> float:
        """Return the processor time of everything that has run in the room."""
        if self._group.counts_time:
            return self._group.processor_seconds()
        with_children = 0.0
        for process in self.processes():
            if (times := _times(process)) is not None:
                started, own, children = times
                self._used[f"{process} {started}"] = own, children
                with_children += own + children
        alone = sum(own for own, _ in self._used.values())  # of those that have ended, what was seen last
        self._all_used = max(self._all_used, alone, with_children)
        return self._all_used

    def usage(self) -> dict[str, float]:
        """Return what the room has used: cpu_seconds, and the peak_bytes (resident) of the kernel's own process."""
        peak = 0.0
        with suppress(OSError, ValueError, IndexError):
            peak = peak_bytes(self._process)
        return {"cpu_seconds": self.processor_seconds(), "peak_bytes": peak}

    def processes(self) -> set[int]:
        """Return the ids, outside, of what runs in the room; its first process is not among them."""
        return {self._process, *self._others()}

    def end_all_but(self, spared: Set[int], seconds: float = _END_SECONDS) -> bool:
        """End every process of the room but those, and return whether all have ended within so many seconds.

        All are stopped before the first is killed: who is killed makes room for another, who is stopped does not.
        """
        held: dict[int, int] = {}
        deadline = time.monotonic() + seconds
        try:
            while True:
                # before it looks for more: until all stand, they start others
                stand = all(state(process) in "TtZX" for process in held)
                # twice: a list of children may leave one out while another ends
                found = (self._others() | self._others()) - spared - held.keys()
                for process in found:
                    with suppress(OSError):
                        held[process] = os.pidfd_open(process)
                # a number that is found again was not given anew before it was opened
                for process in found & held.keys() & self._others():
                    _signal(held[process], signal.SIGSTOP)
                if (stand and not found) or time.monotonic() > deadline:
                    break
                time.sleep(0 if found else 0.002)
            for descriptor in held.values():
                _signal(descriptor, signal.SIGKILL)
        finally:
            for descriptor in held.values():
                os.close(descriptor)
        while any(state(process) not in "ZX" for process in self._others() - spared):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def _others(self) -> set[int]:
        found = {*descendants(self._process), *descendants(self._init), *self._group.processes()}
        return found - {self._process}

    def _share(self) -> None:
        """Leave the kernel's own process its part, however many it has started: together they get about as much.

        Only who is at work is set back: what an ordinary user has set back, stays so.
        """
        busy = [process for process in self._others() if state(process) == "R"]
        nice = min(_LEAST_SHARE, round(math.log(max(1, len(busy)), _SHARE_A_STEP)))
        for process in busy:
            for thread in _threads(process):
                with suppress(OSError):  # it has ended, or it would be set forward again
                    os.setpriority(os.PRIO_PROCESS, int(thread.rpartition("/")[2]), nice)


def own_bytes(process: int) -> int:
    """Return a process's memory without files; pages that several processes map count for each of them.

    Shared memory is files in a room, for nothing else can be mapped as shared there.
    """
    return _sum_of_lines(f"/proc/{process}/status", ("RssAnon:",))


def _fair_bytes(process: int) -> int:
    """Return a process's share of the memory that it maps, files left out."""
    try:
        return _sum_of_lines(f"/proc/{process}/smaps_rollup", ("Pss_Anon:", "SwapPss:"))
    except PermissionError:  # an ordinary user may not look at what joined a user namespace
        return own_bytes(process)


def _sum_of_lines(path: str, names: tuple[str, ...]) -> int:
    try:
        lines = Path(path).read_text().splitlines()
    except PermissionError:
        raise
    except OSError:  # it has just ended
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(names))


def _tmpfs_bytes(folder: str) -> int:
    with suppress(OSError):
        of = os.statvfs(folder)
        return (of.f_blocks - of.f_bfree) * of.f_frsize + (of.f_files - of.f_ffree) * _FILE_BYTES
    return 0


def _socket_bytes(process: int) -> int:
    """Return what the sockets of a process's network may hold at most, whoever has them open."""
    total = 0
    with suppress(OSError, ValueError, IndexError):
        lines = [line.split() for line in Path(f"/proc/{process}/net/sockstat").read_text().splitlines()]
        found = {line[0]: dict(zip(line[1::2], map(int, line[2::2]), strict=False)) for line in lines}
        total += found["sockets:"]["used"] * int(Path("/proc/sys/net/core/wmem_default").read_text())
        six = Path(f"/proc/{process}/net/sockstat6").read_text().splitlines()[0].split()
        streams = found["TCP:"]["inuse"] + int(six[2])
        for name in ("tcp_rmem", "tcp_wmem"):
            total += streams * int(Path(f"/proc/sys/net/ipv4/{name}").read_text().split()[2])
    return total


def _times(process: int) -> tuple[str, float, float] | None:
    """Return when a process started, its processor seconds, and those of the children that it waited for."""
    with suppress(OSError, IndexError):
        fields = stat(process)
        times = [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15]]
        return fields[19], sum(times[:2]), sum(times[2:])
    return None


def _signal(descriptor: int, number: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(descriptor, number)


def _threads(process: int) -> list[str]:
    with suppress(OSError):
        return [f"{process}/task/{thread}" for thread in os.listdir(f"/proc/{process}/task")]
    return []


def descendants(process: int) -> list[int]:
    """Return the ids of what a process has started, and of what these have."""
    found: list[int] = []
    waiting = [process]
    while waiting:
        parent = waiting.pop()
        for thread in _threads(parent):
            with suppress(OSError):
                children = [int(c) for c in Path(f"/proc/{thread}/children").read_text().split()]
                found += children
                waiting += children
    return found
