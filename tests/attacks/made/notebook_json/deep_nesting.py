"""Metadata nested 100,000 levels deep: no notebook, so nothing is marked, and nothing falls over.

set: 06_perplexity
credit: nothing
says: not JSON
"""

import json
from typing import Any

from grader.judge.verdict import Submission


def attack(notebook: dict[str, Any]) -> Submission:
    notebook["metadata"] = {"deep": "DEEP"}
    deep = "[" * 100_000 + "]" * 100_000
    return Submission(json.dumps(notebook).replace('"DEEP"', deep).encode())
