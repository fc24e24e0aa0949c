"""The easy answer's id on the cell of a hard one, and ids of another set, of nothing, and no text at all.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0, comparable-perplexities 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of


def attack(notebook: dict[str, Any]) -> Submission:
    easy, hard = (
        cell_of(notebook, "check-comparable-perplexities"),
        cell_of(notebook, "check-perplexity-of-mean-nll"),
    )
    for cell in (easy, hard):
        cell["metadata"]["nbgrader"]["grade_id"] = "check-bits-of-nats"
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    cell_of(notebook, "comparable-perplexities")["source"] = "comparable = 'a'"
    for number, identity in enumerate(("nll-gradient", "", "../../gradebook", "<script>", 7, None)):
        notebook["cells"][number]["metadata"] = {
            "nbgrader": {"grade_id": identity, "grade": True, "points": 1e9}
        }
    return Submission(json.dumps(notebook).encode())
