"""Is the mock exam a fair one for every seed, and are its answers what other ways of computing them give?"""

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from grader.cases import Drawn, Task
from grader.pipeline.audit import audit_set
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.exercise_source import read_exercise
from solutions.tasks import exam

COURSE = Course(Path(__file__).parents[2])
EXAM = COURSE.set_named("11_exam")
DRAWN = [pytest.param(task, id=task.id) for task in exam.TASKS if isinstance(task, Drawn)]
SEEDS = range(200)


def test_the_six_classic_questions_have_their_points_and_the_exam_twenty():
    points = [task.points for task in load_tasks(EXAM)]
    assert points[:6] == [2, 2, 2, 2, 3, 3]
    assert sum(points) == 20


@pytest.mark.parametrize("task", DRAWN)
def test_every_seed_makes_a_good_question(task):
    made = [task.settled(seed) for seed in SEEDS]  # which raises for any that is none
    numbers = [str(one.numbers) for one in made]
    assert len(set(numbers)) >= len(SEEDS) / 6  # the log has forty losses


@pytest.mark.parametrize("seed", [1, 20261127])
def test_the_courses_answers_are_marked_as_they_deserve_whatever_was_drawn(seed, request, record_property):
    found = audit_set(replace(EXAM, exam_seed=seed), (0,))
    record_property("figure", f"11_exam, numbers of seed {seed}: {found.summary()}")
    assert found.faults == []


def text_scores(follows: list[list[float]], text: list[int]) -> list[Any]:
    exact = Fraction(1)
    for before, token in zip(text, text[1:], strict=False):
        exact *= Fraction(str(follows[before][token]))
    total = mpmath.log(mpmath.mpf(exact.numerator) / exact.denominator)
    return [total, -total / (len(text) - 1)]


def in_units(total_nll: float, tokens_read: int, bytes_read: int) -> list[Any]:
    perplexity = mpmath.root(mpmath.exp(total_nll), tokens_read)
    return [perplexity, mpmath.log(perplexity, 2), mpmath.log(mpmath.exp(total_nll), 2) / bytes_read]


def both_ways(p_true: list[float], q_model: list[float]) -> list[Any]:
    def kl(p: list[float], q: list[float]) -> Any:
        shares = [(mpmath.mpf(str(a)), mpmath.mpf(str(b))) for a, b in zip(p, q, strict=True)]
        return mpmath.fsum(a * mpmath.log(a / b) for a, b in shares)

    return [kl(p_true, q_model), kl(q_model, p_true)]


def gap(entropy_rate: float, loss_in_bits: float) -> list[Any]:
    factor = mpmath.power(2, loss_in_bits) / mpmath.exp(entropy_rate)
    return [mpmath.log(factor), factor]


def slopes(three_logits: list[float], observed: int) -> list[Any]:
    def loss(z: list[Any]) -> Any:
        return mpmath.log(mpmath.fsum(map(mpmath.exp, z))) - z[observed]

    def along(place: int) -> Any:
        return mpmath.diff(
            lambda x: loss([*three_logits[:place], x, *three_logits[place + 1 :]]), three_logits[place]
        )

    return [along(place) for place in range(3)]


ORACLES = {
    "exam-text": text_scores,
    "exam-units": in_units,
    "exam-kl": both_ways,
    "exam-gap": gap,
    "exam-gradient": slopes,
}


@pytest.mark.parametrize("name", ORACLES)
def test_an_answer_is_what_fifty_digits_give(name):
    task = next(task for task in exam.TASKS if task.id == name)
    for seed in range(20):
        made = task.settled(seed)
        with mpmath.workdps(50):
            expected = [float(x) for x in ORACLES[name](**made.numbers)]
        np.testing.assert_allclose(made.answer, expected, rtol=1e-9, atol=1e-12)


def of_seed(seed: int) -> dict[str, Task]:
    return {task.id: task for task in load_tasks(replace(EXAM, exam_seed=seed))}


def test_the_numbers_are_such_as_a_person_can_work_with():
    for seed in range(50):
        tasks = of_seed(seed)
        text = tasks["exam-text"].numbers
        assert {1, 2} < {*text["text"]} and text["text"][0] == text["text"][-1] == 0
        assert all(sum(map(Fraction, map(str, row))) == 1 and min(row) >= 0.08 for row in text["follows"])
        per_token = tasks["exam-units"].numbers["total_nll"] / tasks["exam-units"].numbers["tokens_read"]
        assert 1 < per_token < 4
        forth, back = tasks["exam-kl"].answer
        assert 0 < min(forth, back) < max(forth, back) < 4
        assert 0.09 < tasks["exam-gap"].answer[0] < 0.91
        assert abs(sum(tasks["exam-gradient"].answer)) < 1e-12
        log = tasks["exam-log"].numbers
        assert log["logged_perplexity"] < math.exp(log["logged_loss"]) - 1
        # not what the mistakes of the other options would have logged
        assert math.exp(log["logged_loss"] * 500 / 501) > log["logged_perplexity"] + 1


def test_a_log_that_no_loss_explains_is_no_question():
    with pytest.raises(Exception, match="2 to the power of 2.0 is not 5.0"):
        exam.log_question(2.0, 5.0)


def test_the_time_is_stated():
    text = " ".join(cell.source for cell in read_exercise(EXAM).cells[:1])
    assert "**Time: 90 minutes.**" in text and "20 points" in text
