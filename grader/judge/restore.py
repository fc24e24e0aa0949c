"""The submitted bytes, put back into the shape of the release.

What a student may change is the content of answer cells, and cells of their own. Everything else comes from the
release: a check cell that was renamed, edited, doubled or deleted is put back, and a sentence says so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judge.exercise import CHECK, LOCKED, SOLUTION, TEXT, ReleasedCell, ReleasedSet, source_of
from grader.judge.limits import Limits
from grader.judge.notebook_file import RawCell, Unreadable, read_cells
from grader.judge.numbers import stated_numbers

_NAMED = 5  # of many things that are wrong in the same way
NAMES = {CHECK: "check cell", SOLUTION: "answer cell", TEXT: "text answer", LOCKED: "fixed cell"}


@dataclass
class Cell:
    """A cell on its way to the kernel; `grade_id` is None for a student's own cell."""

    kind: str  # code, markdown or raw
    source: str
    grade_id: str | None = None
    role: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, Any] = field(default_factory=dict)  # the pictures that a text cell carries with it


@dataclass
class Restored:
    """The cells to run, and what was wrong with the submission in sentences to the student."""

    cells: list[Cell]
    problems: list[str]
    readable: bool = True
    stated: dict[str, Any] = field(default_factory=dict)  # drawn numbers, as they were handed in


def restore(data: bytes | None, exercise: ReleasedSet, limits: Limits) -> Restored:
    """Return the submission's cells in the shape of the release.

    Anything may be given: what is no notebook comes back as the release's own cells, with a sentence. Cells keep the
    order in which they were handed in.
    """
    problems: list[str] = []
    try:
        if data is None:
            raise Unreadable("No notebook was handed in.")
        cells = [_as_cell(raw) for raw in read_cells(data, limits, problems)]
    except Unreadable as unreadable:
        pristine = [Cell(c["cell_type"], source_of(c)) for c in exercise.notebook["cells"]]
        for cell, released in zip(pristine, exercise.notebook["cells"], strict=True):
            cell.grade_id = released.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        labelled = exercise.labelled
        return Restored(
            [_with_release(c, labelled) for c in pristine], [*problems, str(unreadable)], readable=False
        )
    return _restore_cells(cells, exercise, problems)


def _as_cell(raw: RawCell) -> Cell:
    meta = raw["nbgrader"]
    grade_id = meta.get("grade_id")
    named = grade_id if isinstance(grade_id, str) and grade_id else None
    return Cell(raw["cell_type"], raw["source"], named, None, meta, raw["attachments"])


def _take_foreign_ids(cells: list[Cell], exercise: ReleasedSet) -> tuple[list[str], Counter[str]]:
    """Take away ids that the release does not have; return the unknown ones, and how many are other sets'."""
    known = exercise.labelled
    unknown: list[str] = []
    foreign: Counter[str] = Counter()
    for cell in cells:
        if cell.grade_id is None or cell.grade_id in known:
            continue
        if cell.grade_id in exercise.elsewhere:
            foreign[exercise.elsewhere[cell.grade_id]] += 1
        else:
            unknown.append(cell.grade_id)
        cell.grade_id = None
    return unknown, foreign


def _restore_cells(cells: list[Cell], exercise: ReleasedSet, problems: list[str]) -> Restored:
    labelled = exercise.labelled
    unknown, foreign = _take_foreign_ids(cells, exercise)
    _recognise_by_source(cells, labelled)
    stated = stated_numbers(cells, exercise)
    if not any(cell.grade_id and labelled[cell.grade_id].role != LOCKED for cell in cells):
        # One sentence says it all; that each of its cells is missing would be twenty more.
        return Restored(_put_in_shape(cells, labelled, []), [*problems, _none_of_ours(exercise, foreign)])
    for name in unknown[:_NAMED]:
        problems.append(f"A cell has the unknown id {_quoted(name)}; it counts as a cell of your own.")
    if len(unknown) > _NAMED:
        problems.append(
            f"So do {_count(len(unknown) - _NAMED, 'further cell', 'further cells')} with unknown ids."
        )
    for name, count in foreign.items():
        problems.append(f"{_count(count, 'cell belongs', 'cells belong')} to {name}; not marked here.")
    return Restored(_put_in_shape(cells, labelled, problems), problems, stated=stated)


def _put_in_shape(cells: list[Cell], labelled: Mapping[str, ReleasedCell], problems: list[str]) -> list[Cell]:
    _settle_duplicates(cells, labelled, problems)
    order = [c.grade_id for c in cells if c.grade_id]
    if order != [grade_id for grade_id in labelled if grade_id in order]:
        problems.append(
            "Cells stand in another order than in the exercise; they were run in the order handed in."
        )
    for index, cell in enumerate(cells):
        if cell.grade_id:
            _report_changes(cell, labelled[cell.grade_id], problems)
        cells[index] = _with_release(cell, labelled)
    for grade_id, released in labelled.items():
        if grade_id not in order:
            _put_back(cells, released, list(labelled), problems)
    return cells


def _recognise_by_source(cells: list[Cell], labelled: Mapping[str, ReleasedCell]) -> None:
    """Give a cell whose label was lost (some editors drop metadata) its id back, when its text is the release's."""
    present = {c.grade_id for c in cells}
    for grade_id, released in labelled.items():
        if grade_id not in present and released.role in (CHECK, LOCKED):
            for cell in cells:
                if cell.grade_id is None and cell.source.strip() == released.source.strip():
                    cell.grade_id, cell.metadata = grade_id, {}
                    break


def _settle_duplicates(cells: list[Cell], labelled: Mapping[str, ReleasedCell], problems: list[str]) -> None:
    for grade_id, released in labelled.items():
        copies = [c for c in cells if c.grade_id == grade_id]
        if len(copies) < 2:
            continue
        changed = [c for c in copies if c.source.strip() != released.source.strip()]
        # The last one counts, as in nbgrader; but a text answer that was written beats one that was left empty.
        kept = changed[-1] if released.role == TEXT and changed else copies[-1]
        for copy in copies:
            if copy is not kept:
                copy.grade_id = None
        which = "the last written one" if released.role == TEXT else "the last one"
        problems.append(
            f"The {NAMES[released.role]} {_quoted(grade_id)} stood {len(copies)} times; {which} counts."
        )


def _report_changes(cell: Cell, released: ReleasedCell, problems: list[str]) -> None:
    name = f"The {NAMES[released.role]} {_quoted(released.grade_id)}"
    if cell.kind != released.cell["cell_type"]:
        problems.append(f"{name} had become a {cell.kind} cell; it was turned back.")
    if released.role in (CHECK, LOCKED) and cell.source.strip() != released.source.strip():
        problems.append(f"{name} had been changed; the original was used.")
    kept = released.cell["metadata"]["nbgrader"]
    if any(
        cell.metadata.get(key, kept[key]) != kept[key]
        for key in ("grade", "solution", "points")
        if key in kept
    ):
        problems.append(
            f"{name} had other settings or points than the exercise; the original ones were used."
        )


def _with_release(cell: Cell, labelled: Mapping[str, ReleasedCell]) -> Cell:
    """Return the cell with everything that is not the student's taken from the release."""
    if cell.grade_id is None:
        return Cell(cell.kind, cell.source, attachments=cell.attachments)
    released = labelled[cell.grade_id]
    own = released.role in (SOLUTION, TEXT)
    source = cell.source if own else released.source
    metadata = dict(released.cell["metadata"])
    pictures = cell.attachments if released.role == TEXT else dict(released.cell.get("attachments", {}))
    return Cell(released.cell["cell_type"], source, cell.grade_id, released.role, metadata, pictures)


def _put_back(cells: list[Cell], released: ReleasedCell, order: list[str], problems: list[str]) -> None:
    name = f"The {NAMES[released.role]} {_quoted(released.grade_id)}"
    if released.role == SOLUTION:
        # Putting the stub back would overwrite an answer that stands in a cell which lost its label.
        problems.append(
            f"{name} is missing. An answer in another cell counts if that cell stands before the check."
        )
        return
    problems.append(f"{name} was missing and was put back.")
    metadata = dict(released.cell["metadata"])
    restored = Cell(released.cell["cell_type"], released.source, released.grade_id, released.role, metadata)
    cells.insert(_place(cells, released, order), restored)


def _place(cells: list[Cell], released: ReleasedCell, order: list[str]) -> int:
    """Return where a missing cell goes: as late as its answer may stand, and before the next task begins."""
    at = {c.grade_id: i for i, c in enumerate(cells) if c.grade_id}
    place = order.index(released.grade_id)
    if released.role == LOCKED:
        return max((at[i] + 1 for i in order[:place] if i in at), default=0)
    solution = released.grade_id.removeprefix("check-")
    if solution in at and solution != released.grade_id:
        after = at[solution] + 1
        while after < len(cells) and cells[after].grade_id is None and cells[after].kind == "code":
            after += 1
        return after
    return next((at[i] for i in order[place + 1 :] if i in at), len(cells))


def _none_of_ours(exercise: ReleasedSet, foreign: Counter[str]) -> str:
    if foreign:
        return f"This is the notebook of {foreign.most_common(1)[0][0]}, handed in for {exercise.name}."
    return (
        "The notebook holds none of the exercise's answer and check cells. The checks were put at its end, and saw "
        "only what your own cells define. Answer in the notebook that you were given, and hand in that one."
    )


def _quoted(name: str) -> str:
    return "“" + "".join(c if c.isprintable() else " " for c in name[:60]) + "”"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
