"""A submission's rows in nbgrader's gradebook: found once, marked by nbgrader's own preprocessors, saved at once.

Left to themselves, those preprocessors open the database, look every row up by its name and commit after every cell,
which takes longer than running the notebook. Here they ask `Rows`, which has the submission's rows in its hands.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import GetGrades, SaveAutoGrades
from nbgrader.utils import is_grade, is_task
from sqlalchemy.orm import undefer

from grader.pipeline import PipelineError
from grader.pipeline.earlier import Aside, put_aside
from grader.pipeline.lateness import Lateness


@dataclass(frozen=True)
class Assigned:
    """A set in the gradebook: the ids of its rows, and of its cells by name."""

    assignment: str
    notebook: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]

    @classmethod
    def find(cls, gradebook: Any, set_name: str, notebook: str) -> "Assigned":
        """Look a set up, which nbgrader has recorded before."""
        found = gradebook.find_notebook(notebook, set_name)
        graded = {cell.name: cell.id for cell in (*found.grade_cells, *found.task_cells)}
        commented = {cell.name: cell.id for cell in (*found.solution_cells, *found.task_cells)}
        return cls(found.assignment_id, found.id, graded, commented)


class Rows:
    """One submission's rows, in the place of the `Gradebook` that nbgrader's preprocessors ask.

    Where there are none, new ones are made. Nothing is committed here: to nbgrader's code its commits seem to happen,
    and the writer commits once, at the end.
    """

    def __init__(self, gradebook: Any, assigned: Assigned, student: str, lateness: Lateness) -> None:
        self._session = gradebook.db
        self._lateness = lateness
        self.db = _NoCommit()
        submission = (
            self._session.query(SubmittedAssignment)
            .filter_by(assignment_id=assigned.assignment, student_id=student)
            .one_or_none()
        )
        if submission is None:
            self._create(assigned, student)
        else:
            self.submission = submission
            self.notebook = (
                self._session.query(SubmittedNotebook)
                .filter_by(assignment_id=submission.id, notebook_id=assigned.notebook)
                .one()
            )
            self._read()

    def _create(self, assigned: Assigned, student: str) -> None:
        # As nbgrader's add_submission, but by ids: through its relationships every new row would read the whole class.
        if self._session.get(Student, student) is None:
            self._session.add(Student(id=student))
        self.submission = SubmittedAssignment(
            id=new_uuid(), assignment_id=assigned.assignment, student_id=student
        )
        self.notebook = SubmittedNotebook(
            id=new_uuid(), notebook_id=assigned.notebook, assignment_id=self.submission.id
        )
        self._grades = {
            name: Grade(cell_id=cell, notebook_id=self.notebook.id) for name, cell in assigned.graded.items()
        }
        self._comments = {
            name: Comment(cell_id=cell, notebook_id=self.notebook.id)
            for name, cell in assigned.commented.items()
        }
        self._session.add_all([self.submission, self.notebook])
        self._session.add_all([*self._grades.values(), *self._comments.values()])

    def _read(self) -> None:
        """Read the rows as they stand in the database, with what it computes from them."""
        self._session.flush()
        grades = (
            self._session.query(BaseCell.name, Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .filter(Grade.notebook_id == self.notebook.id)
            .options(undefer(Grade.max_score))
        )
        comments = (
            self._session.query(BaseCell.name, Comment)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .filter(Comment.notebook_id == self.notebook.id)
        )
        self._grades = dict(tuple(row) for row in grades.populate_existing())
        self._comments = dict(tuple(row) for row in comments.populate_existing())
        self._session.refresh(self.notebook, ["score", "max_score"])

    @property
    def by_hand(self) -> bool:
        """Whether a person gave points here."""
        return any(g.manual_score is not None or g.extra_credit is not None for g in self._grades.values())

    def put_aside(
        self, before: Mapping[str, str], now: Mapping[str, str], known: Sequence[Aside]
    ) -> tuple[list[Aside], list[str]]:
        """Take off the marks by hand of answers that are others now (see `grader.pipeline.earlier`)."""
        return put_aside(self._grades, self._comments, before, now, known)

    def find_grade(self, name: str, *_: str) -> Any:
        """Return the row of a cell's mark."""
        return self._grades[name]

    def find_comment(self, name: str, *_: str) -> Any:
        """Return the row of a cell's comment."""
        return self._comments[name]

    def save(self, notebook: Any, undecided: Collection[str], timestamp: datetime | None) -> None:
        """Put the marks of a judged notebook into the rows; the cells in `undecided` wait for a person.

        Raises `PipelineError` when the notebook's graded cells are not the set's.
        """
        # Instead of nbgrader's CheckCellMetadata, which takes longer than everything here: the cells are the release's.
        names = [c.metadata.nbgrader.grade_id for c in notebook.cells if is_grade(c) or is_task(c)]
        if sorted(names) != sorted(self._grades):
            raise PipelineError(
                f"the notebook's graded cells are {names}, the gradebook's {list(self._grades)}"
            )
        saver = SaveAutoGrades()
        saver.gradebook = self
        saver.notebook_id = saver.assignment_id = saver.student_id = ""
        for number, cell in enumerate(notebook.cells):
            saver.preprocess_cell(cell, {}, number)
        for name in undecided:
            self._grades[name].needs_manual_grade = True
        if timestamp is not None:
            self.submission.timestamp = timestamp
        self._read()
        # An extension or a due date may have come since the submission's rows were made.
        self.notebook.late_submission_penalty = self._lateness.penalty(self.submission, self.notebook)

    def show(self, notebook: Any) -> dict[str, float]:
        """Put marks and comments into the cells' metadata, where the page's template reads them; return the totals."""
        getter = GetGrades()
        getter.gradebook = self
        getter.notebook_id = getter.assignment_id = getter.student_id = ""
        for number, cell in enumerate(notebook.cells):
            getter.preprocess_cell(cell, {}, number)
        penalty = self.notebook.late_submission_penalty or 0
        score, most = self.notebook.score - penalty, self.notebook.max_score
        return {"score": score, "max_score": most, "late_penalty": penalty}

    @property
    def waiting(self) -> list[str]:
        """The names of the cells that wait for a person's mark."""
        return [n for n, g in self._grades.items() if g.needs_manual_grade and g.manual_score is None]

    @property
    def shown(self) -> str:
        """What a page of these rows shows, as a fingerprint (see `shown_by_now`)."""
        marks = [(n, g.score, g.max_score, n in self.waiting) for n, g in self._grades.items()]
        comments = [(n, c.comment) for n, c in self._comments.items() if c.comment is not None]
        return _fingerprint(self.notebook.late_submission_penalty, marks, comments)


@dataclass(frozen=True)
class Marked:
    """One mark in the gradebook, and whose it is; `penalty` is the whole notebook's for lateness."""

    set_name: str
    student: str
    notebook: str
    penalty: float | None
    cell: str
    points: float
    max_points: float
    needs_manual: bool
    by_hand: bool

    @property
    def waits(self) -> bool:
        """Whether a person has not given the mark that is needed."""
        return self.needs_manual and not self.by_hand


def all_marks(gradebook: Any) -> list[Marked]:
    """Return every mark in the gradebook, in one query: through nbgrader's relationships each mark would be several."""
    found = (
        gradebook.db.query(
            Assignment.name, SubmittedAssignment.student_id, Notebook.name, SubmittedNotebook.late_submission_penalty,
            BaseCell.name, Grade.score, Grade.max_score, Grade.needs_manual_grade, Grade.manual_score.is_not(None),
        )
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .order_by(Assignment.name, SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
    )  # fmt: skip
    return [Marked(*row) for row in found]


def shown_by_now(gradebook: Any, marks: Iterable[Marked]) -> dict[tuple[str, str, str], str]:
    """Return a fingerprint of what each page should show, by (set, student, notebook).

    `marks` are those of `all_marks`. A page bears the fingerprint of what it shows: a mark or a comment by hand, extra
    credit, or a penalty that came later makes another.
    """
    found: defaultdict[tuple[str, str, str], list[Marked]] = defaultdict(list)
    for m in marks:
        found[m.set_name, m.student, m.notebook].append(m)
    told: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for set_name, student, notebook, cell, comment in (
        gradebook.db.query(
            Assignment.name, SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Comment.comment
        )
        .select_from(Comment)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Comment.comment.is_not(None))
    ):
        told[set_name, student, notebook].append((cell, comment))
    return {
        key: _fingerprint(
            rows[0].penalty, [(m.cell, m.points, m.max_points, m.waits) for m in rows], told[key]
        )
        for key, rows in found.items()
    }


def _fingerprint(
    penalty: float | None,
    marks: Iterable[tuple[str, float, float, bool]],
    comments: Iterable[tuple[str, str]],
) -> str:
    numbers = sorted((cell, float(points), float(most), waits) for cell, points, most, waits in marks)
    content = json.dumps([float(penalty or 0.0), numbers, sorted(comments)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


class _NoCommit:
    def commit(self) -> None:
        """Leave it to the writer."""
