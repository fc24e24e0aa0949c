"""Slips that the tasks of several sets know: a small number before a logarithm, another base.

Each is a family: the same slip with other numbers, recognised as one mistake.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader.cases import Mistake

Function = Callable[..., Any]

EPSILONS = (
    *(10.0**-n for n in range(6, 17)),
    *(1e-20, 1e-30, 1e-100, 1e-300, 5e-324),
    *(float(x) for x in (np.finfo(np.float32).eps, np.finfo(np.float64).eps, np.finfo(np.float64).tiny)),
)
"""What people add to a probability so that its logarithm is finite, or cut it off at."""


def with_epsilons(slip: Function) -> tuple[Function, ...]:
    """Return `slip(change, *args)` for each change of probabilities: an epsilon added, or a lower bound of epsilon."""
    changes = [
        change for epsilon in EPSILONS for change in (partial(np.add, epsilon), partial(np.maximum, epsilon))
    ]
    return tuple(partial(slip, change) for change in changes)


def in_base(base: float, function: Function) -> Function:
    """Return the function with logarithms to another base, for results that are sums of logarithms."""
    return lambda *args: function(*args) / np.log(base)


def quietly(function: Function) -> Function:
    """Return the function without NumPy's warnings: as Torch computes, or who has turned them off."""

    def quiet(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*args)

    return quiet


def made_at(way: Callable[[Function], Function], *mistakes: Mistake) -> tuple[Mistake, ...]:
    """Return the mistakes as made by who does all the rest right; way: from a function to one of the task's inputs."""
    return tuple(replace(m, answer=None, answers=tuple(map(way, m.family))) for m in mistakes)
