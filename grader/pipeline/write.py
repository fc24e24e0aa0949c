"""The one writer: puts verdicts into nbgrader, by nbgrader's own converters.

`Autograde` does all it always does (students, submissions, late penalties, grades, comments), but where it would run
the notebook it takes the verdict's outputs.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.converters import Autograde
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from nbgrader.utils import parse_utc, rmtree

from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline import PipelineError
from grader.pipeline.feedback import Feedback
from grader.pipeline.gradebook import configuration, convert, course_directory, generate, open_gradebook
from grader.pipeline.submissions import Handed

STAGING = ".staging"


class Writer:
    """Writes to one output folder: gradebook, autograded notebooks and feedback pages."""

    def __init__(self, out: Path, build: Path, db_url: str | None = None) -> None:
        """`db_url` is the gradebook's address; None for `out/gradebook.db`."""
        self.out = out
        self.build = build
        self.db_url = db_url

    def prepare(self, set_name: str) -> None:
        """Record a set's cells and points in the gradebook. Raises `PipelineError` when they changed after grading."""
        try:
            generate(self.build, set_name, self.out, f"{STAGING}/release", self.db_url)
        except PipelineError as error:
            advice = f"If the set's cells changed after {self.out} was graded, grade into a new --out."
            raise PipelineError(f"{error}. {advice}") from error

    def write(self, handed: Handed, submission: Submission, verdict: SubmissionVerdict) -> None:
        """Write one verdict. Raises `PipelineError` with nbgrader's reason when it refuses."""
        notebook = handed.exercise.short_name
        staged = self.out / STAGING / "submitted" / handed.student / verdict.set_name
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        for name, content in submission.files.items():
            if name != "timestamp.txt" or _is_timestamp(content):
                (staged / name).parent.mkdir(parents=True, exist_ok=True)
                (staged / name).write_bytes(content)
        (staged / f"{notebook}.ipynb").write_text(json.dumps(verdict.notebook), encoding="utf-8")
        try:
            convert(_VerdictAutograde(self, handed, verdict))
            convert(Feedback(self.out, handed.student, notebook, verdict.to_json(), self.db_url))
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def written(self) -> set[tuple[str, str]]:
        """Return (student, set) of every submission that stands whole in gradebook, autograded and feedback."""
        with open_gradebook(self.out, self.db_url) as gradebook:
            recorded = {(s.student.id, a.name) for a in gradebook.assignments for s in a.submissions}
        return {
            key for key in recorded if all(self._exists(step, *key) for step in ("autograded", "feedback"))
        }

    def forget(self, student: str, set_name: str) -> None:
        """Remove a submission's files, so that a run that is killed now is seen to be unfinished."""
        for step in ("autograded", "feedback"):
            folder = self.out / step / student / set_name
            if folder.exists():
                rmtree(str(folder))

    def export(self, path: Path) -> None:
        """Write nbgrader's own export."""
        with open_gradebook(self.out, self.db_url) as gradebook:
            plugin = CsvExportPlugin()
            plugin.to = str(path)
            plugin.export(gradebook)

    def close(self) -> None:
        """Remove what was only needed while writing."""
        shutil.rmtree(self.out / STAGING, ignore_errors=True)

    def _exists(self, step: str, student: str, set_name: str) -> bool:
        folder = self.out / step / student / set_name
        return folder.is_dir() and any(folder.iterdir())


class _PutVerdict(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: the outputs come from the verdict."""

    def __init__(self, verdict: SubmissionVerdict, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._verdict = verdict

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        judged = from_dict(self._verdict.notebook)
        if [c.source for c in nb.cells] != [c.source for c in judged.cells]:
            raise PipelineError(
                "nbgrader changed a cell of a restored submission; its outputs can't be put in place."
            )
        for cell, with_outputs in zip(nb.cells, judged.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs = with_outputs.outputs
        return nb, resources


class _AskForReview(NbGraderPreprocessor):
    """Marks what the judge could not decide as needing a person, unless a person has decided already."""

    def __init__(self, writer: Writer, verdict: SubmissionVerdict, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._writer = writer
        self._verdict = verdict

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        undecided = [task_id for task_id, score in self._verdict.scores.items() if score.needs_review]
        if undecided:
            where = resources["nbgrader"]
            with open_gradebook(self._writer.out, self._writer.db_url) as gradebook:
                for task_id in undecided:
                    names = (f"check-{task_id}", where["notebook"], where["assignment"], where["student"])
                    gradebook.find_grade(*names).needs_manual_grade = True
                gradebook.db.commit()
        return nb, resources


class _VerdictAutograde(Autograde):
    """nbgrader's Autograde for one submission, with the verdict in the place of the run."""

    def __init__(self, writer: Writer, handed: Handed, verdict: SubmissionVerdict) -> None:
        steps = {
            "submitted_directory": f"{STAGING}/submitted",
            "source_directory": str((writer.build / "source").resolve()),
        }
        directory = course_directory(writer.out, verdict.set_name, db_url=writer.db_url, **steps)
        super().__init__(coursedir=directory, config=configuration())
        self._only = (verdict.set_name, handed.student, handed.exercise.short_name)
        self.force = True
        # In nbgrader's order. Without ClearMetadata, LimitOutput and IgnorePattern: the judge made these cells itself.
        self.autograde_preprocessors = [
            _PutVerdict(verdict),
            SaveAutoGrades,
            _AskForReview(writer, verdict),
            AssignLatePenalties,
            CheckCellMetadata,
        ]

    def init_notebooks(self) -> None:
        # nbgrader looks for students by a glob, and a folder's name may hold * or [.
        set_name, student, notebook = self._only
        folder = self._format_source(set_name, student)
        self.assignments = {folder: [str(Path(folder, f"{notebook}.ipynb"))]}
        self.notebooks: list[str] = []


def _is_timestamp(content: bytes) -> bool:
    """Return whether nbgrader can read a timestamp.txt; on one that it can't it would give up."""
    try:
        parse_utc(content.decode().strip())
    except (ValueError, OverflowError):
        return False
    return True
