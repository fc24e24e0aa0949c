"""Each check stands three times, first, in its place and last in the notebook, and the last one counts.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0, bits-of-nats 0
"""

import json
from copy import deepcopy
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, checks, own_cell


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    cell_of(notebook, "bits-of-nats")["source"] = "bits = 1.0"
    copies = [deepcopy(cell) for cell in checks(notebook)]
    notebook["cells"] = [*copies, *notebook["cells"], own_cell("1e9"), *reversed(deepcopy(copies))]
    return Submission(json.dumps(notebook).encode())
