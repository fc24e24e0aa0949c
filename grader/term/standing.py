"""What stands in a graded output folder: marks as the class report has them, times, and what nbgrader knows of whom."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Student, SubmittedAssignment

from grader.pipeline import PipelineError
from grader.pipeline.database import database_of
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.journal import Journal
from grader.pipeline.record import all_marks
from grader.pipeline.report import Row, rows_of

Key = tuple[str, str]  # student, set


@dataclass(frozen=True)
class Times:
    """When a submission came, in UTC (None where nothing tells), and by how many seconds it was late."""

    submitted: datetime | None
    late_seconds: float


@dataclass(frozen=True)
class Enrolled:
    """What nbgrader's table of students says of one; "" where it says nothing."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


@dataclass(frozen=True)
class Standing:
    """What `out` holds: a row for each submission, its times, and what the gradebook knows of the students."""

    out: Path
    rows: Sequence[Row]
    times: Mapping[Key, Times]
    enrolled: Mapping[str, Enrolled]

    @property
    def sets(self) -> list[str]:
        """The names of the sets, in order."""
        return sorted({row.set_name for row in self.rows})

    @property
    def students(self) -> list[str]:
        """The ids of those who handed something in, in order."""
        return sorted({row.student for row in self.rows})


def standing(
    out: Path, set_name: str | None = None, db_url: str | None = None, known: Collection[str] = ()
) -> Standing:
    """Return what an output folder holds, of one set or of all.

    known: the names of the course's sets; what the gradebook holds of other courses is left out unless it is asked
    for. Raises `PipelineError` when there is no gradebook, or nothing of the set in it.
    """
    db_url = gradebook_of(out, db_url)
    with open_gradebook(out, db_url) as gradebook:
        rows = rows_of(all_marks(gradebook), Journal(out / "journal.jsonl"))
        enrolled = {
            s.id: Enrolled(s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "")
            for s in gradebook.db.query(Student)
        }
        submissions = gradebook.db.query(SubmittedAssignment, Assignment.name).join(
            Assignment, Assignment.id == SubmittedAssignment.assignment_id
        )
        times = {
            (s.student_id, name): Times(s.timestamp, float(s.total_seconds_late)) for s, name in submissions
        }
    if not rows:
        raise PipelineError(f"The gradebook of {out} holds no submission yet. Run `grader grade` first.")
    held = sorted({row.set_name for row in rows})
    if set_name is not None:
        check_known("set", set_name, held, out)
        rows = [row for row in rows if row.set_name == set_name]
    elif known:
        rows = [row for row in rows if row.set_name in known]
        if not rows:
            raise PipelineError(
                f"The gradebook of {out} holds nothing for this course's sets, only for {', '.join(held)}. "
                "Name one of these with --set."
            )
    return Standing(out, rows, times, enrolled)


def gradebook_of(out: Path, db_url: str | None) -> str | None:
    """Return the address of an output folder's gradebook, None for its own file.

    Raises `PipelineError` when it has none, or another than was given.
    """
    if not out.is_dir():
        raise PipelineError(f"{out} is no folder; expected the --out folder of a `grader grade`.")
    db_url = database_of(out, db_url)
    if db_url is None and not (out / "gradebook.db").is_file():
        raise PipelineError(
            f"{out} holds no gradebook.db; expected the --out folder of a `grader grade`, or its --db."
        )
    return db_url


def check_known(what: str, name: str, there: Sequence[str], out: Path) -> None:
    """Raise `PipelineError`, with the closest names, when a name is not among those that are there."""
    if name in there:
        return
    folded = {other.casefold(): other for other in there}
    close = [folded[found] for found in difflib.get_close_matches(name.casefold(), folded, 5, 0.5)]
    inside = [other for other in there if name.casefold() in other.casefold() and other not in close]
    near = (close + inside)[:5]
    hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"There are: {_first(there)}."
    raise PipelineError(f"{out} holds no {what} {name!r}. {hint}")


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(map(repr, names[:10])) + more
