"""A clock that no other process can turn: it stands while a kernel waits for a processor that others have.

A limit on wall time makes a mark depend on the machine's load, and a limit on processor time never ends a cell that
sleeps. So limits count the time in which the kernel worked or waited for something of its own. Of several processes at
once the processor time of each counts, so that what they may do depends neither on the load nor on the number of cores.
"""

import time
from collections.abc import Callable

WALL = 10.0  # times its own time; past that the machine is too busy to say anything, and the notebook is judged again
_LEAST_WALL = 60.0  # seconds, for a short time of its own may all fall into somebody else's busy minute
LOOK_EVERY = 0.2  # seconds


def wall_seconds(seconds: float) -> float:
    """Return how long by the wall to wait for what may take so many seconds of its own.

    >>> wall_seconds(30.0), wall_seconds(1.0)
    (300.0, 60.0)
    """
    return max(WALL * seconds, _LEAST_WALL)


class OwnTime:
    """Seconds of a kernel's own time, from 0.

    waited: returns the seconds for which the kernel has been ready to run and had no processor, as far as the system
    tells. used: returns the processor time of all its processes, where that is known. Both are looked up every 0.2 s.
    Of the time between two looks counts what was not waited for, or what was used if that is more.
    """

    def __init__(self, waited: Callable[[], float], used: Callable[[], float] = lambda: 0.0) -> None:
        self._waited, self._used = waited, used
        self._looked, self._own, self._last = time.monotonic(), 0.0, 0.0
        self._before = waited(), used()

    def now(self) -> float:
        """Return the own time so far; it never goes back."""
        wall = time.monotonic()
        passed = wall - self._looked
        if passed >= LOOK_EVERY:
            waited, used = self._waited(), self._used()
            # One who has ended tells nothing any more, and nobody can have waited longer than it took.
            kept_waiting = min(passed, max(0.0, waited - self._before[0]))
            self._own += max(passed - kept_waiting, used - self._before[1])
            self._before = max(waited, self._before[0]), max(used, self._before[1])
            self._looked, passed = wall, 0.0
        self._last = max(self._last, self._own + passed)
        return self._last
