"""Reads an exercise file and finds its faults, each with its line.

nbgrader ignores a mistyped marker or key in silence, and then a solution reaches the students or a cell is never
marked. So everything that is not known is a fault here.
"""

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.judge import JudgeError
from grader.judge.exercise import CHECK, LOCKED, SOLUTION, TEXT, read_check, role_of
from grader.pipeline import SourceFault
from grader.pipeline.course import ExerciseSet, load_tasks
from grader.pipeline.placeholders import draws, filled_cells, placeholder_faults

Fault = tuple[Path, int, str]

CELL_START = re.compile(r"# %%(?!%)")
NBGRADER_KEYS: dict[str, type | tuple[type, ...]] = {
    "grade": bool,
    "grade_id": str,
    "locked": bool,
    "points": (int, float),
    "schema_version": int,
    "solution": bool,
    "task": bool,
}
CELL_KEYS = {"nbgrader", "tags", "lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}
MARKERS = ("BEGIN SOLUTION", "END SOLUTION")
MARKER_LIKE = re.compile(r"^\s*#{2,}\s*([A-Z][A-Z _-]{4,40})\s*$|^\s*#+\s*((?:BEGIN|END)\s+[A-Z_ ]+)\s*$")
IN_ANY_CASE = re.compile(r"^\s*#+\s*((?:begin|end) solution)\s*$", re.IGNORECASE)
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class SourceCell:
    """A cell of an exercise file; `line` is that of its `# %%`, `role` is None for prose and free code."""

    kind: str
    source: str
    metadata: dict[str, Any]
    line: int
    role: str | None = None
    grade_id: str | None = None

    @property
    def points(self) -> float | None:
        """Return the points of a graded cell."""
        points = self.metadata.get("nbgrader", {}).get("points")
        return None if points is None else float(points)


@dataclass(frozen=True)
class ExerciseSource:
    """A whole exercise file."""

    path: Path
    cells: tuple[SourceCell, ...]
    metadata: dict[str, Any]

    @property
    def points(self) -> dict[str, tuple[float, SourceCell]]:
        """Return for each task id its points and the cell that states them, in order."""
        found = {}
        for cell in self.cells:
            if cell.role in (CHECK, TEXT) and cell.grade_id is not None and cell.points is not None:
                found[cell.grade_id.removeprefix("check-")] = (cell.points, cell)
        return found

    @property
    def setup(self) -> list[str]:
        """Return the code that is neither an answer nor a check: what an answer that runs alone needs before it."""
        return [c.source for c in self.cells if c.kind == "code" and c.role not in (CHECK, SOLUTION)]

    @property
    def checks(self) -> dict[str, str]:
        """Return for each task id the expression that its check cell looks up."""
        return dict(read_check(c.source) for c in self.cells if c.role == CHECK)


def read_exercise(exercise: ExerciseSet) -> ExerciseSource:
    """Return the exercise file's cells, with the numbers that its tasks draw from the set's exam seed.

    Raises `SourceFault` with every fault that was found.
    """
    path = exercise.source
    if not path.is_file():
        raise SourceFault([(path, 1, "the exercise file is missing")])
    import jupytext  # takes a third of a second, and a course that is built already needs none of it

    text = path.read_text(encoding="utf-8")
    faults = list(find_markers(path, text))
    starts = [number for number, line in enumerate(text.splitlines(), 1) if CELL_START.match(line)]
    try:
        notebook = jupytext.reads(text, fmt="py:percent")
    except Exception as error:
        raise SourceFault([(path, 1, f"jupytext can't read this file: {error}")]) from error
    if len(notebook.cells) != len(starts):
        raise SourceFault(
            [(path, 1, "text stands before the first cell; begin it with `# %%` or `# %% [markdown]`")]
        )
    cells = []
    for cell, line in zip(notebook.cells, starts, strict=True):
        faults += _metadata_faults(path, line, dict(cell.metadata))
        meta = cell.metadata.get("nbgrader") or {}
        kept = {k: v for k, v in cell.metadata.items() if k in ("nbgrader", "tags")}
        role = role_of(meta) if meta else None
        cells.append(SourceCell(cell.cell_type, cell.source, kept, line, role, meta.get("grade_id")))
    if not faults:
        faults += _structure_faults(path, cells)
    # What needs no numbers is read without its tasks, which takes longer.
    tasks = load_tasks(exercise) if not faults and any(draws(cell.source) for cell in cells) else ()
    if tasks:
        faults += placeholder_faults(path, cells, tasks)
    if faults:
        raise SourceFault(sorted(faults, key=lambda fault: fault[1]))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return ExerciseSource(
        path, filled_cells(cells, tasks), {"kernelspec": kernel, "language_info": {"name": "python"}}
    )


def find_markers(path: Path, text: str) -> Iterator[Fault]:
    """Yield a fault for each solution mark, and for each line that looks like a mistyped one."""
    opened: int | None = None
    marks = []
    for number, line in enumerate(text.splitlines(), 1):
        # nbgrader takes a mark anywhere in a line, so this does.
        mark = next((known for known in MARKERS if known in line), None)
        like = MARKER_LIKE.match(line)
        words = " ".join((like[1] or like[2]).split()) if like else ""
        if mark is not None:
            marks.append(number)
            opened = number if mark == MARKERS[0] else None
        elif words and (close := difflib.get_close_matches(words, MARKERS, 1, 0.75)):
            yield path, number, f"unknown marker {words!r}; did you mean {close[0]!r}?"
        elif said := IN_ANY_CASE.match(line):  # nbgrader knows them in capitals only
            yield path, number, f"unknown marker {said[1]!r}; did you mean {said[1].upper()!r}?"
        elif words.startswith(("BEGIN ", "END ")):
            yield path, number, f"unknown marker {words!r}; known are {' and '.join(map(repr, MARKERS))}"
    if opened is not None:
        yield path, opened, "this solution region is never closed: no '### END SOLUTION' follows"
        marks.remove(opened)
    for number in marks[:1]:
        yield (
            path,
            number,
            "no solution marks here: answers stand in solutions/answers/, and the build sets the marks",
        )


def _metadata_faults(path: Path, line: int, metadata: dict[str, Any]) -> Iterator[Fault]:
    title = metadata.pop("title", "")
    if "=" in title or "{" in title or "nbgrader" in title:
        yield (
            path,
            line,
            f"the cell's metadata can't be read: {title[:80]!r}; write it as nbgrader={{\"grade\": ...}}",
        )
    for key in metadata.keys() - CELL_KEYS - {"cell_type", "region_name"}:
        close = difflib.get_close_matches(key, CELL_KEYS, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        yield path, line, f"unknown cell metadata {key!r}{hint}"
    meta = metadata.get("nbgrader")
    if meta is None:
        return
    if not isinstance(meta, dict):
        yield path, line, "the cell's nbgrader metadata is no JSON object"
        return
    for key in sorted(meta.keys() - NBGRADER_KEYS.keys()):
        close = difflib.get_close_matches(key, NBGRADER_KEYS, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(NBGRADER_KEYS)}"
        yield path, line, f"unknown nbgrader key {key!r}; {hint}"
    for key, kind in NBGRADER_KEYS.items():
        if key not in meta and (key != "points" or meta.get("grade")) and key != "task":
            yield path, line, f"the nbgrader metadata lacks {key!r}"
        elif key in meta and (
            not isinstance(meta[key], kind) or (isinstance(meta[key], bool) and kind is not bool)
        ):
            yield path, line, f"nbgrader key {key!r} has the value {meta[key]!r}, which is of the wrong type"
    if meta.get("schema_version", 3) != 3:
        yield path, line, f"nbgrader schema_version is {meta['schema_version']}; expected 3"


def _structure_faults(path: Path, cells: list[SourceCell]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for cell in cells:
        if cell.grade_id is not None:
            if cell.grade_id in seen:
                yield (
                    path,
                    cell.line,
                    f"duplicate id {cell.grade_id!r}; it stands first on line {seen[cell.grade_id]}",
                )
            elif not ID.fullmatch(cell.grade_id):
                yield (
                    path,
                    cell.line,
                    f"id {cell.grade_id!r} is not in kebab-case (small letters, digits, hyphens)",
                )
            seen.setdefault(cell.grade_id, cell.line)
        yield from _role_faults(path, cell)
        if cell.kind == "code":
            yield from _syntax_faults(path, cell)
    solutions = {c.grade_id: c for c in cells if c.role == SOLUTION}
    checks = {(c.grade_id or "").removeprefix("check-"): c for c in cells if c.role == CHECK}
    for task_id, cell in solutions.items():
        if task_id not in checks:
            yield path, cell.line, f"answer cell {task_id!r} has no check cell 'check-{task_id}'"
        elif checks[task_id].line < cell.line:
            yield path, checks[task_id].line, f"the check cell of {task_id!r} stands before its answer cell"
    for task_id, cell in checks.items():
        if task_id not in solutions:
            yield path, cell.line, f"check cell 'check-{task_id}' has no answer cell {task_id!r}"


def _role_faults(path: Path, cell: SourceCell) -> Iterator[Fault]:
    meta = cell.metadata.get("nbgrader")
    if not meta:
        return
    if meta.get("task"):
        yield path, cell.line, 'nbgrader\'s task cells are not used here; set "task": false'
    if cell.role == CHECK:
        yield from _check_faults(path, cell)
    elif cell.role == TEXT and cell.kind != "markdown":
        yield (
            path,
            cell.line,
            "a cell that is graded and a solution is free text, and that is a [markdown] cell",
        )
    elif cell.role == SOLUTION and cell.kind != "code":
        yield path, cell.line, 'an answer cell is a code cell; free text has "grade": true too'
    locked = cell.role in (CHECK, LOCKED)
    if meta.get("locked") is not locked:
        yield path, cell.line, f'"locked" is {meta.get("locked")}; expected {locked} for this kind of cell'


def _check_faults(path: Path, cell: SourceCell) -> Iterator[Fault]:
    if cell.kind != "code":
        yield path, cell.line, "a check cell is a code cell"
        return
    try:
        task_id, _ = read_check(cell.source)
    except JudgeError as error:
        yield path, cell.line, str(error)
        return
    if cell.grade_id != f"check-{task_id}":
        yield (
            path,
            cell.line,
            f"a cell that checks {task_id!r} has the id 'check-{task_id}', not {cell.grade_id!r}",
        )


def _syntax_faults(path: Path, cell: SourceCell) -> Iterator[Fault]:
    if any(line.lstrip().startswith(("%", "!")) for line in cell.source.splitlines()):
        return  # IPython's own syntax
    try:
        ast.parse(cell.source)
    except SyntaxError as error:
        yield path, cell.line + (error.lineno or 1), f"the cell is no Python: {error.msg}"
