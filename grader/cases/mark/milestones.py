"""Which milestones of a derivation its lines reach, and what to say of each line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.cases.mark.forms import has, meets
from grader.cases.mark.known import Knowledge, agree
from grader.cases.mark.termwise import Termwise
from grader.cases.mark.trees import Tree

if TYPE_CHECKING:
    from grader.cases.mark.derivation import Judged

Milestone = Mapping[str, Any]
_LOWER_FIRST = {"≤": True, "<": True, "≥": False, ">": False}


class Milestones:
    """The milestones of a task that a judged derivation reaches.

    concluded: whether its last line is the end that is asked for.
    """

    def __init__(
        self, entry: Mapping[str, Any], judged: Sequence["Judged"], knowledge: Knowledge, concluded: bool
    ) -> None:
        self._entry, self._judged, self._knowledge = entry, judged, knowledge
        self._end = judged[-1].line.tree if concluded else None
        self._asserted: set[int] = set()
        self._too_weak: set[int] = set()
        self._reached: dict[str, tuple[int, str]] = {}
        for milestone in () if self._ends_where_it_began() else entry["milestones"]:
            found = self._first(milestone)
            if found is not None:
                self._reached[milestone["code"]] = found

    @property
    def missing(self) -> list[Milestone]:
        """The milestones that no line reaches."""
        return [m for m in self._entry["milestones"] if m["code"] not in self._reached]

    def told(self, number: int) -> str:
        """Return what to say of a true line."""
        here = dict.fromkeys(said for line, said in self._reached.values() if line == number)
        if here:
            return f"True, and it brings you on: {', and '.join(here)}."
        if number in self._asserted:
            return "True, but it is no easier to see than what is to be shown. Go term by term."
        if number in self._too_weak:
            return "True, but the line before it is what is to be shown, and this one says less."
        if number == 0:
            return ""
        twin = self._said_before(number)
        return f"True, but it says the same as {twin}." if twin else "True."

    def _ends_where_it_began(self) -> bool:
        last = self._judged[-1]
        start = self._entry["start"]
        return last.state == "true" and all(self._knowledge.same(view, start) for view in last.views)

    def _said_before(self, number: int) -> str:
        view = self._judged[number].views[-1]
        if self._knowledge.same(view, self._entry["start"]):
            return "the start"
        for other in self._judged[1:number]:
            if other.state == "true" and self._knowledge.same(view, other.views[-1]):
                return other.line.label
        return ""

    def _first(self, milestone: Milestone) -> tuple[int, str] | None:
        """The number of the first line that reaches a milestone, and what to say of it."""
        if milestone["termwise"]:
            return self._first_termwise(milestone["termwise"])
        for number, judged in enumerate(self._judged):
            is_end = self._end is not None and number == len(self._judged) - 1
            said = self._reaches(milestone, number) if judged.state == "true" and not is_end else None
            if said is not None:
                return number, said
        return None

    def _reaches(self, milestone: Milestone, number: int) -> str | None:
        judged = self._judged[number]
        if milestone["opens"] and self._opens(milestone["opens"], number):
            return "the definition is used"
        for form in milestone["forms"]:
            views = judged.views if form["written"] else map(self._knowledge.plain, judged.views)
            if any(self._is_on_the_way(view, form) for view in views):
                return form["says"] or milestone["says"]
        return None

    def _opens(self, name: str, number: int) -> bool:
        """Whether a line says what an earlier one says, with the definition for the name."""
        line = self._judged[number].line
        named = (j.line for j in self._judged[:number] if j.state == "true" and name in j.line.names)
        return name not in line.names and any(self._knowledge.same(line.tree, other.tree) for other in named)

    def _is_on_the_way(self, view: Tree, form: Mapping[str, Any]) -> bool:
        if not meets(form, view):
            return False
        if self._knowledge.same(view, self._entry["start"]):
            return False
        if form["written"]:
            return True
        return not self._is_asked(view) and (self._end is None or not self._knowledge.same(view, self._end))

    def _is_asked(self, tree: Tree) -> bool:
        return meets(self._entry["form"], tree) and not has(tree, "Limit")

    def _first_termwise(self, weights: str) -> tuple[int, str] | None:
        """The first inequality and how it is seen, when each that is one in earnest can be seen term by term.

        What comes after the goal proves nothing that is asked for: it may be as weak as it likes.
        """
        termwise, found = Termwise(self._knowledge, weights), None
        for number, judged in enumerate(self._judged):
            relation, before, after = judged.line.relation, judged.before, judged.line.tree
            if judged.state != "true" or relation not in _LOWER_FIRST:
                continue
            if self._knowledge.relate(before, "=", after).holds:
                continue
            if agree(self._entry["goal"], self._knowledge.values(before)):
                self._too_weak.add(number)
                continue
            sides = [(b, a) for b in self._views_of(before) for a in judged.views]
            ordered = sides if _LOWER_FIRST[relation] else [(a, b) for b, a in sides]
            seen = next(filter(None, (termwise.elementary(*pair) for pair in ordered)), "")
            if not seen:
                self._asserted.add(number)
            elif found is None and has(before, "Sum>log"):  # this step takes the logarithms out of the sum
                found = number, seen
        return None if self._asserted else found

    def _views_of(self, tree: Tree) -> tuple[Tree, ...]:
        return next((j.views for j in self._judged if j.line.tree == tree and j.views), (tree,))
