"""A task's score: the points, and what there is to say about them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from grader.cases.errors import CaseError

ANSWER = "your answer"
"""The label of a task that has one answer."""

UNANSWERED = "You have not answered yet."


@dataclass(frozen=True)
class Finding:
    """What was seen under one label of a task.

    label: "large logits"; ok: whether it is right; mistake: the code of the recognised mistake, if any.
    sentence: what to tell the student; may be empty when it is right.
    """

    label: str
    ok: bool
    mistake: str | None
    sentence: str


class Score(float):
    """The points earned, a float, whose rich display is the feedback.

    Its `repr` is the plain number, since nbgrader reads partial credit from the text of a cell's result.

    max_points: the points that the task is worth; the score lies between 0 and these.
    findings: one `Finding` a label. note: a sentence about the whole, may be empty.
    needs_review: whether a person has to look at it. provisional: whether grading will know more than was
    known here.
    task: the task's id.

    >>> score = Score(1.5, 3, [Finding("large logits", False, "no-shift", "exp overflows.")], task="nll")
    >>> score, score.max_points, score.mistakes
    (1.5, 3.0, ('no-shift',))
    """

    max_points: float
    findings: tuple[Finding, ...]
    needs_review: bool
    provisional: bool
    task: str
    note: str

    def __new__(
        cls,
        points: float,
        max_points: float,
        findings: Iterable[Finding] = (),
        *,
        needs_review: bool = False,
        provisional: bool = False,
        task: str = "",
        note: str = "",
    ) -> Self:
        # nbgrader raises on more points than there are, and rounding may give 1 + 1e-16 times the points.
        score = super().__new__(cls, min(max(float(points), 0.0), float(max_points)))
        score.max_points = float(max_points)
        score.findings = tuple(findings)
        score.needs_review = needs_review
        score.provisional = provisional
        score.task = task
        score.note = note
        return score

    def __repr__(self) -> str:
        return float.__repr__(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Score.from_json, (self.to_json(),)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The codes of the recognised mistakes, each once, in the order in which they were found."""
        return tuple(dict.fromkeys(f.mistake for f in self.findings if f.mistake is not None))

    @property
    def full(self) -> bool:
        """Whether all points were earned; never where there were none to earn."""
        return self >= self.max_points > 0

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        # Both are given here, so that no setting of the notebook (%precision, a formatter) changes the
        # number.
        return {"text/plain": repr(self), "text/html": self.html()}

    def html(self) -> str:
        """Return the feedback as HTML: one element, styled by itself, all text escaped."""
        from grader.cases.mark.feedback import as_html

        return as_html(self)

    def text(self) -> str:
        """Return the feedback as plain text for a terminal."""
        from grader.cases.mark.feedback import as_text

        return as_text(self)

    def to_json(self) -> dict[str, Any]:
        """Return the score as JSON-able data; `from_json` reads it back."""
        return {
            "task": self.task,
            "points": float(self),
            "max_points": self.max_points,
            "findings": [asdict(f) for f in self.findings],
            "needs_review": self.needs_review,
            "provisional": self.provisional,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Score":
        """Return the score that `to_json` wrote. Raises CaseError when something is missing."""
        try:
            findings = [Finding(f["label"], f["ok"], f["mistake"], f["sentence"]) for f in data["findings"]]
            return cls(
                data["points"],
                data["max_points"],
                findings,
                needs_review=data["needs_review"],
                provisional=data["provisional"],
                task=data["task"],
                note=data["note"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CaseError(
                f"this is no score as Score.to_json writes it: {type(error).__name__} {error}"
            ) from None


def all_or_none(entry: Mapping[str, Any], ok: bool, mistake: str | None, sentence: str) -> Score:
    """Return all the points of the task with these cases, or none, with one finding on the answer as a whole.

    >>> all_or_none({"id": "ppl", "points": 2.0}, False, None, UNANSWERED).findings[0].sentence
    'You have not answered yet.'
    """
    finding = Finding(ANSWER, ok, mistake, sentence)
    return Score(entry["points"] if ok else 0.0, entry["points"], [finding], task=entry["id"])


def taken_down(entry: Mapping[str, Any], note: str) -> Score:
    """Return the score of an answer that public cases can't judge: noted, and marked at grading."""
    finding = Finding(ANSWER, True, None, "")
    return Score(entry["points"], entry["points"], [finding], provisional=True, task=entry["id"], note=note)
