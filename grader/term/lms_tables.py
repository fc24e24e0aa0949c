"""Marks as the gradebook of an LMS imports them: from people and marks to the bytes of a file, and nothing else.

What is known of each LMS, from its own source where that is public:

- **Canvas** (`lib/gradebook_importer.rb`): the columns Student, ID, SIS User ID, SIS Login ID, Section, then an
  assignment, as "Title (id)" or by its exact title; a row "Points Possible". A student is found by ID, then SIS User
  ID, then SIS Login ID, then by name. "85%" is a share of the assignment's points. A blank cell erases the mark that
  is there, so who has none to get is not in the file, and a file holds one assignment.
- **Moodle, gradebook** (`grade/import/csv`): one column says who it is, by e-mail, ID number or username; one person
  that it does not know ends the whole import. A blank cell or "-" erases. No percent sign.
- **Moodle, grading worksheet** (`mod/assign/feedback/offline`): the columns Identifier ("Participant 12345"), Grade
  and Last modified (grade) are read, in the language of the site, and a blank grade is passed over.
- **Gradescope** imports no marks. The table has the form of the one that it exports for a whole course, which is what
  programs that read Gradescope's marks expect.

Numbers have a point, in every locale. The files begin with a byte order mark, by which Excel knows that they are UTF-8
(each importer takes it off, or looks for its heading inside of the cell), and lines end as RFC 4180 has it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.pipeline.tables import cell_text
from grader.term.roster import Person

BOM = "\ufeff"


@dataclass(frozen=True)
class Given:
    """What somebody gets for a set: points after the penalty, of so many; who waits for a person has no points yet."""

    points: float | None
    max_points: float
    penalty: float = 0.0
    submitted: datetime | None = None
    late_seconds: float = 0.0
    waits_for: tuple[str, ...] = ()

    def told(self, percent: bool, sign: str = "") -> str:
        """Return the points, or their share of 100 with a sign behind it, as every importer reads it; "" for none.

        >>> Given(2.5, 6).told(percent=False), Given(2.5, 6).told(percent=True, sign="%"), Given(None, 6).told(False)
        ('2.5', '41.6667%', '')
        """
        if self.points is None:
            return ""
        if not percent:
            return number(self.points)
        return number(100 * self.points / self.max_points if self.max_points else 0.0) + sign


def number(value: float) -> str:
    """Return a number with a point and at most four decimals, which is as much as any of these keeps.

    >>> number(2.0), number(0.1 + 0.2), number(1 / 3), number(1234567.25), number(-0.00001)
    ('2', '0.3', '0.3333', '1234567.25', '0')
    """
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet would run a text as a formula."""
    return cell_text(text) != text


def canvas_table(lines: Iterable[tuple[Person, Given]], heading: str, percent: bool) -> bytes:
    """Return the marks of one assignment for Canvas; `heading` is its title there, best with its id behind."""
    people = list(lines)
    most = max((given.max_points for _, given in people), default=0.0)
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", heading],
        ["    Points Possible", "", "", "", "", number(most)],
    ]
    for person, given in people:
        who = [cell_text(person.sortable), person.canvas_id, person.sis_id, person.login]
        rows.append([*who, cell_text(person.section), given.told(percent, "%")])
    return _table(rows)


MOODLE_IDENTITIES = {"email": "Email address", "id_number": "ID number", "login": "Username"}
"""What Moodle can find a person by, as its own export calls it, in the order in which it is safest."""


def moodle_table(lines: Iterable[tuple[Person, Given]], identity: str, heading: str, percent: bool) -> bytes:
    """Return the marks of one grade item for Moodle's gradebook; `identity` is a key of `MOODLE_IDENTITIES`."""
    rows = [["First name", "Last name", MOODLE_IDENTITIES[identity], heading]]
    for person, given in lines:
        names = [cell_text(person.first_name), cell_text(person.last_name)]
        rows.append([*names, getattr(person, identity), given.told(percent)])
    return _table(rows)


def gradescope_table(
    people: Sequence[Person],
    given: Mapping[tuple[str, str], Given],
    headings: Mapping[str, str],
    percent: bool,
) -> bytes:
    """Return all marks in the form of Gradescope's own table; `headings` names each set, and `given` is by student."""
    head = ["First Name", "Last Name", "SID", "Email", "Sections"]
    for title in headings.values():
        parts = ("Max Points", "Submission Time", "Lateness (H:M:S)")
        head += [title, *(f"{title} - {part}" for part in parts)]
    rows = [[*head, "Total Lateness (H:M:S)"]]
    for person in people:
        texts = [
            person.first_name,
            person.last_name,
            person.sis_id or person.student,
            person.email,
            person.section,
        ]
        row, late = [cell_text(text) for text in texts], 0.0
        for name in headings:
            found = given.get((person.student, name))
            if found is None:
                row += ["", "", "", ""]
                continue
            late += found.late_seconds
            most = "100" if percent else number(found.max_points)
            row += [found.told(percent), most, _when(found.submitted), hours(found.late_seconds)]
        rows.append([*row, hours(late)])
    return _table(rows)


def plain_table(
    people: Sequence[Person],
    given: Mapping[tuple[str, str], Given],
    headings: Mapping[str, str],
    percent: bool,
) -> bytes:
    """Return all marks, a row a person, with what each of them is made of; a set that nobody marked yet is empty."""
    head = ["student", "last name", "first name", "email", "section"]
    for title in headings.values():
        head += [title, *(f"{title} {part}" for part in ("max", "penalty", "submitted", "late", "waits for"))]
    rows = [[*head, "total", "total max"]]
    for person in people:
        texts = [person.student, person.last_name, person.first_name, person.email, person.section]
        row = [cell_text(text) for text in texts]
        for name in headings:
            row += _parts(given.get((person.student, name)), percent)
        rows.append([*row, *_totals([given.get((person.student, name)) for name in headings], percent)])
    return _table(rows)


def _parts(found: Given | None, percent: bool) -> list[str]:
    if found is None:
        return [""] * 6
    most = "100" if percent else number(found.max_points)
    penalty = Given(found.penalty, found.max_points).told(percent)
    late = hours(found.late_seconds) if found.late_seconds > 0 else ""
    return [
        found.told(percent), most, penalty, _when(found.submitted), late, cell_text(", ".join(found.waits_for)),
    ]  # fmt: skip


def _totals(found: Sequence[Given | None], percent: bool) -> list[str]:
    """The sum over all that was handed in: none as long as a part of it waits."""
    there = [each for each in found if each is not None]
    points = [each.points for each in there if each.points is not None]
    whole = Given(sum(points) if len(points) == len(there) else None, sum(each.max_points for each in there))
    return [whole.told(percent), "100" if percent else number(whole.max_points)]


def worksheet(text: str, given: Mapping[int, str], grade_column: int) -> bytes:
    """Return Moodle's grading worksheet with the grades of these rows, by their place; other rows are left out.

    Nothing else of a row changes, so Moodle still sees by "Last modified (grade)" whether somebody marked meanwhile.
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    kept = [rows[0]]
    for place, grade in sorted(given.items()):
        row = [*rows[place]]
        row[grade_column] = grade
        kept.append(row)
    return _table(kept)


def hours(seconds: float) -> str:
    """Return a time as Gradescope writes it.

    >>> hours(0), hours(90061.7)
    ('00:00:00', '25:01:01')
    """
    whole = max(int(seconds), 0)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _when(moment: datetime | None) -> str:
    return "" if moment is None else moment.replace(tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S %z")


def _table(rows: Iterable[Sequence[str]]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\r\n").writerows(rows)
    return (BOM + held.getvalue()).encode()
