"""Finds what was handed in: `<student>/<NN_name>/<name>.ipynb` and the files beside it. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.judge.limits import MEGABYTE, Limits
from grader.judge.verdict import Submission
from grader.pipeline import PipelineError
from grader.pipeline.course import ExerciseSet

SKIPPED = {"__pycache__", ".ipynb_checkpoints", "cases.json"}


@dataclass(frozen=True)
class Handed:
    """A folder that a student handed in for a set."""

    student: str
    exercise: ExerciseSet
    folder: Path

    def read(self, limits: Limits) -> Submission:
        """Return its content. What can't be read is left out, with a sentence; links are not followed."""
        remarks: list[str] = []
        path = self._notebook(remarks)
        notebook = None if path is None else _read(path, limits.notebook_bytes + 1, remarks)
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
        others = [p for p in sorted(self.folder.glob("*.ipynb")) if p.is_file() and not p.is_symlink()]
        if len(others) == 1:
            remarks.append(
                f"The notebook was handed in as {others[0].name!r}; expected was {expected.name!r}."
            )
            return others[0]
        if others:
            remarks.append(f"There are {len(others)} notebooks, but no {expected.name!r}; none was marked.")
        return None

    def _files(self, limits: Limits, remarks: list[str]) -> dict[str, bytes]:
        """Return the other files; the notebook may read them."""
        files: dict[str, bytes] = {}
        left = limits.extra_bytes
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder)
            if (
                path.suffix == ".ipynb"
                or SKIPPED & set(inside.parts)
                or path.is_symlink()
                or not path.is_file()
            ):
                continue
            content = _read(path, left + 1, remarks)
            if content is None:
                continue
            left -= len(content)
            if left < 0 or len(files) >= limits.extra_files:
                most = f"{limits.extra_files} files or {limits.extra_bytes // MEGABYTE} MB"
                remarks.append(f"More than {most} lie beside the notebook; none of it was used.")
                return {}
            files[inside.as_posix()] = content
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
        if (
            not place.is_dir()
            or place.name.startswith(".")
            or (student is not None and place.name != student)
        ):
            continue
        if not place.name.isprintable():
            left_out.append(
                f"The folder {place.name!r} was left out: its name can't be written as a student's id."
            )
            continue
        for name in sorted(p.name for p in place.iterdir() if p.is_dir() and not p.name.startswith(".")):
            if name in wanted:
                handed.append(Handed(place.name, wanted[name], place / name))
    if not handed:
        whose = f" of {student!r}" if student is not None else ""
        raise PipelineError(
            f"{folder} holds no submission{whose} for {', '.join(wanted)}; expected <student>/<NN_name>/<name>.ipynb."
        )
    return handed, left_out


def _read(path: Path, most: int, remarks: list[str]) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        remarks.append(f"{path.name} could not be read: {error.strerror}.")
        return None
