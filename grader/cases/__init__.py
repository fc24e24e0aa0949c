"""Tasks, their cases as data, and how a reply is marked.

The instructor's side describes a task (`Value`, `Function`, ...). Its `cases` are plain data. Beside the
student's code `collect` turns an answer into plain data; anywhere else `mark` turns cases and reply into a
`Score`. Only values cross.
"""

from typing import Any

from grader.cases.casefile import CaseFile
from grader.cases.check import CASES_VARIABLE, check
from grader.cases.collect import collect, questions_of
from grader.cases.draws import rng_for
from grader.cases.errors import CaseError
from grader.cases.forbidden import forbidden_in
from grader.cases.mark import mark
from grader.cases.model import Model
from grader.cases.score import Finding, Score
from grader.cases.symbolic import DerivationTask, Expression
from grader.cases.task import Choice, Example, FreeText, Function, Mistake, Task, Value

__all__ = [
    "CASES_VARIABLE",
    "CaseError",
    "CaseFile",
    "Choice",
    "DerivationTask",
    "Example",
    "Expression",
    "Finding",
    "FreeText",
    "Function",
    "Mistake",
    "Model",
    "Score",
    "Task",
    "Value",
    "check",
    "collect",
    "forbidden_in",
    "mark",
    "questions_of",
    "rng_for",
    "verify",
    "verify_all",
]


def __getattr__(name: str) -> Any:
    # Lazy: verifying loads grader.algebra and with it SymPy, which a check of a number has no use for.
    if name in ("verify_all", "verify"):
        from grader.cases import verification as module

        return getattr(module, name)
    raise AttributeError(f"module 'grader.cases' has no attribute {name!r}")
