"""Tasks, their cases as data, and how a reply is marked, in three rooms by the side of the wall on which they run.

`tasks`: what an author writes (`Value`, `Function`, ...); a task's cases are plain data. `ask`: what runs beside the
student's code; `collect` turns an answer into plain data and judges nothing. `mark`: what runs behind the wall;
`mark_reply` turns cases and a reply into a `Score`. Only values cross, in the form of `values`, read by `decoding`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.cases.ask.check import CASES_VARIABLE, check
    from grader.cases.ask.collect import collect, questions_of, reply_to
    from grader.cases.ask.guard import listen, watched
    from grader.cases.errors import CaseError
    from grader.cases.mark.forbidden import forbidden_in
    from grader.cases.mark.marking import mark_reply
    from grader.cases.mark.score import Finding, Score
    from grader.cases.tasks.casefile import CaseFile
    from grader.cases.tasks.drawn import Drawn, settled
    from grader.cases.tasks.draws import rng_for
    from grader.cases.tasks.model import Model
    from grader.cases.tasks.symbolic import DerivationTask, Expression, Form, Milestone
    from grader.cases.tasks.task import Choice, Example, FreeText, Function, Mistake, Task, Value
    from grader.cases.tasks.verification import verify, verify_all, verify_alone, verify_written

__all__ = [
    "CASES_VARIABLE",
    "CaseError",
    "CaseFile",
    "Choice",
    "DerivationTask",
    "Drawn",
    "Example",
    "Expression",
    "Finding",
    "Form",
    "FreeText",
    "Function",
    "Milestone",
    "Mistake",
    "Model",
    "Score",
    "Task",
    "Value",
    "check",
    "collect",
    "forbidden_in",
    "listen",
    "mark_reply",
    "questions_of",
    "reply_to",
    "rng_for",
    "settled",
    "verify",
    "verify_all",
    "verify_alone",
    "verify_written",
    "watched",
]

# Lazy, so that each side of the wall loads its own room only: a kernel that collects answers has no use for the
# markers, and a check of a number none for SymPy.
_PLACES = {
    "ask.check": ("CASES_VARIABLE", "check"),
    "ask.collect": ("collect", "questions_of", "reply_to"),
    "ask.guard": ("listen", "watched"),
    "errors": ("CaseError",),
    "mark.forbidden": ("forbidden_in",),
    "mark.marking": ("mark_reply",),
    "mark.score": ("Finding", "Score"),
    "tasks.casefile": ("CaseFile",),
    "tasks.draws": ("rng_for",),
    "tasks.drawn": ("Drawn", "settled"),
    "tasks.model": ("Model",),
    "tasks.symbolic": ("DerivationTask", "Expression", "Form", "Milestone"),
    "tasks.task": ("Choice", "Example", "FreeText", "Function", "Mistake", "Task", "Value"),
    "tasks.verification": ("verify", "verify_all", "verify_alone", "verify_written"),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"grader.cases.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'grader.cases' has no attribute {name!r}")
