"""Reads the attacks and lets the judge mark them, behind the walls, with hidden cases of the course's own sets.

An attack is a file; its class is its folder. `notebooks/` holds answers in the format of `solutions/answers/`:

    # A number that calls itself equal to every other number.        <- what it tries; may take several lines
    # set: 06_perplexity
    # others: model         <- who answers the tasks that it leaves out: the model, or nobody (the default)
    # credit: all but bits-of-nats 0    <- what it must get, exactly: "all", "nothing", "a-task 1, b-task 0.5"
    # review: two-sentences  <- tasks that a person must be asked to look at (none by default)
    # waits: why-not-average <- text answers that a person must be asked to look for, though they are empty (likewise)
    # seconds: 1.5           <- the limit of a cell (10 by default)
    # grace: 9               <- what a cell that was told to stop has left, in seconds (0.6 by default)
    # decision: 3            <- the limit of a decision in seconds (20 by default)
    # says: did not stop     <- words that one of the sentences to the student must hold
    # %% bits-of-nats        <- the content of that answer cell
    # %%                     <- a cell of the student's own, which stands before the next answer; before the first, when
                                the file holds no answer

`made/` holds modules that make what no such file can hold: bytes, edited check cells, files beside the notebook. One
in a class's folder has the same header and `attack(notebook) -> Submission`, which gets the model's answers as a
notebook's JSON; one that is a class by itself has many such functions, each with its header in its docstring.
"""

import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from grader.cases import CaseFile, FreeText
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.judge.walled import WalledExecutor
from grader.pipeline.answers import read_model
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.exercise_source import read_exercise
from grader.pipeline.warm import WARM
from grader.sandbox import ForkServer, Walls

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SEED = 20_26
HONEST = "honest"
WALLS = Walls(memory_bytes=768 << 20, processes=48, open_files=128, file_bytes=8 << 20, disk_bytes=16 << 20)
LIMITS = Limits(cell_seconds=10.0, notebook_seconds=40.0, grace_seconds=0.6, decision_seconds=20.0)

_CELL = re.compile(r"^# %%(?:[ \t]+(\[markdown\]))?(?:[ \t]+([a-z0-9-]+))?[ \t]*$", re.MULTILINE)
_SET = "06_perplexity"
_KEYS = ("set", "others", "credit", "review", "waits", "seconds", "grace", "decision", "says")

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One attack, or one honest notebook: what is handed in, and what it must get."""

    name: str  # class/name
    set: str
    path: Path
    header: Mapping[str, str]
    function: str = "attack"  # of a module in `made/`

    @property
    def honest(self) -> bool:
        """Return whether it attacks nothing, so that it must lose nothing."""
        return self.name.startswith(HONEST + "/")

    @property
    def credit(self) -> dict[str, float]:
        """Return the points that each task must get."""
        points = {task: float(entry["points"]) for task, entry in released(self.set).entries.items()}
        points = {task: most for task, most in points.items() if task not in _by_hand(self.set)}
        told = self.header["credit"]
        if told == "all":
            return points
        if told == "nothing":
            return dict.fromkeys(points, 0.0)
        rest = told.removeprefix("all but ")
        credit = points if rest != told else dict.fromkeys(points, 0.0)
        for part in rest.split(","):
            task, earned = part.split()
            if task not in credit:
                raise ValueError(f"{self.path}: there is no task {task}")
            credit = credit | {task: float(earned)}
        return credit

    @property
    def review(self) -> set[str]:
        """Return the tasks that must be marked for a person."""
        return _names(self.header.get("review", ""))

    @property
    def waits(self) -> set[str]:
        """Return the text answers that a person must be asked to look for."""
        return _names(self.header.get("waits", ""))

    def submission(self) -> Submission:
        """Return what is handed in."""
        if "made" in self.path.relative_to(HERE).parts:
            made: Submission = getattr(_module(self.path), self.function)(filled(self.set, {}, "model"))
            return made
        answers = read_cells(self.path.read_text(encoding="utf-8"))
        notebook = filled(self.set, answers, self.header.get("others", "nobody"))
        return Submission(json.dumps(notebook).encode())


@dataclass(frozen=True)
class Marked:
    """An attack and the verdict on it."""

    attack: Attack
    verdict: SubmissionVerdict

    @property
    def gained(self) -> dict[str, float]:
        """Return the tasks whose points are more than was earned, with the points."""
        return {t: float(s) for t, s in self.verdict.scores.items() if s > self.attack.credit[t] + 1e-9}

    @property
    def lost(self) -> dict[str, float]:
        """Return the tasks whose points are fewer than was earned, with the points."""
        return {t: float(s) for t, s in self.verdict.scores.items() if s < self.attack.credit[t] - 1e-9}

    @property
    def leaked(self) -> set[str]:
        """Return the hidden inputs that a student would find on the page, in the marks or in the notebook."""
        shown = json.dumps([self.verdict.notebook, self.verdict.problems])
        shown += "".join(score.html() + score.text() for score in self.verdict.scores.values())
        return {number for number in _hidden_numbers(self.attack.set) if number in shown}

    @property
    def review(self) -> set[str]:
        """Return the tasks that wait for a person."""
        return {task for task, score in self.verdict.scores.items() if score.needs_review}

    @property
    def as_told(self) -> bool:
        """Return whether marks, what is left to a person, and what the student is told are what the header says."""
        attack, verdict = self.attack, self.verdict
        told = attack.header.get("says", "") in " ".join(verdict.problems)
        return told and self.review == attack.review and set(verdict.waiting) == attack.waits

    def explain(self) -> str:
        """Return what came out, for a failing test."""
        waits = set(self.verdict.waiting)
        lines = [
            f"{self.attack.name}: gained {self.gained}, lost {self.lost}, review {self.review}, waits {waits}"
        ]
        lines += [f"  hidden inputs on the page: {len(self.leaked)}"] if self.leaked else []
        lines += [f"  {task}: {score!r} {score.text()}" for task, score in self.verdict.scores.items()]
        return "\n".join([*lines, *(f"  {problem}" for problem in self.verdict.problems)])


def attacks() -> list[Attack]:
    """Return all attacks and honest notebooks that the judge marks, by name."""
    found = []
    for kind in ("notebooks", "made"):
        for path in sorted((HERE / kind).glob("*/*.py")):
            header = _header(path.read_text(encoding="utf-8"))
            name = f"{path.parent.name}/{path.stem}"
            found.append(Attack(name, header.get("set", _SET), path, header))
    for path in sorted((HERE / "made").glob("*.py")):
        for name, function in vars(_module(path)).items():
            if getattr(function, "__module__", None) == _module(path).__name__ and not name.startswith("_"):
                header = _header(function.__doc__)
                found.append(Attack(f"{path.stem}/{name}", header.get("set", _SET), path, header, name))
    return sorted(found, key=lambda attack: attack.name)


def mark_attack(attack: Attack, address: str, slot: int) -> Marked:
    """Return the judge's verdict on an attack; `slot` is free for this process (see `WalledExecutor`)."""
    limits = replace(
        LIMITS,
        cell_seconds=float(attack.header.get("seconds", LIMITS.cell_seconds)),
        grace_seconds=float(attack.header.get("grace", LIMITS.grace_seconds)),
        decision_seconds=float(attack.header.get("decision", LIMITS.decision_seconds)),
    )
    executor = WalledExecutor(address, WALLS, slot)
    return Marked(attack, judge(attack.submission(), released(attack.set), SEED, limits, executor))


def warm_server() -> ForkServer:
    """Return a warm process as a class is graded with."""
    return ForkServer(WARM)


def free_slot() -> int:
    """Return a slot that no other process has at the same time."""
    return os.getpid()


@cache
def released(name: str) -> ReleasedSet:
    """Return a set as it is released, with the hidden cases of the suite's seed; nothing is written to disk."""
    exercise = Course(ROOT).set_named(name)
    source, tasks = read_exercise(exercise), load_tasks(exercise)
    cells = []
    for cell in source.cells:
        made = {"cell_type": cell.kind, "metadata": dict(cell.metadata), "source": cell.source}
        cells.append(made | ({"outputs": [], "execution_count": None} if cell.kind == "code" else {}))
    notebook = {"cells": cells, "metadata": dict(source.metadata), "nbformat": 4, "nbformat_minor": 5}
    hidden = CaseFile.of(name, tasks, SEED, public=False).tasks
    elsewhere = {
        task.id: other.name
        for other in Course(ROOT).sets()
        if other.name != name
        for task in load_tasks(other)
    }
    beside = {p.relative_to(exercise.source.parent).as_posix(): p.read_bytes() for p in exercise.extra_files}
    files = {"cases.json": public(name), **beside}
    return ReleasedSet(name, exercise.short_name, notebook, hidden, elsewhere, files)


@cache
def public(name: str) -> bytes:
    """Return the `cases.json` that lies beside the released notebook."""
    case_file = CaseFile.of(name, load_tasks(Course(ROOT).set_named(name)), 0, public=True)
    return json.dumps(case_file.to_json()).encode()


@cache
def _hidden_numbers(name: str) -> set[str]:
    """The digits of a set's hidden inputs by which they would be known: of numbers that nobody writes by chance."""
    texts = [
        json.dumps(case["args"])
        for entry in released(name).entries.values()
        for case in entry.get("cases", ())
    ]
    digits = {found for text in texts for found in re.findall(r"\d+\.(\d{12,})", text)}
    return {each[:7] for each in digits} | {each.lstrip("0")[:9] for each in digits}


@cache
def _by_hand(name: str) -> set[str]:
    return {t.id for t in load_tasks(Course(ROOT).set_named(name)) if isinstance(t, FreeText)}


@cache
def _model(name: str) -> dict[str, str]:
    exercise = Course(ROOT).set_named(name)
    ids = [task.id for task in load_tasks(exercise)]
    return {task: answer.source for task, answer in read_model(exercise.answers, ids).items()}


def filled(name: str, answers: Mapping[str, list[str]], others: str = "nobody") -> Notebook:
    """Return the released notebook with answers: for each task the cells that take the place of its answer cell.

    The last of a task's cells is the answer, those before it are the student's own; under "" stand own cells for the
    end, or, when there is no answer, for the place before the first.
    others: "model", or "nobody" for the stub.
    """
    notebook = deepcopy(dict(released(name).notebook))
    model = _model(name) if others == "model" else {}
    cells: list[dict[str, Any]] = []
    if set(answers) == {""}:
        first = next(iter(released(name).entries))
        answers = {first: [*answers[""], model.get(first) or cell_of(notebook, first)["source"]]}
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        *own, answer = answers.get(grade_id) or [model.get(grade_id, cell["source"])]
        cells += [own_cell(source) for source in own]
        cells.append(cell | {"source": answer})
    notebook["cells"] = cells + [own_cell(source) for source in answers.get("", [])]
    return notebook


def spoilt(notebook: Notebook) -> Notebook:
    """Return a notebook of set 06, after its first answer was made wrong."""
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    return notebook


def written(notebook: Notebook) -> Submission:
    """Return a notebook as a submission."""
    return Submission(json.dumps(notebook).encode())


def own_cell(source: str) -> dict[str, Any]:
    """Return a code cell of a student's own."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def read_cells(text: str) -> dict[str, list[str]]:
    """Return, by task, the cells of a file of answers (see the module's docstring)."""
    found: dict[str, list[str]] = {}
    own: list[str] = []
    starts = list(_CELL.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    for start, end in zip(starts, ends, strict=False):
        source = text[start.end() : end].strip("\n")
        if start[1]:
            source = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
        if start[2]:
            found[start[2]] = [*own, source]
            own = []
        else:
            own.append(source)
    return found | {"": own}


def _names(told: str) -> set[str]:
    return set(filter(None, re.split(r"[,\s]+", told)))


def _header(text: str) -> dict[str, str]:
    """Return the settings in a file's first comment or docstring."""
    found: dict[str, str] = {}
    for line in text.split("# %%")[0].splitlines():
        key, colon, value = line.lstrip("# ").partition(":")
        if colon and key in _KEYS:
            found[key] = value.strip()
    if "credit" not in found:
        raise ValueError("an attack says in its header what credit it must get")
    return found


@cache
def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"attack_{path.parent.name}_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def checks(notebook: Notebook) -> Iterator[dict[str, Any]]:
    """Yield a notebook's check cells."""
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade") and not meta.get("solution"):
            yield cell


def cell_of(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """Return the cell with this id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
