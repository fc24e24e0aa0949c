"""Which milestones of a derivation its lines reach, and what to say of each line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.cases.mark.forms import has, meets
from grader.cases.mark.known import Knowledge, agree, near
from grader.cases.mark.padding import unpadded
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
        self._out_of_reach: set[int] = set()
        self._reached: dict[str, tuple[int, str]] = {}
        for milestone in () if self._ends_where_it_began() else entry["milestones"]:
            found = self._first(milestone)
            if found is not None and self._may_follow(milestone, found[0]):
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
        if number in self._out_of_reach:
            return "True, but too weak: this line can lie beyond what is to be shown, so no step leads on to that."
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

    def _is_the_end(self, number: int) -> bool:
        return self._end is not None and number == len(self._judged) - 1

    def _said_before(self, number: int) -> str:
        view = self._judged[number].views[-1]
        if self._knowledge.same(view, self._entry["start"]):
            return "the start"
        for place, other in enumerate(self._judged[1:number], 1):
            if other.state == "true" and self._knowledge.same(view, other.views[-1]):
                worked_out = self._is_the_end(number) and any(n == place for n, _ in self._reached.values())
                return "" if worked_out else other.line.label
        return ""

    def _may_follow(self, milestone: Milestone, number: int) -> bool:
        """Whether a line comes no earlier than the milestone that another one rests on, where there is such a one."""
        before = milestone.get("after", "")
        return not before or (before in self._reached and self._reached[before][0] <= number)

    def _first(self, milestone: Milestone) -> tuple[int, str] | None:
        """The number of the first line that reaches a milestone, and what to say of it."""
        found = self._first_by_form(milestone)
        if found is None and milestone["termwise"]:
            return self._first_termwise(milestone["termwise"])
        return found

    def _first_by_form(self, milestone: Milestone) -> tuple[int, str] | None:
        for number, judged in enumerate(self._judged):
            on_the_way = judged.state == "true" and not self._is_the_end(number)
            said = self._reaches(milestone, number) if on_the_way else None
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
        if not meets(form, view) or self._knowledge.same(view, self._entry["start"]):
            return False
        told = [view, *unpadded(view, self._knowledge, self._entry["start"])]
        return all(meets(form, t) and (form["written"] or not self._ends(t)) for t in told)

    def _ends(self, tree: Tree) -> bool:
        """Whether a line is what is asked for, or the end in another dress."""
        return self._is_asked(tree) or (self._end is not None and self._knowledge.same(tree, self._end))

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
            elif self._is_beyond_the_goal(relation, after):
                self._out_of_reach.add(number)
            elif found is None and has(before, "Sum>log"):  # this step takes the logarithms out of the sum
                found = number, seen
        return None if self._asserted else found

    def _is_beyond_the_goal(self, relation: str, tree: Tree) -> bool:
        """Whether a line is somewhere on the other side of the goal, to which no true step leads from there."""
        pairs = zip(self._entry["goal"], self._knowledge.values(tree), strict=True)
        known = [(g, v) for g, v in pairs if g is not None and v is not None and not isinstance(v, str)]
        return any(not near(g, v) and (v > type(v)(g)) == _LOWER_FIRST[relation] for g, v in known)

    def _views_of(self, tree: Tree) -> tuple[Tree, ...]:
        return next((j.views for j in self._judged if j.line.tree == tree and j.views), (tree,))
