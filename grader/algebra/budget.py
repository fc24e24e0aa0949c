"""A limit on the work that one decision may take.

Expressions grow, and a student may hand in a tower of powers. Every loop of the algebra spends from a budget; when
it is gone the decision is *undecided*. Work is counted in steps of our own code, so that the same question has the same
answer on a busy machine, and in a browser, where there are no signals and no threads. The clock is an emergency brake,
and it measures the processor's time, not the wall's.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEPS_A_SECOND = 250_000  # what a processor of these years does at least, in this code
_BRAKE = 4.0  # the clock stops what takes this many times longer than its steps should


class OutOfBudget(Exception):
    """The decision took more time or more steps than it may. Never leaves ``grader.algebra``'s public functions."""


def _processor_clock() -> Callable[[], float]:
    for name in ("thread_time", "process_time"):  # some browsers' Python has neither
        clock: Callable[[], float] | None = getattr(time, name, None)
        try:
            if clock is not None:
                clock()
                return clock
        except (OSError, RuntimeError):
            continue
    return time.monotonic


_clock = _processor_clock()


class Budget:
    """Counts steps and looks at the clock every 256 of them.

    seconds: processor time; steps: number of elementary operations.
    """

    def __init__(self, seconds: float, steps: int = 2_000_000) -> None:
        self.deadline = _clock() + seconds
        self.steps = steps

    def spend(self, steps: int = 1) -> None:
        """Count `steps`; raise OutOfBudget when time or steps have run out."""
        before = self.steps
        self.steps -= steps
        if self.steps < 0 or (before >> 8 != self.steps >> 8 and _clock() > self.deadline):
            raise OutOfBudget


_current: list[Budget] = []


def spend(steps: int = 1) -> None:
    """Count `steps` against the innermost budget in force, if any."""
    if _current:
        _current[-1].spend(steps)


def exhausted() -> bool:
    """Whether the innermost budget in force has run out: what was given up inside was not given up for itself."""
    return bool(_current) and (_current[-1].steps < 0 or _clock() > _current[-1].deadline)


@contextmanager
def limited(seconds: float, steps: int = 2_000_000) -> Iterator[None]:
    """Put a budget in force for the block. An inner budget never outlasts the outer one, and its steps count there."""
    budget = Budget(seconds, steps)
    outer = _current[-1] if _current else None
    if outer is not None:
        budget.deadline = min(budget.deadline, outer.deadline)
        budget.steps = min(budget.steps, max(outer.steps, 0))
    allowed = budget.steps
    _current.append(budget)
    try:
        yield
    finally:
        _current.pop()
        if outer is not None:
            outer.steps -= allowed - budget.steps


@contextmanager
def counted(seconds: float) -> Iterator[None]:
    """Put a budget in force that is counted in steps, as many as `seconds` hold; the clock only brakes."""
    with limited(seconds * _BRAKE, int(seconds * _STEPS_A_SECOND)):
        yield
