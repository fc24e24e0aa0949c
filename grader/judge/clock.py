"""A clock that no other process can turn: it stands while a kernel waits for a processor that others have.

A limit on wall time makes a mark depend on the machine's load, and a limit on processor time never ends a cell that
sleeps. So limits count the time in which the kernel worked or waited for something of its own.
"""

import time
from collections.abc import Callable

WALL = 10.0  # times its own time; past that the machine is too busy to say anything, and the notebook is judged again
LOOK_EVERY = 0.2  # seconds


class OwnTime:
    """Seconds of a kernel's own time, from 0.

    waited: returns the seconds for which the kernel has been ready to run and had no processor, as far as the system
    tells; they are looked up every 0.2 s.
    """

    def __init__(self, waited: Callable[[], float]) -> None:
        self._look = waited
        self._began = self._looked = time.monotonic()
        self._before = self._waited = waited()
        self._last = 0.0

    def now(self) -> float:
        """Return the own time so far; it never goes back."""
        wall = time.monotonic()
        if wall - self._looked >= LOOK_EVERY:
            # One who has ended tells nothing any more, and nobody can have waited longer than it took.
            longest = self._waited + wall - self._looked
            self._waited, self._looked = min(longest, max(self._waited, self._look())), wall
        self._last = max(self._last, wall - self._began - (self._waited - self._before))
        return self._last
