"""From exercise, tasks and model answer to nbgrader's source notebook, the release and the cases.

A set is built again only when something it is made from has changed.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from grader.cases import CaseError, CaseFile, FreeText, Model, Task, rng_for, verify, verify_written
from grader.judge.exercise import SOLUTION, TEXT
from grader.judge.limits import Limits
from grader.pipeline import SourceFault
from grader.pipeline.answers import MODEL, Answer, read_model
from grader.pipeline.audit import mark_model
from grader.pipeline.build_config import NAME, SETTINGS, write_config
from grader.pipeline.built_files import check_built, note_built
from grader.pipeline.course import Course, ExerciseSet, line_of_id, load_tasks
from grader.pipeline.exam_seed import keep_exam_seed
from grader.pipeline.exercise_source import ExerciseSource, Fault, read_exercise
from grader.pipeline.placeholders import draws
from grader.pipeline.seeds import settled_seed

PUBLIC_SEED = 0
"""What the students' cases are drawn from; the hidden ones beside them come from a secret that the folder keeps."""

OWN_PARTS = (
    "answers.py",
    "audit.py",
    "build.py",
    "build_config.py",
    "built_files.py",
    "course.py",
    "exercise_source.py",
    "gradebook.py",
    "placeholders.py",
    "seeds.py",
)


@dataclass(frozen=True)
class Built:
    """What `build_course` did: the sets that were built and those that stood.

    drawn: the sets among them whose questions have drawn numbers, and exam_seed: of which seed. to_do: a sentence for
    the teacher about a file of theirs, "" where there is none.
    """

    built: tuple[str, ...]
    unchanged: tuple[str, ...]
    drawn: tuple[str, ...] = ()
    exam_seed: int = 0
    to_do: str = ""


def build_course(course: Course, force: bool = False, exam_seed: int | None = None) -> Built:
    """Build every exercise set that changed; with `force`, every one.

    exam_seed: what drawn questions get their numbers from, from now on; None for the seed of the last build, at first
    `grader.pipeline.exam_seed.DEFAULT`.

    Raises `SourceFault` with file and line of each fault, `PipelineError` when nbgrader refuses.
    """
    sets = course.sets(exam_seed)
    digests = {s.name: _digest(course, s) for s in sets}
    to_do = ""
    stale = [s for s in sets if force or not _stands(course, s, digests[s.name])]
    if stale:
        _forbid_orphans(course, sets)
        sources = {s.name: read_exercise(s) for s in sets}
        _forbid_shared_ids(sources.values())
        course.build.mkdir(exist_ok=True)
        tasks = [task for s in sets for task in load_tasks(s)]
        to_do = write_config(course.build, int(_cell_seconds(tasks)))
        for exercise in stale:
            _build_set(course, exercise, sources[exercise.name])
            stamp = _stamp(course, exercise)
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.write_text(digests[exercise.name], encoding="utf-8")
    if exam_seed is not None:
        course.build.mkdir(exist_ok=True)
        keep_exam_seed(course.build, exam_seed)
    names = [s.name for s in stale]
    drawn = tuple(s.name for s in sets if _draws(s))
    return Built(
        tuple(names), tuple(s.name for s in sets if s.name not in names), drawn, sets[0].exam_seed, to_do
    )


def stale_sets(course: Course) -> list[ExerciseSet]:
    """Return the sets that are not built, or not from what lies there now."""
    return [s for s in course.sets() if not _stands(course, s, _digest(course, s))]


def entries_of(tasks: Sequence[Task], seed: int, public: bool) -> dict[str, dict[str, Any]]:
    """Return each task's cases, drawn from `seed`, by task id."""
    return {task.id: task.cases(rng_for(seed, task.id, public), public) for task in tasks}


def _build_set(course: Course, exercise: ExerciseSet, source: ExerciseSource) -> None:
    # Importing nbgrader takes a second, and often nothing is to be built.
    from grader.pipeline.gradebook import generate

    tasks = load_tasks(exercise)
    _compare(exercise, source, tasks)
    _verify_drawn(exercise, tasks)
    model = read_model(exercise.answers, [task.id for task in tasks])
    public = _draw(exercise, tasks, PUBLIC_SEED, True)
    hidden = _draw(exercise, tasks, settled_seed(course.build).number, False)
    # not with the secret's cases, by which a fault would come and go
    _forbid_wrong_answers(exercise, source, tasks, model, _draw(exercise, tasks, PUBLIC_SEED, False))
    folder = exercise.built_source.parent
    made, record = (folder, exercise.release.parent), _stamp(course, exercise).with_suffix(".json")
    check_built(made, record, f"exercises/{exercise.name}")
    # nbgrader copies every file of this folder to the students, so nothing old may stay in it.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    notebook = json.dumps(assemble(source, tasks, model), indent=1, ensure_ascii=False)
    exercise.built_source.write_text(notebook + "\n", encoding="utf-8")
    for path in exercise.extra_files:
        target = folder / path.relative_to(exercise.source.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    CaseFile(exercise.name, public).save(folder / "cases.json")
    exercise.hidden.parent.mkdir(parents=True, exist_ok=True)
    CaseFile(exercise.name, hidden).save(exercise.hidden)
    generate(course.build, exercise.name, course.build, "release")
    note_built(made, record)


def assemble(source: ExerciseSource, tasks: Iterable[Task], model: dict[str, Answer]) -> dict[str, Any]:
    """Return nbgrader's source notebook: the exercise with the model answers inside solution marks."""
    by_id = {task.id: task for task in tasks}
    cells = []
    for number, cell in enumerate(source.cells):
        text = cell.source
        if cell.role in (SOLUTION, TEXT) and cell.grade_id is not None:
            answer = model[cell.grade_id].source + _scheme(by_id[cell.grade_id])
            text = f"{text}\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        content: dict[str, Any] = {"cell_type": cell.kind, "id": f"cell-{number}"}
        content |= {"metadata": cell.metadata, "source": text}
        if cell.kind == "code":
            content |= {"execution_count": None, "outputs": []}
        cells.append(content)
    return {"cells": cells, "metadata": source.metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell_seconds(tasks: Iterable[Task]) -> float:
    """Return what a cell may take, in seconds: the usual limit, or what a task asks for to train a model."""
    return max(
        Limits().cell_seconds, *(task.training_seconds for task in tasks if isinstance(task, Model)), 0.0
    )


def _scheme(task: Task) -> str:
    if not isinstance(task, FreeText):
        return ""
    rows = [
        f"- {points:g} point{'' if points == 1 else 's'}: {criterion}" for points, criterion in task.scheme
    ]
    return "\n\n**Marking scheme**\n\n" + "\n".join(rows)


def _compare(exercise: ExerciseSet, source: ExerciseSource, tasks: Sequence[Task]) -> None:
    """Raise `SourceFault` when the exercise and its tasks don't say the same."""
    path = exercise.tasks
    faults: list[Fault] = []
    ids = [task.id for task in tasks]
    for task in tasks:
        line = line_of_id(path, task.id)
        if ids.count(task.id) > 1:
            faults.append((path, line, f"duplicate id {task.id!r} in TASKS"))
        if isinstance(task, FreeText):
            if not task.scheme:
                faults.append((path, line, f"free text {task.id!r} has no marking scheme"))
        elif not task.known_mistakes:
            faults.append((path, line, f"task {task.id!r} knows no mistakes; name at least one"))
        if task.numbers and not _draws(exercise):
            faults.append(
                (path, line, f"task {task.id!r} draws numbers, and {source.path} has no {{{{name}}}}")
            )
        if task.id not in source.points:
            faults.append((path, line, f"task {task.id!r} has no cell in {source.path}"))
    for task_id, (points, cell) in source.points.items():
        if task_id not in ids:
            faults.append((source.path, cell.line, f"no task {task_id!r} stands in {path}"))
            continue
        task = tasks[ids.index(task_id)]
        if isinstance(task, FreeText) is not (cell.role == TEXT):
            said = f"the cell of {task_id!r} is of another kind than the task, which is {task.kind}"
            faults.append((source.path, cell.line, said))
        if float(task.points) != points:
            said = (
                f"the cell gives {points:g} points, {path}:{line_of_id(path, task_id)} gives {task.points:g}"
            )
            faults.append((source.path, cell.line, f"{task_id!r}: {said}"))
    if not faults and ids != list(source.points):
        faults.append(
            (path, 1, f"TASKS stand in another order than in the exercise: {', '.join(source.points)}")
        )
    if faults:
        raise SourceFault(faults)


def _verify_drawn(exercise: ExerciseSet, tasks: Sequence[Task]) -> None:
    """Raise `SourceFault` for a task that can't be marked with the numbers that were drawn for it.

    Of other tasks a person sees this when they are written.
    """
    for task in tasks:
        if task.numbers:
            try:
                verify(task, PUBLIC_SEED)
            except CaseError as error:
                says = f"{error} (numbers of seed {exercise.exam_seed}: {dict(task.numbers)})"
                raise SourceFault([(exercise.tasks, line_of_id(exercise.tasks, task.id), says)]) from error


def _draw(exercise: ExerciseSet, tasks: Sequence[Task], seed: int, public: bool) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = {}
    for task in tasks:
        try:
            entries |= entries_of([task], seed, public)
        except CaseError as error:
            raise SourceFault([(exercise.tasks, line_of_id(exercise.tasks, task.id), str(error))]) from error
        except (ArithmeticError, TypeError, ValueError, LookupError, np.exceptions.AxisError) as error:
            says = f"task {task.id!r}: drawing its cases raises {type(error).__name__}: {error}"
            raise SourceFault([(exercise.tasks, line_of_id(exercise.tasks, task.id), says)]) from error
    return entries


def _forbid_wrong_answers(
    exercise: ExerciseSet,
    source: ExerciseSource,
    tasks: Sequence[Task],
    model: dict[str, Answer],
    hidden: dict[str, dict[str, Any]],
) -> None:
    """Raise `SourceFault` for a task that would mark wrongly, as far as that is quick to see; `grader audit` sees all.

    A set whose model answers train a language model is not run: that takes longer than the rest of the build.
    """
    faults: list[Fault] = []
    for task in tasks:
        try:
            verify_written(task, hidden[task.id])
        except CaseError as error:
            faults.append((exercise.tasks, line_of_id(exercise.tasks, task.id), str(error)))
    if faults:
        raise SourceFault(faults)
    if any(isinstance(task, Model) for task in tasks):
        return
    path = exercise.answers / MODEL
    try:
        scores = mark_model(exercise, source, model, hidden)
    except Exception as error:  # the course's own cells, which may raise whatever they like
        says = f"the model answers can't be run: {type(error).__name__}: {error}"
        raise SourceFault([(path, 1, says)]) from error
    wrong = [
        (path, model[task_id].line, f"the model answer to {task_id!r} is not marked right:\n{score.text()}")
        for task_id, score in scores.items()
        if not score.full or score.needs_review
    ]
    if wrong:
        raise SourceFault(wrong)


def _forbid_orphans(course: Course, sets: Sequence[ExerciseSet]) -> None:
    known = {s.tasks for s in sets}
    for path in sorted((course.root / "solutions" / "tasks").glob("*.py")):
        if path not in known and not path.name.startswith("_"):
            said = f"no exercise set is called NN_{path.stem}; add it to exercises/, or delete this file"
            raise SourceFault([(path, 1, said)])


def _forbid_shared_ids(sources: Iterable[ExerciseSource]) -> None:
    seen: dict[str, tuple[Path, int]] = {}
    faults: list[Fault] = []
    for source in sources:
        for task_id, (_, cell) in source.points.items():
            if task_id in seen:
                first, line = seen[task_id]
                faults.append(
                    (source.path, cell.line, f"duplicate id {task_id!r}; it stands first in {first}:{line}")
                )
            seen.setdefault(task_id, (source.path, cell.line))
    if faults:
        raise SourceFault(faults)


def _digest(course: Course, exercise: ExerciseSet) -> str:
    """Return a hash of everything that the set's build reads."""
    files = [exercise.source, *exercise.extra_files, exercise.tasks, exercise.answers / MODEL]
    files += sorted(path for part in ("", "lm") for path in (course.root / "solutions" / part).glob("*.py"))
    files += sorted((course.root / "solutions" / "tasks").glob("_*.py"))  # what tasks set apart
    engine = Path(__file__).resolve().parents[1]
    files += sorted(path for part in ("algebra", "cases") for path in (engine / part).rglob("*.py"))
    files += [engine / "judge" / "exercise.py", *(engine / "pipeline" / name for name in OWN_PARTS)]
    content = hashlib.sha256(metadata.version("nbgrader").encode())
    if _draws(exercise):
        content.update(f"numbers of seed {exercise.exam_seed}".encode())
    for path in files:
        content.update(str(path).encode())
        content.update(path.read_bytes() if path.is_file() else b"missing")
    return content.hexdigest()


def _draws(exercise: ExerciseSet) -> bool:
    return exercise.source.is_file() and draws(exercise.source.read_text(encoding="utf-8"))


def _stamp(course: Course, exercise: ExerciseSet) -> Path:
    return course.build / ".stamps" / exercise.name


def _stands(course: Course, exercise: ExerciseSet, digest: str) -> bool:
    stamp = _stamp(course, exercise)
    made = (exercise.built_source, exercise.release, exercise.release.with_name("cases.json"), exercise.hidden,
            course.build / NAME, course.build / SETTINGS, course.build / "gradebook.db")  # fmt: skip
    return (
        stamp.is_file()
        and stamp.read_text(encoding="utf-8") == digest
        and all(path.is_file() for path in made)
    )
