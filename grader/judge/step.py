"""A step of a notebook as an executor runs it, and what comes of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.judge.kernel import MIME
from grader.judge.limits import Limits

MOST_ITEMS = 2_000_000
INTERRUPT_EVERY = 0.3  # seconds; one interrupt may end just one of a task's cases
TOO_BUSY = "was stopped: the machine was too busy to run it; nothing after it could be run"


@dataclass(frozen=True)
class Step:
    """A cell to run; with `questions`, a check to ask: `source` is then the answer's expression.

    seconds: a limit of its own, where the cell's is not the one for every cell. at_end: whether the questions are
    asked only when the notebook has ended, of a process that keeps the answer as it is now (`grader.judge.kept`).
    locked: whether it is a cell of the course's own.
    """

    source: str
    questions: Mapping[str, Any] | None = None
    seconds: float | None = None
    at_end: bool = False
    locked: bool = False


@dataclass
class Result:
    """What a step gave.

    `reply` is the decoded reply to questions; `trouble` says in a sentence without a subject what went wrong
    ("stopped with NameError: …"); `ran` is False when the notebook had ended before; `starved` says that other
    processes had the machine, so that the result says nothing.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: Any = None
    missing: str | None = None
    trouble: str | None = None
    ran: bool = True
    starved: bool = False
    usage: dict[str, float] | None = None  # on the last step, where the executor knows what the kernel used


def read_reply(result: Result, data: Any, nonce: str, limits: Limits) -> None:
    """Put the reply to a question into the result; `data` is the bundle that the kernel showed for it."""
    try:
        text = data[MIME]
        if len(text) > limits.reply_bytes:
            result.trouble = f"gave an answer of more than {limits.reply_bytes // 1_000_000} MB"
            return
        if sum(map(text.count, "[{,")) > MOST_ITEMS:  # each takes twenty times its place once it is read
            result.trouble = f"gave an answer of more than {MOST_ITEMS:,} items"
            return
        body = json.loads(text)
        if body["nonce"] != nonce:
            raise ValueError("foreign nonce")
        missing = body.get("missing")
        result.missing = missing[:300] if isinstance(missing, str) else None
        result.reply = body.get("reply")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        result.trouble = result.trouble or "gave no answer that could be read"


def question(nonce: str, step: Step) -> str:
    """Return the expression that asks a step's questions in the kernel; the reply carries the nonce."""
    module = "__import__('grader.judge.kernel', fromlist=['answer'])"
    return f"{module}.answer({nonce!r}, {json.dumps(step.questions)!r}, lambda: ({step.source}))"


def keeping(place: str, steps: Sequence[Step], here: bool = False) -> str:
    """Return the expression that lets the kernel keep the answers of steps; see `kernel.keep`."""
    look_ups = ", ".join(f"lambda: ({step.source})" for step in steps)
    return f"__import__('grader.judge.kernel', fromlist=['keep']).keep({place}, [{look_ups}], {here})"
