"""A cases.json of the student's own, which expects what the student answers, and settings for IPython and Python.

set: 06_perplexity
credit: all but perplexity-of-mean-nll 0
"""

import json
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, public


def attack(notebook: dict[str, Any]) -> Submission:
    cases = json.loads(public("06_perplexity"))
    cases["tasks"]["perplexity-of-mean-nll"] |= {"expected": 3.0, "points": 1e9}
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ppl = 3.0"
    files = {
        "cases.json": json.dumps(cases).encode(),
        "hidden/06_perplexity.json": json.dumps(cases).encode(),
        "ipython_config.py": b"c.InteractiveShellApp.exec_lines = ['check = lambda *a: 1e9']",
        "nbgrader_config.py": b"c.CourseDirectory.root = '/tmp'",
        ".ipython/profile_default/startup/00.py": b"check = lambda *a: 1e9",
        "archive.zip": b"PK\x03\x04" + bytes(1000),
    }
    return Submission(json.dumps(notebook).encode(), files)
