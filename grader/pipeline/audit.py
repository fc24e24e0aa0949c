"""Whether a course is fit to be marked: its tasks by themselves, and every answer in `solutions/answers/`.

Each task can be marked (`grader.cases.verify`), every right answer gets full marks, every wrong one loses some, and
its mistake is named. The answers are the course's own, so their cells run here, in this process: no kernel, no walls.
Marked is each with the public cases and with hidden ones, for several seeds.
"""

import contextlib
import linecache
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.cases import (
    CaseError,
    CaseFile,
    FreeText,
    Score,
    Task,
    collect,
    mark_reply,
    questions_of,
    verify,
)
from grader.judge.exercise import CHECK, SOLUTION, read_check
from grader.pipeline.answers import MODEL, Answer, read_answers, read_model
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.exercise_source import ExerciseSource, read_exercise

STUB, RIGHT, WRONG = "stub", "right", "wrong"
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Outcome:
    """How one answer to one task was marked.

    answer: the file that it stands in, or "stub". kind: what it is meant to be, one of STUB, RIGHT, WRONG.
    mistake: the code of the mistake that a wrong answer makes on purpose. cases: "public" or "hidden", with the seed.
    """

    set: str
    task: str
    answer: str
    kind: str
    mistake: str | None
    cases: str
    score: Score

    @property
    def fault(self) -> str:
        """Return what is wrong with these marks, in a few words, or "" when they are right."""
        if self.kind == STUB:
            return "an unanswered task earns points" if self.score > 0 else ""
        if self.kind == RIGHT:
            return "" if self.score.full else "a right answer loses marks"
        if self.score.full:
            # Whoever holds the public cases of a choice must not learn its answer from them.
            return "" if self.score.provisional else "a wrong answer gets full marks"
        return "" if self.mistake in self.score.mistakes else "the mistake is not named"

    def __str__(self) -> str:
        labels = [f"{f.label}: {f.mistake or f.sentence or 'right'}" for f in self.score.findings]
        said = "; ".join(labels) or self.score.note
        answer = f"{self.answer} [{self.mistake}]" if self.mistake else self.answer
        return f"{self.set}, {self.task}, {answer}, {self.cases}: {self.score!r} of {self.score.max_points:g} ({said})"


@dataclass
class Audit:
    """All outcomes of one or more sets, and what the answers lack."""

    outcomes: list[Outcome] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def answers(self, kind: str) -> int:
        """Return how many answers of a kind there are, each counted once, whatever the number of cases."""
        return len({(o.set, o.task, o.answer) for o in self.outcomes if o.kind == kind})

    def faulty(self, fault: str) -> int:
        """Return how many answers have a fault with at least one set of cases."""
        return len({(o.set, o.task, o.answer) for o in self.outcomes if o.fault == fault})

    @property
    def wrong_accepted(self) -> int:
        """Return the number of wrong answers that got full marks."""
        return self.faulty("a wrong answer gets full marks")

    @property
    def right_rejected(self) -> int:
        """Return the number of right answers that lost marks."""
        return self.faulty("a right answer loses marks")

    @property
    def faults(self) -> list[str]:
        """Return every fault as a sentence, the gaps included."""
        return [f"{o.fault}: {o}" for o in self.outcomes if o.fault] + self.gaps

    def summary(self) -> str:
        """Return the two counts in one line."""
        return (
            f"wrong answers accepted: {self.wrong_accepted} of {self.answers(WRONG)}; "
            f"right answers rejected: {self.right_rejected} of {self.answers(RIGHT)}"
        )


def audit(course: Course, seeds: Sequence[int] = SEEDS) -> Audit:
    """Return how every answer of every set is marked. Raises `SourceFault` for a set that can't be read."""
    found = Audit()
    for exercise in course.sets():
        one = audit_set(exercise, seeds)
        found.outcomes += one.outcomes
        found.gaps += one.gaps
    return found


def audit_set(exercise: ExerciseSet, seeds: Sequence[int] = SEEDS) -> Audit:
    """Return how every answer of one set is marked, which tasks lack answers, and which can't be marked."""
    source = read_exercise(exercise)
    tasks = load_tasks(exercise)
    unfit = [f"{exercise.name}, {error}" for task in tasks for error in _unfit(task, seeds[0])]
    if unfit:  # to mark with such cases shows the same faults once more, or fails
        return Audit(gaps=unfit)
    ids = [task.id for task in tasks]
    model = read_model(exercise.answers, ids)
    files = {path.name: read_answers(path, ids) for path in sorted(exercise.answers.glob("*.py"))}
    cases = [
        (
            f"{'public' if public else 'hidden'} cases of seed {seed}",
            CaseFile.of(exercise.name, tasks, seed, public),
        )
        for seed in seeds
        for public in (True, False)
    ]
    found = Audit(gaps=list(_gaps(exercise.name, tasks, files)))
    stubs = {task_id: Answer(cell, None, 0) for task_id, cell in _stubs(source).items()}
    for name, answers in {STUB: stubs, **files}.items():
        whole = answers if name == STUB else {**model, **answers}
        with in_a_folder_with(exercise.extra_files, exercise.source.parent):
            replies = _answered(source, {task_id: answer.source for task_id, answer in whole.items()})
        for task in tasks:
            if task.id in replies and task.id in answers:
                kind = STUB if name == STUB else WRONG if answers[task.id].mistake else RIGHT
                for label, case_file in cases:
                    score = replies[task.id](case_file.tasks[task.id])
                    mistake = answers[task.id].mistake
                    found.outcomes.append(Outcome(exercise.name, task.id, name, kind, mistake, label, score))
    return found


def mark_model(
    exercise: ExerciseSet,
    source: ExerciseSource,
    model: Mapping[str, Answer],
    entries: Mapping[str, Mapping[str, Any]],
) -> dict[str, Score]:
    """Return how the model answers are marked with these cases, by task id; free text has no mark.

    Whatever a cell raises is raised.
    """
    with in_a_folder_with(exercise.extra_files, exercise.source.parent):
        markers = _answered(source, {task_id: answer.source for task_id, answer in model.items()})
        return {task_id: marked(entries[task_id]) for task_id, marked in markers.items()}


def _unfit(task: Task, seed: int) -> Iterator[str]:
    """Yield why a task can't be marked."""
    try:
        verify(task, seed)
    except CaseError as error:
        yield str(error)


def _gaps(name: str, tasks: Sequence[Task], files: Mapping[str, Mapping[str, Answer]]) -> Iterator[str]:
    for task in tasks:
        if isinstance(task, FreeText):
            continue
        here = f"{name}, {task.id}"
        known = {mistake.code for mistake in task.known_mistakes}
        given = [
            a for file, answers in files.items() if file != MODEL for t, a in answers.items() if t == task.id
        ]
        made = {a.mistake for a in given if a.mistake}
        if len(known) < 3:
            yield f"{here}: it knows {len(known)} mistakes; write at least 3"
        if sum(a.mistake is None for a in given) < 2:
            yield f"{here}: it has fewer than 2 right answers in other forms"
        if unmade := sorted(known - made):
            yield f"{here}: no wrong answer makes the mistake {', '.join(unmade)}"
        if unknown := sorted(made - known):
            yield f"{here}: the task knows no mistake {', '.join(unknown)}"


def _stubs(source: ExerciseSource) -> dict[str, str]:
    return {c.grade_id: c.source for c in source.cells if c.role == SOLUTION and c.grade_id is not None}


def _answered(
    source: ExerciseSource, answers: Mapping[str, str]
) -> dict[str, Callable[[Mapping[str, Any]], Score]]:
    """Run the set's cells with these answers; return, for each task, what marks its answer by an entry of cases."""
    markers: dict[str, Callable[[Mapping[str, Any]], Score]] = {}
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells: list[str] = []
    for number, cell in enumerate(source.cells):
        if cell.kind != "code":
            continue
        if cell.role == CHECK:
            task_id, expression = read_check(cell.source)
            value = eval(expression, namespace)  # noqa: S307 - an expression of the course's own check cell
            markers[task_id] = _marker(value, answers[task_id], list(cells), expression)
            continue
        text = answers[cell.grade_id or ""] if cell.role == SOLUTION else cell.source
        cells.append(text)
        name = f"<{source.path.stem} cell {number}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), namespace)  # noqa: S102 - the course's own answers
    return markers


def _marker(
    value: Any, source: str, context: Sequence[str], expression: str
) -> Callable[[Mapping[str, Any]], Score]:
    def marked(entry: Mapping[str, Any]) -> Score:
        reply = collect(questions_of(dict(entry)), value)
        return mark_reply(dict(entry), reply, source=source, context=context, answer=expression)

    return marked


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt the block after so many seconds of processor time; raises TimeoutError. For the main thread only.

    `collect` takes the interrupt for its own: the call ends, and the others are recorded as not run.
    """

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    except KeyboardInterrupt:
        raise TimeoutError(f"it takes more than {seconds:g} seconds of processor time") from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextlib.contextmanager
def in_a_folder_with(files: Sequence[Path], root: Path) -> Iterator[None]:
    """Run the block in a new folder that holds copies of the files, where they lie below root."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            target = Path(folder) / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
