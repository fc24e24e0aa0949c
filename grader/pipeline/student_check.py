"""What a student runs: the notebook in its own folder, and each task's feedback as text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.cases import CaseError, CaseFile, Score
from grader.judge.exercise import CHECK, ReleasedSet, role_of
from grader.judge.limits import Limits
from grader.pipeline import PipelineError


@dataclass(frozen=True)
class Checked:
    """The scores of a notebook's checks, what was off, and the tasks that a person marks."""

    scores: dict[str, Score]
    problems: list[str]
    by_hand: list[str]

    @property
    def full(self) -> bool:
        """Return whether every check got all its points."""
        return bool(self.scores) and all(score.full for score in self.scores.values())

    def text(self) -> str:
        """Return the feedback for a terminal."""
        parts = [score.text() for score in self.scores.values()]
        parts += [f"{task}: marked by a person after you hand in" for task in self.by_hand]
        parts += [f"Note: {problem}" for problem in self.problems]
        total, most = sum(self.scores.values()), sum(score.max_points for score in self.scores.values())
        return "\n\n".join([*parts, f"{total:.4g} of {most:g} points in the checks you can run"])


def check_notebook(path: Path, limits: Limits | None = None) -> Checked:
    """Run a notebook in its own folder and return what its checks say.

    It needs `cases.json` beside it, as released. Raises `PipelineError` for a file that is missing or no notebook.
    """
    limits = limits or Limits()
    if not path.is_file():
        raise PipelineError(f"{path} is no file; expected a notebook, like perplexity.ipynb.")
    try:
        cases = CaseFile.load(path.parent / "cases.json")
    except CaseError as error:
        raise PipelineError(f"{error}. Put the released set's cases.json beside the notebook.") from error
    # Imported late: a student who only imports `grader` has no Jupyter client, and this needs one.
    import nbformat

    from grader.judge.execute import execute_in
    from grader.judge.verdict import Submission, judge

    content = path.read_bytes()
    try:
        notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
    except Exception as error:
        raise PipelineError(f"{path} is no notebook: {str(error)[:200]}. Save it with Jupyter.") from error
    cells = [_meta(cell) for cell in notebook.cells]
    unknown = [
        m["grade_id"] for m in cells if m and role_of(m) == CHECK and m["grade_id"][6:] not in cases.tasks
    ]
    if unknown:
        raise PipelineError(
            f"{path} checks tasks that its cases.json lacks: {', '.join(unknown)}. Get the set again."
        )
    exercise = ReleasedSet(cases.set, path.stem, notebook, cases.tasks)

    def here(steps: Any, files: Any, limits: Limits) -> Any:
        return execute_in(path.resolve().parent, steps, limits)

    verdict = judge(Submission(content), exercise, 0, limits, executor=here)
    by_hand = [task for task, entry in cases.tasks.items() if entry["kind"] == "free-text"]
    return Checked(verdict.scores, verdict.problems, by_hand)


def _meta(cell: Any) -> dict[str, Any]:
    meta = cell.metadata.get("nbgrader")
    return meta if isinstance(meta, dict) and isinstance(meta.get("grade_id"), str) else {}
