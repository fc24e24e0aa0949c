"""What a check cell calls: the whole way from an answer to its score, in the notebook's own kernel."""

import ast
import linecache
import os
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cases.ask.capture import silenced
from grader.cases.ask.collect import collect, questions_of
from grader.cases.errors import CaseError

if TYPE_CHECKING:
    from grader.cases.mark.score import Score
    from grader.cases.tasks.casefile import CaseFile

CASES_VARIABLE = "GRADER_CASES"
"""The environment variable that names a folder of hidden cases; the instructor's, never set for a student."""


def check(task_id: str, answer: Any) -> "Score":
    """Return the score of `answer` for a task of this notebook's set; shown, it is the feedback.

    The cases are in `cases.json` beside the notebook, or, when $GRADER_CASES is set, in `<set>.json` in that
    folder.
    Never raises: when there are no cases, the score is 0 and says what to do.

    >>> check("no-such-task", 1.0)
    0.0
    """
    # Beside a student this is the one place that marks, by public cases; a kernel that only answers never comes here.
    from grader.cases.mark.marking import mark_reply
    from grader.cases.mark.score import Score

    try:
        entry = _entry(task_id)
        reply = collect(questions_of(entry), answer)
        source, context, name = _sources(answer) if "results" in reply else (None, [], None)
        with silenced():
            score = mark_reply(entry, reply, source=source, context=context, answer=name)
    except CaseError as error:
        score = Score(0.0, 0.0, task=str(task_id)[:100], note=str(error))
    except Exception as error:  # noqa: BLE001 - the check cell of a student must show a sentence, never a traceback.
        note = (
            f"The check itself went wrong ({type(error).__name__}: {str(error)[:200]}). Tell your instructor."
        )
        score = Score(0.0, 0.0, needs_review=True, task=str(task_id)[:100], note=note)
    _clear_output()
    return score


def _entry(task_id: str) -> dict[str, Any]:
    cases = _load()
    if task_id not in cases.tasks:
        raise CaseError(
            f'There is no task "{str(task_id)[:100]}" in {cases.set}. Put the check cell back as it was '
            f"released: the first argument is the name of the task."
        )
    return cases.tasks[task_id]


def _load() -> "CaseFile":
    from grader.cases.tasks.casefile import CaseFile

    folders = [Path.cwd(), *_first_folder()]
    path = next((f / "cases.json" for f in folders if (f / "cases.json").is_file()), None)
    if path is None:
        raise CaseError(
            f"cases.json is not in {Path.cwd()}. Keep it beside the notebook, and start the notebook from "
            f"its own folder; the set as it was released has both."
        )
    try:
        public = CaseFile.load(path)
    except CaseError as error:
        raise CaseError(
            f"{error}. Put the cases.json of the released set back beside the notebook."
        ) from None
    hidden = os.environ.get(CASES_VARIABLE)
    return CaseFile.load(Path(hidden) / f"{Path(public.set).name}.json") if hidden else public


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _first_folder() -> list[Path]:
    """The folder in which the notebook was started, should the student have left it by `os.chdir`."""
    shell = _shell()
    history = shell.user_ns.get("_dh") if shell is not None else None
    return [Path(str(history[0]))] if isinstance(history, list) and history else []


def _sources(answer: Any) -> tuple[str | None, Sequence[str], str | None]:
    """The cell or file that defines the answer, the cells that ran, and the expression that is checked."""
    shell = _shell()
    run = shell.user_ns.get("In") if shell is not None else None
    cells = [c for c in run if type(c) is str] if isinstance(run, list) else []
    code = getattr(answer if type(answer) is types.FunctionType else type(answer).__call__, "__code__", None)
    source = "".join(linecache.getlines(code.co_filename)) if isinstance(code, types.CodeType) else ""
    if not cells:
        return source or None, [], None
    return source, cells[:-1], _checked(cells[-1])


def _checked(cell: str) -> str | None:
    """The expression that a check cell checks: the second argument of its call."""
    try:
        calls = [
            node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call) and len(node.args) == 2
        ]
    except (SyntaxError, ValueError, RecursionError):
        return None
    return next((ast.unparse(c.args[1]) for c in calls if ast.unparse(c.func).endswith("check")), None)


def _clear_output() -> None:
    """Take back what reached the cell's output all the same.

    nbgrader gives 0 for any text on standard error in the cell, and reads the first result that it finds as
    the mark.
    """
    shell = _shell()
    if shell is None or not hasattr(shell, "kernel"):  # In a terminal there is no cell, and nothing to clear.
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        shell.display_pub.clear_output(wait=False)
    except Exception:  # noqa: BLE001 - a student may have replaced any of these; the score still counts.
        return
