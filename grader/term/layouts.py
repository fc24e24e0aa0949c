"""The forms in which systems give out what was handed in, and how to tell them apart.

Each layout says of a file who handed it in, and when if it tells. The one that explains the most notebooks is taken.
Their forms, in the order in which equals are decided:

- exchange: nbgrader's inbound, `ann+06_perplexity+2026-03-01 12:00:00.000000 UTC/perplexity.ipynb`;
- gradescope: `submission_metadata.yml` beside folders `submission_123/`;
- moodle: folders `Zoë Müller_4711_assignsubmission_file/`, or that before the name of each file;
- attempts: `ps6_ann_attempt_2026-03-01-12-00-00_perplexity.ipynb`, as Blackboard and nbgrader's zip_collect have it;
- canvas: `müllerzoë_LATE_812_99001_perplexity-1.ipynb`;
- github: repositories `perplexity-zoe-codes/`;
- plain: `ann/06_perplexity/perplexity.ipynb`, or `ann/perplexity.ipynb`.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import yaml  # type: ignore[import-untyped]

from grader.pipeline import PipelineError
from grader.term.archives import Item, Refused, Tree, is_archive
from grader.term.roster import Person, Roster

NAMES: Mapping[str, str] = {
    "exchange": "the inbound folder of nbgrader's exchange",
    "gradescope": "an export of Gradescope's",
    "moodle": "a download of a Moodle assignment",
    "attempts": "files of attempts, as Blackboard and nbgrader's zip_collect have them",
    "canvas": "a download of a Canvas assignment",
    "github": "repositories of GitHub Classroom",
    "plain": "a plain folder of students' folders",
}
_EXCHANGE = re.compile(r"([^+]+)\+([^+]+)\+(\d{4}-\d\d-\d\d[ T_]\d\d[:\-]\d\d[:\-]\d\d[^+]*)(?:\+[\w-]+)?")
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL
)
_ATTEMPT = re.compile(r"(?:.*_)?(?P<id>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+))?")
_CANVAS = re.compile(
    r"(?P<name>.*?[^\W\d_].*?)(?P<late>_LATE)?_(?P<user>\d+)(?:_question_\d+)?_(?P<file>\d+)_(?P<rest>.+)",
    re.DOTALL,
)
_METADATA = "submission_metadata.yml"
_LARGEST_METADATA = 50_000_000


@dataclass
class Unit:
    """Files that were handed in together: who by, in what is known of them, when, which attempt, and whether late.

    hint: the name of a set that the layout gives. order: tells attempts of one layout apart, the later the greater.
    """

    who: Mapping[str, str]
    files: list[Item] = field(default_factory=list)
    when: datetime | None = None
    order: tuple[int, ...] = ()
    late: bool = False
    hint: str = ""

    @property
    def called(self) -> str:
        """How the layout calls who handed it in."""
        return next((value for value in self.who.values() if value), "?")


@dataclass
class Reading:
    """A download as one layout reads it: what was handed in, and how many notebooks and archives that explains."""

    layout: str
    units: list[Unit]
    explains: float
    left_out: list[tuple[str, str]] = field(default_factory=list)


def is_work(name: str) -> bool:
    """Return whether a file may be, or hold, a notebook that was handed in."""
    return name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json")) or is_archive(name)


def read_layout(
    tree: Tree, sets: Sequence[str], roster: Roster | None, wanted: str = ""
) -> tuple[Reading, list[str]]:
    """Return the reading that explains most, or the best of the `wanted` layout, and the others that explain as much.

    A folder around everything is looked through. Raises `PipelineError` when no reading explains anything.
    """
    readings: list[Reading] = []
    items = tree.items
    for _ in range(4):
        readings += [
            reading for read in _READERS if (reading := read(items, sets, roster)) and reading.explains
        ]
        tops = {item.parts[0] for item in items}
        if tops == {"archive", "extracted"}:  # zip_collect's, in which the second holds what was in the first
            tops = {"archive"}
        if len(tops) != 1 or not all(len(item.parts) > 1 for item in items if item.parts[0] in tops):
            break
        items = [Item(item.parts[1:], item.read) for item in items if item.parts[0] in tops]
    if wanted:
        readings = [reading for reading in readings if reading.layout == wanted]
    if not readings:
        raise PipelineError(
            f"No notebook was found that anybody handed in, in {len(tree.items)} files. Expected is what one of these "
            f"gives out: {'; '.join(NAMES.values())}."
        )
    best = max(readings, key=lambda reading: reading.explains)
    marked = ("exchange", "gradescope", "moodle", "attempts")  # their names are like no student's
    others = [
        r.layout
        for r in readings
        if r.layout != best.layout
        and r.explains > 0.9 * best.explains
        and not (r.layout == "plain" and best.layout in marked)
    ]
    return best, list(dict.fromkeys(others))


_Taken = tuple[Any, Item, Callable[[], Unit]]  # what it goes together with, the file, and how its unit begins


def _grouped(found: Iterable[_Taken]) -> list[Unit]:
    units: dict[Any, Unit] = {}
    for key, item, make in found:
        units.setdefault(key, make() if key not in units else units[key]).files.append(item)
    return list(units.values())


def _works(items: Iterable[Item]) -> int:
    return sum(is_work(item.name) for item in items)


def _exchange(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading:
    found: list[_Taken] = []
    left: list[tuple[str, str]] = []
    for item in items:
        match = _EXCHANGE.fullmatch(item.parts[0])
        if match and len(item.parts) > 1:
            make = partial(Unit, {"id": match[1]}, when=parse_time(match[3]), hint=match[2])
            found.append((item.parts[0], Item(item.parts[1:], item.read), make))
        else:
            left.append((item.path, "it lies in no folder of the exchange"))
    return Reading("exchange", _grouped(found), _works(item for _, item, _ in found), left)


def _moodle(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading:
    found: list[_Taken] = []
    left: list[tuple[str, str]] = []
    for item in items:
        match = _MOODLE.fullmatch(item.parts[0])
        if not match:
            left.append((item.path, "it is no file of a Moodle assignment"))
        elif match["kind"] != "file":
            left.append((item.path, "it was typed into Moodle and is no file"))
        elif len(item.parts) > 1 or match["rest"]:
            parts = item.parts[1:] if len(item.parts) > 1 else (match["rest"],)
            who = {"full name": match["name"], "participant": match["number"]}
            found.append((match["name"] + "\0" + match["number"], Item(parts, item.read), partial(Unit, who)))
    return Reading("moodle", _grouped(found), _works(item for _, item, _ in found), left)


def _attempts(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading:
    found: list[_Taken] = []
    left: list[tuple[str, str]] = []
    for item in items:
        top = item.parts[0]
        match = _ATTEMPT.fullmatch(top)
        if not match:
            left.append((item.path, "its name names no attempt"))
            continue
        rest = match["rest"] or top
        parts = item.parts[1:] if len(item.parts) > 1 else (rest,)
        when = parse_time(re.sub(r"(.{10})-(\d\d)-(\d\d)-(\d\d)", r"\1 \2:\3:\4", match["when"]))
        key = (match["id"], match["when"])
        make = partial(Unit, {"id": match["id"]}, when=when)
        found.append((key, Item(parts, item.read), make))
    return Reading("attempts", _grouped(found), _works(item for _, item, _ in found), left)


def _canvas(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading:
    units: dict[str, Unit] = {}
    left: list[tuple[str, str]] = []
    works = 0
    for item in items:
        match = _CANVAS.fullmatch(item.parts[0]) if len(item.parts) == 1 else None
        if not match:
            text = len(item.parts) == 1 and re.search(r"_\d+_(text|link)\.html$", item.name)
            left.append(
                (item.path, "it was typed into Canvas" if text else "it is no file of a Canvas assignment")
            )
            continue
        # One unit a file: several of one student's are attempts, which the count and Canvas's number put in order.
        who = {"squashed": match["name"], "canvas": match["user"]}
        if is_work(match["rest"]):
            works += 1
            key = match["file"]  # not the count in the name: a student's own name may end in a number
            unit = units.setdefault(key, Unit(who, order=(int(key),), late=bool(match["late"])))
        else:
            unit = units.setdefault(f"beside {match['user']}", Unit(who))
        unit.files.append(Item((match["rest"],), item.read))
    for key, unit in units.items():
        if not key.startswith("beside "):
            beside = units.get(f"beside {unit.who['canvas']}")
            unit.files += beside.files if beside else []
    handed = {unit.who["canvas"] for key, unit in units.items() if not key.startswith("beside ")}
    kept = [u for key, u in units.items() if not key.startswith("beside ") or u.who["canvas"] not in handed]
    return Reading("canvas", kept, works, left)


def _gradescope(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading | None:
    named = next((item for item in items if item.parts == (_METADATA,)), None)
    if named is None:
        return None
    try:
        data = named.read()
        if len(data) > _LARGEST_METADATA:
            raise Refused("it is too large")
        told = yaml.load(data, Loader=yaml.BaseLoader)  # texts only: an SID keeps its zeros
        assert isinstance(told, dict)
    except (Refused, yaml.YAMLError, UnicodeDecodeError, AssertionError, RecursionError) as error:
        raise PipelineError(
            f"{_METADATA} can't be read ({str(error)[:200]}); export the submissions again."
        ) from error
    units: list[Unit] = []
    left: list[tuple[str, str]] = []
    works = 0
    folders: dict[str, list[Item]] = {}
    for item in items:
        if len(item.parts) > 1:
            folders.setdefault(item.parts[0], []).append(Item(item.parts[1:], item.read))
        elif item is not named:
            left.append((item.path, "it lies in no submission's folder"))
    for folder, files in folders.items():
        entry = told.get(folder)
        people = entry.get(":submitters") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(people, list) or not people:
            left.append((folder, f"{_METADATA} names nobody who handed it in"))
            continue
        works += _works(files)
        when = parse_time(str(entry.get(":created_at", "")))
        for person in people:
            if isinstance(person, dict):
                who = {"sid": ":sid", "email": ":email", "full name": ":name"}
                units.append(
                    Unit(
                        {k: str(person.get(v) or "") for k, v in who.items()},
                        list(files),
                        when,
                    )
                )
    return Reading("gradescope", units, works, left)


def _github(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading | None:
    tops = sorted({item.parts[0] for item in items if len(item.parts) > 1})
    prefix = _prefix(tops, sets, roster)
    if not prefix:
        return None
    found: list[_Taken] = []
    left: list[tuple[str, str]] = []
    for item in items:
        if len(item.parts) > 1 and item.parts[0].startswith(prefix):
            user = item.parts[0].removeprefix(prefix)
            found.append((user, Item(item.parts[1:], item.read), partial(Unit, {"github": user})))
        else:
            left.append((item.path, f"it lies in no repository {prefix}…"))
    return Reading("github", _grouped(found), _works(item for _, item, _ in found), left)


def _prefix(tops: Sequence[str], sets: Sequence[str], roster: Roster | None) -> str:
    """What all repositories begin with, "" when they are none: an assignment's name and a hyphen."""
    if not tops or any(re.fullmatch(r"submission_\d+|.+-submissions", top) for top in tops):
        return ""
    common = os.path.commonprefix(list(tops)) if len(tops) > 1 else tops[0]
    choices = [common[: n + 1] for n, sign in enumerate(common) if sign == "-" and 0 < n < len(common)]
    choices = [c for c in choices if all(len(top) > len(c) for top in tops)]
    slugs = {s.replace("_", "-") for name in sets for s in (name, name[3:])}
    by_roster = (
        {c: sum(roster.by("github", t.removeprefix(c)) is not None for t in tops) for c in choices}
        if roster
        else {}
    )
    if by_roster and max(by_roster.values()):
        return max(by_roster, key=lambda c: by_roster[c])
    named = [c for c in choices if c[:-1].casefold() in slugs]
    if named:
        return named[0]
    whole = roster is not None and any(roster.by_id(top) for top in tops)
    return choices[-1] if choices and len(tops) > 1 and not whole else ""


def _plain(items: Sequence[Item], sets: Sequence[str], roster: Roster | None) -> Reading:
    found: list[_Taken] = []
    left: list[tuple[str, str]] = []
    explains = 0.0
    for item in items:
        if len(item.parts) == 1:
            left.append((item.path, "it lies in no student's folder"))
            continue
        student = item.parts[0]
        in_set = len(item.parts) > 2 and item.parts[1] in sets
        hint = item.parts[1] if in_set else ""
        parts = item.parts[2:] if in_set else item.parts[1:]
        found.append((f"{student}/{hint}", Item(parts, item.read), partial(Unit, {"id": student}, hint=hint)))
        if is_work(item.name):
            # A set's own folder is no student's, whatever lies in it.
            explains += (
                0.0 if student in (*sets, "archive", "extracted") else 0.98 if len(parts) == 1 else 0.5
            )
    return Reading("plain", _grouped(found), explains, left)


_READERS: Sequence[Callable[[Sequence[Item], Sequence[str], Roster | None], Reading | None]] = (
    _exchange, _gradescope, _moodle, _attempts, _canvas, _github, _plain,
)  # fmt: skip


def parse_time(text: str) -> datetime | None:
    """Return a time as nbgrader and Gradescope write it, in UTC; one without a zone is in UTC, as nbgrader has it.

    >>> parse_time("2026-03-01 12:00:00.861687000 +0100").isoformat()
    '2026-03-01T11:00:00.861687+00:00'
    """
    match = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)[ T_](\d\d)[:\-](\d\d)[:\-](\d\d)(\.\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
        text.strip(),
    )
    if not match:
        return None
    zone = match[6] if match[6] and match[6][0] in "+-" else "+0000"
    written = f"{match[1]} {match[2]}:{match[3]}:{match[4]}{(match[5] or '.0')[:7]} {zone.replace(':', '')}"
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S.%f %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def person_of(unit: Unit, roster: Roster) -> tuple[Person | None, str]:
    """Return who of the roster handed something in, and a remark; nobody, and why, where it is not certain."""
    tries: Iterator[Person | None] = iter(())
    who = unit.who
    if "id" in who:
        exact = roster.by_id(who["id"])
        if exact:
            return exact, ""
        if alike := roster.alike(who["id"]):
            return (
                alike,
                f"{who['id']!r} was taken for {alike.student!r}: the ids differ in case or encoding only.",
            )
        tries = iter((roster.by_lms(who["id"]), roster.by_email(who["id"]), roster.by_name(who["id"])))
        return next((p for p in tries if p), None), ""
    if "github" in who:
        return roster.by("github", who["github"]) or roster.by_id(who["github"]), ""
    if "sid" in who:
        sid, email = (
            roster.by("sis_id", who["sid"]) or roster.by_id(who["sid"]),
            roster.by_email(who["email"]),
        )
        sid = sid or roster.by("id_number", who["sid"])
        if sid and email and sid is not email:
            return None, f"the SID is {sid.student!r}'s and the e-mail address {email.student!r}'s"
        return sid or email or roster.by_name(who["full name"]), ""
    if "participant" in who:
        return _in_moodle(who, roster)
    number, name = roster.by("canvas_id", who["canvas"]), roster.by_squashed(who["squashed"])
    if number and name and number is not name:
        return None, f"Canvas's number is {number.student!r}'s and the name {name.student!r}'s"
    if number and not name and number.name != number.student:
        return (
            number,
            f"{who['squashed']!r} was taken for {number.student!r} by Canvas's number. A group's work?",
        )
    return number or name, ""


def _in_moodle(who: Mapping[str, str], roster: Roster) -> tuple[Person | None, str]:
    number = roster.by("participant", who["participant"]) or roster.by("moodle_id", who["participant"])
    parts = who["full name"].split("-")  # a group's name may stand before it
    names = (roster.by_name("-".join(parts[n:])) for n in range(len(parts)))
    name = next((person for person in names if person), None)
    if number and name and number is not name:
        return None, f"Moodle's number is {number.student!r}'s and the name {name.student!r}'s"
    return number or name, ""
