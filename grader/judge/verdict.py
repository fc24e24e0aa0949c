"""The verdict on one submission: a function of its bytes, the exercise set, the seed and the limits."""

import hashlib
import html
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from typing import Any

from grader.cases import Score, questions_of
from grader.judge.decide import Sources, decider
from grader.judge.execute import Executor, execute
from grader.judge.exercise import CHECK, LOCKED, TEXT, ReleasedSet, read_check
from grader.judge.files import usable_files
from grader.judge.free_text import typed_elsewhere
from grader.judge.limits import Limits
from grader.judge.numbers import other_numbers, with_other_numbers
from grader.judge.restore import Cell, restore
from grader.judge.step import Result, Step

MOST_PROBLEMS = 25
_TYPED_ELSEWHERE = (
    "The text answer “{}” is empty, and there is text of yours in other cells; a person will read it."
)
USAGE = ("cpu_seconds", "peak_bytes")
RECORDED = ("surprisal", "nbgrader", "ipykernel", "numpy", "sympy", "torch")


@dataclass(frozen=True)
class Submission:
    """What was handed in: the notebook's bytes (None when there is none) and the other files of its folder.

    `remarks` are sentences of whoever collected it ("It was handed in under the name …").
    """

    notebook: bytes | None
    files: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the notebook, or of the notebook and the files when there are any; "" for nothing."""
        if self.notebook is None and not self.files:
            return ""
        notebook = hashlib.sha256(self.notebook or b"")
        if not self.files:
            return notebook.hexdigest()
        parts = [
            notebook.hexdigest(),
            *(f"{n}:{hashlib.sha256(c).hexdigest()}" for n, c in sorted(self.files.items())),
        ]
        # the name of a file need not be Unicode
        return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()


@dataclass
class SubmissionVerdict:
    """What the judge found; all but `notebook` goes into the journal.

    `scores` maps a task id to its Score; free text is not in it. `notebook` is the submission with the release's cells
    restored, the outputs of its run, and the scores below the check cells. `usage` holds the kernel's cpu_seconds and
    peak_bytes where the executor knows them. `sandbox` names the walls: "bwrap" or "none". `starved` says that other
    processes had the machine all the time: it is to be judged again, alone. `waiting` holds the ids of text answers
    that a person has to read though their cells are empty.
    """

    set_name: str
    sha256: str
    seed: int | str
    exercise: str
    sandbox: str
    scores: dict[str, Score]
    problems: list[str]
    seconds: float
    limits: Limits
    versions: dict[str, str]
    notebook: dict[str, Any]
    usage: dict[str, float] = field(default_factory=dict)
    starved: bool = False
    waiting: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain data, without the notebook."""
        return {
            "set": self.set_name,
            "sha256": self.sha256,
            "seed": self.seed,
            "exercise": self.exercise,
            "sandbox": self.sandbox,
            "scores": {task_id: score.to_json() for task_id, score in self.scores.items()},
            "problems": self.problems,
            **({"starved": True} if self.starved else {}),
            **({"waiting": self.waiting} if self.waiting else {}),
            "seconds": round(self.seconds, 3),
            **{name: round(value, 3) for name, value in self.usage.items()},
            "limits": self.limits.to_json(),
            "versions": self.versions,
        }

    @classmethod
    def from_json(cls, entry: Mapping[str, Any], notebook: dict[str, Any]) -> "SubmissionVerdict":
        """Return the verdict that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            entry["set"], entry["sha256"], entry["seed"], entry["exercise"], entry["sandbox"],
            {task_id: Score.from_json(score) for task_id, score in entry["scores"].items()},
            list(entry["problems"]), entry["seconds"], Limits(**entry["limits"]), dict(entry["versions"]), notebook,
            {name: entry[name] for name in USAGE if name in entry}, entry.get("starved", False),
            list(entry.get("waiting", ())),
        )  # fmt: skip


def judge(
    submission: Submission,
    exercise: ReleasedSet,
    seed: int | str,
    limits: Limits,
    executor: Executor = execute,
    sandbox: str = "none",
) -> SubmissionVerdict:
    """Return the verdict on a submission; `exercise.entries` are the cases drawn from the seed with the label `seed`.

    executor runs the cells, and sandbox names its walls in the verdict.

    Raises `JudgeError` when no kernel starts. Nothing that a submission holds or does raises.
    """
    started = time.monotonic()
    general, limits = limits, limits.for_set(exercise.entries.values())
    restored = restore(submission.notebook, exercise, limits)
    files, left_out = usable_files(submission.files, exercise.files)
    others = other_numbers(restored.stated, exercise)
    problems = [*submission.remarks, *left_out, *_of_other_numbers(others), *restored.problems]
    code = [cell for cell in restored.cells if cell.kind == "code"]
    steps = [_step(cell, exercise, general.cell_seconds) for cell in code]
    if restored.readable:
        results = executor(steps, files, limits)
    else:
        results = [Result(ran=False) for _ in steps]
    scores: dict[str, Score] = {}
    patience = limits
    cells = iter(zip(code, results, strict=True))
    shown: list[dict[str, Any]] = []
    for number, cell in enumerate(restored.cells):
        if cell.kind != "code":
            shown.append(_cell_json(number, cell))
            continue
        _, result = next(cells)
        outputs = result.outputs
        if cell.role == CHECK:
            task_id, expression = read_check(cell.source)
            scores[task_id] = _mark(exercise, task_id, expression, result, _sources(cell, code), patience)
            if decider().ran_out:  # so that a hundred endless answers take no longer than two
                patience = replace(patience, decision_seconds=patience.decision_seconds / 2)
            if task_id in others:
                scores[task_id] = with_other_numbers(scores[task_id], others[task_id])
            outputs = [_shown_score(scores[task_id])]
        if result.trouble:
            problems.append(f"{_name(cell, code)} {result.trouble}.")
        shown.append(_cell_json(number, cell, outputs))
    scores = {task_id: scores[task_id] for task_id in exercise.entries if task_id in scores}
    waiting = typed_elsewhere(restored.cells, exercise) if restored.readable else []
    problems += [_TYPED_ELSEWHERE.format(name) for name in waiting]
    problems = _few([_one_line(problem) for problem in problems])
    notebook: dict[str, Any] = {"cells": [*_notice(problems), *shown], "metadata": _metadata(exercise)}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    verdict = SubmissionVerdict(
        exercise.name, submission.sha256, seed, exercise.digest, sandbox, scores, problems,
        time.monotonic() - started, limits, dict(_installed()), notebook, _usage(results),
        any(result.starved for result in results), waiting,
    )  # fmt: skip
    return SubmissionVerdict.from_json(_writable(verdict.to_json()), _writable(notebook))


def unjudged(
    submission: Submission, exercise: ReleasedSet, seed: int | str, limits: Limits, sandbox: str, why: str
) -> SubmissionVerdict:
    """Return the verdict on a submission that nothing can judge: nothing is earned yet, and a person looks at it.

    Its notebook is the release's: what was handed in is touched no more.
    """
    verdict = judge(Submission(None, {}, ()), exercise, seed, limits, sandbox=sandbox)
    scores = {
        task: Score(0.0, score.max_points, needs_review=True, task=task, note=why)
        for task, score in verdict.scores.items()
    }
    notebook = {**verdict.notebook, "cells": [*_notice([why]), *verdict.notebook["cells"][1:]]}
    texts = [grade_id for grade_id, cell in exercise.labelled.items() if cell.role == TEXT]
    return replace(
        verdict, sha256=submission.sha256, scores=scores, problems=[why], notebook=notebook, waiting=texts
    )


def _of_other_numbers(others: Mapping[str, str]) -> list[str]:
    if not others:
        return []
    first = next(iter(others.values()))
    where = ", ".join(f"“{task}”" for task in others)
    return [
        f"The notebook has other numbers than those that it is marked by, in {where}: {first}. What is not right by "
        "these is not counted as wrong: a person will look at it."
    ]


def _writable(data: Any) -> Any:
    """Return the data with every text fit for a file: a student's text may hold halves of a surrogate pair."""
    if isinstance(data, str):
        return data.encode(errors="replace").decode()
    if isinstance(data, Mapping):
        return {_writable(key): _writable(value) for key, value in data.items()}
    return [_writable(item) for item in data] if isinstance(data, (list, tuple)) else data


def _few(problems: list[str]) -> list[str]:
    """Return the first problems, and how many more there are: they stand on a page, in a table and on a terminal."""
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], f"And {more:,} more of the kind."]


def _one_line(sentence: str) -> str:
    """Return a sentence that a terminal and a page show as one line: a student's words in it may hold anything."""
    return " ".join("".join(c if c.isprintable() else " " for c in sentence).split())[:600]


def _step(cell: Cell, exercise: ReleasedSet, check_seconds: float) -> Step:
    if cell.role != CHECK:
        return Step(cell.source, locked=cell.role == LOCKED)
    task_id, expression = read_check(cell.source)
    entry = dict(exercise.entries[task_id])
    questions = questions_of(entry)
    seconds = min(check_seconds, entry.get("seconds", check_seconds))
    return Step(expression, questions, seconds, at_end="inputs" in questions and not entry["public"])


def _sources(check: Cell, code: Sequence[Cell]) -> Sources:
    """Return the student's code for a check's task, and what ran before the check: some tasks forbid calls."""
    task_id, expression = read_check(check.source)
    before = code[: next(i for i, cell in enumerate(code) if cell is check)]
    own = [c.source for c in before if c.grade_id == task_id] or [
        c.source for c in before if c.grade_id is None
    ]
    return "\n".join(own), [c.source for c in before if c.role != CHECK], expression


def _mark(
    exercise: ReleasedSet, task_id: str, expression: str, result: Result, sources: Sources,
    limits: Limits,
) -> Score:  # fmt: skip
    entry = exercise.entries[task_id]
    if not result.ran:
        return _zero(
            entry, "This check was not run, so the answer earns nothing. The top of the page says why."
        )
    if result.missing is not None:
        return _zero(
            entry, f"`{expression}` could not be read: {result.missing}. Did the cell that sets it run?"
        )
    if result.reply is None:
        return _zero(entry, f"No answer came back: the check {result.trouble or 'gave nothing'}.")
    return decider().mark(exercise, task_id, result.reply, sources, limits)


def _zero(entry: Mapping[str, Any], sentence: str) -> Score:
    return Score(0.0, float(entry["points"]), task=str(entry["id"]), note=sentence)


def _shown_score(score: Score) -> dict[str, Any]:
    """Return a check cell's only output; nbgrader reads its number, a browser its HTML."""
    data = {"text/plain": repr(score), "text/html": score.html()}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}


def _cell_json(number: int, cell: Cell, outputs: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {
        "id": f"cell-{number}",
        "cell_type": cell.kind,
        "metadata": cell.metadata,
        "source": cell.source,
    }
    if cell.kind == "code":
        content |= {"outputs": list(outputs or ()), "execution_count": None}
    elif cell.attachments:
        content["attachments"] = cell.attachments
    return content


def _notice(problems: Sequence[str]) -> list[dict[str, Any]]:
    """Return the cell that heads the feedback page when something was off."""
    if not problems:
        return []
    items = "".join(f"<li>{html.escape(problem)}</li>" for problem in problems)
    source = (
        f'<div class="notice"><p><strong>What was off with this submission</strong></p><ul>{items}</ul></div>'
    )
    return [{"id": "notice", "cell_type": "markdown", "metadata": {}, "source": source}]


def _name(cell: Cell, code: Sequence[Cell]) -> str:
    number = f"Code cell {next(i for i, other in enumerate(code, 1) if other is cell)}"
    if cell.grade_id is None:
        first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        return f"{number} (“{first[:40]}{'…' if len(first) > 40 else ''}”)"
    if cell.role == CHECK:
        return f"{number} (check of “{cell.grade_id.removeprefix('check-')}”)"
    return f"{number} (“{cell.grade_id}”)"


def _usage(results: Sequence[Result]) -> dict[str, float]:
    return next((result.usage for result in reversed(results) if result.usage), {})


def _metadata(exercise: ReleasedSet) -> dict[str, Any]:
    kept = ("kernelspec", "language_info")
    return {key: value for key, value in exercise.notebook.get("metadata", {}).items() if key in kept}


@cache
def _installed() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in RECORDED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
