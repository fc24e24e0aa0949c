"""What rests on what in the book: a graph of its equations, worked out from the chapters' sources and the ledger.

An equation needs another one, which stands before it, if

- the paragraph that leads to it names it by ``{eq}``, or one of its steps does in its reason;
- its starting point contains the other one's result (the ledger's ``reuses``);
- it says so: ``needs=["kl-definition"]`` in the derivation, or a comment ``% needs: kl-definition`` above a
  definition.

The order of the book is the order of the graph, so it has no cycle: whatever points to a later equation is an error
where it is declared, and no need where the text only looks ahead. Exercises belong to the sections that a chapter's
list names.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.algebra.errors import AlgebraError
from grader.algebra.printing import RELATION_TEX

_PART = re.compile(
    r"^```\{code-cell\}.*?^```$"  # a cell
    r"|^\$\$\n(?P<tex>.*?)^\$\$ \((?P<definition>[^)\n]+)\)$"  # a definition
    r"|(?:^\((?P<anchor>[^)\n]+)\)=\n)?^(?P<level>#+) (?P<heading>[^\n]+)$",
    re.DOTALL | re.MULTILINE,
)
_MADE = re.compile(r'\b(Flawed)?(?:Derivation|equation)\(\s*"([^"]+)"')
_EQ, _REF = re.compile(r"\{eq\}`([^`<>]+)`"), re.compile(r"\{(?:ref|doc)\}`(?:[^`<>]*<)?([^`<>]+)>?`")
_REPRINTED = re.compile(r"^`{3,}\{reprint\} (\S+)$", re.MULTILINE)
_DECLARED = re.compile(r"^% needs: *(.+)$", re.MULTILINE)
# What a chain of these relations shows between its ends: = and ≤ give ≤; with a < among them, <.
_SHOWN = (({"="}, "="), ({"=", "≤"}, "≤"), ({"=", "≥"}, "≥"), ({"=", "≤", "<"}, "<"), ({"=", "≥", ">"}, ">"))
_ADMONITION = re.compile(r"^(:{3,})\{.*?^\1$\n?", re.DOTALL | re.MULTILINE)
_DEFINED = re.compile(r"^:{3,}\{admonition\} (Definition: .+)$", re.MULTILINE)
_TASK = re.compile(r"^(\d+)\. (.+(?:\n +.+)*)", re.MULTILINE)


@dataclass
class Section:
    """A section of a chapter: its anchor, its heading, and the exercises that it prepares, as (set, number)."""

    anchor: str
    heading: str
    exercises: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Equation:
    """A displayed equation: its label, where it stands, and the labels of what it needs, in the book's order.

    number: as it is printed, (chapter, place). defines: whether it is a definition, which is set by hand. tex: what it
    says, to be printed once more: a definition as it stands, a derivation with its two ends; "" where its steps show
    nothing about these.
    """

    label: str
    number: tuple[int, int]
    title: str
    section: Section
    defines: bool
    tex: str = ""
    needs: list[str] = field(default_factory=list)


@dataclass
class Chapter:
    """A chapter of the map: its file, its title, its equations, and what it says that it needs.

    asked_for: the chapters that its text asks for. reprinted: labels of results that it prints once more. mentioned:
    the labels that it names anywhere; they tell what a chapter of questions is about, whose own equations rest on
    none of the others'.
    """

    name: str
    title: str
    sections: list[Section] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    reprinted: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)

    @property
    def needed(self) -> set[str]:
        """The labels of other chapters' equations that it needs or prints again, or else those that it mentions."""
        own = {equation.label for equation in self.equations}
        needed = self.reprinted.union(*(equation.needs for equation in self.equations)) - own
        return needed or (set() if self.asked_for else self.mentioned - own)

    @property
    def number(self) -> int:
        """The number of its file, which the site prints."""
        return int(self.name[:2])


@dataclass
class Concepts:
    """The graph: chapters and their equations in the book's order.

    Raises AlgebraError for a label that is missing, used twice, or needed before it stands.
    """

    chapters: list[Chapter]

    def __post_init__(self) -> None:
        known: dict[str, Equation] = {}
        for equation in self.equations:
            if equation.label in known:
                raise AlgebraError(f"The label {equation.label} is used twice.")
            for need in equation.needs:
                if need not in known:
                    raise AlgebraError(
                        f"{equation.label} needs {need}, and no equation before it has that label."
                    )
            known[equation.label] = equation
        self.by_label = known

    @property
    def equations(self) -> list[Equation]:
        """All equations in the book's order."""
        return [equation for chapter in self.chapters for equation in chapter.equations]

    def leads_to(self, label: str) -> list[Equation]:
        """Return the equations that need this one."""
        return [equation for equation in self.equations if label in equation.needs]

    def chapter_of(self, label: str) -> Chapter:
        """Return the chapter in which an equation stands."""
        return next(c for c in self.chapters if c.number == self.by_label[label].number[0])

    def between(self, chapter: Chapter) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return what a chapter needs and what it leads to: other chapters' names → labels of the needed equations.

        Of an earlier chapter, its equations that are needed here; for a later one, those of here that it needs. A
        chapter that the text asks for without naming an equation has an empty list.
        """
        needs: dict[str, list[str]] = {}
        leads: dict[str, list[str]] = {}
        for other in self.chapters:
            early, late = (other, chapter) if other.number < chapter.number else (chapter, other)
            labels = [equation.label for equation in early.equations if equation.label in late.needed]
            if other.name != chapter.name and (labels or early.name in late.asked_for):
                (needs if early.name == other.name else leads)[other.name] = labels
        return needs, leads


def concepts(sources: Mapping[str, str], ledger: Iterable[Mapping[str, Any]]) -> Concepts:
    """Return the graph of the book.

    sources: chapters' names, such as ``01_sequences`` → their MyST text. ledger: the entries of ``build/ledger.json``.
    Raises AlgebraError for a label that is missing, used twice, or needed before it stands.
    """
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for entry in ledger:
        entries.setdefault(str(entry["label"]), []).append(entry)
    anchors: dict[str, str] = {}  # of chapters
    chapters: list[Chapter] = []
    seen: list[str] = []
    for name, text in sorted(sources.items()):
        chapter = _read(name, text, entries, seen, anchors)
        seen.extend(equation.label for equation in chapter.equations)
        chapters.append(chapter)
    _give_exercises(chapters, sources)
    for chapter in chapters:
        chapter.asked_for = [anchors[target] for target in chapter.asked_for if target in anchors]
    return Concepts(chapters)


def _read(
    name: str,
    text: str,
    entries: Mapping[str, list[Mapping[str, Any]]],
    before: Sequence[str],
    anchors: dict[str, str],
) -> Chapter:
    chapter, seen = Chapter(name, name), list(before)
    place, end, defined = 0, 0, "Definition"
    for part in _PART.finditer(text):
        lead = text[end : part.start()]
        if part["level"]:
            section = Section(part["anchor"] or "", part["heading"])
            chapter.sections.append(section)
            if part["level"] == "#":
                chapter.title = part["heading"]
                anchors.update({part["anchor"] or name: name, name: name})
        made = [("", part["definition"])] if part["definition"] else _MADE.findall(part[0])
        for kind, label in made:
            place += 1
            if kind:  # a chain with a wrong line is printed with a number, and nothing may rest on it
                continue
            entry = entries.get(label, [{}])[0]
            if not entry and not part["definition"]:
                raise AlgebraError(
                    f"The ledger does not know {label} of {name}; make it again: grader ledger --json."
                )
            named = _named(lead, part[0], bool(part["definition"]), label)
            wanted = [*entry.get("needs", ()), *_declared(lead)]
            wanted += [need for need in (*named, *entry.get("reuses", ())) if need in seen]
            if opened := _DEFINED.findall(lead):
                defined = opened[-1]
            if part["definition"]:
                title, tex = defined, part["tex"].strip().rstrip(" .,")
            else:
                title, tex = str(entry.get("title") or _in_words(label)), _ends(entries[label])
            chapter.equations.append(
                Equation(
                    label,
                    (chapter.number, place),
                    title,
                    chapter.sections[-1],
                    bool(part["definition"]),
                    tex,
                    wanted,
                )
            )
            seen.append(label)
        end = part.end()
    order = {label: place for place, label in enumerate(seen)}
    for equation in chapter.equations:
        equation.needs = sorted(set(equation.needs), key=lambda need: order.get(need, 0))
    chapter.asked_for = _asked_for(text)
    chapter.reprinted, chapter.mentioned = set(_REPRINTED.findall(text)), set(_EQ.findall(text))
    return chapter


def _ends(steps: list[Mapping[str, Any]]) -> str:
    """The TeX of a chain's two ends and of what its relations show between them; "" where they show nothing."""
    chain = [step for step in steps if step["relation"]]
    shown = shown_relation([step["relation"] for step in chain])
    return f"{chain[0]['from']} {RELATION_TEX[shown]} {chain[-1]['tex']}" if shown else ""


def shown_relation(relations: Sequence[str]) -> str | None:
    """Return what a chain of these relations shows between its two ends; None where it shows nothing.

    >>> shown_relation("=≤="), shown_relation("≤≥"), shown_relation("≈")
    ('≤', None, '≈')
    """
    if len(relations) == 1:
        return relations[0]
    return next((sign for known, sign in _SHOWN if relations and set(relations) <= known), None)


def _in_words(label: str) -> str:
    return label.replace("-", " ").capitalize()


def _named(lead: str, part: str, defines: bool, label: str) -> list[str]:
    """The labels that the paragraph before an equation names, and those in its reasons.

    What stands in an admonition is an aside; but a definition stands in one, and its own words lead to it.
    """
    if defines:
        lead = re.sub(r"^:{3,}\{[^\n]*\n?", "\n", lead, flags=re.MULTILINE)
    paragraphs = [p for p in _ADMONITION.sub("\n", lead).split("\n\n") if p.strip()]
    own = "" if defines else part
    return [found for found in _EQ.findall((paragraphs or [""])[-1] + own) if found != label]


def _declared(lead: str) -> list[str]:
    return [label.strip() for line in _DECLARED.findall(lead) for label in line.split(",")]


def _asked_for(text: str) -> list[str]:
    """The targets in the paragraph that begins with "You need"."""
    asked = re.search(r"^You need .*?(?=\n\n)", text, re.DOTALL | re.MULTILINE)
    return _REF.findall(asked[0]) if asked else []


def _give_exercises(chapters: Sequence[Chapter], sources: Mapping[str, str]) -> None:
    """Note in each section the exercises whose line refers to it, or to an equation in it."""
    homes = {
        section.anchor: section for chapter in chapters for section in chapter.sections if section.anchor
    }
    of_label = {e.label: e.section for chapter in chapters for e in chapter.equations}
    for chapter in chapters:
        listed = re.search(
            r"^## Exercises\n(.*?)(?=^\(|^#|\Z)", sources[chapter.name], re.DOTALL | re.MULTILINE
        )
        for number, line in _TASK.findall(listed[1]) if listed else []:
            named = [homes.get(target) for target in _REF.findall(line)]
            named += [of_label.get(label) for label in _EQ.findall(line)]
            for section in named:
                exercise = (chapter.number, int(number))
                if section is not None and exercise not in section.exercises:
                    section.exercises.append(exercise)
