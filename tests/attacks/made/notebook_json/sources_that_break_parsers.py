"""Cells that are hard on whoever parses them: the last of a notebook whose tasks forbid calls.

set: 05_softmax_gradient
credit: all but log-sum-exp 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, own_cell


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "log-sum-exp")["source"] = "log_sum_exp = " + "(" * 100_000
    notebook["cells"] += [
        own_cell(source)
        for source in (
            "-" * 300_000 + "1",
            "1" + "+1" * 100_000,
            "x" + ".x" * 100_000,
            "{" * 200,
            "f'{" * 150,
            "\x00",
            "\f",
        )
    ]
    return Submission(json.dumps(notebook).encode())
