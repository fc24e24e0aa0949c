"""Do answers that the tasks' authors have not seen get the marks that they deserve?"""

from pathlib import Path

import pytest

from grader.pipeline import unseen
from grader.pipeline.course import Course
from grader.pipeline.unseen import Unseen, audit_unseen, read_unseen, summary

COURSE = Course(Path(__file__).parents[2])


# an answer may warn, and raise in a thread of its own
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise", COURSE.sets(), ids=lambda exercise: exercise.name)
def test_no_unseen_wrong_answer_is_accepted_and_no_right_one_rejected(exercise, request, record_property):
    marked = audit_unseen(exercise)
    record_property("figure", f"unseen, {exercise.name}: {summary(marked)}")
    assert [f"{m.fault}: {m}" for m in marked if m.fault] == []


def test_there_are_at_least_600_wrong_and_400_right_unseen_answers():
    answers = [answer for exercise in COURSE.sets() for answer in read_unseen(exercise)]
    right = sum(answer.right for answer in answers)
    assert (right >= 400, len(answers) - right >= 600) == (True, True), (right, len(answers) - right)


ENDLESS = """
def kl_from_samples(log_p, log_q):
    while True:
        try:
            pass
        except Exception:
            pass
"""


def test_an_answer_that_does_not_end_is_stopped(monkeypatch):
    monkeypatch.setattr(unseen, "SECONDS", 0.2)
    exercise = next(e for e in COURSE.sets() if e.name == "03_kl_divergence")
    for source in (ENDLESS, ENDLESS + "kl_from_samples(0, 0)"):
        answer = Unseen("kl-from-samples", source, 1, right=False)
        monkeypatch.setattr(unseen, "read_unseen", lambda _, answer=answer: [answer])
        assert [float(m.score) for m in audit_unseen(exercise)] == [0.0, 0.0]
    monkeypatch.setattr(unseen, "read_unseen", lambda _: [Unseen("kl-from-samples", source, 1, right=True)])
    with pytest.raises(RuntimeError, match="does not end: it takes more than 0.2 seconds"):
        audit_unseen(exercise)
