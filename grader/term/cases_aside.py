"""Tells answers case by case in a process aside (see `grader.judge.aside`): a reply is a student's data."""

from dataclasses import asdict
from typing import Any

from grader.cases.mark.each_case import CaseTold, each_case
from grader.judge.aside import Aside, RanOut
from grader.judge.limits import Limits


def told_by_case(
    entries: dict[str, dict[str, Any]], replies: dict[str, Any], limits: Limits
) -> dict[str, list[CaseTold]]:
    """Return each task's cases in words; nothing for a reply on which the limits of marking run out."""
    aside = Aside(__name__, limits.decision_bytes, limits.start_seconds)
    found: dict[str, list[CaseTold]] = {}
    try:
        for task, reply in replies.items():
            request = {"entry": entries[task], "reply": reply}

            def asked(fresh: bool, request: dict[str, Any] = request) -> dict[str, Any]:
                return request

            try:
                lines = aside.ask(asked, limits.decision_seconds)
            except RanOut:
                lines = []
            found[task] = [CaseTold(**line) for line in lines]
    finally:
        aside.close()
    return found


def prepare() -> None:
    """Import what telling needs, so that no answer is charged for it."""
    import grader.algebra  # noqa: F401


def answer(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a request's cases as plain data; this runs in the process aside."""
    try:
        return [asdict(line) for line in each_case(request["entry"], request["reply"])]
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (the boundary to a student's data: one reply ends nothing)
        return [asdict(CaseTold("", None, f"this can't be told: {type(error).__name__}"))]
