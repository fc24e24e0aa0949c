"""Does grading take for forbidden what the notebook's own check takes for it, and name the line?"""

import json
from typing import Any

import numpy as np
import pytest

from grader.cases import Example, Function, Mistake, Score
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, judge
from tests.judge.conftest import labelled

MEAN = Function(
    "mean",
    2,
    lambda numbers: sum(numbers) / len(numbers),
    lambda rng: [Example("three numbers", rng.normal(size=3).tolist())],
    [Mistake("sum", "This is the sum.", sum)],
    forbidden=("statistics.fmean", ".mean"),
)
ANSWERS = {
    "a method of the student's own": (
        [
            "class M:\n    def mean(self, x): return sum(x) / len(x)\n"
            "    def __call__(self, x): return self.mean(x)\nmean = M()"
        ],
        2.0,
        "",
    ),
    "a test beside the answer": (
        [
            "import statistics\ndef mean(x): return sum(x) / len(x)\nassert mean([1.0]) == statistics.fmean([1.0])"
        ],
        2.0,
        "",
    ),
    "another task's import": (
        ["from statistics import mean, fmean", "def mean(x): return sum(x) / len(x)"],
        2.0,
        "",
    ),
    "the library's": (
        ["import statistics\ndef mean(x):\n    return statistics.fmean(x)"],
        0.0,
        "Line 3, `return statistics.fmean(x)`, uses",
    ),
    "the library's in a helper's cell": (
        ["import statistics\n\ndef helper(x): return statistics.fmean(x)", "def mean(x): return helper(x)"],
        0.0,
        "Line 3, `def helper(x): return statistics.fmean(x)`, uses",
    ),
    "the library's by a name that is put together": (
        ["import statistics\ndef mean(x):\n    return getattr(statistics, 'fm' + 'ean')(x)"],
        0.0,
        "Line 3, `return getattr(statistics, 'fm' + 'ean')(x)`, uses",
    ),
    "the library's as the answer": (
        ["from statistics import fmean as mean"],
        0.0,
        "The answer uses `statistics.fmean`",
    ),
}


@pytest.mark.parametrize("way", ANSWERS)
def test_a_use_of_the_answer_counts_and_its_line_is_named(way: str) -> None:
    cells, points, said = ANSWERS[way]
    score = marked(cells)
    told = " ".join(finding.sentence for finding in score.findings)
    assert (float(score), said in told) == (points, True), told
    assert (score.mistakes == ("forbidden",)) == (points == 0.0)


def test_what_comes_after_the_check_is_no_part_of_the_answer() -> None:
    honest, later = "def mean(x): return sum(x) / len(x)", "from statistics import fmean as mean"
    assert marked([honest], later).full
    assert marked([later], honest) == 0.0


def marked(cells: list[str], later: str = "") -> Score:
    """Return the score of an answer whose last cell is the answer's own; `later` runs after its check."""
    stub = labelled("code", "def mean(x):\n    raise NotImplementedError", "mean", False, True)
    check = labelled("code", 'check("mean", mean)', "check-mean", True, False, points=2)
    notebook: dict[str, Any] = {"cells": [stub, check], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    entries = {"mean": MEAN.cases(np.random.default_rng(7), public=False)}
    exercise = ReleasedSet("01_small", "small", notebook, entries)
    own = [
        {"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in [*cells[:-1], later]
    ]
    answered = {**notebook, "cells": [*own[:-1], {**stub, "source": cells[-1]}, check, own[-1]]}
    return judge(Submission(json.dumps(answered).encode()), exercise, 0, Limits()).scores["mean"]
