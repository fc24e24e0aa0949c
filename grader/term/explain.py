"""`grader explain`: why this mark, case by case, for a teacher who was asked.

It tells hidden inputs and expected values, so it goes to the terminal and nowhere else. What the journal does not have,
what an answer gave, is asked for again by the same judge; when that comes out otherwise than the verdict, this is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Assignment, BaseCell, Comment, Grade, SubmittedAssignment, SubmittedNotebook

from grader.cases import FreeText, Score, Task
from grader.cases.mark.each_case import CaseTold
from grader.pipeline import PipelineError
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.journal import Entry, Journal
from grader.pipeline.report import Mark, Row
from grader.term.again import Again, judge_again
from grader.term.cases_aside import told_by_case
from grader.term.lms_tables import hours, number
from grader.term.standing import Standing, check_known, gradebook_of, standing

HEAD = "For the teacher only: hidden inputs and expected values follow. This is printed here and written nowhere."
_LONGEST_TEXT = 2000  # characters of a text answer


@dataclass(frozen=True)
class ByHand:
    """A mark's parts in the gradebook: the machine's points, a person's, what they gave beyond, and comments."""

    automatic: float | None
    manual: float | None
    extra: float | None
    comment: str


@dataclass(frozen=True)
class Explained:
    """The text, and whether all of it agrees with the verdict."""

    text: str
    agrees: bool


def explain(
    out: Path, course: Course, student: str, task: str | None = None, set_name: str | None = None,
    db_url: str | None = None, sandbox: str = "bwrap",
) -> Explained:  # fmt: skip
    """Return why a student has these marks, for one task or all. Raises `PipelineError` for what is not there."""
    db_url = gradebook_of(out, db_url)
    there = standing(out, set_name, db_url, [exercise.name for exercise in course.sets()])
    check_known("student", student, there.students, out)
    rows = [row for row in there.rows if row.student == student]
    if task is not None:
        tasks = sorted({name for row in rows for name in row.marks})
        check_known(f"task of {student}'s named", task, tasks, out)
        rows = [row for row in rows if task in row.marks]
    journal = Journal(out / "journal.jsonl")
    parts, agrees = [HEAD], True
    for row in rows:
        told = _Explainer(there, course, row, journal.latest.get((student, row.set_name)), db_url, sandbox)
        parts.append(told.text(task))
        agrees = agrees and told.agrees
    return Explained("\n\n".join(parts), agrees)


class _Explainer:
    """Explains one submission."""

    def __init__(
        self, there: Standing, course: Course, row: Row, entry: Entry | None, db_url: str | None, sandbox: str
    ) -> None:
        self._there, self._course, self._row, self._entry = there, course, row, entry
        self._sandbox = sandbox
        self._hands = by_hand(there.out, row, db_url)
        self.agrees = True

    def text(self, task: str | None) -> str:
        row, lines = self._row, self._head()
        ours = row.set_name in {exercise.name for exercise in self._course.sets()}
        known = {t.id: t for t in load_tasks(self._course.set_named(row.set_name))} if ours else {}
        order = [name for name in known if name in row.marks] + [n for n in row.marks if n not in known]
        wanted = [name for name in order if task in (None, name)]
        again = self._again(lines) if ours and any(self._score(name) is not None for name in wanted) else None
        cases = self._cases(again, wanted)
        for name in wanted:
            lines += ["", *self._task(name, row.marks[name], known.get(name), again, cases.get(name, ()))]
        return "\n".join(lines)

    def _head(self) -> list[str]:
        row, times = self._row, self._there.times.get((self._row.student, self._row.set_name))
        earned = sum(mark.points for mark in row.marks.values())
        less = f" ({number(earned)} less a penalty of {number(row.penalty)})" if row.penalty else ""
        waits = "; a person has yet to mark some of it" if row.needs_manual else ""
        points = f"{number(row.total)} of {number(row.max_points)} points"
        lines = [f"{_shown(row.student)}, {row.set_name}: {points}{less}{waits}"]
        if times is not None and times.submitted is not None:
            when = times.submitted.replace(tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            late = f", late by {hours(times.late_seconds)} (H:M:S)" if times.late_seconds > 0 else ""
            lines.append(f"  Handed in {when}{late}.")
        if self._entry is None:
            lines.append(
                "  The journal has no verdict on it: it was marked by another program, or by a person."
            )
        else:
            walls = "behind walls" if self._entry["sandbox"] != "none" else "without walls"
            lines.append(f"  Judged {self._entry.get('graded_at', '')}, {walls}.")
            lines += [f"  What was off: {_shown(problem)}" for problem in self._entry.get("problems", ())]
        return lines

    def _score(self, task: str) -> Score | None:
        scores = self._entry["scores"] if self._entry is not None else {}
        return Score.from_json(scores[task]) if task in scores else None

    def _again(self, lines: list[str]) -> Again | None:
        assert self._entry is not None
        exercise = self._course.set_named(self._row.set_name)
        try:
            again = judge_again(self._there.out, self._course, exercise, self._entry, self._sandbox)
        except PipelineError as error:
            lines.append(f"  What was answered can't be asked for again: {error}")
            self.agrees = False
            return None
        lines += [f"  {doubt}" for doubt in again.doubts]
        return again

    def _cases(self, again: Again | None, wanted: Sequence[str]) -> Mapping[str, Sequence[CaseTold]]:
        if again is None:
            return {}
        replies = {task: again.replies[task] for task in wanted if again.replies.get(task) is not None}
        return told_by_case({t: dict(again.entries[t]) for t in replies}, replies, again.verdict.limits)

    def _task(
        self, name: str, mark: Mark, task: Task | None, again: Again | None, cases: Sequence[CaseTold]
    ) -> list[str]:
        hand = self._hands.get(name)
        lines = [f"{name}: {_points(mark)}, {_by_whom(mark, hand)}"]
        lines += _of_hand(hand)
        score = self._score(name)
        if score is not None:
            if mark.by_hand:
                lines.append(f"  The machine gave {number(score)}.")
            lines += [f"  {_shown(line.strip())}" for line in score.text().splitlines()[1:]]
        elif isinstance(task, FreeText):
            lines += [f"  {points:g} for an answer that {says}" for points, says in task.scheme]
            lines += self._answer(name)
        lines += [f"    {_case(case)}" for case in cases]
        if (
            again is not None
            and self._entry is not None
            and score is not None
            and again.differs(name, self._entry)
        ):
            self.agrees = False
            now = again.verdict.scores.get(name)
            lines.append(
                f"  Judged again just now it came out otherwise: {number(now) if now is not None else 'no'} points, "
                f"where the verdict has {number(score)}. Does the answer draw lots, or look at the time? The mark is "
                "the verdict's."
            )
        return lines

    def _answer(self, name: str) -> list[str]:
        row = self._row
        path = self._there.out / "autograded" / row.student / row.set_name / f"{row.notebook}.ipynb"
        if not path.is_file():
            return []
        cells = nbformat.read(path, as_version=4).cells
        found = [c.source for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
        text = found[0] if found else ""
        cut = text[:_LONGEST_TEXT] + (" …" if len(text) > _LONGEST_TEXT else "")
        return ["  The answer:", *(f"  | {_shown(line)}" for line in cut.splitlines())]


def by_hand(out: Path, row: Row, db_url: str | None) -> dict[str, ByHand]:
    """Return who gave what for a submission, by task, as the gradebook has it."""
    with open_gradebook(out, db_url) as gradebook:
        notebook = (
            gradebook.db.query(SubmittedNotebook)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(SubmittedAssignment.student_id == row.student, Assignment.name == row.set_name)
        )
        ids = [each.id for each in notebook if each.name == row.notebook]
        comments: dict[str, str] = {}
        for name, comment in (
            gradebook.db.query(BaseCell.name, Comment)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .filter(Comment.notebook_id.in_(ids))
        ):
            comments[name] = comment.comment or ""
        grades = (
            gradebook.db.query(BaseCell.name, Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .filter(Grade.notebook_id.in_(ids))
        )
        found = {}
        for cell, grade in grades:
            task = cell.removeprefix("check-")
            comment = comments.get(cell) or comments.get(task) or ""
            found[task] = ByHand(grade.auto_score, grade.manual_score, grade.extra_credit, comment)
    return found


def _points(mark: Mark) -> str:
    return f"{number(mark.points)} of {number(mark.max_points)} points"


def _by_whom(mark: Mark, hand: ByHand | None) -> str:
    if mark.waits:
        return "and a person has yet to mark it"
    return "by a person" if hand is not None and hand.manual is not None else "by the machine"


def _of_hand(hand: ByHand | None) -> list[str]:
    if hand is None:
        return []
    lines = [f"  A person gave {number(hand.extra)} extra points."] if hand.extra else []
    return lines + [f"  Comment: {_shown(line)}" for line in hand.comment.splitlines() if line.strip()]


def _case(case: CaseTold) -> str:
    word = {True: "right ", False: "wrong ", None: ""}[case.ok]
    return f"{word}{_shown(f'{case.label}: {case.says}' if case.label else case.says)}"


def _shown(text: Any) -> str:
    """Return a text that does nothing to a terminal but stand there: a student may have written it."""
    return "".join(c if c.isprintable() else "�" for c in str(text))
