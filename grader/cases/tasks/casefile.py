"""A set's cases as a file: `cases.json` beside a student's notebook, or the instructor's hidden cases."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from grader.cases.errors import CaseError
from grader.cases.tasks.draws import rng_for

if TYPE_CHECKING:  # a student's check reads cases; it has no use for what writes them
    from grader.cases.tasks.task import Task

SCHEMA = 2
_KINDS = {
    "value": ("rtol", "atol", "unit", "within", "shape"),
    "function": ("rtol", "atol", "accepts", "forbidden", "cases", "mistakes"),
    "model": (
        "vocabulary",
        "baseline",
        "enough",
        "seconds",
        "training_seconds",
        "forbidden",
        "cases",
        "mistakes",
    ),
    "choice": ("options",),
    "free-text": (),
    "expression": ("symbols", "names", "form", "points_at", "expected", "mistakes"),
    "derivation": (
        "symbols",
        "names",
        "form",
        "relation",
        "start",
        "milestones",
        "points_at",
        "goal",
        "mistakes",
    ),
}


@dataclass(frozen=True)
class CaseFile:
    """The cases of one exercise set.

    set: its name, e.g. "06_perplexity". tasks: task id -> entry, in the set's order.

    >>> CaseFile("06_perplexity", {}).to_json()
    {'schema': 2, 'set': '06_perplexity', 'tasks': {}}
    """

    set: str
    tasks: Mapping[str, dict[str, Any]]

    @classmethod
    def of(cls, name: str, tasks: "Iterable[Task]", seed: int, public: bool) -> Self:
        """Return the cases of the set `name`: for the same seed the same, byte for byte."""
        return cls(name, {t.id: t.cases(rng_for(seed, t.id, public), public) for t in tasks})

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the cases in `data`. Raises CaseError when they are not as `to_json` writes them."""
        if (
            not isinstance(data, dict)
            or not isinstance(data.get("set"), str)
            or not isinstance(data.get("tasks"), dict)
        ):
            raise CaseError('these are no cases: expected is {"schema": 2, "set": "NN_name", "tasks": {...}}')
        if data.get("schema") != SCHEMA:
            raise CaseError(
                f"these cases have schema {str(data.get('schema'))[:20]}, this version reads {SCHEMA}; "
                f"get the set again, or install the version of the course that it was made with"
            )
        for task, entry in data["tasks"].items():
            _check_entry(task, entry)
        return cls(data["set"], data["tasks"])

    def to_json(self) -> dict[str, Any]:
        """Return the cases as JSON-able data; `from_json` reads them back."""
        return {"schema": SCHEMA, "set": self.set, "tasks": dict(self.tasks)}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the cases in a file. Raises CaseError, with the file's name, when it can't be read."""
        try:
            # JSON has no NaN; Python's reader takes it, so it is refused by name.
            data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
            return cls.from_json(data)
        except FileNotFoundError:
            raise CaseError(f"{path} is not there") from None
        except (OSError, ValueError, RecursionError) as error:
            raise CaseError(f"{path} can't be read: {error}") from None
        except CaseError as error:
            raise CaseError(f"{path}: {error}") from None

    def save(self, path: Path) -> None:
        """Write the cases to a file, one task a line."""
        lines = [f"{json.dumps(t)}: {json.dumps(e, allow_nan=False)}" for t, e in self.tasks.items()]
        body = ",\n".join(lines)
        path.write_text(
            f'{{"schema": {SCHEMA}, "set": {json.dumps(self.set)}, "tasks": {{\n{body}\n}}}}\n', "utf-8"
        )


def _no_constant(name: str) -> Any:
    raise CaseError(f"{name} is no JSON number")


def _check_entry(task: str, entry: Any) -> None:
    if not isinstance(entry, dict) or entry.get("kind") not in _KINDS:
        raise CaseError(f"task {task}: its cases have no known kind; one of {', '.join(_KINDS)} is expected")
    needed = ["id", "points", "public", *_KINDS[entry["kind"]]]
    if entry["kind"] == "value":  # what a student holds is sealed
        needed += ["sealed"] if entry.get("public") else ["expected", "mistakes"]
    missing = [k for k in needed if k not in entry]
    if missing:
        raise CaseError(f"task {task}: its cases lack {', '.join(missing)}; build them again")
    if entry["id"] != task or not isinstance(entry["points"], int | float):
        raise CaseError(
            f"task {task}: its cases belong to {str(entry['id'])[:60]}, or its points are no number"
        )
