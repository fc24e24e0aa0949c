"""Some 600,000 cells, as many as the file may hold; the answers come first, so they count.

set: 06_perplexity
credit: all
says: more than 2000 cells
"""

import json
from typing import Any

from grader.judge.verdict import Submission


def attack(notebook: dict[str, Any]) -> Submission:
    text = json.dumps(notebook)
    start = json.dumps(notebook["cells"])[:-1]
    many = text.replace(start, start + ', {"cell_type":"raw","source":""}' * 500_000, 1)
    return Submission(many.encode())
