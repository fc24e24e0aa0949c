"""Every check cell asks for something else, and answers itself.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, checks


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    for cell in checks(notebook):
        cell["source"] = "import math\nppl = math.exp(2.1)\n1e9"
        cell["metadata"]["nbgrader"]["locked"] = False
    return Submission(json.dumps(notebook).encode())
