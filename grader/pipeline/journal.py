"""The journal: one verdict a line, on the disk before anything is done with it.

A verdict goes through three steps, and a run may be killed between any two:

1. Its notebook goes to `OUT/.verdicts/waiting/<student>/<set>.json.gz`.
2. Its line is appended to `OUT/journal.jsonl` and synced. From here on the verdict stands: it is never judged again.
3. nbgrader takes it, the pages are written, and its file moves from `waiting` to `written`.

So a verdict whose file still waits is written by the next run without running the student's code, and so is one whose
marks or pages were lost later. A verdict that never got its line is judged again, which gives the same, for it is a
pure function of the submission, the set and the seed. A last line that was torn is no line, and a file that can't be
read is no file.
"""

import gzip
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.judge.verdict import SubmissionVerdict

Entry = dict[str, Any]
Key = tuple[str, str]

IDENTITY = ("sha256", "seed", "exercise")  # what a verdict is a function of
_NEEDED = {"student", "set", *IDENTITY, "scores"}


class Latest(Mapping[Key, Entry]):
    """Each submission's last verdict by (student, set).

    They are kept as packed lines, which take a twelfth of the place: a class of thousands must not grow the grader.
    """

    def __init__(self) -> None:
        self._lines: dict[Key, bytes] = {}

    def put(self, key: Key, line: bytes) -> None:
        """Take a line of the journal as a submission's last."""
        self._lines[key] = zlib.compress(line, 1)

    def __getitem__(self, key: Key) -> Entry:
        entry: Entry = json.loads(zlib.decompress(self._lines[key]))
        return entry

    def __contains__(self, key: object) -> bool:
        return key in self._lines

    def __iter__(self) -> Iterator[Key]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class Journal:
    """`OUT/journal.jsonl`; `latest` holds each submission's last verdict by (student, set)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.latest = Latest()
        self._verdicts = path.parent / ".verdicts"
        if path.is_file():
            with path.open("rb") as file:
                for line in file:
                    entry = _parse(line)
                    if entry is not None:
                        self.latest.put((entry["student"], entry["set"]), line)

    def keep(self, student: str, verdict: SubmissionVerdict) -> None:
        """Put a verdict down; it stands when this returns. Raises OSError when it can't be written."""
        path = self._path("waiting", (student, verdict.set_name))
        path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"verdict": verdict.to_json(), "notebook": verdict.notebook}).encode()
        started = path.with_suffix(".new")
        started.write_bytes(gzip.compress(content, compresslevel=3, mtime=0))
        started.replace(path)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        self.append({"student": student, "graded_at": when, **verdict.to_json()})

    def append(self, entry: Entry) -> None:
        """Append a line; it is on the disk when this returns."""
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        with self.path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # the torn line of a killed run must not swallow this one
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.latest.put((entry["student"], entry["set"]), line)

    def waits(self, key: Key) -> bool:
        """Return whether the verdict that stands has not been written into gradebook and pages."""
        return self._recall("waiting", key) is not None

    def recall(self, key: Key) -> SubmissionVerdict | None:
        """Return the verdict that stands, with its notebook; None when its file is lost."""
        return self._recall("waiting", key) or self._recall("written", key)

    def settle(self, key: Key) -> None:
        """Remember that a verdict was written."""
        waiting, written = self._path("waiting", key), self._path("written", key)
        if waiting.is_file():
            written.parent.mkdir(parents=True, exist_ok=True)
            waiting.replace(written)

    def _path(self, step: str, key: Key) -> Path:
        return self._verdicts / step / key[0] / f"{key[1]}.json.gz"

    def _recall(self, step: str, key: Key) -> SubmissionVerdict | None:
        path = self._path(step, key)
        if not path.is_file():
            return None
        try:
            content = json.loads(gzip.decompress(path.read_bytes()))
            verdict = SubmissionVerdict.from_json(content["verdict"], content["notebook"])
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
            return None
        stands = self.latest.get(key, {})
        return verdict if same(stands, verdict.to_json()) else None


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two lines are about the same submission, set and seed."""
    return all(name in one and one[name] == other.get(name) for name in IDENTITY)


def _parse(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and entry.keys() >= _NEEDED else None
