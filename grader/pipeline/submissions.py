"""Finds what was handed in: `<student>/<NN_name>/<name>.ipynb` and the files beside it. Reads only."""

import os
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.judge.limits import MEGABYTE, Limits
from grader.judge.verdict import Submission
from grader.pipeline import PipelineError
from grader.pipeline.course import ExerciseSet

SKIPPED = {"__pycache__", ".ipynb_checkpoints", "cases.json"}
NOT_A_STUDENT = {".ipynb_checkpoints", ".git", ".gitignore", ".DS_Store", "__MACOSX"}
MOST_LOOKED_AT = 10_000  # files and folders of one submission
MOST_FOLDERS = 30  # that a file may lie in; Python's own rmtree fails at a thousand


@dataclass(frozen=True)
class Handed:
    """A folder that a student handed in for a set."""

    student: str
    exercise: ExerciseSet
    folder: Path

    def read(self, limits: Limits) -> Submission:
        """Return its content. What can't be read is left out, with a sentence; links are not followed."""
        remarks: list[str] = []
        if self.folder.is_symlink():
            says = f"{self.folder.name} is a link. Links are not followed; hand in the folder itself."
            return Submission(None, {}, (says,))
        path = self._notebook(remarks)
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
        if expected.is_symlink():
            remarks.append(f"{expected.name} is a link. Links are not followed; hand in the file itself.")
            return None
        if expected.is_file():
            return expected
        if expected.exists():
            remarks.append(
                f"{expected.name} is a {'folder' if expected.is_dir() else 'special file'}, not a notebook."
            )
            return None
        found = [p for p in _below(self.folder, deep=False) or () if not p.name.startswith(".")]
        meant, named = _meant(found, self.exercise.short_name)
        if meant is not None:
            remarks.append(f"The notebook was handed in as {meant.name!r}; expected was {expected.name!r}.")
        elif named:
            names = ", ".join(repr(p.name[:80]) for p in named[:5]) + (", …" if len(named) > 5 else "")
            remarks.append(
                f"There is no {expected.name!r}, and it is not plain which of these is meant, so none was marked: "
                f"{names}. Name the right one {expected.name!r}."
            )
        return meant

    def _files(self, limits: Limits, remarks: list[str]) -> dict[str, bytes]:
        """Return the other files; the notebook may read them."""
        files: dict[str, bytes] = {}
        left = limits.extra_bytes
        most = f"{limits.extra_files} files or {limits.extra_bytes // MEGABYTE} MB"
        too_much = f"More than {most} lie beside the notebook; none of it was used."
        found = _below(self.folder)
        if found is None:
            remarks.append(too_much)
            return {}
        for path in (p for p in found if p.suffix.lower() != ".ipynb" and not p.name.startswith("._")):
            inside = path.relative_to(self.folder).as_posix()
            if not inside.isprintable():
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
    folder: Path, sets: Iterable[ExerciseSet], student: str | None = None
) -> tuple[list[Handed], list[str]]:
    """Return what was handed in for the sets, by student and set, and a sentence for each folder that was left out.

    Raises `PipelineError` when the folder or the student does not exist, or nothing was handed in.
    """
    if not folder.is_dir():
        raise PipelineError(
            f"{folder} is no folder; expected one that holds <student>/<NN_name>/<name>.ipynb."
        )
    wanted = {s.name: s for s in sets}
    handed: list[Handed] = []
    left_out: list[str] = []
    for place in sorted(folder.iterdir()):
        if place.name in NOT_A_STUDENT or (student is not None and place.name != student):
            continue
        if place.is_symlink() or place.name.startswith("."):
            if place.is_dir():
                what = (
                    "it is a link, and links are not followed"
                    if place.is_symlink()
                    else "its name begins with a dot"
                )
                left_out.append(
                    f"The folder {place.name[:80]!r} was left out: {what}. Copy it under the student's id."
                )
            continue
        try:
            inside = sorted(p.name for p in place.iterdir() if p.is_dir()) if place.is_dir() else []
        except OSError as error:
            left_out.append(f"The folder {place.name!r} was left out: {error.strerror}.")
            continue
        if inside and not place.name.isprintable():
            left_out.append(
                f"The folder {place.name!r} was left out: its name can't be written as a student's id."
            )
            continue
        handed += [Handed(place.name, wanted[name], place / name) for name in inside if name in wanted]
        if place.is_dir() and not any(name in wanted for name in inside):
            left_out.append(
                f"{place.name!r} handed in nothing for {', '.join(wanted)}; the folder holds "
                f"{', '.join(map(repr, inside[:5])) or 'no folder'}."
            )
    left_out += _alike(sorted({whose.student for whose in handed}))
    if not handed:
        whose = f" of {student!r}" if student is not None else ""
        raise PipelineError(
            f"{folder} holds no submission{whose} for {', '.join(wanted)}; expected <student>/<NN_name>/<name>.ipynb."
        )
    return handed, left_out


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


def _alike(students: Sequence[str]) -> list[str]:
    """Return a sentence for each group of ids that differ in case or Unicode form only."""
    groups: dict[str, list[str]] = {}
    for student in students:
        groups.setdefault(unicodedata.normalize("NFKC", student).casefold(), []).append(student)
    return [
        f"The ids {', '.join(map(repr, group[:5]))} differ in case or in how letters are encoded only. "
        "Each was graded as a student of its own; if they are one, leave one folder."
        for group in groups.values()
        if len(group) > 1
    ]


def _below(folder: Path, deep: bool = True) -> list[Path] | None:
    """Return the plain files of a folder; None when it holds too much to look at.

    Links, what can't be looked into and what lies in more than `MOST_FOLDERS` folders are passed over.
    """
    waiting, files, seen = [folder], [], 0
    deepest = len(folder.parts) + (MOST_FOLDERS if deep else 0)
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if seen > MOST_LOOKED_AT:
                    return None
                if entry.name in SKIPPED or entry.is_symlink():
                    continue
                if entry.is_file():
                    files.append(Path(entry.path))
                elif entry.is_dir() and len(Path(entry.path).parts) <= deepest:
                    waiting.append(Path(entry.path))
    return sorted(files)


def _read(path: Path, most: int, remarks: list[str]) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        remarks.append(f"{path.name} could not be read: {error.strerror}.")
        return None
