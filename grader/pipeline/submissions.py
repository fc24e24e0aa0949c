"""Finds what was handed in: `<student>/<NN_name>/<name>.ipynb` and the files beside it.

Promised, each with a test that names it (`tests/promises.py`):

- Nothing is written, and nothing that lies there ends a run: each submission has a verdict, whatever its folder holds.
- Links are not followed, wherever they stand: a link to another's folder or file brings nobody that one's marks. A hard
  link is a file like any other and can't be told from one; what it holds is marked, as a copy of it would be.
- Only plain files are opened; pipes, devices and sockets are not.
- What is left out is told, in a sentence for the student where it is in a submission, in one for the teacher where it
  is around them: other notebooks beside the one that counts, files and folders that belong to no set. Not told are
  leftovers of systems and editors (`SKIPPED`, `NOT_A_STUDENT`, hidden files).
  There are at most `MOST_TOLD` sentences of a kind, so that a folder of thousands does not bury the others.
- An id is the folder's name as it is: at most `LONGEST_ID` characters, all of which can be printed, and no dot first.
  Ids that differ only in case, in how letters are encoded or in what can't be seen are told.
"""

import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.judge.limits import MEGABYTE, Limits
from grader.judge.verdict import Submission
from grader.pipeline import PipelineError
from grader.pipeline.course import ExerciseSet

SKIPPED = {"__pycache__", ".ipynb_checkpoints", "cases.json"}
COLLECTED = ".collected"  # where `grader collect` keeps what it wrote
NOT_A_STUDENT = {COLLECTED, ".ipynb_checkpoints", ".git", ".gitignore", ".DS_Store", "__MACOSX"}
MOST_LOOKED_AT = 10_000  # files and folders of one submission
MOST_TOLD = 20  # sentences of a kind
LONGEST_ID = 128  # characters, which is what nbgrader's tables take
LARGEST_DIRECTORY = 2 * MEGABYTE  # of an archive: each of its entries takes ten times as much in memory
UNREADABLE = "unreadable"
_REASONS = {
    "link": "links are not followed",
    "special file": "it is no plain file",
    UNREADABLE: "it can't be read",
}
JOINERS = "\u200c\u200d"  # not seen by themselves, but letters and pictures are joined by them
MOST_FOLDERS = 30  # that a file may lie in; Python's own rmtree fails at a thousand


@dataclass(frozen=True)
class Handed:
    """A folder that a student handed in for a set."""

    student: str
    exercise: ExerciseSet
    folder: Path

    def read(self, limits: Limits) -> Submission:
        """Return its content, and a sentence for what was left out. Never raises for what lies there."""
        remarks: list[str] = []
        if _kind(self.folder) == "link":
            says = f"{self.folder.name} is a link. Links are not followed; hand in the folder itself."
            return Submission(None, {}, (says,))
        path = self._notebook(remarks)
        remarks += self._other_notebooks(path)
        most = limits.notebook_bytes + 1
        if path is None:
            notebook = None
        elif path.suffix.lower() == ".zip":
            notebook = _from_archive(path, most, remarks)
        else:
            notebook = _read(path, most, remarks)
        return Submission(notebook, self._files(limits, remarks), tuple(remarks))

    def _notebook(self, remarks: list[str]) -> Path | None:
        expected = self.folder / f"{self.exercise.short_name}.ipynb"
        kind = _kind(expected)
        if kind == "link":
            remarks.append(f"{expected.name} is a link. Links are not followed; hand in the file itself.")
            return None
        if kind == "file":
            return expected
        if kind:
            remarks.append(f"{expected.name} is a {kind}, not a notebook.")
            return None
        found = [p for p in _below(self.folder, [], deep=False) or () if not p.name.startswith(".")]
        meant, named = _meant(found, self.exercise.short_name)
        if meant is not None:
            remarks.append(f"The notebook was handed in as {meant.name!r}; expected was {expected.name!r}.")
        elif named:
            names = _names(named, self.folder)
            remarks.append(
                f"There is no {expected.name!r}, and it is not plain which of these is meant, so none was marked: "
                f"{names}. Name the right one {expected.name!r}."
            )
        return meant

    def _other_notebooks(self, counts: Path | None) -> list[str]:
        """A sentence about notebooks that lie there, too; where none counts, also about what only looks like one."""
        found = [p for p in _below(self.folder, []) or () if p.suffix.lower() == ".ipynb" and p != counts]
        told = []
        others = [p for p in found if not p.name.startswith(".")]
        if counts is not None and others:
            told.append(f"Only {counts.name!r} was marked; there are also {_names(others, self.folder)}.")
        below = [p for p in others if p.parent != self.folder]
        if counts is None and below:
            told.append(
                f"A notebook lies a folder deeper and was not marked: {_names(below, self.folder)}. Hand in "
                f"'{self.exercise.name}/{self.exercise.short_name}.ipynb'."
            )
        companions = [p for p in found if p.name.startswith("._")]
        if counts is None and companions:
            names = _names(companions, self.folder)
            told.append(
                f"What macOS keeps beside a file is no notebook: {names}. Hand in the file without the '._'."
            )
        return told

    def _files(self, limits: Limits, remarks: list[str]) -> dict[str, bytes]:
        """Return the other files; the notebook may read them."""
        files: dict[str, bytes] = {}
        left = limits.extra_bytes
        most = f"{limits.extra_files} files or {limits.extra_bytes // MEGABYTE} MB"
        too_much = f"More than {most} lie beside the notebook; none of it was used."
        passed_over: list[tuple[str, str]] = []
        found = _below(self.folder, passed_over)
        if found is None:
            remarks.append(too_much)
            return {}
        remarks += _passed_over(passed_over)
        for path in (p for p in found if p.suffix.lower() != ".ipynb" and not p.name.startswith("._")):
            inside = path.relative_to(self.folder).as_posix()
            if not printable(inside):
                remarks.append(f"{inside!r} has a name that can't be printed; it was not used.")
                continue
            content = _read(path, left + 1, remarks)
            if content is None:
                continue
            left -= len(content)
            if left < 0 or len(files) >= limits.extra_files:
                remarks.append(too_much)
                return {}
            files[inside] = content
        return files


def find_submissions(
    folder: Path, sets: Iterable[ExerciseSet], student: str | None = None, other_sets: Collection[str] = ()
) -> tuple[list[Handed], list[str]]:
    """Return what was handed in for the sets, by student and set, and sentences about what was left out.

    other_sets: the names of the course's sets that are not asked for now; what lies in their folders is not told.
    Raises `PipelineError` when the folder or the student does not exist, or nothing was handed in.
    """
    if not folder.is_dir():
        raise PipelineError(
            f"{folder} is no folder; expected one that holds <student>/<NN_name>/<name>.ipynb."
        )
    wanted = {s.name: s for s in sets}
    handed: list[Handed] = []
    left_out: list[str] = []
    nothing: list[str] = []
    beside: list[str] = []
    try:
        places = sorted(p for p in folder.iterdir() if p.name not in NOT_A_STUDENT)
    except OSError as error:
        raise PipelineError(f"{folder} can't be read: {error.strerror}.") from error
    for place in (p for p in places if student in (None, p.name)):
        kind, name = _kind(place), f"{place.name[:80]!r}"
        if kind == "file" and not _hidden(place.name):
            beside.append(f"The file {name} was left out: it lies in no student's folder.")
        elif kind == "special file":
            beside.append(f"{name} was left out: it is no plain file.")
        if kind not in ("folder", "link") or (kind == "link" and not place.is_dir()):
            continue
        why = no_student(place.name, kind)
        inside: dict[str, str] = {}
        try:
            inside = {} if why else {p.name: _kind(p) for p in sorted(place.iterdir())}
            if inside and not any(inside.values()):
                why = "nobody may look into it."
        except OSError as error:
            why = f"{error.strerror}."
        if why:
            left_out.append(f"The folder {name} was left out: {why}")
            continue
        found = [n for n, what in inside.items() if n in wanted and what in ("folder", "link")]
        handed += [Handed(place.name, wanted[n], place / n) for n in found]
        beside += _beside_sets(place, inside, wanted, other_sets) if found else ()
        if not found:
            folders = [repr(n[:80]) for n, what in inside.items() if what == "folder"]
            holds = ", ".join(folders[:5]) + (", …" if len(folders) > 5 else "") or "no folder"
            nothing.append(f"{name} handed in nothing for {', '.join(wanted)}; the folder holds {holds}.")
    if not handed:
        whose = f" of {student!r}" if student is not None else ""
        raise PipelineError(
            f"{folder} holds no submission{whose} for {', '.join(wanted)}; expected <student>/<NN_name>/<name>.ipynb."
        )
    alike = _alike(sorted({whose.student for whose in handed}))
    return handed, [sentence for kind_ in (left_out, nothing, beside, alike) for sentence in _few(kind_)]


def no_student(name: str, kind: str = "folder") -> str:
    """Why a name is no student's id, or what bears it no student's folder; "" where it may be one."""
    if kind == "link":
        return "it is a link, and links are not followed. Copy it under the student's id."
    if name.startswith("."):
        return "its name begins with a dot. Copy it under the student's id."
    if not printable(name):
        return "its name can't be written as a student's id."
    if len(name) > LONGEST_ID:
        return f"its name is longer than {LONGEST_ID} characters, the longest id that the gradebook takes."
    return ""


def _beside_sets(
    place: Path, inside: Mapping[str, str], wanted: Collection[str], other_sets: Collection[str]
) -> Iterator[str]:
    """Yield sentences about what lies in a student's folder and in no set's."""
    for name, kind in inside.items():
        if name in wanted or name in other_sets or name in SKIPPED or _hidden(name):
            continue
        told = f"{place.name!r}: the {kind or 'entry'} {name[:80]!r} was left out"
        if kind == "folder":
            meant = next((w for w in wanted if name.casefold().startswith(w.casefold())), "")
            files = _below(place / name, []) or ()
            notebooks = any(_looks_handed_in(path.name) for path in files)
            expected = f"expected was {meant!r}" if meant else "it is no set's"
            yield f"{told}; {expected}{', though notebooks lie in it' if notebooks else ''}."
        elif kind == "file":
            yield f"{told}: it lies in no set's folder."
        else:
            yield f"{told}: {_REASONS.get(kind, _REASONS[UNREADABLE])}."


def _names(paths: Sequence[Path], folder: Path) -> str:
    """The first few paths, as they are called in the folder."""
    first = ", ".join(repr(path.relative_to(folder).as_posix()[:80]) for path in paths[:5])
    return first + (", …" if len(paths) > 5 else "")


def _looks_handed_in(name: str) -> bool:
    return name.lower().endswith((".ipynb", ".zip")) and not name.startswith(".")


def _hidden(name: str) -> bool:
    """Whether a name is hidden on purpose; what macOS keeps beside a notebook looks like one handed in."""
    return name.startswith(".") and not (name.startswith("._") and name.lower().endswith(".ipynb"))


def printable(name: str) -> bool:
    """Whether a name can be shown as it is. Some scripts and pictures join their signs by what is not seen itself."""
    return name.translate(dict.fromkeys(map(ord, JOINERS))).isprintable()


def _kind(path: Path) -> str:
    """What is there: a "file", a "folder", a "link" or a "special file"; "" for nothing, or where nobody may look."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return ""
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "special file"


def _few(sentences: list[str]) -> list[str]:
    """The first sentences of a kind, and how many more there are."""
    more = len(sentences) - MOST_TOLD
    return sentences if more <= 0 else [*sentences[:MOST_TOLD], f"And {more:,} more of this kind."]


def _meant(files: Sequence[Path], name: str) -> tuple[Path | None, list[Path]]:
    """Return the one file that is plainly the notebook, and those that could be it.

    The surest kind that has exactly one file decides: the name in another case, the only notebook, the only notebook
    whose name holds the expected one (a copy), a notebook with a second ending, an archive.
    """
    notebooks = [p for p in files if p.suffix.lower() == ".ipynb"]
    doubly = [p for p in files if p.stem.lower().endswith(".ipynb") and p.suffix.lower() in (".txt", ".json")]
    kinds = (
        [p for p in notebooks if p.stem.casefold() == name.casefold()],
        notebooks,
        [p for p in notebooks if name.casefold() in p.stem.casefold()],
        [] if notebooks else doubly,
        [] if notebooks or doubly else [p for p in files if p.suffix.lower() == ".zip"],
    )
    for kind in kinds:
        if len(kind) == 1:
            return kind[0], kind
    return None, notebooks or doubly or kinds[-1]


def _from_archive(path: Path, most: int, remarks: list[str]) -> bytes | None:
    """Return the only notebook of an archive; nothing is unpacked to the disk."""
    try:
        if _directory_bytes(path) > LARGEST_DIRECTORY:
            remarks.append(f"{path.name[:80]!r} holds too much to look for a notebook; hand in that itself.")
            return None
        with zipfile.ZipFile(path) as archive:
            inside = [
                entry
                for entry in archive.infolist()[:MOST_LOOKED_AT]
                if entry.filename.lower().endswith(".ipynb")
                and not PurePosixPath(entry.filename).name.startswith(".")
            ]
            if len(inside) == 1 and not inside[0].flag_bits & 1:
                with archive.open(inside[0]) as file:
                    return file.read(most)
    except (OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        remarks.append(f"{path.name[:80]!r} is a damaged archive; hand in the notebook itself.")
        return None
    remarks.append(
        f"{path.name[:80]!r} holds {len(inside)} notebooks that can be read; hand in the one that counts."
    )
    return None


def _directory_bytes(path: Path) -> int:
    """The size of an archive's table of contents as the archive states it: `zipfile` reads all of it into memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        end = file.read()
    if b"PK\x06\x07" in end:  # the large form, for more than 65,535 entries
        return LARGEST_DIRECTORY + 1
    places = [n for n in range(len(end)) if end.startswith(b"PK\x05\x06", n)]
    return max((int.from_bytes(end[n + 12 : n + 16], "little") for n in places), default=0)


def folded(text: str) -> str:
    """Return an id or a name as it is compared: without case, spare spaces and what tells encodings of letters apart.

    >>> folded("  ZOË\\u00a0 Müller") == folded("zoe\\u0308 mu\\u0308ller")
    True
    """
    seen = text.translate(dict.fromkeys(map(ord, JOINERS)))
    # Folding the case may leave a form that is not the normal one, and the other way round.
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(form.split())


def _alike(students: Sequence[str]) -> list[str]:
    """Return a sentence for each group of ids that look the same, or nearly."""
    groups: dict[str, list[str]] = {}
    for student in students:
        groups.setdefault(folded(student), []).append(student)
    return [
        f"The ids {', '.join(map(repr, group[:5]))} differ in case or in how letters are encoded only. "
        "Each was graded as a student of its own; if they are one, leave one folder."
        for group in groups.values()
        if len(group) > 1
    ]


def _below(folder: Path, passed_over: list[tuple[str, str]], deep: bool = True) -> list[Path] | None:
    """Return the plain files of a folder; None when it holds too much to look at.

    What is passed over is added to `passed_over`, as (why, its path in the folder): links, special files, what can't be
    looked into, and what lies in more than `MOST_FOLDERS` folders.
    """
    waiting, files, seen = [folder], [], 0
    deepest = len(folder.parts) + MOST_FOLDERS
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_LOOKED_AT:
                        return None
                    if entry.name in SKIPPED:
                        continue
                    path = Path(entry.path)
                    kind = _kind(path)
                    if kind == "file":
                        files.append(path)
                    elif kind == "folder" and not deep:
                        continue
                    elif kind == "folder" and len(path.parts) <= deepest:
                        waiting.append(path)
                    else:
                        why = (
                            f"in more than {MOST_FOLDERS} folders" if kind == "folder" else kind or UNREADABLE
                        )
                        passed_over.append((why, path.relative_to(folder).as_posix()))
        except OSError:
            passed_over.append((UNREADABLE, place.relative_to(folder.parent).as_posix()))
    return sorted(files)


def _passed_over(found: Sequence[tuple[str, str]]) -> list[str]:
    """Return a sentence for each reason for which something was passed over."""
    told = []
    for why in dict.fromkeys(why for why, _ in found):
        names = sorted(name for other, name in found if other == why)
        first = ", ".join(repr(name[:80]) for name in names[:3]) + (", …" if len(names) > 3 else "")
        told.append(f"Not used, since {_REASONS.get(why, f'it lies {why}')}: {first}.")
    return told


def _read(path: Path, most: int, remarks: list[str]) -> bytes | None:
    try:
        with open(path, "rb", opener=_plainly) as file:
            return file.read(most)
    except OSError as error:
        remarks.append(f"{path.name} could not be read: {error.strerror}.")
        return None


def _plainly(path: str, flags: int) -> int:
    """Open a file, should it have become a link or a pipe meanwhile, without following it or waiting for it."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
