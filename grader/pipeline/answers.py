"""Reads whole answers to a set from `solutions/answers/NN_name/*.py`."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader.pipeline import SourceFault
from grader.pipeline.exercise_source import CELL_START, find_markers

MODEL = "model.py"


@dataclass(frozen=True)
class Answer:
    """The content of one answer cell; `mistake` is the code of the mistake that it makes on purpose."""

    source: str
    mistake: str | None
    line: int


def read_answers(path: Path, task_ids: Collection[str]) -> dict[str, Answer]:
    """Return a file's answers by task id.

    A cell begins with `# %% <task-id>`, or `# %% <task-id> mistake="<code>"`, or `# %% [markdown] <task-id>` for free
    text. Cells without an id (a head with comments) are left out. Raises `SourceFault` for an id that no task has, an
    id given twice and a solution mark.
    """
    if not path.is_file():
        raise SourceFault([(path, 1, "the file of answers is missing")])
    import jupytext  # takes a third of a second, and a course that is built already needs none of it

    text = path.read_text(encoding="utf-8")
    faults = list(find_markers(path, text))
    starts = [number for number, line in enumerate(text.splitlines(), 1) if CELL_START.match(line)]
    cells = jupytext.reads(text, fmt="py:percent").cells
    cells = cells[len(cells) - len(starts) :]  # text before the first cell is the file's own head
    answers: dict[str, Answer] = {}
    for cell, line in zip(cells, starts, strict=True):
        task_id = cell.metadata.get("title", "").strip()
        if not task_id:
            continue
        if task_id not in task_ids:
            faults.append((path, line, f"no task has the id {task_id!r}"))
        elif task_id in answers:
            faults.append(
                (path, line, f"task {task_id!r} is answered twice, first on line {answers[task_id].line}")
            )
        else:
            answers[task_id] = Answer(cell.source, cell.metadata.get("mistake"), line)
    if faults:
        raise SourceFault(faults)
    return answers


def read_model(folder: Path, task_ids: Collection[str]) -> dict[str, Answer]:
    """Return the model answers; every task has one. Raises `SourceFault` for a task that has none."""
    answers = read_answers(folder / MODEL, task_ids)
    missing = [task_id for task_id in task_ids if task_id not in answers]
    if missing:
        raise SourceFault([(folder / MODEL, 1, f"no model answer for: {', '.join(missing)}")])
    return answers
