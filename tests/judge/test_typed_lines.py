"""Does a step that SymPy merges count behind the walls, where the kernel keeps the sources of the cells?"""

import json
from typing import Any

import numpy as np
import pytest
from sympy import Product, Sum, exp, log

from grader.algebra import index, probabilities, size
from grader.cases import DerivationTask, Form, Milestone, Mistake
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, judge
from tests.judge.conftest import labelled

m = size("m")
j = index("j", m)
p = probabilities("p", m)
MEAN = Sum(log(p[j]), (j, 1, m)) / m
STEPS = DerivationTask(
    "steps",
    3,
    start=Product(p[j], (j, 1, m)) ** (-1 / m),
    goal=exp(-MEAN),
    milestones=(Milestone("exp-of-log", "a logarithm is taken", (Form(holds=("exp>log>Product",)),)),),
    symbols=(m, j, p),
    mistakes=(Mistake("no-minus", "The minus is missing.", exp(MEAN)),),
    form=Form(free_of=("Product",)),
)
SETUP = """
%precision 4
from grader.algebra import Derivation, index, probabilities, size
from sympy import Product, Sum, exp, log
m = size("m")
j, p = index("j", m), probabilities("p", m)
steps = Derivation("steps", strict=False)
"""
GOAL = 'steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))'
MERGED = 'steps.step("=", exp(\n    log(Product(p[j], (j, 1, m)) ** (-1 / m))), because="x = exp log x")'


def notebook(answer: str) -> dict[str, Any]:
    cells = [
        labelled("code", SETUP, "setup", False, False),
        labelled("code", answer, "steps", False, True),
        labelled("code", 'check("steps", steps)', "check-steps", True, False, points=3),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


@pytest.mark.parametrize(("line", "points"), [(MERGED, 3.0), ("pass", 1.0)])
def test_a_merged_step_counts_as_it_was_typed(line: str, points: float) -> None:
    entries = {"steps": STEPS.cases(np.random.default_rng(0), public=False)}
    exercise = ReleasedSet("01_small", "small", notebook("steps = None"), entries, {})
    start = "steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))"
    handed_in = json.dumps(notebook(f"{start}\n{line}\n{GOAL}")).encode()
    verdict = judge(Submission(handed_in), exercise, 0, Limits(cell_seconds=20))
    (score,) = verdict.scores.values()
    assert score == pytest.approx(points), score.text()
