"""The glossary: in order, complete, each term with its parts, and every link leads somewhere."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from solutions import information
from tests.book.executed import CHAPTERS
from tests.book.test_chapters import GLUE

# Bold in a chapter, and no term: emphasis.
EMPHASIS = {
    "after", "before", "blocks", "cat", "cold", "colder is less surprising", "counts over total", "does happen", "dog",
    "it depends on where you count from", "memory", "never happens", "no bound", "nobody knows it", "of the row",
    "operation", "path", "power", "query", "recorded", "seeing more never hurts the best model", "too probable",
    "unknown", "accumulated gradients", "hidden source", "a vae", "a probability against a density",
    "bound against bound", "bound against exact", "exact against exact", "there is no function to evaluate",
}  # fmt: skip
TEACHING = CHAPTERS[:10]  # those that introduce words
NAMED_IN_THE_TASK = (
    "log-likelihood", "negative log-likelihood", "cross-entropy", "perplexity", "underflow", "surprisal",
    "pre-training", "teacher forcing", "exposure bias",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    term: str
    text: str


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, str]:
    """The chapters' sources; nothing here needs them executed."""
    return {name: (root / "book" / f"{name}.md").read_text(encoding="utf-8") for name in CHAPTERS}


@pytest.fixture(scope="module")
def source(root: Path) -> str:
    return (root / "book" / "glossary.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def entries(source: str) -> list[Entry]:
    """The terms in the order in which they stand; a term is a line that is not indented."""
    body = re.search(r"^```\{glossary\}\n(.*?)^```$", source, re.DOTALL | re.MULTILINE)
    assert body is not None
    parts = re.split(r"^(?=\S)", body[1], flags=re.MULTILINE)
    found = [Entry(*part.split("\n", 1)) for part in parts if part]
    return [Entry(entry.term, re.sub(r"[ \n]+", " ", entry.text)) for entry in found]


def key(term: str) -> str:
    return term.lower().replace("é", "e")


def test_the_terms_stand_in_order_and_none_twice(entries: list[Entry]) -> None:
    terms = [key(entry.term) for entry in entries]
    assert len(terms) >= 50
    assert terms == sorted(set(terms))
    assert set(NAMED_IN_THE_TASK) <= {entry.term for entry in entries}


def test_every_term_says_its_unit_its_chapters_and_what_it_is_mistaken_for(entries: list[Entry]) -> None:
    for entry in entries:
        said = re.fullmatch(
            r" (?P<text>.+?)( \{again\}`(?P<again>[^`]+)` \*\*Equation\*\* \{eq\}`(?P<eq>[^`]+)`\.)?"
            r" \*\*Unit\*\* (?P<unit>.+?)\. \*\*Chapters\*\* (?P<where>.+?)\. \*\*Mind\*\* (?P<mind>.+) ?",
            entry.text,
        )
        assert said is not None, entry
        assert said["again"] == said["eq"], entry.term
        assert 5 <= len(said["text"].split()) <= 60, entry.term
        assert len(said["mind"].split()) >= 4, entry.term
    assert sum("{again}" in entry.text for entry in entries) >= 0.75 * len(entries)


def test_every_link_leads_somewhere_and_to_the_chapter_that_it_says(
    entries: list[Entry], texts: dict[str, str]
) -> None:
    made = r'\b(?:Derivation|equation)\(\s*"([^"]+)"|^\$\$ \(([^)]+)\)$'
    equations = {a or b for text in texts.values() for a, b in re.findall(made, text, re.MULTILINE)}
    anchors = {
        anchor: int(name[:2])
        for name, text in texts.items()
        for anchor in re.findall(r"^\(([^)]+)\)=$", text, re.MULTILINE)
    }
    terms = {entry.term.lower() for entry in entries}
    for entry in entries:
        assert set(re.findall(r"\{(?:eq|again)\}`([^`]+)`", entry.text)) <= equations, entry.term
        for named in re.findall(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", entry.text):
            assert named.lower() in terms - {entry.term.lower()}, f"{entry.term}: {named}"
        where = re.findall(r"(\d+)\N{NO-BREAK SPACE}\{ref\}`([^`]+)`", entry.text)
        assert where and len(where) == entry.text.count("{ref}"), entry.term
        assert [anchors[anchor] for _, anchor in where] == [int(number) for number, _ in where], entry.term


@pytest.mark.parametrize("name", TEACHING)
def test_the_words_that_a_chapter_introduces_are_there(
    name: str, texts: dict[str, str], entries: list[Entry]
) -> None:
    known = " ".join(f"{entry.term} {entry.text}" for entry in entries).lower()
    prose = re.sub(r"^```\{code-cell\}.*?^```$", "", texts[name], flags=re.DOTALL | re.MULTILINE)
    bold = re.findall(r"\*\*([A-Za-zéà–' \n-]{3,40})\*\*", prose)
    words = {re.sub(r"\s+", " ", word).lower() for word in bold} - EMPHASIS
    assert words, f"{name} introduces no word"
    assert {word for word in words if word not in known and word.removesuffix("s") not in known} == set()


def test_every_chapter_has_terms(entries: list[Entry]) -> None:
    for name in TEACHING:
        mentioned = [entry for entry in entries if f"{int(name[:2])}\N{NO-BREAK SPACE}{{ref}}" in entry.text]
        assert len(mentioned) >= 4, name


def test_its_numbers_come_from_its_cell_and_base_2_is_corrected(source: str, entries: list[Entry]) -> None:
    cell = re.search(r"^```\{code-cell\}.*?\n\n(.*?)^```$", source, re.DOTALL | re.MULTILINE)
    assert cell is not None
    glued: dict[str, float] = {}
    run = cell[1].replace("from myst_nb import glue\n", "")
    exec(run, {"glue": lambda name, value, display: glued.update({name: value})})  # noqa: S102 - our own page
    assert set(GLUE.findall(source)) == set(glued)
    assert not re.search(r"\d+\.\d+", GLUE.sub("", source.split("```{glossary}")[1]).replace("0.1", ""))
    perplexity = next(entry.text for entry in entries if entry.term == "perplexity")
    assert set(glued) == set(GLUE.findall(perplexity))
    assert glued["glossary-right"] == pytest.approx(float(information.perplexity(glued["glossary-loss"])))
    assert glued["glossary-wrong"] == pytest.approx(2.0 ** glued["glossary-loss"])
    assert 45 < glued["glossary-percent"] < 50
