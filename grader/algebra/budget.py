"""A limit on the work that one decision may take.

Expressions grow, and a student may hand in a tower of powers. Every loop of the algebra spends from a budget; when
it is gone the decision is *undecided*. The limit is counted in our own code, so it holds in a browser too, where
there are no signals and no threads.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class OutOfBudget(Exception):
    """The decision took more time or more steps than it may. Never leaves ``grader.algebra``'s public functions."""


class Budget:
    """Counts steps and looks at the clock every 256 of them.

    seconds: wall time; steps: number of elementary operations.
    """

    def __init__(self, seconds: float, steps: int = 2_000_000) -> None:
        self.deadline = time.monotonic() + seconds
        self.steps = steps

    def spend(self, steps: int = 1) -> None:
        """Count `steps`; raise OutOfBudget when time or steps have run out."""
        before = self.steps
        self.steps -= steps
        if self.steps < 0 or (before >> 8 != self.steps >> 8 and time.monotonic() > self.deadline):
            raise OutOfBudget


_current: list[Budget] = []


def spend(steps: int = 1) -> None:
    """Count `steps` against the innermost budget in force, if any."""
    if _current:
        _current[-1].spend(steps)


@contextmanager
def limited(seconds: float, steps: int = 2_000_000) -> Iterator[None]:
    """Put a budget in force for the block. An inner budget never outlasts the outer one."""
    budget = Budget(seconds, steps)
    if _current:
        budget.deadline = min(budget.deadline, _current[-1].deadline)
    _current.append(budget)
    try:
        yield
    finally:
        _current.pop()
