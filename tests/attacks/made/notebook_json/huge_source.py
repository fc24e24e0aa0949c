"""An answer cell of 19 million brackets.

set: 06_perplexity
credit: nothing
says: of text
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "(" * 19_000_000
    return Submission(json.dumps(notebook).encode())
