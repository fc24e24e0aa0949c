"""A text of the student's own under the name of the released one: the released one is what the notebook reads.

set: 08_language_model
credit: all
"""

import json
from typing import Any

from grader.judge.verdict import Submission


def attack(notebook: dict[str, Any]) -> Submission:
    """Hand in the model's answers, and another text."""
    return Submission(
        json.dumps(notebook).encode(), {"letters.txt": b"ab" * 50_000, "letters.txt.py": b"1 / 0"}
    )
