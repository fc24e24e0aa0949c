"""Points of 1e9, below 0, NaN, texts and lists, in the metadata of every cell; the grade ids stay.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0
"""

import json
from itertools import cycle
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    points = cycle([1e9, -1e9, float("nan"), float("inf"), "1e9", [1], {"$gt": 0}, None, True])
    for cell, most in zip(notebook["cells"], points, strict=False):
        meta = cell["metadata"].setdefault("nbgrader", {})
        meta |= {"points": most, "max_score": most, "score": most, "grade": True}
    return Submission(json.dumps(notebook).encode())
