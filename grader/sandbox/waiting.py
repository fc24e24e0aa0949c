"""How long a process was kept waiting by others."""

from contextlib import suppress
from pathlib import Path


def waited(process: int | str) -> float:
    """Return the seconds for which a process's main thread was ready to run and had no processor.

    process: its id, or "PROCESS/task/THREAD" for another thread than the main one.

    0 where the system does not tell (https://docs.kernel.org/scheduler/sched-stats.html), or for no process.
    """
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    return 0.0
