"""Is an option chosen only by an answer that means it?"""

import pytest

from grader.cases.mark.choice import chosen_option
from grader.cases.values import Member

ABC = ["a", "b", "c"]


@pytest.mark.parametrize(
    "answer",
    ["anything but b", "all but b", "any other than b", "b or c", "besides b", "b? c!", "außer b", 2],
)
def test_an_answer_that_may_mean_another_option_chooses_none(answer):
    assert chosen_option(answer, ABC, {}) is None


@pytest.mark.parametrize(
    "answer", ["b, without doubt", "**b**", Member("b", 2), [Member("b", 2)], "Answer: b)"]
)
def test_an_option_is_chosen_in_any_usual_way(answer):
    assert chosen_option(answer, ABC, {}) == "b"
