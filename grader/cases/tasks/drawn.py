"""Tasks whose numbers are drawn from a seed: an exam with other numbers each time, and the same for the same seed.

A task is drawn in two steps. `draw` gives named numbers; `make` is called with them and returns the task that they
belong to: answer, range and mistakes are functions of the numbers. The exercise names them, `{{loss}}`, and the build
fills them in (`grader.pipeline.placeholders`). The settled task keeps its numbers, and they stand in its cases, so
that whoever marks knows what was asked. All of it is a function of the task and a seed, whatever the seed stands for.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.cases.errors import CaseError
from grader.cases.tasks.draws import rng_of_numbers
from grader.cases.tasks.task import Task
from grader.cases.tasks.verification import verify_alone

DIGITS = 6
"""A student types the numbers, so they are short: this many significant digits at most."""


@dataclass(frozen=True)
class Drawn:
    """A task that is settled when its numbers are drawn.

    id: the task's. draw: takes a NumPy Generator, returns numbers by name: whole ones, short decimals, or lists of
    these. A name is a variable of the notebook, and no other task of the set draws one of that name. make: takes the
    numbers by name, returns the task.

    >>> from grader.cases.tasks.task import Mistake, Value
    >>> def squared(x):
    ...     return Value("square", 1, x**2, [Mistake("doubled", "You doubled it.", 2 * x)], within=(0, 500))
    >>> task = Drawn("square", lambda rng: {"x": int(rng.integers(3, 20))}, squared)
    >>> task.settled(7).answer == task.settled(7).numbers["x"] ** 2
    True
    """

    id: str
    draw: Callable[[np.random.Generator], Mapping[str, Any]]
    make: Callable[..., Task]

    def settled(self, seed: int) -> Task:
        """Return the task with the numbers of a seed.

        Raises CaseError, with task, seed and numbers, for numbers that no text can show, and for those that make a
        task that can't be marked: an answer out of range, a mistake that gives the answer, two that give the same.
        """
        here = f"task {self.id}, numbers of seed {seed}"
        try:
            numbers = {name: _plain(name, value) for name, value in self._drawn(seed).items()}
        except CaseError as error:
            raise CaseError(f"{here}: {error}") from None
        try:
            task = self.make(**numbers)
            if task.id != self.id:
                raise CaseError(f"what is made of them is another task, {task.id}")
            verify_alone(task)
        except CaseError as error:
            raise CaseError(f"{here}, {_listed(numbers)}: {error}") from None
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            says = f"to make it of them raises {type(error).__name__}: {error}"
            raise CaseError(f"{here}, {_listed(numbers)}: {says}") from error
        return replace(task, numbers=numbers)

    def _drawn(self, seed: int) -> Mapping[str, Any]:
        try:
            numbers = self.draw(rng_of_numbers(seed, self.id))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise CaseError(f"drawing them raises {type(error).__name__}: {error}") from error
        if not isinstance(numbers, Mapping) or not numbers:
            raise CaseError("draw returns no numbers by name; expected is something like {'loss': 2.1}")
        return numbers


def settled(tasks: Iterable[Task | Drawn], seed: int) -> tuple[Task, ...]:
    """Return the tasks of a set with the numbers of a seed; a task that draws none is as it was.

    Raises CaseError as `Drawn.settled` does, and for a name that two tasks give to numbers.
    """
    made = tuple(task.settled(seed) if isinstance(task, Drawn) else task for task in tasks)
    owner: dict[str, str] = {}
    for task in made:
        for name in task.numbers:
            if name in owner:
                raise CaseError(
                    f"task {task.id}: {owner[name]} draws a number {name!r}, too; give each a name of its own"
                )
            owner[name] = task.id
    return made


def _plain(name: str, value: Any) -> Any:
    """Return a number or a list of numbers in Python's own types. Raises CaseError for anything else."""
    if not name.isidentifier():
        raise CaseError(f"{name!r} is no name for a variable")
    plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    if isinstance(plain, list | tuple):
        return [_plain(name, item) for item in plain]
    if isinstance(plain, bool) or not isinstance(plain, int | float) or not math.isfinite(plain):
        raise CaseError(f"{name} holds {plain!r}, which is no finite number")
    if isinstance(plain, float) and float(f"{plain:.{DIGITS}g}") != plain:
        raise CaseError(f"{name} holds {plain!r}, which is too long to be typed; round it")
    return plain


def _listed(numbers: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in numbers.items())
