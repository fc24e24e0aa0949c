"""A result that is printed once more comes from the ledger, and one that is not there fails the build."""

import importlib.util
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from .a_tiny_book import ROOT, page

PAGE = "# Once more\n\n```{reprint} first\n```\n"


@pytest.fixture(scope="module")
def reprint() -> ModuleType:
    """The extension, as a module."""
    spec = importlib.util.spec_from_file_location("reprint", ROOT / "book" / "_ext" / "reprint.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def steps(*relations: str) -> list[dict[str, str]]:
    """A chain a₀ r₁ a₁ r₂ a₂ …, as the ledger has it."""
    return [
        {"relation": relation, "from": f"a_{n}", "tex": f"a_{n + 1}"} for n, relation in enumerate(relations)
    ]


@pytest.mark.parametrize(
    ("relations", "shown"),
    [
        ("=", "="), ("==", "="), ("=≤", r"\le"), ("≤<=", "<"), ("≥=", r"\ge"), (">=", ">"), ("≥>", ">"),
        ("≈", r"\approx"),
    ],
)  # fmt: skip
def test_a_chain_shows_the_relation_of_its_ends(reprint: ModuleType, relations: str, shown: str) -> None:
    assert reprint.both_ends(steps(*relations)) == f"a_0 {shown} a_{len(relations)}"


@pytest.mark.parametrize("relations", ["≤≥", "<>", "=≈", "=≤>"])
def test_a_chain_that_shows_nothing_is_refused(reprint: ModuleType, relations: str) -> None:
    with pytest.raises(ValueError, match="says nothing about its two ends"):
        reprint.both_ends(steps(*relations))


def test_the_two_ends_or_every_line(reprint: ModuleType) -> None:
    chain = steps("=", "≤")
    assert reprint.both_ends(chain) == r"a_0 \le a_2"
    assert reprint.whole(chain).split() == [
        r"\begin{aligned}", "a_0", "&=", "a_1", r"\\", r"&\le", "a_2", r"\end{aligned}",
    ]  # fmt: skip


def told(book: Path) -> None:
    """Give the tiny book's one equation two sides and its domain, and a page that prints it once more."""
    path = book / "build" / "ledger.json"
    (step,) = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([step | {"step": 1, "from": "a", "tex": "b", "known_for": "For $a$ real."}]))
    toc = (book / "_toc.yml").read_text(encoding="utf-8")
    (book / "_toc.yml").write_text(
        toc.replace("{file: book/ledger}", "{file: book/ledger}, {file: book/again}")
    )


def test_it_is_printed_from_the_ledger_with_a_link_to_its_derivation(
    tiny_book: Path, build: Callable[[Path], str]
) -> None:
    told(tiny_book)
    (tiny_book / "book" / "again.md").write_text(PAGE)
    assert "WARNING: " not in build(tiny_book)
    box = re.search(
        r'<div class="reprint docutils container">(.*?)</section>', page(tiny_book, "again"), re.S
    )
    assert box is not None
    assert "a = b" in box[1]
    assert 'href="07_trial.html#equation-first"' in box[1]
    assert "real" in box[1]

    ledger = tiny_book / "build" / "ledger.json"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace('"tex": "b"', '"tex": "c"'))
    build(tiny_book)
    assert "a = c" in page(tiny_book, "again")


def test_a_result_that_no_longer_exists_fails_the_build(
    tiny_book: Path, build: Callable[[Path], str]
) -> None:
    told(tiny_book)
    (tiny_book / "book" / "again.md").write_text(PAGE.replace("first", "gone"))
    with pytest.raises(AssertionError, match="gone: the ledger has no equation of that name"):
        build(tiny_book)


def test_a_chain_with_a_wrong_line_is_no_result(tiny_book: Path, build: Callable[[Path], str]) -> None:
    told(tiny_book)
    ledger = tiny_book / "build" / "ledger.json"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace('"status"', '"flawed": true, "status"'))
    index = tiny_book / "book" / "index.md"
    index.write_text("(exam-flawed-section)=\n# A book\n")  # which the ledger names
    (tiny_book / "book" / "again.md").write_text(PAGE)
    with pytest.raises(AssertionError, match="shown with a wrong line, on purpose; it is no result"):
        build(tiny_book)
