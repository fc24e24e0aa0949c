"""The journal: one verdict a line, appended and synced to the disk before the next one is written.

A line is written after nbgrader has taken the verdict. So a run that was killed leaves at most one submission whose
marks stand in the gradebook but not here; it is judged and written again, which gives the same, for a verdict is a pure
function of the submission. A last line that was torn is no line.
"""

import json
import os
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
Key = tuple[str, str]


class Journal:
    """`OUT/journal.jsonl`; `latest` holds each submission's last verdict by (student, set)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.latest: dict[Key, Entry] = {}
        if path.is_file():
            for line in path.read_bytes().split(b"\n"):
                entry = _parse(line)
                if entry is not None:
                    self.latest[entry["student"], entry["set"]] = entry

    def append(self, entry: Entry) -> None:
        """Append a verdict; it is on the disk when this returns."""
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        with self.path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # the torn line of a killed run must not swallow this one
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.latest[entry["student"], entry["set"]] = entry


def _parse(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    complete = (
        isinstance(entry, dict) and {"student", "set", "sha256", "seed", "exercise", "scores"} <= entry.keys()
    )
    return entry if complete else None
