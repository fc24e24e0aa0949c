"""Fills drawn numbers into an exercise: `{{loss}}` becomes 2.35 in prose and in code.

Each number is stated in a fixed cell above its task's answer, on a line `loss = {{loss}}`, and may stand in the prose
as well. So an answer can use it by its name, whatever was drawn, and a notebook with other numbers is known by that
cell when it is handed in (`grader.judge.numbers`). What does not fit together is a fault: a placeholder that no task
draws, a number that no fixed cell states.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.judge.exercise import LOCKED, SOLUTION, TEXT

if TYPE_CHECKING:
    from grader.cases import Task
    from grader.pipeline.exercise_source import Fault, SourceCell

    Cells = Sequence[SourceCell]

PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z_]\w*) *\}\}")
OPENED = "{{"


def draws(text: str) -> bool:
    """Return whether an exercise's text has placeholders.

    >>> draws("a loss of **{{loss}} nats**"), draws(r"$e^{{-x}}$, {'a': {1}}")
    (True, False)
    """
    return PLACEHOLDER.search(text) is not None


def filled(text: str, numbers: Mapping[str, Any]) -> str:
    """Return a text with its numbers in place; a placeholder without one stays.

    >>> filled("p = {{p}}, {{other}}", {"p": [0.25, 0.75]})
    'p = [0.25, 0.75], {{other}}'
    """
    return PLACEHOLDER.sub(lambda found: repr(numbers[found[1]]) if found[1] in numbers else found[0], text)


def filled_cells(cells: "Cells", tasks: "Sequence[Task]") -> "tuple[SourceCell, ...]":
    """Return an exercise's cells with the numbers of its tasks."""
    numbers = {name: value for task in tasks for name, value in task.numbers.items()}
    return tuple(replace(cell, source=filled(cell.source, numbers)) for cell in cells)


def placeholder_faults(path: Any, cells: "Cells", tasks: "Sequence[Task]") -> "Iterator[Fault]":
    """Yield what does not fit between the placeholders of an exercise's cells, unfilled, and its tasks' numbers."""
    numbers = {name for task in tasks for name in task.numbers}
    for cell in cells:
        for name in PLACEHOLDER.findall(cell.source):
            if name not in numbers:
                known = f"drawn are {', '.join(sorted(numbers))}" if numbers else "they draw none"
                yield path, _line(cell, name), f"no task draws a number {name!r} for {{{{{name}}}}}; {known}"
        if numbers and OPENED in PLACEHOLDER.sub("", cell.source):
            yield path, cell.line, "'{{' begins no placeholder here; write {{name}}, or put a space between"
    for task in tasks:
        if task.numbers:
            yield from _unstated(path, cells, task)


def _unstated(path: Any, cells: "Cells", task: "Task") -> "Iterator[Fault]":
    """Yield the numbers of a task that no fixed cell above its answer states."""
    answered = [n for n, c in enumerate(cells) if c.role in (SOLUTION, TEXT) and c.grade_id == task.id]
    if not answered:
        return  # that the task has no cell is told elsewhere
    above = [cell.source for cell in cells[: answered[0]] if cell.kind == "code" and cell.role == LOCKED]
    lines = {line.strip() for source in above for line in source.splitlines()}
    for name in task.numbers:
        stated = f"{name} = {{{{{name}}}}}"
        if not any(line == stated or line.startswith(f"{stated}  #") for line in lines):
            says = f"the number {name!r} of task {task.id!r} stands in no fixed cell above its answer; write"
            yield path, cells[answered[0]].line, f"{says} `{stated}` on a line of one"


def _line(cell: "SourceCell", name: str) -> int:
    lines = cell.source.splitlines()
    return cell.line + next((n for n, line in enumerate(lines, 1) if name in PLACEHOLDER.findall(line)), 0)
