"""Rooms put up ahead: the next one stands while the last one's answers are marked."""

from concurrent.futures import Future, ThreadPoolExecutor

from grader.sandbox.fork_server import Kernel
from grader.sandbox.room import Room
from grader.sandbox.walls import Walls


class Ahead:
    """The rooms of one slot, one after another. To put one up and to end one is to wait, for the most part."""

    def __init__(self, walls: Walls, slot: int) -> None:
        self._walls, self._slot = walls, slot
        self._thread = ThreadPoolExecutor(1)
        self._next: Future[Room] | None = None

    def room(self) -> Room:
        """Return an empty room. Raises SandboxError when none can be put up."""
        found, self._next = self._next, None
        return Room(self._walls, self._slot) if found is None else found.result()

    def follow(self, kernel: Kernel) -> None:
        """End the kernel and everything that it started, and put up the next room; return at once."""
        self._next = self._thread.submit(self._change, kernel)

    def _change(self, kernel: Kernel) -> Room:
        kernel.close()  # first, for two rooms at a time would share a slot
        return Room(self._walls, self._slot)

    def close(self) -> None:
        """End the room that was put up ahead."""
        self._thread.shutdown()
        if self._next is not None and self._next.exception() is None:
            self._next.result().close()
        self._next = None
