"""Names with .., absolute ones, very long ones, with control characters, and one that is both a file and a folder.

set: 06_perplexity
credit: all
"""

import json
from typing import Any

from grader.judge.verdict import Submission


def attack(notebook: dict[str, Any]) -> Submission:
    names = [
        "../../../tmp/escaped",
        "/etc/passwd",
        "a/../../b",
        "..",
        ".",
        "",
        "x" * 300,
        "a/" * 2500 + "x",
        "tab\tnew\nline",
        "esc\x1b[2J",
        "\udcff\udcfe",
        "folder",
        "folder/file",
        "cases.json/deep",
        "nul\x00byte",
        "..\\..\\windows",
        "-rf",
        "~",
        "$(reboot)",
        "%2e%2e/x",
        "con",
        "🙂",
    ]
    return Submission(json.dumps(notebook).encode(), dict.fromkeys(names, b"escaped"))
