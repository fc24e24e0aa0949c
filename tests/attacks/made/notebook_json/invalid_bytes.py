"""Bytes that are no UTF-8 in the middle of a text, and a NUL at the end of the file.

set: 06_perplexity
credit: all
says: not in UTF-8
"""

import json
from typing import Any

from grader.judge.verdict import Submission


def attack(notebook: dict[str, Any]) -> Submission:
    notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "BYTES"})
    return Submission(json.dumps(notebook).encode().replace(b"BYTES", b"\xff\xfe\xc0\xaf\xed\xa0\x80"))
