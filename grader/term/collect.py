"""What an LMS gives out, sorted into `DIR/<student id>/<NN_name>/<name>.ipynb` and the files beside it.

Nothing in the source is changed, and nothing that a person put into DIR (:mod:`grader.term.shelf`). Each file of the
source is collected or named with the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.judge.limits import MEGABYTE, Limits
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.submissions import SKIPPED, folded, no_student
from grader.term import archives, shelf
from grader.term.archives import Item, Refused, is_archive
from grader.term.belonging import Sets
from grader.term.layouts import NAMES, Reading, Unit, is_work, parse_time, person_of, read_layout
from grader.term.roster import Roster
from grader.term.shelf import Attempt, Shelf

MOST_TOLD = 20  # lines of a kind
_TIME = "timestamp.txt"


@dataclass
class Collected:
    """What a collect did, each list with names or (name, reason)."""

    layout: str
    others: list[str]
    sets: list[str] = field(default_factory=list)
    done: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    doubled: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def all_fine(self) -> bool:
        """Whether a person need not look: nobody unknown or doubled, nothing left out or kept back."""
        held = self.done.get(shelf.CHANGED) or self.done.get(shelf.UNSURE)
        return not (self.unknown or self.doubled or self.left_out or self.alike or self.missing or held)

    def text(self) -> str:
        """Return the table for the terminal."""
        kind = f"Taken for {NAMES[self.layout]}."
        if self.others:
            kind += f" It could also be {' or '.join(NAMES[o] for o in self.others)}: --as says which."
        lines = [kind, *self.notes]
        for word, title in _TITLES.items():
            lines += _table(title, self.done.get(word, []), word in (shelf.NEW, shelf.SAME))
        lines += _table("late, by the LMS", self.late)
        lines += _table("missing", self.missing)
        lines += _table(
            "unknown to the roster, not collected", [f"{a}: {b}" if b else a for a, b in self.unknown]
        )
        lines += _table("doubled", [f"{a}: {b}" for a, b in self.doubled])
        lines += _table("told by case or encoding only", self.alike)
        lines += _table("left out", [f"{a}: {b}" for a, b in self.left_out])
        return "\n".join(lines)


def _missing(roster: Roster, handed: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield who of the roster handed in nothing for a set; one sentence for a set for which few handed in anything."""
    absent = {name: [p for p in roster if p.student not in students] for name, students in handed.items()}
    for name, people in sorted((absent or {"any set": list(roster)}).items(), key=lambda each: len(each[1])):
        if handed and len(people) > len(roster) / 2:
            yield f"{len(people)} of {len(roster)}: nothing for {name}, for which few handed in anything"
            continue
        for person in people:
            called = f" ({person.name})" if person.name != person.student else ""
            yield f"{person.student}{called}: nothing for {name}"


_TITLES = {
    shelf.NEW: "collected",
    shelf.RENEWED: "replaced by a newer attempt (the earlier one lies in .collected/earlier)",
    shelf.SAME: "already there, the same",
    shelf.OLDER: "kept: what is there is newer",
    shelf.UNSURE: "kept: other content, and nothing tells which is newer (--replace takes this download's)",
    shelf.CHANGED: "kept: somebody put or changed something there; move that folder away to collect it anew",
}


def _table(title: str, entries: Sequence[str], short: bool = False) -> list[str]:
    if not entries:
        return []
    head = f"{title}: {len(entries)}"
    if short:
        return [head]
    more = len(entries) - MOST_TOLD
    return [
        head,
        *(f"  {entry}" for entry in entries[:MOST_TOLD]),
        *([f"  and {more:,} more"] if more > 0 else []),
    ]


def collect(
    course: Course,
    source: Path,
    out: Path,
    roster: Roster | None = None,
    replace: bool = False,
    layout: str = "",
) -> Collected:
    """Sort a download into `out`. Raises `PipelineError` when that can't be done.

    replace: see `Shelf.put`. layout: one of `layouts.NAMES`, where it was taken for another.
    """
    here, there = source.resolve(), out.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise PipelineError(f"{out} and {source} lie in each other; give a folder of its own to --out.")
    sets = Sets(course.sets())
    with archives.opened(source) as tree:
        reading, others = read_layout(tree, sets.names, roster, layout)
        result = Collected(reading.layout, others, left_out=[*tree.left_out, *reading.left_out])
        if sets.not_built:
            result.notes.append(
                f"Not built: {', '.join(sets.not_built)}; their notebooks are known by name only. Run grader build."
            )
        with shelf.open_shelf(out) as kept:
            _Sorter(sets, roster, reading, tree.made, result).run(kept, replace)
    if roster is not None:
        result.notes += roster.remarks
    return result


@dataclass
class _Found:
    """A notebook of a unit, with what lies beside it."""

    unit: Unit
    item: Item
    data: bytes
    beside: dict[str, Item]
    exact: bool


class _Sorter:
    def __init__(
        self, sets: Sets, roster: Roster | None, reading: Reading, made: float, result: Collected
    ) -> None:
        self._sets, self._roster, self._reading = sets, roster, reading
        self._made, self._result = made, result

    def run(self, kept: Shelf, replace: bool) -> None:
        by_student: dict[str, list[Unit]] = {}
        named: dict[str, set[tuple[str, ...]]] = {}
        for unit in self._reading.units:
            if student := self._student(unit):
                by_student.setdefault(student, []).append(unit)
                named.setdefault(student, set()).add(tuple(unit.who.values()))
        if self._roster is None:
            self._without_roster(by_student, named)
        handed: dict[str, set[str]] = {}
        for student, units in sorted(by_student.items()):
            found: dict[str, list[_Found]] = {}
            for unit in units:
                for set_name, notebook in self._notebooks(unit):
                    found.setdefault(set_name, []).append(notebook)
            for set_name, notebooks in sorted(found.items()):
                handed.setdefault(set_name, set()).add(student)
                self._put(kept, student, set_name, notebooks, replace)
        self._result.sets = sorted(handed)
        if self._roster is not None:
            self._result.missing = list(_missing(self._roster, handed))
        if not any(unit.when for unit in self._reading.units) and self._reading.layout in (
            "moodle",
            "canvas",
        ):
            self._result.notes.append(
                "This download does not say when anything was handed in, so nbgrader takes no points for lateness: who "
                "was late must be told to the gradebook."
            )

    def _student(self, unit: Unit) -> str:
        """The id of who handed something in, "" for whoever can't be told."""
        who = unit.who
        if self._roster is None:
            student = (
                who.get("id") or who.get("github") or who.get("sid") or who.get("email") or who.get("canvas")
            )
            student = student or who.get("full name", "")
            if why := no_student(student) or (
                "it is no name of a folder." if set("/\\") & set(student) else ""
            ):
                self._result.unknown.append((unit.called, f"{student!r} can't be an id: {why}"))
                return ""
            return student
        person, remark = person_of(unit, self._roster)
        if person is None:
            known = ", ".join(f"{key} {value}" for key, value in who.items() if value)
            self._add(self._result.unknown, (known, remark))
            return ""
        if remark:
            self._add(self._result.alike if "case" in remark else self._result.notes, remark)
        return person.student

    def _without_roster(
        self, by_student: dict[str, list[Unit]], named: Mapping[str, set[tuple[str, ...]]]
    ) -> None:
        for student in [s for s, whos in named.items() if len(whos) > 1 and self._reading.layout == "moodle"]:
            del by_student[student]
            self._result.doubled.append((student, "two people have this name; --roster tells them apart"))
        if self._reading.layout == "canvas":
            self._result.notes.append("Without --roster, the ids are Canvas's numbers.")
        groups: dict[str, list[str]] = {}
        for student in by_student:
            groups.setdefault(folded(student), []).append(student)
        for group in groups.values():
            if len(group) > 1:
                self._result.alike.append(
                    f"{', '.join(map(repr, group))}: each was collected as a student of its own"
                )

    def _notebooks(self, unit: Unit) -> list[tuple[str, _Found]]:
        """Return the notebooks that lie in a unit, each with its set and the files that lie in its folder."""
        items = self._unpacked(unit)
        found: list[tuple[str, Item, bytes]] = []
        for item in items:
            if not is_work(item.name) or is_archive(item.name):
                continue
            try:
                data = item.read()
            except Refused as error:
                self._leave(unit, item.path, str(error))
                continue
            set_name, remark = self._sets.of(item.name, data, unit.hint)
            if not set_name:
                self._leave(unit, item.path, "it belongs to no set, by its name and by its cells")
                continue
            if remark:
                self._add(self._result.notes, f"{unit.called}, {item.path}: {remark}.")
            found.append((set_name, item, data))
        beside = {id(item): self._beside(item, items) for _, item, _ in found}
        taken = {id(other) for files in beside.values() for other in files.values()}
        for item in items:
            if id(item) not in taken and not is_work(item.name) and item.name not in {*SKIPPED, _TIME}:
                self._leave(unit, item.path, "it lies beside no notebook")
        return [
            (name, _Found(unit, item, data, beside[id(item)], self._sets.is_exact(item.name, name)))
            for name, item, data in found
        ]

    def _beside(self, notebook: Item, items: Sequence[Item]) -> dict[str, Item]:
        folder = notebook.parts[:-1]
        return {
            "/".join(item.parts[len(folder) :]): item
            for item in items
            if item.parts[: len(folder)] == folder
            and not is_work(item.name)
            and not set(item.parts) & SKIPPED
            and item.parts[len(folder) :] != (_TIME,)
        }

    def _unpacked(self, unit: Unit) -> list[Item]:
        """Return the files of a unit, those in archives among them; an archive in an archive stays closed."""
        items: list[Item] = []
        for item in unit.files:
            if not is_archive(item.name):
                items.append(item)
                continue
            try:
                tree = archives.inside(item.read(), item.name)
            except Refused as error:
                self._leave(unit, item.path, str(error))
                continue
            for name, why in tree.left_out:
                self._leave(unit, f"{item.path}/{name}", why)
            # Under the archive's own place, as if it had been unpacked there.
            tops = {inner.parts[0] for inner in tree.items}
            above = item.parts[:-1] if len(tops) == 1 else item.parts
            for inner in tree.items:
                if is_archive(inner.name):
                    self._leave(unit, f"{item.path}/{inner.path}", "it is an archive in an archive")
                else:
                    items.append(Item((*above, *inner.parts), inner.read))
        return items

    def _put(
        self, kept: Shelf, student: str, set_name: str, notebooks: Sequence[_Found], replace: bool
    ) -> None:
        chosen = self._latest(student, set_name, notebooks)
        if chosen is None:
            return
        files: dict[str, bytes] = {f"{set_name[3:]}.ipynb": chosen.data}
        limits, total = Limits(), 0
        for name, item in sorted(chosen.beside.items()):
            try:
                data = item.read()
            except Refused as error:
                self._leave(chosen.unit, item.path, str(error))
                continue
            total += len(data)
            if len(files) > limits.extra_files or total > limits.extra_bytes:
                most = f"{limits.extra_files} files or {limits.extra_bytes // MEGABYTE} MB"
                self._leave(chosen.unit, item.path, f"more than {most} lie beside the notebook")
                continue
            if any(name.startswith(f"{other}/") or other.startswith(f"{name}/") for other in files):
                self._leave(chosen.unit, item.path, "a file and a folder have the same name")
                continue
            files[name] = data
        when = chosen.unit.when or self._told_time(chosen)
        if when is not None:
            files[_TIME] = when.strftime("%Y-%m-%d %H:%M:%S.%f UTC").encode()
        attempt = Attempt(files, when, self._reading.layout, chosen.unit.order, self._made)
        done = kept.put(student, set_name, attempt, replace)
        self._result.done.setdefault(done, []).append(f"{student}/{set_name}")
        if chosen.unit.late:
            self._result.late.append(f"{student}/{set_name}")

    def _told_time(self, found: _Found) -> datetime | None:
        """The time in a `timestamp.txt` beside the notebook."""
        wanted = (*found.item.parts[:-1], _TIME)
        for item in found.unit.files:
            if item.parts in (wanted, (_TIME,)):
                try:
                    return parse_time(item.read().decode(errors="replace"))
                except Refused:
                    return None
        return None

    def _latest(self, student: str, set_name: str, notebooks: Sequence[_Found]) -> _Found | None:
        """Return the notebook that counts: of the latest attempt, the one called as it was handed out."""
        ranked = sorted(notebooks, key=self._rank)
        best = ranked[-1]
        equals = [n for n in ranked if self._rank(n) == self._rank(best) and n.data != best.data]
        if equals:
            names = ", ".join(sorted(f"{n.unit.called}/{n.item.path}" for n in (*equals, best))[:5])
            self._result.doubled.append(
                (
                    f"{student}/{set_name}",
                    f"it is not plain which of these counts, so none was collected: {names}",
                )
            )
            return None
        for other in ranked[:-1]:
            if other.data != best.data or other.item.path != best.item.path:
                why = (
                    "an earlier attempt"
                    if self._order(other) != self._order(best)
                    else "another notebook of the set"
                )
                same = ", with the same content" if other.data == best.data else ""
                self._result.notes.append(
                    f"{student}/{set_name}: {other.item.path} was not taken, {why}{same}."
                )
        return best

    def _order(self, found: _Found) -> tuple[float, ...]:
        when = found.unit.when or self._told_time(found)
        return (when.timestamp() if when else 0.0, *found.unit.order)

    def _rank(self, found: _Found) -> tuple[float, ...]:
        return (*self._order(found), found.exact)

    def _leave(self, unit: Unit, path: str, why: str) -> None:
        self._add(self._result.left_out, (f"{unit.called}, {path}", why))

    @staticmethod
    def _add(entries: list, entry: object) -> None:  # type: ignore[type-arg]
        if entry not in entries:
            entries.append(entry)
