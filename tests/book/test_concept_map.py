"""The concept map of the real book, and how it is drawn and put into the pages."""

import re
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import pytest

from grader.algebra import ledger as ledgers
from grader.algebra.concepts import Concepts, concepts
from tests.book.executed import Chapter


@pytest.fixture
def extension(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The Sphinx extension, imported as Sphinx does."""
    monkeypatch.syspath_prepend(str(root / "book" / "_ext"))
    import concept_map

    return concept_map


@pytest.fixture
def arcs(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root / "book" / "_ext"))
    import arcs

    return arcs


@pytest.fixture(scope="module")
def graph(chapters: dict[str, Chapter], root: Path) -> Concepts:
    return _graph(chapters, root)


def _graph(chapters: dict[str, Chapter], root: Path, declared: bool = True) -> Concepts:
    """The map of the executed chapters. declared: with what the sources say outright, not only what they imply."""
    sources = {name: (root / "book" / f"{name}.md").read_text(encoding="utf-8") for name in chapters}
    ledger = [
        entry
        for name, chapter in chapters.items()
        for entry in ledgers.entries(ledgers.Chapter(name, tuple(chapter.derivations)))
    ]
    if not declared:
        sources = {
            name: re.sub(r"^% needs:.*$", "", text, flags=re.MULTILINE) for name, text in sources.items()
        }
        ledger = [entry | {"needs": []} for entry in ledger]
    return concepts(sources, ledger)


def test_the_map_has_every_equation_and_no_cycle(graph: Concepts, chapters: dict[str, Chapter]) -> None:
    made = [derivation.label for chapter in chapters.values() for derivation in chapter.derivations]
    derived = [equation.label for equation in graph.equations if not equation.defines]
    assert sorted(derived) == sorted(made)
    order = TopologicalSorter({equation.label: equation.needs for equation in graph.equations})
    assert len(list(order.static_order())) == len(graph.equations)
    place = {equation.label: n for n, equation in enumerate(graph.equations)}
    for equation in graph.equations:
        assert all(place[need] < place[equation.label] for need in equation.needs), equation.label


def test_what_everybody_knows_to_rest_on_something_does(graph: Concepts) -> None:
    def rests_on(label: str) -> set[str]:
        needs = graph.by_label[label].needs
        return set(needs).union(*map(rests_on, needs))

    assert "log-tangent" in rests_on("cross-entropy-floor")
    assert {"chain-rule", "perplexity-definition"} <= rests_on("perplexity")
    assert {"softmax", "one-hot-cross-entropy"} <= rests_on("nll-gradient")
    assert "kl-definition" in rests_on("expected-loss")
    assert "perplexity" not in rests_on("kl-not-negative")


def test_most_equations_stand_in_the_net(graph: Concepts) -> None:
    for chapter in graph.chapters[:10]:
        loose = [
            equation.label
            for equation in chapter.equations
            if not equation.needs and not graph.leads_to(equation.label)
        ]
        assert len(loose) <= len(chapter.equations) / 3, f"{chapter.name}: {loose}"


def test_nothing_is_declared_that_the_sources_tell_anyway(chapters: dict[str, Chapter], root: Path) -> None:
    told = _graph(chapters, root, declared=False).by_label
    declared = {d.label: set(d.needs) for chapter in chapters.values() for d in chapter.derivations}
    assert {
        label: twice for label, needs in declared.items() if (twice := needs & set(told[label].needs))
    } == {}


def test_every_chapter_has_its_needs_and_its_uses_at_its_head(
    graph: Concepts, extension: ModuleType, root: Path
) -> None:
    pages = extension.ConceptMap()
    pages.blocks = {f"book/{c.name}": extension.head(graph, c, page=True) for c in graph.chapters}
    app = SimpleNamespace(srcdir=root)
    for chapter in graph.chapters:
        needs, leads = graph.between(chapter)
        assert needs or leads, f"{chapter.name} stands alone"
        source = [(root / "book" / f"{chapter.name}.md").read_text(encoding="utf-8")]
        pages.put_in(app, f"book/{chapter.name}", source)
        before, block = source[0].split(":::{admonition} Where this chapter stands", 1)
        assert "{admonition} Aims" in before and "{code-cell}" not in before
        for verb, others in (("**Needs**", needs), ("**Leads to**", leads)):
            said = block.split(verb)[1].split("\n")[0] if others else ""
            assert (verb in block.split(":::")[0]) == bool(others)
            assert all(f"<{name}>" in said for name in others)


def test_a_chapter_without_equations_or_neighbours_has_no_head(extension: ModuleType) -> None:
    alone = concepts({"01_alone": "# Alone\n"}, [])
    assert extension.head(alone, alone.chapters[0], page=True) == ""


def test_the_list_says_for_every_equation_what_it_needs_and_leads_to(
    graph: Concepts, extension: ModuleType
) -> None:
    text = extension.whole_map(graph)
    for equation in graph.equations:
        (line,) = re.findall(rf"^- \{{eq\}}`{equation.label}` .*$", text, re.MULTILINE)
        needs, _, leads = line.partition("*Leads to*")
        assert set(re.findall(r"\{eq\}`([^`]+)`", needs)) == {equation.label, *equation.needs}
        users = {user.label for user in graph.leads_to(equation.label)}
        assert set(re.findall(r"\{eq\}`([^`]+)`", leads)) == users
    assert "{ref}`set 01, exercises 2 and 7 <sequence-exercises>`" in text


def test_a_label_that_is_gone_fails_the_build(extension: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "01_one.md").write_text("# One\n\n% needs: gone\n\n$$\na = b\n$$ (here)\n")
    with pytest.raises(extension.ExtensionError, match="here needs gone"):
        extension.ConceptMap().make(SimpleNamespace(srcdir=tmp_path))
    (tmp_path / "book" / "01_one.md").write_text("# One\n\n$$\na = b .\n$$ (here)\n")
    pages = extension.ConceptMap()
    pages.make(SimpleNamespace(srcdir=tmp_path))
    assert extension.again(pages.graph, "here") == "$$ a = b $$"
    with pytest.raises(extension.ExtensionError, match="no chapter has an equation of that name"):
        extension.again(pages.graph, "gone")


def test_a_page_is_read_again_only_when_its_block_changed(extension: ModuleType) -> None:
    pages, env = extension.ConceptMap(), SimpleNamespace(found_docs={"book/01_one", "book/index"})
    pages.blocks = {"book/01_one": "first"}
    assert pages.outdated(None, env, set(), set(), set()) == ["book/01_one"]
    assert pages.outdated(None, env, set(), set(), set()) == []
    pages.blocks = {"book/01_one": "second"}
    assert pages.outdated(None, env, set(), set(), set()) == ["book/01_one"]


def test_the_picture_is_svg_whose_rows_are_links_and_whose_arcs_go_down(arcs: ModuleType) -> None:
    rows = [
        arcs.Row("one.html#a", "(1.1)", "First & <least>", square=True),
        arcs.Row("one.html#b", "(1.2)", "word " * 30, [0], ring=True),
        arcs.Row("one.html#c", "(1.3)", "Third", [0, 1]),
    ]
    svg = ElementTree.fromstring(arcs.arc_diagram(rows, "A “picture”"))
    links = svg.findall("./g/a")
    assert [link.attrib["href"] for link in links] == [row.href for row in rows]
    assert all(
        "".join(link.find("text").itertext()).startswith(row.mark)
        for link, row in zip(links, rows, strict=True)
    )
    assert len(links[1].findall("text/tspan")) == 2, "a long title is cut after two lines"
    assert [len(group.findall("path[@class='up']")) for group in svg.findall("g")] == [0, 1, 2]
    assert [len(group.findall("path[@class='down']")) for group in svg.findall("g")] == [2, 1, 0]
    for path in svg.findall("./g/path"):
        numbers = [float(number) for number in re.findall(r"[\d.]+", path.attrib["d"])]
        assert numbers[-1] > numbers[1] and min(numbers) >= 0
    with pytest.raises(ValueError, match="does not stand above"):
        arcs.arc_diagram([arcs.Row("#", "1", "one", [0])], "")
