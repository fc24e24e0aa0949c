"""`grader export`: marks in a file that an LMS imports as it is.

A file for Canvas or Moodle holds one set, and only people whose mark is final: to these importers a blank cell is no
mark, and takes away the one that is there. Who waits for a person, or can't be told for certain, is left out and named.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.report import Row, regenerate
from grader.pipeline.submissions import folded
from grader.term.lms_tables import (
    MOODLE_IDENTITIES,
    Given,
    canvas_table,
    gradescope_table,
    is_risky,
    moodle_table,
    plain_table,
    worksheet,
)
from grader.term.people import class_of, first_of, named
from grader.term.placing import put_files, put_new
from grader.term.roster import Person, Roster
from grader.term.standing import Standing, standing

LMS = ("canvas", "moodle", "gradescope", "csv")
FOLDER = "exports"
_TITLE = re.compile(r"(.*)\s\(\d+\)")  # how Canvas puts an assignment's id behind its title
_PARTICIPANT = re.compile(r"(\d+)\s*$")


@dataclass(frozen=True)
class Wanted:
    """What to export, and how; the command line's options.

    template: a file that the LMS gave, with its own ids: Canvas's exported gradebook, Moodle's grading worksheet.
    columns: what a set is called there. to: a file or a folder, None for a folder of `out`.
    """

    lms: str
    set_name: str | None = None
    percent: bool = False
    roster: Path | None = None
    template: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    to: Path | None = None
    force: bool = False
    db_url: str | None = None


@dataclass
class Done:
    """What was written, sentences on how to use it, and sentences on what was left out."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return it for a terminal."""
        lines = [str(path) for path in self.files]
        if self.notes:
            lines += ["", *self.notes]
        if self.off:
            lines += ["", "What was left out:", *(f"  {sentence}" for sentence in self.off)]
        return "\n".join(lines)


def export(out: Path, course: Course, wanted: Wanted) -> Done:
    """Write the files that are wanted. Raises `PipelineError` when there is nothing to write, or no place for it.

    Penalties are brought up to date first, for a due date may have come after the grading.
    """
    there = brought_up_to_date(out, course, wanted.set_name, wanted.db_url)
    done = Done()
    check_columns(wanted.columns, there.sets)
    people = class_of(there, wanted.roster)
    done.notes += people.notes
    done.off += people.off
    table = _Table(there, people.known, wanted, done)
    makers: Mapping[str, Callable[[], dict[str, bytes]]] = {
        "canvas": table.canvas, "moodle": table.moodle, "gradescope": table.gradescope, "csv": table.plain,
    }  # fmt: skip
    files = makers[wanted.lms]()
    done.notes += absent_from(there, people.absent)
    if not files:
        raise PipelineError("\n".join(["There is no mark to export.", *done.off]))
    done.files = _place(files, out, wanted)
    return done


def brought_up_to_date(out: Path, course: Course, set_name: str | None, db_url: str | None) -> Standing:
    """Return what an output folder holds, after its penalties, tables and pages were made to agree."""
    known = [exercise.name for exercise in course.sets()]
    before = standing(out, set_name, db_url, known)  # what is asked for is there at all
    regenerate(out, course, db_url)
    return standing(out, set_name, db_url, known) if before.rows else before


def check_columns(columns: Mapping[str, str], sets: Sequence[str]) -> None:
    """Raise `PipelineError` for a column of a set that is not exported."""
    unknown = [name for name in columns if name not in sets]
    if unknown:
        raise PipelineError(f"--column names {unknown[0]!r}; what is exported is {', '.join(sets)}.")


def absent_from(there: Standing, absent: Sequence[Person]) -> list[str]:
    """Return a sentence for each set on who is in the roster and handed in nothing."""
    told = []
    for name in there.sets:
        here = {row.student for row in there.rows if row.set_name == name}
        missing = [person for person in absent if person.student not in here]
        if missing:
            who = named(person.name for person in missing)
            told.append(
                f"{name}: {len(missing)} in the roster handed in nothing and are not in the file: {who}."
            )
    return told


class _Table:
    """Makes the tables of one export, and notes in `done` what is left out."""

    def __init__(self, there: Standing, people: Mapping[str, Person], wanted: Wanted, done: Done) -> None:
        self._there, self._people, self._wanted, self._done = there, people, wanted, done
        self._given = {(row.student, row.set_name): _given(row, there) for row in there.rows}

    def plain(self) -> dict[str, bytes]:
        return {
            self._name("marks"): plain_table(
                self._listed(), self._given, self._headings(), self._wanted.percent
            )
        }

    def gradescope(self) -> dict[str, bytes]:
        self._done.notes.append(
            "Gradescope itself imports no marks. The file has the form of its own export of a course, for programs "
            "that read that."
        )
        table = gradescope_table(self._listed(), self._given, self._headings(), self._wanted.percent)
        return {self._name("gradescope"): table}

    def canvas(self) -> dict[str, bytes]:
        people, titles = self._people, {name: name for name in self._there.sets}
        if self._wanted.template is not None:
            people, titles = self._of_canvas(self._wanted.template, titles)
        titles |= self._wanted.columns
        files = {}
        for name in self._there.sets:
            lines = self._final(name, people, _canvas_ids)
            if lines:
                files[f"canvas_{name}.csv"] = canvas_table(lines, titles[name], self._wanted.percent)
                self._done.notes.append(
                    f"{name}: in Canvas, Grades, Import. The column is called {titles[name]!r}"
                    + ("." if _TITLE.fullmatch(titles[name]) else _NO_CANVAS_ID.format(name))
                )
        return files

    def moodle(self) -> dict[str, bytes]:
        if self._wanted.template is not None:
            return self._worksheet(self._wanted.template)
        identity = max(
            MOODLE_IDENTITIES, key=lambda way: sum(bool(getattr(p, way)) for p in self._people.values())
        )
        files = {}
        for name in self._there.sets:
            lines = self._final(name, self._people, lambda person: [getattr(person, identity)])
            if not lines:
                continue
            heading = self._wanted.columns.get(name, name)
            files[f"moodle_{name}.csv"] = moodle_table(lines, identity, heading, self._wanted.percent)
            most = 100.0 if self._wanted.percent else max(given.max_points for _, given in lines)
            self._done.notes.append(
                f"{name}: in Moodle, Grades, Import, CSV file. Map from and to {MOODLE_IDENTITIES[identity]!r}, and "
                f"{heading!r} to the assignment, whose maximum grade must be {most:g}."
            )
            self._tell_of_more(name, lines, most)
        return files

    def _tell_of_more(self, name: str, lines: Sequence[tuple[Person, Given]], most: float) -> None:
        if most > 100:
            self._done.notes.append(
                f"{name}: many a Moodle takes no grade above 100; --percent exports shares of 100."
            )
        above = [p.name for p, given in lines if given.points is not None and given.points > given.max_points]
        if above:
            self._done.notes.append(
                f"{name}: more than the maximum, which Moodle may refuse or cut: {named(above)}."
            )

    def _worksheet(self, path: Path) -> dict[str, bytes]:
        if len(self._there.sets) != 1:
            raise PipelineError(
                f"{path} is for one assignment; say with --set which: {', '.join(self._there.sets)}."
            )
        (name,) = self._there.sets
        text, rows = _read_table(path)
        heading = self._wanted.columns.get(name, "Grade")
        if heading not in rows[0] or not any(_PARTICIPANT.search(row[0]) for row in rows[1:] if row):
            raise PipelineError(
                f"{path} is no grading worksheet of Moodle: expected are the columns Identifier and {heading!r}. In a "
                f"site of another language, say what its column of grades is called: --column {name}=Bewertung."
            )
        listed, found = Roster(self._people.values()), {}
        for place, row in enumerate(rows[1:], 1):
            person = _of_worksheet(rows[0], row, listed)
            if person is not None:
                found[person.student] = place
        people = {student: self._people[student] for student in found}
        self._tell_unmatched(people, path)
        lines = self._final(name, people, lambda person: [])
        self._tell_of_more(
            name, lines, 100.0 if self._wanted.percent else lines[0][1].max_points if lines else 0.0
        )
        grades = {found[person.student]: given.told(self._wanted.percent) for person, given in lines}
        self._done.notes.append(
            f"{name}: in Moodle, the assignment, View all submissions, Upload grading worksheet."
        )
        return (
            {f"moodle_worksheet_{name}.csv": worksheet(text, grades, rows[0].index(heading))} if lines else {}
        )

    def _of_canvas(self, path: Path, titles: Mapping[str, str]) -> tuple[dict[str, Person], dict[str, str]]:
        """Return the people with Canvas's own ids, and the sets with its own titles."""
        _, rows = _read_table(path)
        head = {name: place for place, name in enumerate(rows[0])}
        if not {"Student", "ID", "Section"} <= head.keys():
            raise PipelineError(
                f"{path} is no gradebook of Canvas: expected are the columns Student, ID, SIS Login ID and Section. "
                "In Canvas: Grades, Export, Export Entire Gradebook."
            )
        listed, people = Roster(self._people.values()), {}
        for row in rows[1:]:
            cells = {name: row[place] if place < len(row) else "" for name, place in head.items()}
            person = _of_canvas_row(cells, listed)
            if person is not None:
                people[person.student] = person
        self._tell_unmatched(people, path)
        plain = {title: found[1] for title in rows[0] if (found := _TITLE.fullmatch(title))}
        called = {
            name: [title for title, bare in plain.items() if folded(bare) in (folded(name), folded(name[3:]))]
            for name in titles
        }
        return people, {name: found[0] if len(found) == 1 else name for name, found in called.items()}

    def _tell_unmatched(self, found: Collection[str], path: Path) -> None:
        lacking = [person.name for student, person in self._people.items() if student not in found]
        if lacking:
            self._done.off.append(f"Not in {path.name}, or not for certain: {named(lacking)}.")

    def _final(
        self, name: str, people: Mapping[str, Person], ids: Callable[[Person], Sequence[str]]
    ) -> list[tuple[Person, Given]]:
        """Return who has a final mark for a set and can be told apart by ids, in the order of their names."""
        here = [(people[s], given) for (s, n), given in self._given.items() if n == name and s in people]
        waiting = [f"{p.name} ({', '.join(given.waits_for)})" for p, given in here if given.points is None]
        if waiting:
            self._done.off.append(f"{name}: a person has yet to mark {named(waiting)}.")
        lines = [(p, given) for p, given in here if given.points is not None]
        if not lines or not ids(lines[0][0]):
            return sorted(lines, key=_order)
        unknown = [p.name for p, _ in lines if not any(ids(p))]
        if unknown:
            self._done.off.append(f"{name}: nothing tells who they are there: {named(unknown)}.")
        risky = [p.name for p, _ in lines if any(map(is_risky, ids(p)))]
        if risky:
            self._done.off.append(
                f"{name}: a spreadsheet would run the id as a formula; enter these by hand: {named(risky)}."
            )
        taken: dict[tuple[int, str], list[str]] = {}
        for person, _ in lines:
            for way, value in enumerate(ids(person)):
                taken.setdefault((way, folded(value)), []).append(person.student)
        doubled = {s for (_, value), who in taken.items() if value and len(who) > 1 for s in who}
        if doubled:
            self._done.off.append(f"{name}: several have the same id: {named(sorted(doubled))}.")
        return sorted(
            (
                (p, g)
                for p, g in lines
                if any(ids(p)) and not any(map(is_risky, ids(p))) and p.student not in doubled
            ),
            key=_order,
        )

    def _listed(self) -> list[Person]:
        waiting = [
            f"{self._people[s].name} ({name}: {', '.join(given.waits_for)})"
            for (s, name), given in self._given.items()
            if given.points is None and s in self._people
        ]
        if waiting:
            self._done.off.append(f"A person has yet to mark, and the cell is empty: {named(waiting)}.")
        return sorted(self._people.values(), key=lambda person: (folded(person.sortable), person.student))

    def _headings(self) -> dict[str, str]:
        return {name: self._wanted.columns.get(name, name) for name in self._there.sets}

    def _name(self, kind: str) -> str:
        return f"{kind}.csv" if self._wanted.set_name is None else f"{kind}_{self._wanted.set_name}.csv"


_NO_CANVAS_ID = (
    ": Canvas takes that for an assignment of exactly this title, or asks to make a new one. With --template, its "
    "exported gradebook, or --column {0}='Title (12345)' it is certain."
)


def _given(row: Row, there: Standing) -> Given:
    times = there.times.get((row.student, row.set_name))
    waits = tuple(task for task, mark in row.marks.items() if mark.waits)
    return Given(
        None if waits else row.total,
        row.max_points,
        row.penalty,
        times.submitted if times else None,
        times.late_seconds if times else 0.0,
        waits,
    )


def _order(line: tuple[Person, Given]) -> tuple[str, str]:
    return folded(line[0].sortable), line[0].student


def _canvas_ids(person: Person) -> list[str]:
    return [person.canvas_id, person.sis_id, person.login]


def _of_canvas_row(cells: Mapping[str, str], listed: Roster) -> Person | None:
    """Return the person of a row of Canvas's gradebook, with what it calls them."""
    number, sis, login = cells["ID"], cells.get("SIS User ID", ""), cells.get("SIS Login ID", "")
    tries = [("canvas_id", number), ("sis_id", sis), ("login", login), ("email", login)]
    tries += [("student", sis), ("student", login), ("student", number), ("name", cells["Student"])]
    person = first_of(listed, tries)
    if person is None or not number.strip():
        return None
    last, comma, first = cells["Student"].partition(", ")
    return replace(
        person, first_name=first if comma else "", last_name=last, canvas_id=number, sis_id=sis, login=login,
        section=cells["Section"],
    )  # fmt: skip


def _of_worksheet(head: Sequence[str], row: Sequence[str], listed: Roster) -> Person | None:
    """Return the person of a row of Moodle's worksheet, by participant, by what looks like an id, then by name."""
    number = _PARTICIPANT.search(row[0]) if row else None
    if number is None:
        return None
    tries = [("participant", number[1])]
    for title, cell in zip(head[1:], row[1:], strict=False):
        if "@" in cell:
            tries.append(("email", cell))
        elif title in ("ID number", "Username"):
            tries += [(way, cell) for way in ("id_number", "login", "student")]
    tries += [("name", row[1])] if len(row) > 1 else []
    return first_of(listed, tries)


def _read_table(path: Path) -> tuple[str, list[list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path} can't be read as a table in UTF-8: {error}.") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise PipelineError(f"{path} is no CSV file: {error}.") from error
    if not rows:
        raise PipelineError(f"{path} is empty.")
    return text, rows


def _place(files: Mapping[str, bytes], out: Path, wanted: Wanted) -> list[Path]:
    to = wanted.to
    if to is not None and to.suffix.lower() == ".csv":
        if len(files) > 1:
            raise PipelineError(
                f"There is a file for each set, {', '.join(sorted(files))}: name a folder, or one set with --set."
            )
        put_new({to: next(iter(files.values()))}, wanted.force)
        return [to]
    folder = out / FOLDER if to is None else to
    put_files(folder, files, wanted.force)
    return [folder / name for name in sorted(files)]
