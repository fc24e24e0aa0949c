"""Modules beside the notebook, under the names of those that the grader imports.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of

FAKE = b"""
class Score(float):
    pass
def check(*a): return Score(1e9)
mark = collect = answer = check
MIME = "application/vnd.surprisal.reply+json"
raise SystemExit("shadowed")
"""


def attack(notebook: dict[str, Any]) -> Submission:
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    names = [
        "grader/__init__.py",
        "grader/judge/kernel.py",
        "json.py",
        "random.py",
        "linecache.py",
        "sitecustomize.py",
        "usercustomize.py",
        "conftest.py",
        "antigravity.py",
        ".pythonrc.py",
        "numpy.pth",
    ]
    return Submission(json.dumps(notebook).encode(), dict.fromkeys(names, FAKE))
