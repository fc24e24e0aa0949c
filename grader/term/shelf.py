"""Where collected work is put: `DIR/<student>/<NN_name>/`, each submission whole or not at all.

What was written is remembered in `DIR/.collected/`, so that a later collect knows its own work from a person's. A
submission is written beside and renamed; a run that is killed leaves the earlier one or the later one, and the next run
mends what lies between. What is replaced is kept in `DIR/.collected/earlier/`. A folder in which anybody changed, added
or took away something is left as it is.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.pipeline import PipelineError
from grader.pipeline.submissions import COLLECTED

NEW, RENEWED, SAME, OLDER, UNSURE, CHANGED = "new", "renewed", "same", "older", "unsure", "changed"


@dataclass(frozen=True)
class Attempt:
    """What one student handed in for one set. order: of one layout's attempts, the later is the greater.

    made: when the download was made, in seconds; it decides where nothing better does.
    """

    files: Mapping[str, bytes]
    when: datetime | None
    layout: str
    order: tuple[int, ...]
    made: float

    def told(self) -> dict[str, Any]:
        """Return what is remembered of it."""
        return {
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()},
            "when": self.when.isoformat() if self.when else None,
            "layout": self.layout,
            "order": list(self.order),
            "made": self.made,
        }


class Shelf:
    """The folder of collected work; `open_shelf` gives one."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._own = out / COLLECTED

    def put(self, student: str, set_name: str, attempt: Attempt, replace: bool = False) -> str:
        """Write an attempt, if it may be, and return what was done: one of the words above.

        replace: take one that can't be told to be newer for newer. What a person changed is never replaced.
        """
        place, told = self.out / student / set_name, attempt.told()
        there = self._found(place)
        if there is None:
            self._remember(student, set_name, [told])
            self._move_in(student, set_name, attempt, place)
            return NEW
        if there == told["files"]:
            return SAME
        known = [record for record in self._remembered(student, set_name) if record.get("files") == there]
        if not known:
            return CHANGED
        verdict = newer(told, known[-1])
        if verdict is False or (verdict is None and not replace):
            return OLDER if verdict is False else UNSURE
        self._remember(student, set_name, [known[-1], told])
        self._move_in(student, set_name, attempt, place)
        return RENEWED

    def _found(self, place: Path) -> dict[str, str] | None:
        """Return the hashes of what lies in a folder, None when nothing lies there."""
        if not os.path.lexists(place):
            return None
        if place.is_symlink() or not place.is_dir() or place.parent.is_symlink():
            return {"": "no folder"}
        found = {}
        for folder, folders, files in os.walk(place):
            for name in folders + files:
                path = Path(folder, name)
                inside = path.relative_to(place).as_posix()
                if path.is_symlink() or (name in files and not path.is_file()):
                    found[inside] = "no file"
                elif name in files:
                    found[inside] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def _move_in(self, student: str, set_name: str, attempt: Attempt, place: Path) -> None:
        fresh, old = self._own / "new", self._own / "old" / student / set_name
        shutil.rmtree(fresh, ignore_errors=True)
        for name, data in attempt.files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():
            old.parent.mkdir(parents=True, exist_ok=True)
            place.rename(old)
        fresh.rename(place)
        if old.is_dir():
            self._lay_by(student, set_name, old)

    def _lay_by(self, student: str, set_name: str, old: Path) -> None:
        """Keep what was replaced, in `.collected/earlier/`: dates of files may lie about what is newer."""
        earlier = self._own / "earlier" / student / set_name
        earlier.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(p.name) for p in earlier.iterdir() if p.name.isdecimal()), default=0)
        old.replace(earlier / str(number))

    def _record(self, student: str, set_name: str) -> Path:
        return self._own / "records" / student / f"{set_name}.json"

    def _remember(self, student: str, set_name: str, records: list[dict[str, Any]]) -> None:
        """Before the files are moved: whichever of them a killed run leaves there is known."""
        path = self._record(student, set_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = self._own / "record.part"
        part.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
        part.replace(path)

    def _remembered(self, student: str, set_name: str) -> list[dict[str, Any]]:
        try:
            records = json.loads(self._record(student, set_name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [r for r in records if isinstance(r, dict)] if isinstance(records, list) else []

    def mend(self) -> None:
        """Finish what a killed run left: an earlier submission that was moved away, and not replaced, goes back."""
        for old in sorted((self._own / "old").glob("*/*")):
            place = self.out / old.parent.name / old.name
            if not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                old.rename(place)
            else:
                self._lay_by(old.parent.name, old.name, old)
        shutil.rmtree(self._own / "new", ignore_errors=True)


def newer(told: Mapping[str, Any], known: Mapping[str, Any]) -> bool | None:
    """Return whether an attempt is newer than a known one, None when nothing tells.

    The times of handing in decide, then the order that the layout gives, then when the downloads were made.
    """
    if told["when"] and known.get("when") and told["when"] != known["when"]:
        return bool(datetime.fromisoformat(told["when"]) > datetime.fromisoformat(known["when"]))
    if told["order"] and told["layout"] == known.get("layout") and told["order"] != known.get("order"):
        return bool(told["order"][-1] > known["order"][-1])
    if told["made"] != known.get("made"):
        return bool(told["made"] > known.get("made", 0.0))
    return None


@contextmanager
def open_shelf(out: Path) -> Iterator[Shelf]:
    """Yield the folder for collected work, to one run at a time. Raises `PipelineError` when it can't be had."""
    own = out / COLLECTED
    try:
        own.mkdir(parents=True, exist_ok=True)
        with (own / "lock").open("a") as lock:
            _lock(lock, out)
            shelf = Shelf(out)
            shelf.mend()
            yield shelf
    except OSError as error:
        raise PipelineError(
            f"{error.filename or out} can't be written ({error.strerror}). What was collected stands; the same command "
            "goes on from there."
        ) from error


def _lock(lock: Any, out: Path) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise PipelineError(
            f"Another collect writes to {out} at this time; wait until it has ended."
        ) from error
