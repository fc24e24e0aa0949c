"""The check cells are gone; cells of the student's own bear their ids, as answers, as text, as raw cells.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, checks


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    for number, cell in enumerate(checks(notebook)):
        cell["cell_type"] = ("code", "markdown", "raw")[number % 3]
        cell["source"] = "check = lambda *a: 1e9\n1e9"
        cell["metadata"]["nbgrader"] |= {"grade": False, "solution": True, "points": 0}
    return Submission(json.dumps(notebook).encode())
