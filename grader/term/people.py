"""Who the students of an output folder are: in the roster, and where there is none in nbgrader's table of students."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from grader.term.roster import Person, Roster, read_roster
from grader.term.standing import Enrolled, Standing

Tries = Sequence[tuple[str, str]]
_WAYS = ("student", "login", "email", "sis_id", "id_number", "canvas_id", "github", "name", "squashed")


@dataclass(frozen=True)
class Class:
    """The people of a class: those of the output folder by its ids, and those who are in the roster only.

    notes, off: sentences on where their ids come from, and on who can't be told.
    """

    known: Mapping[str, Person]
    absent: Sequence[Person]
    notes: Sequence[str]
    off: Sequence[str]


def class_of(there: Standing, roster: Path | None) -> Class:
    """Return who the students of an output folder are. Raises `PipelineError` for a roster that can't be read."""
    own = {student: _from_gradebook(student, there.enrolled.get(student)) for student in there.students}
    if roster is None:
        note = "Without --roster, a student is who the folder's name says, as the login of the LMS."
        return Class(own, [], [note], [])
    listed = read_roster(roster)
    hits: dict[str, list[str]] = {}
    found: dict[str, Person] = {}
    for student, person in own.items():
        tries = [(way, student) for way in _WAYS] + [("email", person.email), ("name", person.name)]
        entry = listed.by_id(student) or first_of(listed, tries)
        if entry is not None:
            found[student] = entry
            hits.setdefault(entry.student, []).append(student)
    off = []
    unknown = [student for student in own if student not in found]
    if unknown:
        off.append(f"Not in the roster, or not for certain: {named(unknown)}.")
    for students in hits.values():
        if len(students) > 1:
            off.append(f"One person in the roster fits all of these: {named(map(repr, students))}.")
            found = {student: entry for student, entry in found.items() if student not in students}
    notes = list(listed.remarks)
    others = [
        f"{student!r} is {entry.student!r}" for student, entry in found.items() if entry.student != student
    ]
    if others:
        notes.append(f"By something else than the roster's id: {named(others)}.")
    known = {student: _joined(own[student], entry) for student, entry in found.items()}
    return Class(known, [entry for entry in listed if entry.student not in hits], notes, off)


def first_of(people: Roster, tries: Tries) -> Person | None:
    """Return whom the first of these finds: (field, value), the field one of `Person`'s, "name" or "squashed"."""
    for way, value in tries:
        found = people.by_squashed(value) if way == "squashed" else people.by(way, value)
        if found is not None:
            return found
    return None


def named(items: Iterable[str], most: int = 12) -> str:
    """Return the first few of many names, and how many more there are.

    >>> named(["ann", "ben", "cleo"], 2)
    'ann, ben and 1 more'
    """
    listed = list(items)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")


def _from_gradebook(student: str, enrolled: Enrolled | None) -> Person:
    """Return what nbgrader knows of a student; the id stands for a login, which it mostly is."""
    known = enrolled or Enrolled()
    return Person(
        student,
        known.first_name,
        known.last_name,
        known.email,
        canvas_id=known.lms_user_id,
        login=student,
    )


def _joined(own: Person, entry: Person) -> Person:
    """Return a roster's entry under the output folder's id; what it leaves open is filled from nbgrader's table."""
    names = [field.name for field in fields(Person) if field.name not in ("student", "line")]
    values = {name: getattr(entry, name) or getattr(own, name) for name in names}
    if entry.first_name or entry.last_name:
        values |= {"first_name": entry.first_name, "last_name": entry.last_name}
    if not entry.login and (entry.canvas_id or entry.sis_id):
        values["login"] = ""  # the folder's name is a guess, and there is better
    return replace(entry, student=own.student, **values)
