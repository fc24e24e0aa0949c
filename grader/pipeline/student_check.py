"""What a student runs: the notebook in its own folder, and each task's feedback as text."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.cases import CaseError, CaseFile, Score
from grader.judge.exercise import CHECK, ReleasedSet, role_of
from grader.judge.limits import Limits
from grader.pipeline import PipelineError


@dataclass(frozen=True)
class Checked:
    """The scores of a notebook's checks, what was off, the tasks that a person marks, and those without a check."""

    scores: dict[str, Score]
    problems: list[str]
    by_hand: list[str]
    missing: list[str]

    @property
    def full(self) -> bool:
        """Return whether every check is there and got all its points."""
        return not self.missing and bool(self.scores) and all(score.full for score in self.scores.values())

    def text(self) -> str:
        """Return the feedback for a terminal."""
        parts = [score.text() for score in self.scores.values()]
        parts += [f"{task}: marked by a person after you hand in" for task in self.by_hand]
        parts += [f"{task}: its check cell is missing; put it back as released" for task in self.missing]
        parts += [f"Note: {problem}" for problem in self.problems]
        total, most = sum(self.scores.values()), sum(score.max_points for score in self.scores.values())
        open_ = sum(score for score in self.scores.values() if score.provisional)
        last = f"{total:.4g} of {most:g} points in the checks you can run"
        return "\n\n".join([*parts, f"{last}, {open_:g} of them only if right" if open_ else last])


def check_notebook(path: Path, limits: Limits | None = None) -> Checked:
    """Run a notebook in its own folder and return what its checks say.

    It needs `cases.json` beside it, as released. Raises `PipelineError` for a file that is missing or no notebook.
    """
    limits = limits or Limits()
    if not path.is_file():
        raise PipelineError(f"{path} is no file; expected a notebook, like perplexity.ipynb.")
    content = path.read_bytes()
    notebook = _read(path, content)
    try:
        cases = CaseFile.load(path.parent / "cases.json")
    except CaseError as error:
        raise PipelineError(f"{error}. Put the released set's cases.json beside {path.name}.") from error
    # Imported late: a student who only imports `grader` has no Jupyter client, and this needs one.
    from grader.judge.execute import execute_in
    from grader.judge.verdict import Submission, judge

    cells = [_meta(cell) for cell in notebook.cells]
    checked = [m["grade_id"].removeprefix("check-") for m in cells if m and role_of(m) == CHECK]
    unknown = [task for task in checked if task not in cases.tasks]
    if unknown:
        raise PipelineError(
            f"{path} has check cells for tasks that the cases.json beside it lacks: {', '.join(unknown)}. Put the "
            f"cells back as they were released, or get the released folder again: this cases.json is {cases.set}'s."
        )
    exercise = ReleasedSet(cases.set, path.stem, notebook, cases.tasks)

    def here(steps: Any, files: Any, limits: Limits) -> Any:
        return execute_in(path.resolve().parent, steps, limits)

    verdict = judge(Submission(content), exercise, 0, limits, executor=here)
    by_hand = [task for task, entry in cases.tasks.items() if entry["kind"] == "free-text"]
    missing = [task for task in cases.tasks if task not in checked and task not in by_hand]
    return Checked(verdict.scores, verdict.problems, by_hand, missing)


def _read(path: Path, content: bytes) -> Any:
    import nbformat

    expected = "Give the .ipynb file that Jupyter saved, like perplexity.ipynb."
    try:
        text = content.decode("utf-8-sig")
        json.loads(text)
    except ValueError as error:
        raise PipelineError(f"{path} is no notebook: it does not hold JSON. {expected}") from error
    try:
        return nbformat.reads(text, as_version=4)
    except Exception as error:  # nbformat raises whatever it meets in a file of another kind.
        raise PipelineError(
            f"{path} is no notebook: it is JSON, but without a notebook's cells. {expected}"
        ) from error


def _meta(cell: Any) -> dict[str, Any]:
    meta = cell.metadata.get("nbgrader")
    return meta if isinstance(meta, dict) and isinstance(meta.get("grade_id"), str) else {}
