"""Which set a notebook belongs to: by the ids of its cells, else by the folder it was put into, else by its name."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from grader.judge.limits import Limits
from grader.judge.notebook_file import Unreadable, read_cells
from grader.pipeline.course import ExerciseSet


class Sets:
    """The sets of a course, by what tells their notebooks apart."""

    def __init__(self, sets: Sequence[ExerciseSet]) -> None:
        self.sets = list(sets)
        self.names = [each.name for each in sets]
        released = {each.name: _released(each.release) for each in sets}
        times = Counter(cell for cells in released.values() for cell in cells)
        self._own = {cell: name for name, cells in released.items() for cell in cells if times[cell] == 1}
        self.not_built = [name for name, cells in released.items() if not cells]

    def of(self, name: str, data: bytes, hint: str) -> tuple[str, str]:
        """Return the set's name, "" for none, and a remark for whoever collects."""
        by_name = self.by_name(name)
        by_cells = self._by_cells(data)
        expected = hint if hint in self.names else by_name
        if by_cells and expected and by_cells != expected:
            return by_cells, f"by its cells it is of {by_cells}, though it was handed in as {expected}"
        return by_cells or expected, ""

    def by_name(self, name: str) -> str:
        """Return the set whose notebook has this name, or a copy's of it: `Copy of perplexity (1).ipynb`."""
        stem = re.sub(r"\.ipynb(\.txt|\.json)?$", "", name, flags=re.IGNORECASE).casefold()
        for each in self.sets:
            if stem in (each.short_name.casefold(), each.name.casefold()):
                return each.name
        plain = f" {re.sub(r'[^a-z0-9]+', ' ', stem)} "
        found = [s for s in self.sets if f" {s.short_name.replace('_', ' ').casefold()} " in plain]
        longest = max((len(s.short_name) for s in found), default=0)
        found = [s for s in found if len(s.short_name) == longest]
        return found[0].name if len(found) == 1 else ""

    def is_exact(self, name: str, set_name: str) -> bool:
        """Return whether a notebook is called as it was handed out."""
        return name.casefold() == f"{set_name[3:]}.ipynb".casefold()

    def _by_cells(self, data: bytes) -> str:
        if b"grade_id" not in data:
            return ""
        try:
            cells = read_cells(data, Limits(), [])
        except Unreadable:
            return ""
        named = [str(cell["nbgrader"].get("grade_id")) for cell in cells]
        ranked = Counter(self._own[cell] for cell in named if cell in self._own).most_common(2)
        return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else ""


def _released(path: Path) -> set[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return set()
    return {c["metadata"]["nbgrader"]["grade_id"] for c in cells if "nbgrader" in c.get("metadata", {})}
