"""NaN, doubled keys, huge numbers, halves of surrogate pairs, NUL and wrong types where texts belong.

set: 06_perplexity
credit: all
"""

import json
from typing import Any

from grader.judge.verdict import Submission


def attack(notebook: dict[str, Any]) -> Submission:
    notebook["metadata"] = {"kernelspec": {"name": "sh", "language": "R"}, "nan": float("nan"), "x": 10**300}
    odd = [
        17,
        None,
        [],
        {"cell_type": "code"},
        {"cell_type": ["code"], "source": "1"},
        {"source": "1"},
        {"cell_type": "code", "source": {"a": 1}, "metadata": []},
        {
            "cell_type": "code",
            "source": ["x = '\ud800\x00'", 7],
            "metadata": 7,
            "outputs": "no",
            "execution_count": "1",
        },
        {
            "cell_type": "markdown",
            "source": "\x00\ud800\udc00\x1b[31m",
            "attachments": {"x": {"image/svg+xml": 1}},
        },
    ]
    notebook["cells"] += odd
    text = json.dumps(notebook)
    return Submission(('{"nbformat": 4, "cells": 7, ' + text[1:]).encode())
