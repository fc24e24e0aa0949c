"""Tasks, their cases as data, and how a reply is marked.

The instructor's side describes a task (`Value`, `Function`, ...). Its `cases` are plain data. Beside the student's code
`collect` turns an answer into plain data; anywhere else `mark` turns cases and reply into a `Score`. Only values cross.
"""

from grader.cases.collect import collect, questions_of
from grader.cases.draws import rng_for
from grader.cases.errors import CaseError
from grader.cases.symbolic import DerivationTask, Expression
from grader.cases.task import Choice, Example, FreeText, Function, Mistake, Task, Value

__all__ = [
    "CaseError",
    "Choice",
    "DerivationTask",
    "Example",
    "Expression",
    "FreeText",
    "Function",
    "Mistake",
    "Task",
    "Value",
    "collect",
    "questions_of",
    "rng_for",
]
