"""Whether answers that a task's author has not seen get the marks that they deserve.

`solutions/answers/NN_name/unseen/` holds `right.py` and `wrong.py`, written from the prompts alone by who did not
write the tasks: a cell is one answer, and a task has as many as there are. Where a prompt came to ask for more
afterwards (a temperature, bits, log-probabilities), a few lines below an answer add that, and the answer stays as it
was. Each runs by itself after the set's locked cells, in this process, and is marked with public and with hidden
cases.
"""

import linecache
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grader.cases import CaseFile, Score, collect, mark_reply, questions_of
from grader.pipeline import SourceFault
from grader.pipeline.audit import RIGHT, WRONG, in_a_folder_with, within
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.exercise_source import CELL_START, read_exercise

SECONDS = 120.0
"""Processor time for the cell of an answer, and as much for all questions of the public or the hidden cases."""

_ROUNDING = 1e-9  # of a share of the points


@dataclass(frozen=True)
class Unseen:
    """One answer: its task, code and line, and whether it is right.

    most: the share of the points that a wrong answer may get; without one it must get less than all.
    """

    task: str
    source: str
    line: int
    right: bool
    most: float | None = None


@dataclass(frozen=True)
class Marked:
    """How an unseen answer was marked with one set of cases ("hidden cases of seed 0")."""

    set: str
    answer: Unseen
    cases: str
    score: Score

    @property
    def fault(self) -> str:
        """Return what is wrong with the marks, "" when they are right."""
        share = float(self.score) / self.score.max_points
        if self.answer.right:
            return "" if self.score.full else "a right answer loses marks"
        if self.score.provisional:  # the public cases of a value do not hold its answer
            return ""
        if self.score.full:
            return "a wrong answer gets full marks"
        most = self.answer.most
        return "a wrong answer gets too much" if most is not None and share > most + _ROUNDING else ""

    def __str__(self) -> str:
        said = "; ".join(f"{f.label}: {f.mistake or f.sentence or 'right'}" for f in self.score.findings)
        kind = RIGHT if self.answer.right else WRONG
        return (
            f"{self.set}/unseen/{kind}.py:{self.answer.line}, {self.answer.task}, {self.cases}: "
            f"{self.score!r} of {self.score.max_points:g} ({said or self.score.note})"
        )


def read_unseen(exercise: ExerciseSet) -> list[Unseen]:
    """Return the unseen answers of a set.

    Raises `SourceFault` for a cell whose id no task has, and for a `most` that is no share and would hold nothing.
    """
    ids = {task.id for task in load_tasks(exercise)}
    found: list[Unseen] = []
    for right in (True, False):
        path = exercise.answers / "unseen" / f"{RIGHT if right else WRONG}.py"
        if path.is_file():
            found += _read(path, ids, right)
    return found


def _read(path: Path, ids: set[str], right: bool) -> Iterator[Unseen]:
    import jupytext

    text = path.read_text(encoding="utf-8")
    starts = [number for number, line in enumerate(text.splitlines(), 1) if CELL_START.match(line)]
    cells = jupytext.reads(text, fmt="py:percent").cells
    for cell, line in zip(cells[len(cells) - len(starts) :], starts, strict=True):
        task_id = cell.metadata.get("title", "").strip()
        if not task_id:
            continue
        if task_id not in ids:
            raise SourceFault([(path, line, f"no task has the id {task_id!r}")])
        most = None if (given := cell.metadata.get("most")) is None else float(given)
        if most is not None and not 0 <= most < 1:
            raise SourceFault(
                [(path, line, f"most is {given}; give a share of the points, 0 to less than 1")]
            )
        yield Unseen(task_id, cell.source, line, right, most)


def audit_unseen(
    exercise: ExerciseSet, seeds: Sequence[int] = (0,), tasks: Sequence[str] = ()
) -> list[Marked]:
    """Return how each unseen answer of a set is marked; of the named tasks only when there are any."""
    source = read_exercise(exercise)
    known = load_tasks(exercise)
    cases = [
        (
            f"{'public' if public else 'hidden'} cases of seed {seed}",
            CaseFile.of(exercise.name, known, seed, public),
        )
        for seed in seeds
        for public in (True, False)
    ]
    setup, checks = source.setup, source.checks
    marked: list[Marked] = []
    for answer in read_unseen(exercise):
        if tasks and answer.task not in tasks:
            continue
        # An answer may set NumPy's way with errors for its whole notebook; the next must not find that.
        with in_a_folder_with(exercise.extra_files, exercise.source.parent), np.errstate():
            name = f"<{exercise.name} line {answer.line}>"
            value = _in_time(answer, name, partial(_value, setup, answer, checks[answer.task], name))
            for label, file in cases:
                entry = dict(file.tasks[answer.task])
                questions = questions_of(entry)
                reply = _in_time(answer, name, partial(collect, questions, value))
                score = mark_reply(
                    entry,
                    reply,
                    source=answer.source,
                    context=[*setup, answer.source],
                    answer=checks[answer.task],
                )
                marked.append(Marked(exercise.name, answer, label, score))
    return marked


def _in_time(answer: Unseen, name: str, made: Callable[[], Any]) -> Any:
    """Return what is made of an answer, None when it takes too long: a wrong one may never end."""
    try:
        with within(SECONDS):
            return made()
    except TimeoutError as error:
        if answer.right:
            raise RuntimeError(f"{name}: the right answer does not end: {error}") from None
        return None


def _value(setup: Sequence[str], answer: Unseen, expression: str, name: str) -> Any:
    """Run the answer after the locked cells; an answer whose cell raises has no value, as in a notebook."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for text in setup:
        exec(compile(text, "<setup>", "exec"), namespace)  # noqa: S102 - the course's own cells
    linecache.cache[name] = (len(answer.source), None, answer.source.splitlines(keepends=True), name)
    try:
        exec(compile(answer.source, name, "exec"), namespace)  # noqa: S102 - the course's own answers
        return eval(expression, namespace)  # noqa: S307 - an expression of the course's own check cell
    except Exception as error:  # noqa: BLE001 - in a notebook, too, a cell that raises leaves no answer
        if answer.right:
            raise RuntimeError(f"{name}: the right answer does not run: {error!r}") from error
        return None


def main(arguments: Sequence[str]) -> int:
    """Print the two counts for each set (or the named ones: `03_kl_divergence`, or a task's id) and every fault."""
    status = 0
    for exercise in Course.find().sets():
        ids = [task.id for task in load_tasks(exercise)]
        wanted = [a for a in arguments if a in ids]
        if arguments and not wanted and exercise.name not in arguments:
            continue
        found = audit_unseen(exercise, tasks=wanted)
        faults = [m for m in found if m.fault]
        print(f"{exercise.name}: {summary(found)}")
        print(*(f"  {m.fault}: {m}" for m in faults), sep="\n", end="\n" if faults else "")
        status = max(status, int(bool(faults)))
    return status


def summary(found: Sequence[Marked]) -> str:
    """Return the counts in one line: wrong answers accepted or given too much, right ones rejected."""

    def lines(right: bool, faulty: bool) -> int:
        return len({m.answer.line for m in found if m.answer.right is right and (m.fault or not faulty)})

    return (
        f"wrong answers accepted: {lines(False, True)} of {lines(False, False)}; "
        f"right answers rejected: {lines(True, True)} of {lines(True, False)}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
