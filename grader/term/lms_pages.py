"""The names under which an LMS takes feedback pages back, and those that it gave to what was handed in.

What is known of each, from its own source:

- **Moodle** (`mod/assign/feedback/file/importziplib.php`) splits each part of a path at its underscores: the second
  piece is the participant's number in this assignment, the third and fourth name the plugin that takes the file, and
  what follows is the file's name. So a person's name must hold no underscore. A name that begins with "." or "~" is
  passed over; a file that is there already, with the same content, is left.
- **Canvas** (`infer_comment_context_from_filename` in `app/models/assignment.rb`) takes the first two pieces between
  underscores that are all digits for the user and the attachment that was handed in; a last piece that begins with
  "link" is passed over. The page becomes a comment's attachment, and each upload a new comment.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.pipeline import PipelineError
from grader.term.people import first_of
from grader.term.roster import Person, Roster

MOST_NAMES = 100_000
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assign(?:submission|feedback)_[a-z]+_?.*")
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
_UNFIT = re.compile(r'[_/\\:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class Downloaded:
    """What the name of a submission, as it was downloaded, says: whose, and the numbers by which the LMS finds it."""

    name: str
    number: str
    attachment: str = ""


def moodle_name(person_name: str, participant: str, page: str) -> str:
    """Return a page's path in the zip that Moodle's "Upload multiple feedback files in a zip" takes.

    >>> moodle_name("Zoë O_Neil", "12345", "tiny.html")
    'Zoë O Neil_12345_assignfeedback_file_/tiny.html'
    """
    name = " ".join(_UNFIT.sub(" ", person_name).split()).lstrip(".~ ") or "Student"
    return f"{name}_{participant}_assignfeedback_file_/{page}"


def canvas_name(found: Downloaded, page: str) -> str:
    """Return a page's name in the zip that Canvas's "Re-upload submissions" takes.

    >>> canvas_name(Downloaded("mullerzoe", "7", "912"), "tiny.html")
    'mullerzoe_7_912_tiny.html'
    """
    # A piece of digits before them would be taken for the user's number.
    name = re.sub(r"[^\w]|_", "", found.name)
    return f"{name if name and not name.isdigit() else 'student'}_{found.number}_{found.attachment}_{page}"


def names_in(source: Path) -> list[str]:
    """Return the paths in a downloaded archive or folder; nothing is opened or unpacked.

    Raises `PipelineError` when it can't be read.
    """
    try:
        if source.is_dir():
            found = [path.relative_to(source).as_posix() for path in source.rglob("*")]
        else:
            with zipfile.ZipFile(source) as archive:
                found = archive.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise PipelineError(
            f"{source} is neither a folder nor a zip archive that can be read: {error}. Expected is what was "
            "downloaded from the LMS."
        ) from error
    if len(found) > MOST_NAMES:
        raise PipelineError(f"{source} holds more than {MOST_NAMES:,} names; is it what was downloaded?")
    return sorted(found)


def of_moodle(names: Iterable[str]) -> list[Downloaded]:
    """Return what Moodle's names say, each participant once: folders "Full Name_12345_assignsubmission_file", or files.

    >>> of_moodle(["Zoë Müller_12345_assignsubmission_file/tiny.ipynb", "notes.txt"])
    [Downloaded(name='Zoë Müller', number='12345', attachment='')]
    """
    found: dict[str, Downloaded] = {}
    for path in names:
        for part in PurePosixPath(path).parts:
            match = _MOODLE.fullmatch(part)
            if match:
                found.setdefault(match["number"], Downloaded(match["name"], match["number"]))
    return list(found.values())


def of_canvas(names: Iterable[str]) -> list[Downloaded]:
    """Return what Canvas's file names say, of each user the latest attachment, notebooks first.

    >>> of_canvas(["mullerzoe_LATE_7_911_tiny.ipynb", "mullerzoe_LATE_7_912_tiny-1.ipynb"])
    [Downloaded(name='mullerzoe', number='7', attachment='912')]
    """
    found: dict[str, tuple[tuple[bool, int], Downloaded]] = {}
    for path in names:
        name = PurePosixPath(path).name
        match = None if name.startswith(".") else _CANVAS.fullmatch(name)
        if match is None or match["file"].startswith("link"):
            continue
        rank = (name.lower().endswith(".ipynb"), int(match["attachment"]))
        each = Downloaded(match["name"], match["user"], match["attachment"])
        if match["user"] not in found or rank > found[match["user"]][0]:
            found[match["user"]] = (rank, each)
    return [each for _, each in found.values()]


def whose(found: Sequence[Downloaded], people: Iterable[Person], lms: str) -> dict[str, Downloaded]:
    """Return which of the downloaded is whose, by student: by the LMS's number, else by the name; only what is certain.

    A number that the roster gives to somebody decides; a name decides where it fits one person and one download.
    """
    roster, hits = Roster(people), dict[str, list[Downloaded]]()
    field = "canvas_id" if lms == "canvas" else "participant"
    for each in found:
        ways = [(field, each.number), ("name", each.name), ("squashed", each.name), ("student", each.name)]
        person = first_of(roster, ways)
        if person is not None:
            hits.setdefault(person.student, []).append(each)
    return {student: each[0] for student, each in hits.items() if len(each) == 1}
