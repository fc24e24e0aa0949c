"""Who takes a course, and what each LMS calls them: a CSV file as the LMSs give it, or as a teacher writes it.

>>> roster = parse('''Login;Full name;E-mail;Canvas ID
... zoe;Zoë Müller;zoe@uni.example;812
... ann;"Lee, Ann";ann@uni.example;813''')
>>> roster.by_name("MÜLLER, zoë").student, roster.by("canvas_id", "813").student, roster.by_id("zoe").name
('zoe', 'ann', 'Zoë Müller')

A lookup answers only where exactly one fits. Canvas's gradebook and roster, Moodle's participants and grading
worksheet, Gradescope's and GitHub Classroom's roster and nbgrader's table of students are read as they are.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.pipeline import PipelineError
from grader.pipeline.submissions import folded, no_student

LARGEST = 20_000_000  # bytes
HEADINGS: Mapping[str, Sequence[str]] = {
    "student": ("id", "student", "student id", "student_id", "nbgrader id", "userid", "identifier"),
    "first_name": ("first name", "firstname", "given name", "vorname", "prénom"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname", "nom"),
    "name": ("name", "full name", "fullname", "student name", "user full name"),
    "email": ("email", "e mail", "email address", "e mail address", "mail"),
    "canvas_id": ("canvas id", "canvas user id", "lms user id"),
    "sis_id": ("sis user id", "sis id", "sid", "gradescope sid", "user id"),
    "login": ("sis login id", "login id", "login", "username", "user name", "user"),
    "id_number": ("id number", "idnumber", "matriculation number", "matrikelnummer"),
    "moodle_id": ("moodle id", "moodle user id"),
    "participant": ("participant", "participant number", "moodle participant"),
    "github": ("github username", "github", "github login"),
    "section": ("section", "sections", "group", "groups"),
}
"""What a column may be called, whatever its case, with spaces, hyphens or underscores."""
_IDS = ("student", "login", "sis_id", "id_number", "email")  # the first column that there is gives the ids
_LMS = ("canvas_id", "sis_id", "login", "id_number", "moodle_id", "participant", "github")


@dataclass(frozen=True)
class Person:
    """A student: the id as nbgrader has it, and what an LMS knows them by; "" for what the roster does not tell.

    canvas_id: Canvas's number. sis_id: SIS User ID, Gradescope's SID. login: SIS Login ID, Moodle's username.
    id_number: Moodle's ID number. participant: Moodle's number in one assignment. line: where the roster has it.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    login: str = ""
    id_number: str = ""
    moodle_id: str = ""
    participant: str = ""
    github: str = ""
    section: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """The name as one says it, or the id where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.student

    @property
    def sortable(self) -> str:
        """The name as lists have it: `Müller, Zoë`; the id where there is none."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student


class Roster:
    """The people of a course in the order of the file, and sentences on what is odd about them."""

    def __init__(self, people: Iterable[Person], remarks: Iterable[str] = ()) -> None:
        self.people: tuple[Person, ...] = tuple(people)
        self.remarks: tuple[str, ...] = tuple(remarks)
        self._ids = {person.student: person for person in self.people}
        self._index: dict[tuple[str, str], list[Person]] = {}
        for person in self.people:
            for key in set(_keys(person)):
                self._index.setdefault(key, []).append(person)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)

    def by_id(self, student: str) -> Person | None:
        """Return the person with this id, letter by letter."""
        return self._ids.get(student)

    def by_email(self, email: str) -> Person | None:
        """Return the one with this e-mail address."""
        return self.by("email", email)

    def by_lms(self, value: str) -> Person | None:
        """Return the one whom any LMS calls so: a number of Canvas or Moodle, a login, an SID, a name at GitHub."""
        people = {p.student: p for field in _LMS for p in self._found(field, folded(value))}
        return next(iter(people.values())) if len(people) == 1 else None

    def by_name(self, name: str) -> Person | None:
        """Return the one of this full name, first or last name first."""
        return self.by("name", name)

    def by_squashed(self, name: str) -> Person | None:
        """Return the one whose name gives this, when it is written as Canvas writes it into the names of files."""
        return self._only("squashed", squashed(name))

    def by(self, field: str, value: str) -> Person | None:
        """Return the one whose field has this value, case and encoding aside; a field of `Person`'s, or "name"."""
        return self._only(field, folded(value))

    def alike(self, student: str) -> Person | None:
        """Return the one whose id differs from this one in case or in how its letters are encoded only."""
        return None if student in self._ids else self.by("student", student)

    def _found(self, field: str, value: str) -> list[Person]:
        return self._index.get((field, value), []) if value else []

    def _only(self, field: str, value: str) -> Person | None:
        found = self._found(field, value)
        return found[0] if len(found) == 1 else None


def _keys(person: Person) -> Iterator[tuple[str, str]]:
    for field in ("student", "email", *_LMS):
        yield field, folded(getattr(person, field))
    if person.first_name or person.last_name:
        for name in (person.name, person.sortable, f"{person.last_name} {person.first_name}"):
            yield "name", folded(name)
        yield "squashed", squashed(person.sortable)


def squashed(text: str) -> str:
    """Return a name as Canvas writes it into file names: only its letters and digits, and these without accents.

    >>> squashed("Müller-Lüdenscheidt, Zoë")
    'mullerludenscheidtzoe'
    """
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum())


def read_roster(path: Path) -> Roster:
    """Return the people of a roster, a CSV file with a heading, in UTF-8, UTF-16 or Latin-1.

    Raises `PipelineError` for what is none; each fault is told with its line and what to do.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise PipelineError(f"The roster {path} can't be read: {error.strerror}.") from error
    if len(data) > LARGEST or data.startswith(b"PK\x03\x04"):
        raise PipelineError(f"The roster {path} is no CSV file. Save the table as CSV and give that.")
    return parse(_decoded(data), str(path))


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if data[1:200:2].count(0) > len(data[1:200:2]) // 2:  # as some programs write UTF-16, without its mark
        return data.decode("utf-16-le", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # Latin-1 as Windows has it


def parse(text: str, called: str = "roster") -> Roster:
    """Return the people of a roster's text. Raises `PipelineError`; `called` is the file's name in its sentences."""
    lines = _lines(text, called)
    if not lines:
        raise PipelineError(f"The roster {called} is empty. {_EXPECTED}")
    (first, titles), *rows = lines
    columns = _columns(titles)
    twice = [name for name in HEADINGS if columns.count(name) > 1]
    if twice:
        named = ", ".join(repr(t) for t, c in zip(titles, columns, strict=True) if c == twice[0])
        raise PipelineError(
            f"{called}:{first}: these columns mean the same, {named}; delete or rename all but one."
        )
    records = []
    for line, row in rows:
        cells = {c: " ".join(v.split()) for c, v in zip(columns, row, strict=False) if c}
        if any(cells.values()) and not _of_canvas(cells, row):
            records.append((line, cells))
    _participants(records)
    key = next((c for c in _IDS if any(cells.get(c) for _, cells in records)), "")
    if not key:
        raise PipelineError(
            f"{called}:{first}: no column that is filled says who somebody is; there are "
            f"{', '.join(map(repr, titles))}. {_EXPECTED}"
        )
    return _checked([_person(line, cells, key) for line, cells in records], key, called)


_EXPECTED = (
    "Expected is a heading such as id,first name,last name,email,canvas id and a line for each student."
)


def _lines(text: str, called: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the number of the line on which it ends."""
    text = text.lstrip("\ufeff")
    sign, skipped = "", 0
    if named := re.match(r"sep=(.)\r?\n", text):  # Excel's own
        text, sign, skipped = text[named.end() :], named[1], 1
    heading = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", heading)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=sign or max(",;\t", key=bare.count), strict=True
    )
    try:
        return [(reader.line_num + skipped, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise PipelineError(
            f"{called}:{reader.line_num + skipped}: this line can't be read as CSV ({error}). "
            "Save the table as CSV again."
        ) from error


def _columns(titles: Sequence[str]) -> list[str]:
    known = {title: name for name, all_titles in HEADINGS.items() for title in all_titles}
    plain = [re.sub(r"[\s_\-]+", " ", title.strip().casefold()) for title in titles]
    columns = [known.get(title, "") for title in plain]
    if {"sis login id", "sis user id"} & set(plain) and "student" in plain:
        # Canvas's gradebook: the name is "Student", and Canvas's own number "ID".
        columns = [
            {"student": "name", "id": "canvas_id"}.get(t, c) for t, c in zip(plain, columns, strict=True)
        ]
    elif "login id" in plain and "user id" in plain and "id" in plain:
        columns = ["canvas_id" if t == "id" else c for t, c in zip(plain, columns, strict=True)]
    return columns


def _of_canvas(cells: Mapping[str, str], row: Sequence[str]) -> bool:
    """Whether a row is none of a student: Canvas's gradebook has some, with points or words in them."""
    says = row[0].strip().casefold()
    return says in ("points possible", "student, test", "manual posting") or (
        "canvas_id" in cells and not any(cells.values())
    )


def _participants(records: Sequence[tuple[int, dict[str, str]]]) -> None:
    """Take Moodle's "Participant 12345", which the grading worksheet calls an identifier, for what it is."""
    for _, cells in records:
        found = re.fullmatch(r"\D*?(\d+)", cells.get("participant", ""))
        if found:
            cells["participant"] = found[1]
    named = [re.fullmatch(r"[^\W\d]+ (\d+)", cells.get("student", "")) for _, cells in records]
    if records and all(named):
        for (_, cells), number in zip(records, named, strict=True):
            cells["participant"] = number[1] if number else ""
            del cells["student"]


def _person(line: int, cells: Mapping[str, str], key: str) -> Person:
    values = {name: value for name, value in cells.items() if name != "name"}
    name = cells.get("name", "")
    if name and not (values.get("first_name") or values.get("last_name")):
        last, comma, first = name.partition(",")
        if not comma:
            first, _, last = name.rpartition(" ")
        values |= {"first_name": first.strip(), "last_name": last.strip()}
    return Person(**{**values, "student": cells.get(key, "")}, line=line)


def _checked(people: Sequence[Person], key: str, called: str) -> Roster:
    """Return the roster, with what is odd about it told. Raises `PipelineError` for ids that can't be used."""
    faults: list[str] = []
    seen: dict[str, Person] = {}
    forms: dict[str, list[Person]] = {}
    for person in people:
        student, where = person.student, f"{called}:{person.line}:"
        if not student:
            faults.append(
                f"{where} {person.name or 'a student'} has no {_called(key)}. Fill it in, or delete the line."
            )
        elif why := _no_id(student):
            faults.append(f"{where} {student[:80]!r} can't be an id: {why} Give the ids in a column 'id'.")
        elif student in seen:
            faults.append(
                f"{where} {student!r} was in line {seen[student].line} already. Delete one of the lines, or give "
                "another id if these are two people."
            )
        else:
            seen[student] = person
            forms.setdefault(folded(student), []).append(person)
    if faults:
        more = [f"And {len(faults) - 20} more."] if len(faults) > 20 else []
        raise PipelineError("\n".join(faults[:20] + more))
    remarks = [
        f"The roster's ids {', '.join(repr(p.student) for p in group)} (lines {', '.join(str(p.line) for p in group)}) "
        "differ in case or in how letters are encoded only."
        for group in forms.values()
        if len(group) > 1
    ]
    return Roster(people, remarks + list(_shared(people)))


def _no_id(student: str) -> str:
    if any(sign in student for sign in "/\\+"):
        return "it holds '/', '\\' or '+', which nbgrader uses to take names apart."
    return no_student(student)


def _shared(people: Sequence[Person]) -> Iterator[str]:
    """Yield a sentence for each address or number that more than one has, since it tells nobody."""
    for field in ("email", *_LMS):
        groups: dict[str, list[str]] = {}
        for person in people:
            if value := getattr(person, field):
                groups.setdefault(folded(value), []).append(person.student)
        for value, students in groups.items():
            if len(students) > 1:
                yield f"{', '.join(students[:5])} have the same {_called(field)}, {value!r}; nobody is found by it."


def _called(field: str) -> str:
    return {"student": "id", "email": "e-mail address", "sis_id": "SIS ID", "canvas_id": "Canvas ID"}.get(
        field, field.replace("_", " ")
    )
