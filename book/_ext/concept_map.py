"""Sphinx extension: the concept map, and at each chapter's head what it needs and what it leads to.

And ``{again}`label` `` on a line of its own prints an equation once more: a definition as it stands, a
derivation with its two ends, from the ledger.

All are made from the chapters' sources and the ledger by ``grader.algebra.concepts``. What a derivation needs and
nobody displays fails the build. A chapter is read again when what stands at its head changes, though its source
does not.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from arcs import Row, arc_diagram
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from grader.algebra.concepts import Chapter, Concepts, Equation, Section, concepts
from grader.algebra.errors import AlgebraError

PAGE, HERE = "book/concept_map", "% the map stands here"
AIMS = re.compile(r"^:::\{admonition\} Aims\n.*?^:::$\n", re.DOTALL | re.MULTILINE)
TITLE = re.compile(r"^# .*$\n", re.MULTILINE)
AGAIN = re.compile(r"\{again\}`([^`]+)`")
SHOWN = 4  # equations of a chapter that are named at another's head; the map has all


class ConceptMap:
    """What the pages get: blocks of MyST by document."""

    def __init__(self) -> None:
        self.blocks: dict[str, str] = {}
        self.graph = Concepts([])

    def make(self, app: Sphinx) -> None:
        """Work the graph out. Raises ExtensionError when a chapter needs what is not there."""
        root = Path(app.srcdir)
        sources = {path.stem: path.read_text("utf-8") for path in sorted(root.glob("book/[0-9][0-9]_*.md"))}
        ledger = root / "build" / "ledger.json"
        try:
            graph = concepts(sources, json.loads(ledger.read_text("utf-8")) if ledger.is_file() else [])
        except AlgebraError as problem:
            raise ExtensionError(f"The concept map: {problem}") from problem
        self.graph = graph
        page = (root / f"{PAGE}.md").is_file()
        self.blocks = {f"book/{chapter.name}": head(graph, chapter, page) for chapter in graph.chapters}
        self.blocks[PAGE] = whole_map(graph)

    def outdated(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        """Return the documents whose block is another than when they were read."""
        now = {name: hashlib.sha256(block.encode()).hexdigest() for name, block in self.blocks.items()}
        before = getattr(env, "concept_blocks", {})
        env.concept_blocks = now  # type: ignore[attr-defined]
        return [name for name in env.found_docs if now.get(name) != before.get(name)]

    def put_in(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Put a document's block where it belongs: on the map's page at its mark, in a chapter behind its aims."""
        if AGAIN.search(source[0]):
            app.env.note_dependency(str(Path(app.srcdir) / "build" / "ledger.json"))
            source[0] = AGAIN.sub(lambda found: again(self.graph, found[1]), source[0])
        block = self.blocks.get(docname, "")
        if docname == PAGE:
            source[0] = source[0].replace(HERE, block)
        elif block:
            place = AIMS.search(source[0]) or TITLE.search(source[0])
            end = place.end() if place else 0
            source[0] = f"{source[0][:end]}\n{block}\n{source[0][end:]}"


def again(graph: Concepts, label: str) -> str:
    """Return an equation once more. Raises ExtensionError for a label that says nothing."""
    equation = graph.by_label.get(label)
    if equation is None or not equation.tex:
        raise ExtensionError(
            f"{{again}}`{label}`: no chapter has an equation of that name, with two ends to print."
        )
    return f"$$ {' '.join(equation.tex.split())} $$"


# --- at the head of a chapter -----------------------------------------------------------------------------------


def head(graph: Concepts, chapter: Chapter, page: bool) -> str:
    """Return what stands at a chapter's head. page: whether the book has the page with the map."""
    needs, leads = graph.between(chapter)
    said = [
        f"**{title}** {'; '.join(others(graph, name, labels) for name, labels in found.items())}."
        for title, found in (("Needs", needs), ("Leads to", leads))
        if found
    ]
    if page and chapter.equations:
        said.append(f"{{ref}}`The concept map <{anchor(chapter)}>` goes from derivation to derivation.")
    if not said:
        return ""
    body = "\n\n".join(said)
    return f":::{{admonition}} Where this chapter stands\n:class: note chapter-links\n{body}\n:::\n"


def others(graph: Concepts, name: str, labels: list[str]) -> str:
    """Return a link to a chapter, with the equations between it and this one that are needed most."""
    title = next(f"{chapter.number} · {chapter.title}" for chapter in graph.chapters if chapter.name == name)
    most = sorted(labels, key=lambda label: -len(graph.leads_to(label)))[:SHOWN]
    named = ", ".join(f"{{eq}}`{label}`" for label in labels if label in most)
    if more := len(labels) - len(most):
        named += f" and {more} more"
    return f"{{doc}}`{title} <{name}>`" + (f": {named}" if named else "")


# --- the map ----------------------------------------------------------------------------------------------------


def whole_map(graph: Concepts) -> str:
    """Return the map: the chapters, then each chapter's equations, as a picture and as a list."""
    arcs = sum(len(equation.needs) for equation in graph.equations)
    count = f"The map has {len(graph.equations)} equations and {arcs} links between them."
    parts = [count, "(map-of-chapters)=\n## Chapter by chapter", raw(chapters_picture(graph))]
    parts.append("\n".join(chapter_line(graph, chapter) for chapter in graph.chapters))
    for chapter in graph.chapters:
        if chapter.equations:
            parts += chapter_map(graph, chapter)
    return "\n\n".join(parts) + "\n"


def chapters_picture(graph: Concepts) -> str:
    place = {chapter.name: row for row, chapter in enumerate(graph.chapters)}
    rows = [
        Row(
            f"#{anchor(chapter)}" if chapter.equations else f"{chapter.name}.html",
            f"{chapter.number}",
            chapter.title,
            sorted(place[name] for name in graph.between(chapter)[0]),
        )
        for chapter in graph.chapters
    ]
    return arc_diagram(rows, "The chapters, with an arc from each to those that need it")


def chapter_line(graph: Concepts, chapter: Chapter) -> str:
    needs, leads = graph.between(chapter)
    said = [
        f"{verb} {listed(f'{{doc}}`{int(name[:2])} <{name}>`' for name in found)}"
        for verb, found in (("needs", needs), ("leads to", leads))
        if found
    ]
    return f"- {{doc}}`{chapter.number} · {chapter.title} <{chapter.name}>` " + "; ".join(said)


def chapter_map(graph: Concepts, chapter: Chapter) -> list[str]:
    """Return a chapter's part of the map: its heading, its picture, and its sections as lists."""
    place = {equation.label: row for row, equation in enumerate(chapter.equations)}
    rows = [
        Row(
            f"{chapter.name}.html#equation-{equation.label}",
            f"({chapter.number}.{equation.number[1]})",
            plain(equation),
            [place[need] for need in equation.needs if need in place],
            ring=any(need not in place for need in equation.needs),
            square=equation.defines,
        )
        for equation in chapter.equations
    ]
    title = f"{chapter.number} · {chapter.title}"
    shows = f"The equations of chapter {chapter.number}, with an arc from each to those that need it"
    listed_sections = [f"({anchor(chapter)})=\n## {title}", raw(arc_diagram(rows, shows))]
    for section in chapter.sections:
        own = [equation for equation in chapter.equations if equation.section is section]
        if own:
            where = f"{{ref}}`{section.heading} <{section.anchor}>`" if section.anchor else section.heading
            if prepared := [exercises(graph, number, section) for number in of_sets(section)]:
                where += f" ({'; '.join(prepared)})"
            listed_sections.append(f"**{where}**")
            listed_sections.append("\n".join(line(graph, equation) for equation in own))
    return listed_sections


def of_sets(section: Section) -> list[int]:
    """Return the numbers of the sets that have exercises on a section."""
    return sorted({number for number, _ in section.exercises})


def exercises(graph: Concepts, number: int, section: Section) -> str:
    """Return a link to the exercises of one set on a section."""
    tasks = [str(task) for of_set, task in section.exercises if of_set == number]
    chapter = next(chapter for chapter in graph.chapters if chapter.number == number)
    named = f"set {number:02}, {'exercises' if len(tasks) > 1 else 'exercise'} {listed(tasks)}"
    target = next((other.anchor for other in chapter.sections if other.heading == "Exercises"), "")
    return f"{{ref}}`{named} <{target}>`" if target else named


def line(graph: Concepts, equation: Equation) -> str:
    """Return an equation's line of the list: what it says, what it needs, what it leads to."""
    said = f"- {{eq}}`{equation.label}` {equation.title}."
    for verb, labels in (
        ("Needs", equation.needs),
        ("Leads to", [user.label for user in graph.leads_to(equation.label)]),
    ):
        if labels:
            said += f" *{verb}* {listed(f'{{eq}}`{label}`' for label in labels)}."
    return said


def anchor(chapter: Chapter) -> str:
    """Return the label of a chapter's part of the map."""
    return f"map-{chapter.name.replace('_', '-')}"


def plain(equation: Equation) -> str:
    """Return what an equation says without TeX, which an SVG can't set."""
    return equation.label.replace("-", " ").capitalize() if "$" in equation.title else equation.title


def listed(words: Iterable[str]) -> str:
    """Return a list in words: a, b and c."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def raw(html: str) -> str:
    return f"```{{raw}} html\n{html}\n```"


def setup(app: Sphinx) -> dict[str, bool]:
    concept_map = ConceptMap()
    app.connect("builder-inited", concept_map.make)
    app.connect("env-get-outdated", concept_map.outdated)
    app.connect("source-read", concept_map.put_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
