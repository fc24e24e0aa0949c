"""An output folder as a course folder of nbgrader's: the formgrader opens it, and nbgrader's commands work on it.

Beside what a run writes anyway, that takes a configuration, each set's source (with model answers and marking schemes)
and release, a link to what was handed in, and the hidden cases, by which stock `nbgrader autograde` marks as we do.
What a person wrote there, or changed, stays as it is: a manifest tells what was written here.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.cases import CaseFile
from grader.judge.limits import Limits
from grader.pipeline.build_config import CONFIG, NAME, SETTINGS, what_lacks
from grader.pipeline.course import Course
from grader.pipeline.database import without_password
from grader.pipeline.gradebook import COURSE, database_url
from grader.pipeline.stock_config import stock_config

MANIFEST = ".course-folder"
HIDDEN = ".hidden"
SUBMITTED = "submitted"

_SETTINGS = '''"""What nbgrader needs here. Each `grader grade` writes it anew: change nbgrader_config.py."""

import os

c = get_config()  # noqa: F821

here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.root = here
# The exchange's name for the course.
c.CourseDirectory.course_id = {course_id!r}
{database}# grades.csv is the table of `grader`.
c.ExportPlugin.to = os.path.join(here, "nbgrader_grades.csv")
# The stub stands in the source above the solution region, so nothing is put in the region's place.
c.ClearSolutions.code_stub = {{"python": ""}}
c.ClearSolutions.text_stub = ""
# A cell that trains a model may take as long as in `grader grade`.
c.Execute.timeout = {seconds}
# Stock `autograde` marks with the hidden cases that this folder was graded with.
os.environ["GRADER_CASES"] = os.path.join(here, "{hidden}")
'''


class CourseFolder:
    """Puts files into `out`, and touches none that a person wrote or changed."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.kept: dict[str, None] = {}  # what was left as it is, though it would be written otherwise
        self._written = _read(out / MANIFEST)

    def put(self, name: str, content: bytes) -> None:
        """Write a file, unless a person did."""
        path = self.out / name
        digest = hashlib.sha256(content).hexdigest()
        if os.path.lexists(path):
            stands = _digest(path)
            if stands not in (digest, self._written.get(name)):
                self.kept[name] = None
                return
            if stands == digest:
                self._remember(name, digest)
                return
        path.parent.mkdir(parents=True, exist_ok=True)
        started = path.with_name(f".{path.name}.new")
        started.write_bytes(content)
        started.replace(path)
        self._remember(name, digest)

    def put_all(self, source: Path, target: str) -> None:
        """Write the files of a folder into `out/target`."""
        for path in sorted(source.rglob("*")):
            if path.is_file():
                self.put(f"{target}/{path.relative_to(source).as_posix()}", path.read_bytes())

    def link(self, name: str, target: Path) -> None:
        """Let a name lead to a folder elsewhere, unless a person put something there."""
        path, content = self.out / name, str(target.resolve())
        if os.path.lexists(path):
            stands = os.readlink(path) if path.is_symlink() else None
            if stands == content or stands is None or f"-> {stands}" != self._written.get(name):
                return
            path.unlink()
        try:
            path.symlink_to(content, target_is_directory=True)
        except (OSError, NotImplementedError):
            return  # a file system without links: the formgrader then counts nothing as handed in, and works
        self._remember(name, f"-> {content}")

    @property
    def notes(self) -> list[str]:
        """Sentences on what was left as it is, for the instructor."""
        config = what_lacks(self.out / NAME) if NAME in self.kept else ""
        kept = [name for name in self.kept if name != NAME]
        more = f" and {len(kept) - 3} more" if len(kept) > 3 else ""
        differs = (
            f"In {self.out}, {', '.join(kept[:3])}{more} differs from what would be there by now, and was changed by "
            "somebody; it is left as it is. Delete it to get the new one."
        )
        return [*([config] if config else []), *([differs] if kept else [])]

    def _remember(self, name: str, what: str) -> None:
        if self._written.get(name) != what:
            self._written[name] = what
            path = self.out / MANIFEST
            started = path.with_name(f"{MANIFEST}.new")
            started.write_text(json.dumps(self._written, indent=1, ensure_ascii=False), encoding="utf-8")
            started.replace(path)


def furnish(
    folder: CourseFolder,
    course: Course,
    handed_in: Path,
    cases: Mapping[str, Mapping[str, Any]],
    limits: Limits,
    db_url: str | None,
) -> None:
    """Give an output folder what nbgrader needs there. `cases` are the sets' hidden cases, by set and task."""
    chosen = stock_config((course.root, course.build)).CourseDirectory
    seconds = max((limits.for_set(entries.values()).cell_seconds for entries in cases.values()), default=0.0)
    settings = _SETTINGS.format(
        course_id=chosen.get("course_id") or COURSE,
        database=_database(folder.out, db_url),
        seconds=int(seconds),
        hidden=HIDDEN,
    )
    folder.put(SETTINGS, settings.encode())
    folder.put(NAME, CONFIG.encode())
    folder.link(SUBMITTED, handed_in)
    hidden = folder.out / HIDDEN
    hidden.mkdir(mode=0o700, exist_ok=True)
    for set_name, entries in cases.items():
        CaseFile(set_name, dict(entries)).save(hidden / f"{set_name}.json")


def _database(out: Path, db_url: str | None) -> str:
    """Return the configuration's lines on the gradebook's address; a password is written nowhere."""
    if db_url is None:
        return ""
    whole = database_url(out, db_url)
    told = without_password(whole)
    remark = "" if told == whole else "# Without its password, which $PGPASSWORD or ~/.pgpass gives.\n"
    return f"{remark}c.CourseDirectory.db_url = {told!r}\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(found) if isinstance(found, dict) else {}
