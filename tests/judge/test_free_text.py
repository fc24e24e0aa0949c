"""Does a text answer that stands elsewhere wait for a person, and does an empty one not?"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from tests.judge.conftest import cell

ANSWER = "The logarithm is monotone, so the best model stays the best."
Change = Callable[[dict[str, Any]], None]


def text_cell(notebook: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = notebook["cells"][-1]
    return found


def below_the_question(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("markdown", ANSWER))


def in_the_question(notebook: dict[str, Any]) -> None:
    notebook["cells"][0]["source"] += "\n\n" + ANSWER


def without_its_label(notebook: dict[str, Any]) -> None:
    text_cell(notebook).update(metadata={}, source=ANSWER)


def without_any_label(notebook: dict[str, Any]) -> None:
    for each in notebook["cells"]:
        each["metadata"] = {}
    text_cell(notebook)["source"] = ANSWER


def as_prose_in_code(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("code", ANSWER))


def as_comments(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("code", f"# {ANSWER}\nx = 1"))


def as_a_text(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("code", f'"""{ANSWER}"""'))


def as_raw_text(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("raw", ANSWER))


def in_its_cell_deleted_and_new(notebook: dict[str, Any]) -> None:
    notebook["cells"][-1] = cell("markdown", ANSWER)


def nothing(notebook: dict[str, Any]) -> None:
    del notebook


def no_cell(notebook: dict[str, Any]) -> None:
    notebook["cells"].pop()


def a_heading(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("markdown", "## Notes"))


def code_with_a_comment(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(cell("code", "x = 1  # a first try"))


def where_it_belongs(notebook: dict[str, Any]) -> None:
    text_cell(notebook)["source"] = ANSWER
    notebook["cells"].append(cell("markdown", ANSWER))


def verdict(exercise: ReleasedSet, notebook: dict[str, Any]) -> SubmissionVerdict:
    return judge(Submission(json.dumps(notebook).encode()), exercise, 0, Limits())


@pytest.mark.parametrize(
    "change",
    [
        below_the_question, in_the_question, without_its_label, without_any_label, as_prose_in_code, as_comments,
        as_a_text, as_raw_text, in_its_cell_deleted_and_new,
    ],
)  # fmt: skip
def test_a_text_that_stands_elsewhere_waits_for_a_person(
    change: Change, exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    change(answered)
    found = verdict(exercise, answered)
    assert found.waiting == ["why"]
    assert any("a person will read it" in problem for problem in found.problems)
    assert SubmissionVerdict.from_json(json.loads(json.dumps(found.to_json())), found.notebook).waiting == [
        "why"
    ]


@pytest.mark.parametrize("change", [nothing, no_cell, a_heading, code_with_a_comment, where_it_belongs])
def test_an_answer_that_is_not_there_or_where_it_belongs_does_not(
    change: Change, exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    change(answered)
    found = verdict(exercise, answered)
    assert found.waiting == []
    assert "waiting" not in found.to_json()
