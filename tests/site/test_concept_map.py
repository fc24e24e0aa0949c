"""The concept map in the built site: its numbers are the pages', and it works by keyboard and without a script."""

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from .conftest import PHONE, SLOW

CHAPTER_LINK = re.compile(r"(\d\d_\w+)\.html#equation-(.+)")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    """The map and the chapters, by file name."""
    return {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted((site / "book").glob("*.html"))
        if path.stem == "concept_map" or path.stem[:2].isdigit()
    }


def test_every_row_of_the_picture_has_the_number_that_the_page_prints(
    pages: dict[str, BeautifulSoup],
) -> None:
    rows = pages["concept_map"].select("svg.arcs a[href*='#equation-']")
    assert len(rows) > 200
    for row in rows:
        found = CHAPTER_LINK.fullmatch(row["href"])
        assert found is not None, row["href"]
        equation = pages[found[1]].find(id=f"equation-{found[2]}")
        assert equation is not None, row["href"]
        number = equation.select_one(".eqno").get_text().strip().rstrip("#")
        assert row.select_one(".number").get_text() == number, row["href"]


def test_every_equation_of_a_chapter_has_a_row_unless_it_is_wrong_on_purpose(
    pages: dict[str, BeautifulSoup], root: Path
) -> None:
    rows = {row["href"] for row in pages["concept_map"].select("svg.arcs a")}
    for name, page in pages.items():
        if name != "concept_map":
            source = (root / "book" / f"{name}.md").read_text(encoding="utf-8")
            wrong = {f"equation-{label}" for label in re.findall(r'FlawedDerivation\(\s*"([^"]+)"', source)}
            shown = {found["id"] for found in page.select("div.math[id^='equation-']")}
            assert {f"{name}.html#{anchor}" for anchor in shown - wrong} <= rows, name
            assert not {f"{name}.html#{anchor}" for anchor in wrong} & rows, name


def test_every_chapter_says_at_its_head_where_it_stands(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        if name != "concept_map":
            (box,) = page.select(".chapter-links")
            assert re.search(r"\b(Needs|Leads to)\b", box.get_text())
            assert any(link["href"].startswith("concept_map.html#map-") for link in box.select("a")), name


@pytest.mark.browser
def test_a_row_is_reached_by_tab_and_opened_by_enter(base_url: str, browser: Any) -> None:
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto(base_url + "book/concept_map.html", wait_until="load")
    right_edges = (
        "[...document.querySelectorAll('svg.arcs text')].map(e => e.getBBox().x + e.getBBox().width)"
    )
    assert max(page.evaluate(right_edges)) <= 360, "a row's words are cut at the right"
    page.locator("svg.arcs a[href='06_perplexity.html#equation-log-product']").focus()
    quiet = "e => getComputedStyle(document.querySelector(e)).strokeWidth"
    row = "svg.arcs g:has(a[href$='#equation-perplexity-definition'])"
    assert page.evaluate(quiet, f"{row} path.down") == "1px"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith(
        "#equation-perplexity-definition"
    )
    assert page.evaluate(quiet, f"{row} path.down") == "2.5px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/06_perplexity.html#equation-perplexity-definition")
    context.close()


@pytest.mark.browser
def test_it_works_without_a_script_and_fits_a_phone(base_url: str, browser: Any) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto(base_url + "book/concept_map.html", wait_until="load")
    row = page.locator("svg.arcs a[href='03_kl_divergence.html#equation-gibbs']")
    box = row.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] + 1
    row.click()
    page.wait_for_url("**/03_kl_divergence.html#equation-gibbs")
    context.close()
