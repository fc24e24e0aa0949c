"""A released exercise set: its pristine cells, and its cases for one seed."""

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from grader.judge import JudgeError

CHECK, SOLUTION, TEXT, LOCKED = "check", "solution", "text", "locked"


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that the submission must hold, as it was released."""

    grade_id: str
    role: str  # one of CHECK, SOLUTION, TEXT, LOCKED
    cell: Mapping[str, Any]

    @property
    def source(self) -> str:
        """Return the cell's text."""
        return source_of(self.cell)


@dataclass(frozen=True)
class ReleasedSet:
    """What the judge knows of an exercise set.

    `entries` maps a task id to its cases (`Task.cases`), drawn from the grading's seed. `elsewhere` maps the ids of
    the course's other sets to those sets' names, to recognise a notebook that was handed in for the wrong one.
    """

    name: str
    notebook_name: str
    notebook: Mapping[str, Any]
    entries: Mapping[str, Mapping[str, Any]]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def labelled(self) -> dict[str, ReleasedCell]:
        """Return the cells with an id, in the notebook's order."""
        found: dict[str, ReleasedCell] = {}
        for cell in self.notebook["cells"]:
            meta = cell.get("metadata", {}).get("nbgrader")
            if meta and meta.get("grade_id"):
                found[meta["grade_id"]] = ReleasedCell(meta["grade_id"], role_of(meta), cell)
        return found

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of all that a verdict depends on besides the submission."""
        content = [self.name, self.notebook, self.entries, {k: v.hex() for k, v in self.files.items()}]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def role_of(meta: Mapping[str, Any]) -> str:
    """Return a cell's role from its nbgrader metadata."""
    if meta.get("grade"):
        return TEXT if meta.get("solution") else CHECK
    return SOLUTION if meta.get("solution") else LOCKED


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's text; notebooks hold it as a string or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def read_check(source: str) -> tuple[str, str]:
    """Return the task id and the text of the answer's expression of a check cell.

    Raises `JudgeError` when the cell is not the one call `check("task-id", answer)`.

    >>> read_check('check("perplexity", ppl)')
    ('perplexity', 'ppl')
    """
    expected = 'a check cell is one call: check("task-id", answer)'
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise JudgeError(f"{expected}; this one is no Python: {error.msg}") from error
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "check":
        raise JudgeError(f"{expected}; given was {source.strip()[:80]!r}")
    if len(call.args) != 2 or call.keywords or any(isinstance(a, ast.Starred) for a in call.args):
        raise JudgeError(f"{expected}, with two arguments; given was {source.strip()[:80]!r}")
    task_id = call.args[0]
    if not isinstance(task_id, ast.Constant) or not isinstance(task_id.value, str):
        raise JudgeError(f"{expected}, the id written out; given was {source.strip()[:80]!r}")
    return task_id.value, ast.unparse(call.args[1])
