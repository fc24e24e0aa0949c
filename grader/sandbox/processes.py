"""Processes by their ids: what they have used, whether they run, how they are ended or kept from starting others."""

import os
import resource
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

_SECONDS = 10.0  # what it may take to end processes that start others all the time


def end_all_but(kept: Collection[int], processes: Callable[[], set[int]]) -> bool:
    """End the processes that `processes` lists, but for the kept ones; return whether that could be done.

    Each is kept from starting another before it is ended, so that they get fewer; when that is not enough, the kept
    ones are, too.
    """
    began, ended = time.monotonic(), set[int]()
    while others := processes() - set(kept):
        for process in others:
            no_more_processes(process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if others <= ended and len(ended) == 1:
            return True  # it is told to end, runs no more and had started none
        ended |= others
        late = time.monotonic() - began
        if late > _SECONDS:
            return False
        if late > _SECONDS / 2:
            for process in kept:
                no_more_processes(process)
        time.sleep(0.001)
    return True


def no_more_processes(process: int) -> None:
    """Let a process start no other and no thread, by a limit that only root could raise again."""
    with suppress(OSError):  # it has ended
        resource.prlimit(process, resource.RLIMIT_NPROC, (0, 0))


def threads(process: int) -> int:
    """Return how many threads a process has; 0 where there is none."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Threads:")).split()[1])
    return 0


def stat(process: int | str) -> list[str]:
    """Return what /proc tells of a process, its state first: fields 3 and on of proc(5). Raises OSError for none."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def state(process: int | str) -> str:
    """Return the letter that says what a process does; X when it is gone."""
    with suppress(OSError, IndexError):
        return stat(process)[0]
    return "X"


def runs(process: int) -> bool:
    """Return whether there is such a process and it has not ended."""
    return state(process) not in "ZX"


def peak_bytes(process: int) -> float:
    """Return the most memory that a process has held (resident). Raises OSError for none."""
    status = Path(f"/proc/{process}/status").read_text()
    # a process that has ended holds no memory and has no such line
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(peak.split()[1]) * 1024.0


def used_by(process: int) -> dict[str, float]:
    """Return what a process has used: cpu_seconds and peak_bytes (resident); 0 of each where there is none."""
    with suppress(OSError, ValueError, IndexError):
        seconds = sum(map(int, stat(process)[11:13])) / os.sysconf("SC_CLK_TCK")
        return {"cpu_seconds": seconds, "peak_bytes": peak_bytes(process)}
    return {"cpu_seconds": 0.0, "peak_bytes": 0.0}
