"""The one writer: puts verdicts into nbgrader, the way its own converters would.

`Autograde` writes each notebook twice, and each of its steps opens the gradebook. Here a submission is one transaction
in a gradebook that stays open for the run, and its notebook passes once, in memory, through the steps that matter:
nbgrader's own code decides marks, comments and penalties, and `tests/pipeline/test_write.py` holds that rows and files
are those that `Autograde` would have written.
"""

import csv
import gc
import os
import secrets
import shutil
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError

from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline import PipelineError
from grader.pipeline.course import ExerciseSet
from grader.pipeline.course_folder import CourseFolder
from grader.pipeline.earlier import EarlierMarks, answers_of, is_note, with_notes
from grader.pipeline.gradebook import generate, open_gradebook, reason
from grader.pipeline.journal import Journal
from grader.pipeline.lateness import Lateness
from grader.pipeline.pages import PageMaker, stamp_of, stamped
from grader.pipeline.record import Assigned, Marked, Rows, all_marks, shown_by_now
from grader.pipeline.submissions import Handed
from grader.pipeline.tables import cell_text

STAGING = ".staging"
STEPS = ("autograded", "feedback")
SECRET = "submission_secret.txt"
LONGEST_SECRET = 1000  # bytes; nbgrader's have 64
# nbgrader copies no such files; it looks at names only.
LEFT_OUT = (".ipynb_checkpoints", "__pycache__", "feedback")
# nbgrader's: nobody changes an autograded notebook, and a page may be made again.
READ_ONLY, WRITABLE = 0o444, 0o644


class Writer:
    """Writes to one output folder: gradebook, autograded notebooks and feedback pages."""

    def __init__(self, out: Path, build: Path, db_url: str | None = None) -> None:
        """`db_url` is the gradebook's address; None for `out/gradebook.db`."""
        self.out = out
        self.build = build
        self.db_url = db_url
        self.folder = CourseFolder(out)
        self.pages = PageMaker()
        self._late: Lateness | None = None
        self._put_down: EarlierMarks | None = None
        self._open = ExitStack()
        self._opened: Any = None
        self._assigned: dict[str, Assigned] = {}
        self._beside: dict[str, dict[str, bytes]] = {}
        self._released: dict[str, frozenset[str]] = {}

    def prepare(self, set_name: str) -> None:
        """Record a set's cells and points in the gradebook.

        Raises `PipelineError` when they changed after grading, and for a configuration of nbgrader that can't be used.
        """
        self._lateness()
        try:
            generate(self.build, set_name, self.out, f"{STAGING}/release", self.db_url)
        except PipelineError as error:
            advice = f"If the set's cells changed after {self.out} was graded, grade into a new --out."
            raise PipelineError(f"{error}. {advice}") from error
        self.folder.put_all(self.build / "source" / set_name, f"source/{set_name}")
        self.folder.put_all(self.out / STAGING / "release" / set_name, f"release/{set_name}")
        gc.freeze()  # or else every few pages the collector would go through all that is imported
        source = self.build / "source" / set_name
        self._beside[set_name] = {
            p.relative_to(source).as_posix(): p.read_bytes()
            for p in sorted(source.rglob("*"))
            if p.is_file() and p.suffix != ".ipynb"
        }

    def expect(self, exercise: ExerciseSet) -> None:
        """Get ready for a set's pages; for when there is nothing else to do."""
        self.pages.expect(nbformat.read(exercise.release, as_version=4))

    def write(self, handed: Handed, submission: Submission, verdict: SubmissionVerdict) -> None:
        """Write one verdict. Raises `PipelineError` with the reason when that fails."""
        gradebook = self._gradebook()
        try:
            self._write(gradebook, handed, submission, verdict)
        except SQLAlchemyError as error:
            raise PipelineError(f"the gradebook did not take it: {reason(error)}") from error
        except PipelineError:
            raise
        except Exception as error:  # noqa: BLE001  (what a student wrote goes through nbgrader's and nbconvert's code)
            raise PipelineError(f"{type(error).__name__}: {error}") from error
        finally:
            gradebook.db.rollback()
            gradebook.db.expunge_all()  # so that 2,000 submissions need no more memory than one

    def _write(
        self, gradebook: Any, handed: Handed, submission: Submission, verdict: SubmissionVerdict
    ) -> None:
        student, set_name, short_name = handed.student, verdict.set_name, handed.exercise.short_name
        notebook = nbformat.from_dict(verdict.notebook)
        if set_name not in self._assigned:
            self._assigned[set_name] = Assigned.find(gradebook, set_name, short_name)
        rows = Rows(gradebook, self._assigned[set_name], student, self._lateness())
        undecided = [f"check-{task}" for task, score in verdict.scores.items() if score.needs_review]
        undecided += verdict.waiting + self._put_aside(rows, handed, notebook)
        rows.save(notebook, undecided, _timestamp(submission.files))
        earlier, noted = self._earlier().of(student, set_name), notebook
        if earlier:
            noted = nbformat.from_dict(with_notes(verdict.notebook, earlier, rows.waiting))
        # Not by nbformat.writes, which reads all of it again to see whether it is a notebook: the judge made it.
        autograded = nbformat.v4.writes_json(noted) + "\n"
        totals, waiting, shown = rows.show(notebook), rows.waiting, rows.shown
        gradebook.db.commit()  # before the page: whatever happens to that, the marks are written
        texts = self._texts(set_name, short_name)
        page = stamped(self.pages.page(notebook, student, verdict.to_json(), totals, waiting, texts), shown)
        self.forget(student, set_name)
        shutil.rmtree(self.out / "autograded" / student / set_name, ignore_errors=True)
        beside = {n: c for n, c in submission.files.items() if _is_copied(n, c)} | self._beside[set_name]
        beside[f"{short_name}.ipynb"] = autograded.encode()
        _put(self.out / "autograded" / student / set_name, beside, READ_ONLY)
        self._put_page(student, set_name, short_name, page)

    def renew(self, sets: Collection[str], journal: Journal) -> list[str]:
        """Bring penalties and pages of all that was handed in for the sets to what the gradebook says now.

        Verdicts that are not written yet are left to the next run. Returns sentences on pages that can't be made.
        Raises `PipelineError` when the penalties can't be decided.
        """
        gradebook = self._gradebook()
        self._lateness().renew(gradebook, sets)
        shown = shown_by_now(gradebook, (mark for mark in all_marks(gradebook) if mark.set_name in sets))
        gradebook.db.rollback()
        lost = []
        for (set_name, student, notebook), now in shown.items():
            key = (student, set_name)
            page = self.out / "feedback" / student / set_name / f"{notebook}.html"
            if key not in journal.latest or stamp_of(page) == now or journal.waits(key):
                continue
            if (self.out / "autograded" / student / set_name / f"{notebook}.ipynb").is_file():
                self.show_again(student, set_name, notebook, journal.latest[key])
            else:
                lost.append(f"{student} {set_name}: the page can't be made again; its notebook is gone.")
        return lost

    def show_again(self, student: str, set_name: str, notebook: str, verdict: Mapping[str, Any]) -> None:
        """Make a feedback page again, for marks that a person gave; `verdict` is the verdict as the journal has it."""
        gradebook = self._gradebook()
        path = self.out / "autograded" / student / set_name / f"{notebook}.ipynb"
        autograded = nbformat.read(path, as_version=4)
        autograded.cells = [cell for cell in autograded.cells if not is_note(cell)]
        rows = Rows(gradebook, Assigned.find(gradebook, set_name, notebook), student, self._lateness())
        totals, waiting, texts = rows.show(autograded), rows.waiting, self._texts(set_name, notebook)
        page = stamped(self.pages.page(autograded, student, verdict, totals, waiting, texts), rows.shown)
        gradebook.db.rollback()
        self._put_page(student, set_name, notebook, page)

    def _put_page(self, student: str, set_name: str, notebook: str, page: str) -> None:
        """Write a page, with the two files beside it by which `nbgrader release_feedback` hands it out."""
        folder, source = (self.out / step / student / set_name for step in ("feedback", "autograded"))
        beside = {}
        for name in ("timestamp.txt", SECRET):
            path = source / name
            beside[name] = path.read_bytes() if path.is_file() else b""
        if not _is_secret(beside[SECRET]):
            # It did not come through the exchange, and nobody fetches it there. nbgrader wants a secret all the same,
            # one that nobody guesses.
            stands = folder / SECRET
            beside[SECRET] = stands.read_bytes() if stands.is_file() else secrets.token_hex(32).encode()
        _put(folder, {f"{notebook}.html": page.encode(), **beside}, WRITABLE)

    def written(self) -> set[tuple[str, str]]:
        """Return (student, set) of every submission that stands whole in gradebook, autograded and feedback."""
        db = self._gradebook().db
        recorded = db.query(SubmittedAssignment.student_id, Assignment.name).join(
            Assignment, Assignment.id == SubmittedAssignment.assignment_id
        )
        found = {(student, set_name) for student, set_name in recorded}
        db.rollback()
        return {key for key in found if all(self._exists(step, *key) for step in STEPS)}

    def forget(self, student: str, set_name: str) -> None:
        """Remove a submission's page, so that a run that is killed now is seen to be unfinished.

        The notebook stays until the next one is written: it shows which answers a person marked. So does what lies
        beside the page: by a made-up secret nbgrader finds the page that it handed out before.
        """
        for page in (self.out / "feedback" / student / set_name).glob("*.html"):
            page.unlink()

    def marks(self) -> list[Marked]:
        """Return every mark in the gradebook."""
        gradebook = self._gradebook()
        found = all_marks(gradebook)
        gradebook.db.rollback()
        return found

    def export(self, path: Path) -> None:
        """Write nbgrader's own export."""
        plugin = CsvExportPlugin()
        plugin.to = str(path)
        plugin.export(self._gradebook())
        _defuse(path)

    def close(self) -> None:
        """Close the gradebook and the process that makes pages, and remove what was only needed while writing."""
        self._open.close()
        self.pages.close()
        self._opened = None
        gc.unfreeze()
        self._assigned.clear()  # a gradebook opened next may be another
        shutil.rmtree(self.out / STAGING, ignore_errors=True)

    def _put_aside(self, rows: Rows, handed: Handed, notebook: Any) -> list[str]:
        """Put marks by hand aside that were given to other answers; return the cells that wait for a person again."""
        student, set_name = handed.student, handed.exercise.name
        known = self._earlier().of(student, set_name)
        if not known and not rows.by_hand:
            return []
        path = self.out / "autograded" / student / set_name / f"{handed.exercise.short_name}.ipynb"
        if not path.is_file():
            return []  # what was marked can't be told any more, and a mark is not taken away on a guess
        before = answers_of(nbformat.read(path, as_version=4))
        taken, waiting = rows.put_aside(before, answers_of(notebook), known)
        self._earlier().keep(student, set_name, taken)  # before the gradebook forgets them
        return waiting

    def _earlier(self) -> EarlierMarks:
        if self._put_down is None:
            self._put_down = EarlierMarks(self.out)
        return self._put_down

    def _texts(self, set_name: str, notebook: str) -> frozenset[str]:
        """Return what the cells without a name say in the released notebook."""
        if set_name not in self._released:
            path = self.build / "release" / set_name / f"{notebook}.ipynb"
            cells = nbformat.read(path, as_version=4).cells if path.is_file() else []
            self._released[set_name] = frozenset(c.source for c in cells if "nbgrader" not in c.metadata)
        return self._released[set_name]

    def _gradebook(self) -> Any:
        if self._opened is None:
            self._opened = self._open.enter_context(open_gradebook(self.out, self.db_url))
        return self._opened

    def _lateness(self) -> Lateness:
        if self._late is None:
            self._late = Lateness((self.build.parent, self.build, self.out))
        return self._late

    def _exists(self, step: str, student: str, set_name: str) -> bool:
        suffix = ".html" if step == "feedback" else ".ipynb"
        folder = self.out / step / student / set_name
        return folder.is_dir() and any(path.suffix == suffix for path in folder.iterdir())


def _is_secret(content: bytes) -> bool:
    """Return whether nbgrader can hand a page out by a file of this content, which a student may have written."""
    try:
        return 0 < len(content) <= LONGEST_SECRET and bool(content.decode().strip())
    except UnicodeDecodeError:
        return False


def _defuse(path: Path) -> None:
    """Keep a table's texts from being run by a spreadsheet: a student chose some of them."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([cell_text(text) for text in row] for row in rows)


def _put(folder: Path, files: Mapping[str, bytes], mode: int) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.chmod(path, mode)


def _is_copied(name: str, content: bytes) -> bool:
    """Return whether a file beside the notebook is kept with it."""
    if name == "timestamp.txt":
        return _parsed(content) is not None
    return not (set(LEFT_OUT) & set(name.split("/")) or name.endswith(".pyc"))


def _timestamp(files: Mapping[str, bytes]) -> datetime | None:
    """Return when it was handed in, in UTC, by the file that nbgrader puts beside a collected notebook."""
    return _parsed(files["timestamp.txt"]) if "timestamp.txt" in files else None


def _parsed(content: bytes) -> datetime | None:
    # On a timestamp that it can't read nbgrader would give up.
    try:
        found: datetime = parse_utc(content.decode().strip())
    except (ValueError, OverflowError):
        return None
    return found
