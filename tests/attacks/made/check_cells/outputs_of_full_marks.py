"""Saved outputs that say full marks, in every way that nbgrader reads them, below wrong answers.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0, perplexity-from-probs 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, checks


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "1e9"
    cell_of(notebook, "perplexity-from-probs")["source"] = "def perplexity_from_probs(probs): return 1e9"
    said = {
        "output_type": "execute_result",
        "data": {"text/plain": "1e9"},
        "metadata": {},
        "execution_count": 1,
    }
    for cell in checks(notebook):
        cell["outputs"] = [said, {"output_type": "stream", "name": "stdout", "text": "Score: 1e9"}]
        cell["execution_count"] = 1
    notebook["metadata"] = {"celltoolbar": "Create Assignment", "nbgrader": {"score": 1e9, "max_score": 1}}
    return Submission(json.dumps(notebook).encode())
