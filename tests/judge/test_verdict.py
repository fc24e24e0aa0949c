"""Is a verdict a function of bytes, set and seed, and does only the judge write below a check?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.step import Result, Step
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from tests.judge.conftest import released_notebook, released_set

LIMITS = Limits(cell_seconds=10)


def submitted(notebook: Any) -> Submission:
    return Submission(json.dumps(notebook).encode())


class Answers:
    """An executor that runs nothing and gives the replies it was told."""

    def __init__(self, **replies: Any) -> None:
        self.replies = replies

    def __call__(self, steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        return [
            Result(reply=self.replies.get(step.questions["id"])) if step.questions else Result()
            for step in steps
        ]


RIGHT = {"ppl": {"answer": 8.166}}


@pytest.fixture(scope="module")
def graded() -> SubmissionVerdict:
    notebook = released_notebook()
    notebook["cells"][2]["source"] = "ppl = math.exp(2.1)\nimport warnings\nwarnings.warn('careful')"
    notebook["cells"][4]["source"] = "def mean(losses):\n    print('at work')\n    return sum(losses)"
    return judge(submitted(notebook), released_set(), 0, LIMITS)


def test_a_set_that_trains_a_model_gets_the_time_that_its_cases_ask_for() -> None:
    seen: dict[str, Any] = {}

    def executor(steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        seen.update(limits=limits, seconds=[step.seconds for step in steps if step.questions])
        return [Result() for _ in steps]

    exercise = released_set()
    slow = {"mean": dict(exercise.entries["mean"]) | {"training_seconds": 50.0, "seconds": 3.0}}
    trained = replace(exercise, entries=dict(exercise.entries) | slow)
    verdict = judge(submitted(released_notebook()), trained, 0, LIMITS, executor)
    assert (seen["limits"].cell_seconds, seen["limits"].notebook_seconds) == (50, LIMITS.notebook_seconds)
    assert seen["seconds"] == [10, 3]  # a check without a time of its own keeps that of the command
    assert verdict.limits == seen["limits"]
    judge(submitted(released_notebook()), exercise, 0, LIMITS, executor)
    assert seen["limits"] == LIMITS


def test_a_right_and_a_wrong_answer_in_a_real_kernel(graded: SubmissionVerdict) -> None:
    assert float(graded.scores["ppl"]) == 1
    assert graded.scores["mean"].mistakes == ("sum",)
    assert graded.problems == []
    json.dumps(graded.to_json())


def test_the_check_cells_hold_the_scores_and_nothing_else(graded: SubmissionVerdict) -> None:
    cells = {c["metadata"]["nbgrader"]["grade_id"]: c for c in graded.notebook["cells"] if c["metadata"]}
    for task_id, score in graded.scores.items():
        (output,) = cells[f"check-{task_id}"]["outputs"]
        assert output["output_type"] == "execute_result"
        assert float(output["data"]["text/plain"]) == float(score)
        assert score.html() == output["data"]["text/html"]


def test_silence_is_zero(exercise: ReleasedSet, answered: dict[str, Any]) -> None:
    verdict = judge(submitted(answered), exercise, 0, LIMITS, executor=Answers())
    assert [float(score) for score in verdict.scores.values()] == [0, 0]
    assert "No answer came back" in verdict.scores["ppl"].note


@pytest.mark.parametrize(
    "reply", [7, "full marks", [], {}, {"answer": {"deep": [[[[]]]]}}, {"results": 3}, {"score": 1}, True]
)
def test_a_reply_that_is_none_is_zero(exercise: ReleasedSet, answered: dict[str, Any], reply: Any) -> None:
    verdict = judge(submitted(answered), exercise, 0, LIMITS, executor=Answers(ppl=reply, mean=reply))
    assert [float(score) for score in verdict.scores.values()] == [0, 0]


def test_the_same_bytes_set_and_seed_give_the_same_verdict(
    exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    first, second = (
        judge(submitted(answered), exercise, 3, LIMITS, executor=Answers(**RIGHT)) for _ in range(2)
    )
    mine, theirs = first.to_json(), second.to_json()
    assert mine.pop("seconds") >= 0 and theirs.pop("seconds") >= 0
    assert mine == theirs and first.notebook == second.notebook
    assert mine["sandbox"] == "none" and mine["seed"] == 3
    assert mine["scores"]["ppl"]["points"] == 1


def test_what_can_not_be_read_is_never_run(exercise: ReleasedSet) -> None:
    def explode(steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        raise AssertionError("ran")

    verdict = judge(Submission(b"{"), exercise, 0, LIMITS, executor=explode)
    assert [float(score) for score in verdict.scores.values()] == [0, 0]
    assert "not JSON" in verdict.problems[0] and "not JSON" in verdict.notebook["cells"][0]["source"]


def test_a_students_text_is_escaped_in_the_notice(exercise: ReleasedSet, answered: dict[str, Any]) -> None:
    answered["cells"][3]["metadata"]["nbgrader"]["grade_id"] = "<script>alert(1)</script>"
    verdict = judge(submitted(answered), exercise, 0, LIMITS, executor=Answers(**RIGHT))
    assert "<script>" not in verdict.notebook["cells"][0]["source"]
    assert "&lt;script&gt;" in verdict.notebook["cells"][0]["source"]


def test_files_count_for_the_submissions_digest() -> None:
    digests = {
        Submission(n, f).sha256
        for n in (None, b"a", b"b")
        for f in ({}, {"x": b"1"}, {"x": b"2"}, {"y": b"1"})
    }
    assert len(digests) == 12 and "" in digests


def test_released_files_win_over_submitted_ones(exercise: ReleasedSet, answered: dict[str, Any]) -> None:
    seen: dict[str, bytes] = {}

    def look(steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        seen.update(files)
        return [Result() for _ in steps]

    released = ReleasedSet(
        exercise.name, "small", exercise.notebook, exercise.entries, files={"cases.json": b"ours"}
    )
    submission = Submission(json.dumps(answered).encode(), {"cases.json": b"theirs", "own.py": b""})
    judge(submission, released, 0, LIMITS, executor=look)
    assert seen == {"cases.json": b"ours", "own.py": b""}
