"""The book's Sphinx extensions, on a tiny book that is built as the real one is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .a_tiny_book import CHAPTER, ledger, page


def test_a_checked_object_is_printed_as_mathematics_that_can_be_referred_to(
    tiny_book: Path, build: Callable[[Path], str]
) -> None:
    assert "WARNING: " not in build(tiny_book)
    html = page(tiny_book, "07_trial")
    assert 'id="equation-first"' in html
    assert 'href="#equation-first"' in html
    assert "first verdict" in html
    assert "<p>for JupyterLab</p>" not in html
    assert "thebe" not in html.lower()


def test_a_chapter_has_the_number_of_its_file(tiny_book: Path, build: Callable[[Path], str]) -> None:
    build(tiny_book)
    html = page(tiny_book, "07_trial")
    assert '<span class="section-number">7. </span>A chapter' in html
    assert '<span class="eqno">(7.1)' in html
    assert "(7.1)</a>" in html
    assert "7. A chapter" in page(tiny_book, "index")


def test_nothing_stale_is_shown_after_a_change(tiny_book: Path, build: Callable[[Path], str]) -> None:
    build(tiny_book)
    assert "proved" in page(tiny_book, "ledger").split("<table")[1]

    (tiny_book / "build" / "ledger.json").write_text(ledger("tested"))
    (tiny_book / "solutions" / "__init__.py").write_text("verdict = 'second verdict'\n")
    build(tiny_book)
    assert "tested" in page(tiny_book, "ledger").split("<table")[1]
    assert "second verdict" in page(tiny_book, "07_trial")


def test_a_cell_that_raises_fails_the_build(tiny_book: Path, build: Callable[[Path], str]) -> None:
    (tiny_book / "book" / "07_trial.md").write_text(CHAPTER.replace("Checked()\n", "1 / 0\n"))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        build(tiny_book)


def test_a_cell_that_writes_to_stderr_fails_the_build(tiny_book: Path, build: Callable[[Path], str]) -> None:
    (tiny_book / "book" / "07_trial.md").write_text(
        CHAPTER.replace("Checked()\n", "import sys\nsys.stderr.write('a complaint')\nChecked()\n")
    )
    with pytest.raises(AssertionError, match="stderr"):
        build(tiny_book)
