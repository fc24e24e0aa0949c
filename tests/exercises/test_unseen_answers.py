"""Do answers that the tasks' authors have not seen get the marks that they deserve?"""

from pathlib import Path

import pytest

from grader.pipeline.course import Course
from grader.pipeline.unseen import audit_unseen, read_unseen, summary

COURSE = Course(Path(__file__).parents[2])


@pytest.mark.parametrize("exercise", COURSE.sets(), ids=lambda exercise: exercise.name)
def test_no_unseen_wrong_answer_is_accepted_and_no_right_one_rejected(exercise, request, record_property):
    marked = audit_unseen(exercise)
    record_property("figure", f"unseen, {exercise.name}: {summary(marked)}")
    assert [f"{m.fault}: {m}" for m in marked if m.fault] == []


def test_there_are_at_least_600_wrong_and_400_right_unseen_answers():
    answers = [answer for exercise in COURSE.sets() for answer in read_unseen(exercise)]
    right = sum(answer.right for answer in answers)
    assert (right >= 400, len(answers) - right >= 600) == (True, True), (right, len(answers) - right)
