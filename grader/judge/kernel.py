"""The few lines of ours that run in the student's kernel.

They hold questions, never expected values. What they send back is data to be marked, not a verdict, so a student who
replaces them can only change their own answer.
"""

import json
from collections.abc import Callable
from typing import Any

from grader.cases import collect

MIME = "application/vnd.surprisal.reply+json"
LONGEST_MESSAGE = 300


class Reply:
    """Shows itself as one display-data bundle that holds the reply's JSON."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "Reply()"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {MIME: self.text}


def answer(nonce: str, questions: str, look_up: Callable[[], Any]) -> Reply:
    """Return the reply to `questions` (JSON) for the answer that `look_up` finds in the notebook."""
    body: dict[str, Any]
    try:
        value = look_up()
    except BaseException as error:  # noqa: BLE001  (a name may be missing, or its look-up may run student code)
        body = {"missing": _describe(error)}
    else:
        body = {"reply": collect(json.loads(questions), value)}
    return Reply(json.dumps({"nonce": nonce, **body}))


def _describe(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]
    except BaseException:  # noqa: BLE001  (a student's exception may raise while it is printed)
        return type(error).__name__[:LONGEST_MESSAGE]
