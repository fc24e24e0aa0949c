"""Whether a notebook was handed in with the numbers that it is marked by.

The numbers of a question may be drawn (`grader.cases.tasks.drawn`). They stand in fixed cells, and the submission's own
copies of these, which the release's replace before anything runs, say which numbers the student had. Who had others
did not get the question wrong: that is told, at the top of the page and below the answer, and a person looks at it.
"""

import ast
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from grader.cases import Score
from grader.cases.mark.score import UNANSWERED
from grader.judge.exercise import LOCKED, ReleasedSet

if TYPE_CHECKING:
    from grader.judge.restore import Cell

_MOST = 3  # numbers in one sentence


def stated_numbers(cells: "Iterable[Cell]", exercise: ReleasedSet) -> dict[str, Any]:
    """Return the drawn numbers that the cells state as they were handed in, by name.

    A cell counts when it has the id of a fixed cell; without ids (some editors drop them) when it assigns what that
    cell assigns, and nothing else does.
    """
    drawn = {name for entry in exercise.entries.values() for name in entry.get("numbers", ())}
    if not drawn:
        return {}
    labelled = exercise.labelled
    fixed = {i: assigned(c.source).keys() & drawn for i, c in labelled.items() if c.role == LOCKED}
    found: dict[str, Any] = {}
    nameless: dict[str, Any] = {}
    for cell in cells:
        if cell.kind == "code" and cell.grade_id in fixed:
            given = assigned(cell.source)
            found |= {name: given[name] for name in fixed[cell.grade_id] if name in given}
        elif cell.kind == "code" and cell.grade_id is None:
            given = assigned(cell.source)
            if given and any(given.keys() == names for names in fixed.values()):
                nameless = given | nameless  # the first: a student's own come after it
    return nameless | found


def assigned(source: str) -> dict[str, Any]:
    """Return what a cell assigns to names, as far as it is written out; nothing for what is no Python.

    >>> assigned("p = [0.5, 0.5]  # given\\nq = p\\nx = -1")
    {'p': [0.5, 0.5], 'x': -1}
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Any] = {}
    for line in body:
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            try:
                found[line.targets[0].id] = ast.literal_eval(line.value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
    return found


def other_numbers(stated: Mapping[str, Any], exercise: ReleasedSet) -> dict[str, str]:
    """Return the tasks that a notebook had with other numbers: task id -> a sentence on which."""
    found: dict[str, str] = {}
    for task, entry in exercise.entries.items():
        numbers = entry.get("numbers", {})
        differ = [name for name, value in numbers.items() if name in stated and stated[name] != value]
        if differ:
            pairs = [f"{name} = {_shown(stated[name])} instead of {numbers[name]}" for name in differ[:_MOST]]
            found[task] = f"it has {', '.join(pairs)}"
    return found


def with_other_numbers(score: Score, sentence: str) -> Score:
    """Return the score of a task that was asked with other numbers: what is not right is left to a person."""
    if score.full or any(finding.sentence == UNANSWERED for finding in score.findings):
        return score
    note = (
        f"Your notebook has other numbers: {sentence}. By these it is not right, so a person will look at it."
    )
    return Score(
        float(score),
        score.max_points,
        needs_review=True,
        provisional=score.provisional,
        task=score.task,
        note=f"{note} {score.note}".rstrip(),
    )


def _shown(value: Any) -> str:
    text = "".join(c if c.isprintable() else " " for c in repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"
