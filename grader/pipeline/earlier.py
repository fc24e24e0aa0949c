"""Marks that a person gave to an answer which another one has replaced.

A mark by hand is a mark of the answer that the person read. When a student hands in another answer, the mark is put
aside: the gradebook holds none any more, so that no table, page or export takes it for the new answer's, and the cell
waits for a person, who sees the old mark in the class report and below the answer in the formgrader. The same answer
keeps its mark, and gets it back when it is handed in again later. What was put aside stands in `earlier_marks.jsonl`.
"""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbgrader.utils import compute_checksum, is_solution

NAME = "earlier_marks.jsonl"
NOTE = "earlier mark"  # the role, in its metadata, of a cell that tells of one


@dataclass(frozen=True)
class Aside:
    """What a person gave to an earlier answer, in points; `answer` is that answer's fingerprint."""

    cell: str
    answer: str
    points: float | None
    extra_credit: float | None
    comment: str | None
    max_points: float

    def __str__(self) -> str:
        extra = f" and {self.extra_credit:g} extra" if self.extra_credit else ""
        given = (
            f"{self.points:g} of {self.max_points:g} points{extra}" if self.points is not None else extra[5:]
        )
        said = f", with the comment “{self.comment}”" if self.comment else ""
        return f"{given}{said}"

    def is_of(self, grade: Any) -> bool:
        """Return whether a mark in the gradebook is this one."""
        return (grade.manual_score, grade.extra_credit) == (self.points, self.extra_credit)


class EarlierMarks:
    """`OUT/earlier_marks.jsonl`: what was put aside, by (student, set), in order."""

    def __init__(self, out: Path) -> None:
        self._path = out / NAME
        self._found: defaultdict[tuple[str, str], list[Aside]] = defaultdict(list)
        for student, set_name, aside in self._lines():
            self._found[student, set_name].append(aside)

    def of(self, student: str, set_name: str) -> Sequence[Aside]:
        """Return what was put aside of a student's marks for a set."""
        return self._found.get((student, set_name), ())

    def keep(self, student: str, set_name: str, asides: Iterable[Aside]) -> None:
        """Put marks down; they are on the disk when this returns."""
        new = [aside for aside in asides if aside not in self.of(student, set_name)]
        if not new:
            return
        lines = [
            json.dumps({"student": student, "set": set_name, **asdict(a)}, ensure_ascii=False) for a in new
        ]
        with self._path.open("a", encoding="utf-8") as file:
            # A line of a killed run may be torn; it must not swallow this one.
            file.write("".join(f"\n{line}" for line in lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._found[student, set_name] += new

    def _lines(self) -> Iterator[tuple[str, str, Aside]]:
        if not self._path.is_file():
            return
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
                yield entry.pop("student"), entry.pop("set"), Aside(**entry)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # empty, or torn


def answers_of(notebook: Any) -> dict[str, str]:
    """Return a fingerprint of each answer, by the name of its cell.

    A text answer may stand in cells of the student's own, when its own cell is as it was released (see
    `grader.judge.free_text`). Then it is what those cells say.
    """
    own = [
        cell.source.strip()
        for cell in notebook.cells
        if "nbgrader" not in cell.metadata
        and not is_note(cell)
        and cell.get("id") != "notice"  # the judge's own
    ]
    found = {}
    for cell in notebook.cells:
        if is_solution(cell):
            said: list[Any] = [cell.source.strip(), cell.get("attachments", {})]
            if cell.cell_type != "code" and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell):
                said += own
            content = json.dumps(said, sort_keys=True)
            found[cell.metadata.nbgrader.grade_id] = hashlib.sha256(content.encode()).hexdigest()[:16]
    return found


def put_aside(
    grades: Mapping[str, Any],
    comments: Mapping[str, Any],
    before: Mapping[str, str],
    now: Mapping[str, str],
    known: Sequence[Aside],
) -> tuple[list[Aside], list[str]]:
    """Take marks by hand off the rows whose answer is another now; return them, and which cells wait for a person.

    grades, comments: nbgrader's rows by the cells' names. before, now: the answers' fingerprints, as `answers_of` has
    them. known: what was put aside earlier. An answer that was marked before gets its mark again.
    """
    taken: list[Aside] = []
    waiting = []
    for cell, grade in grades.items():
        name = cell.removeprefix(
            "check-"
        )  # a check is marked, and its answer stands in the cell of the task's name
        comment = comments.get(name)
        waits = grade.needs_manual_grade and grade.manual_score is None and any(a.cell == cell for a in known)
        if before.get(name) != now.get(name):
            again = next((a for a in reversed(known) if (a.cell, a.answer) == (cell, now.get(name))), None)
            by_hand = grade.manual_score is not None or grade.extra_credit is not None
            if by_hand and not (
                again and again.is_of(grade)
            ):  # else a run was killed after it had given it back
                said = comment.manual_comment if comment is not None else None
                most = float(grade.max_score)
                taken.append(
                    Aside(cell, before.get(name, ""), grade.manual_score, grade.extra_credit, said, most)
                )
                grade.manual_score = grade.extra_credit = None
                if comment is not None:
                    comment.manual_comment = None
                waits = True
            if again and grade.manual_score is None and grade.extra_credit is None:
                grade.manual_score, grade.extra_credit = again.points, again.extra_credit
                if comment is not None and comment.manual_comment is None:
                    comment.manual_comment = again.comment
                waits = False
        if waits:
            waiting.append(cell)
    return taken, waiting


def with_notes(notebook: dict[str, Any], known: Sequence[Aside], waiting: Iterable[str]) -> dict[str, Any]:
    """Return the notebook with a cell after each waiting answer that tells of its earlier mark."""
    latest = {aside.cell: aside for aside in known}
    cells = []
    for cell in notebook["cells"]:
        cells.append(cell)
        named = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if named in latest and named in waiting:
            says = (
                f"**An earlier answer was marked by hand:** {latest[named]}. The answer above is another one."
            )
            metadata = {"surprisal": {"role": NOTE}, "editable": False}
            cells.append(
                {"cell_type": "markdown", "id": f"earlier-{len(cells)}", "metadata": metadata, "source": says}
            )
    return {**notebook, "cells": cells}


def is_note(cell: Any) -> bool:
    """Return whether a cell is one that `with_notes` put in."""
    return cell["metadata"].get("surprisal", {}).get("role") == NOTE
