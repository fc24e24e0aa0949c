"""Penalties for lateness, by nbgrader's own step and the plugin that the instructor configured.

Due dates and extensions stand in the gradebook and may change at any time. So a penalty is decided when a submission
is written, and again for everybody at the end of each run and by `grader report`.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import or_
from sqlalchemy.orm import joinedload, undefer

from grader.pipeline import PipelineError
from grader.pipeline.stock_config import importable, stock_config


class Lateness:
    """What being late costs, by nbgrader's configuration in the given folders and the user's."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        """Raises `PipelineError` for a configuration that can't be used, or a plugin that can't be imported."""
        places = list(folders)
        config = stock_config(places)
        try:
            with importable(places):
                self._step = AssignLatePenalties(config=config)
                self._step.init_plugin()
        except Exception as error:
            named = config.AssignLatePenalties.get("plugin_class", "LateSubmissionPlugin")
            raise PipelineError(
                f"The plugin for late penalties, {named}, can't be used: {type(error).__name__}: {error}. "
                "nbgrader_config.py names it; its module lies beside that file, or is installed."
            ) from error

    def penalty(self, submission: Any, notebook: Any) -> float | None:
        """Return the points that a submitted notebook loses, at most its score; None when nothing says so.

        submission, notebook: nbgrader's `SubmittedAssignment` and `SubmittedNotebook`, with the score of now.
        Raises `PipelineError` when the plugin fails: nobody's mark is written without the penalty it should have.
        """
        # nbgrader adds an extension to a due date that need not be there.
        late = submission.total_seconds_late if submission.assignment.duedate is not None else 0.0
        if late <= 0:
            return None
        self._step.init_plugin()  # a new one each time, as nbgrader has it
        plugin = self._step.plugin_inst
        try:
            points = plugin.late_submission_penalty(submission.student_id, notebook.score, late)
            return None if points is None else float(self._step._check_late_penalty(notebook, points))
        except Exception as error:
            raise PipelineError(
                f"the plugin for late penalties, {type(plugin).__name__}, failed: {type(error).__name__}: {error}"
            ) from error

    def renew(self, gradebook: Any, sets: Collection[str]) -> None:
        """Decide the penalties of all that was handed in for the sets again.

        Raises `PipelineError` as `penalty` does; then none is changed.
        """
        found = (
            gradebook.db.query(SubmittedNotebook)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name.in_(sorted(sets)))
            .filter(
                or_(Assignment.duedate.is_not(None), SubmittedNotebook.late_submission_penalty.is_not(None))
            )
            .options(
                undefer(SubmittedNotebook.score),
                joinedload(SubmittedNotebook.assignment).joinedload(SubmittedAssignment.assignment),
            )
        )
        try:
            for notebook in found:
                penalty = self.penalty(notebook.assignment, notebook)
                if penalty != notebook.late_submission_penalty:
                    notebook.late_submission_penalty = penalty
            gradebook.db.commit()
        finally:
            gradebook.db.rollback()
            gradebook.db.expunge_all()
