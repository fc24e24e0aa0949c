"""Which milestones of a derivation its lines reach, and what to say of each line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.cases.mark.forms import has, meets
from grader.cases.mark.known import Knowledge
from grader.cases.mark.termwise import Termwise
from grader.cases.mark.trees import Tree, simplified

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
        self._reached: dict[str, int] = {}
        for milestone in entry["milestones"]:
            number = self._first(milestone)
            if number is not None:
                self._reached[milestone["code"]] = number

    @property
    def missing(self) -> list[Milestone]:
        """The milestones that no line reaches."""
        return [m for m in self._entry["milestones"] if m["code"] not in self._reached]

    def told(self, number: int) -> str:
        """Return what to say of a true line."""
        here = [m["says"] for m in self._entry["milestones"] if self._reached.get(m["code"]) == number]
        if here:
            return f"True, and it brings you on: {' and '.join(here)}."
        if number in self._asserted:
            return "True, but it is no easier to see than what is to be shown. Go term by term."
        if number == 0:
            return ""
        twin = self._said_before(number)
        return f"True, but it says the same as {twin}." if twin else "True."

    def _said_before(self, number: int) -> str:
        view = self._judged[number].views[-1]
        if self._knowledge.same(view, self._entry["start"]):
            return "the start"
        for other in self._judged[1:number]:
            if other.state == "true" and self._knowledge.same(view, other.views[-1]):
                return other.line.label
        return ""

    def _plain(self, tree: Tree) -> Tree:
        return simplified(tree, self._knowledge.trivial)

    def _first(self, milestone: Milestone) -> int | None:
        """The number of the first line that reaches a milestone."""
        if milestone.get("termwise"):
            return self._first_termwise(milestone["termwise"])
        for number, judged in enumerate(self._judged):
            is_end = self._end is not None and number == len(self._judged) - 1
            if judged.state == "true" and not is_end and self._reaches(milestone, judged):
                return number
        return None

    def _reaches(self, milestone: Milestone, judged: "Judged") -> bool:
        name = milestone.get("opens")
        if name and name in self._judged[0].line.names and name not in judged.line.names:
            return not self._is_asked(judged.line.tree)
        return any(
            self._is_on_the_way(view, form)
            for form in milestone["forms"]
            for view in (judged.views if form["written"] else map(self._plain, judged.views))
        )

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

    def _first_termwise(self, weights: str) -> int | None:
        """The first inequality, when each that is one in earnest can be seen term by term."""
        termwise, found = Termwise(self._knowledge, weights), None
        for number, judged in enumerate(self._judged):
            relation, before, after = judged.line.relation, judged.before, judged.line.tree
            if judged.state != "true" or relation not in _LOWER_FIRST:
                continue
            if self._knowledge.relate(before, "=", after).holds:
                continue
            sides = [(b, a) for b in self._views_of(before) for a in judged.views]
            ordered = sides if _LOWER_FIRST[relation] else [(a, b) for b, a in sides]
            if not any(termwise.elementary(lower, upper) for lower, upper in ordered):
                self._asserted.add(number)
            elif found is None:
                found = number
        return None if self._asserted else found

    def _views_of(self, tree: Tree) -> tuple[Tree, ...]:
        return next((j.views for j in self._judged if j.line.tree == tree and j.views), (tree,))
