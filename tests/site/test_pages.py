"""Every page of the built site, opened in headless Chromium with the rest of the network out of reach."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import SLOW, Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]
Look = Callable[[str, str], Visit]
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


@both_schemes
def test_a_page_asks_no_other_server(visit: Look, page_path: str, scheme: str) -> None:
    assert visit(page_path, scheme).asked_elsewhere == []


@both_schemes
def test_a_page_loads_without_a_console_error(visit: Look, page_path: str, scheme: str) -> None:
    assert visit(page_path, scheme).complaints == []


@both_schemes
def test_the_reader_gets_the_colours_they_asked_for(visit: Look, page_path: str, scheme: str) -> None:
    assert visit(page_path, scheme).seen["theme"] == scheme


@both_schemes
def test_text_stands_out_from_its_ground(visit: Look, page_path: str, scheme: str) -> None:
    assert visit(page_path, scheme).seen["faint"] == []


def test_all_mathematics_is_typeset(visit: Look, page_path: str) -> None:
    seen = visit(page_path, "light").seen
    assert seen["mathErrors"] == []
    assert seen["typeset"] == seen["math"]
    assert seen["rawMath"] == 0
    assert (seen["mathFonts"] > 0) == (seen["math"] > 0)


def test_a_phone_does_not_scroll_sideways(visit: Look, page_path: str) -> None:
    seen = visit(page_path, "light").seen
    assert seen["width"] == 390
    assert seen["scrollWidth"] <= 390
    assert seen["cut"] == [], "wider than the screen, and nothing around it scrolls"


def test_images_load_and_say_what_they_show(visit: Look, page_path: str) -> None:
    for image in visit(page_path, "light").seen["images"]:
        assert image["width"] > 0, image
        assert len(image["alt"]) >= 10 and not re.search(r"\.(svg|png)$", image["alt"]), (
            f"{image['source']}: its alt text is {image['alt']!r}; give the code cell `mystnb: image: alt:`"
        )


def test_a_page_has_a_title(visit: Look, page_path: str) -> None:
    assert visit(page_path, "light").seen["heading"]


def test_the_search_finds_a_chapter_offline(site: Path, base_url: str, browser: Any) -> None:
    context = browser.new_context(offline=False)
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.route(lambda url: not url.startswith(base_url), lambda route: route.abort())
    page.goto(base_url + "search.html?q=perplexity")
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all(
        "#search-results li a", "links => links.map(a => a.getAttribute('href'))"
    )
    context.close()
    assert any("06_perplexity" in link for link in found)


def test_the_front_page_leads_into_the_book(base_url: str, browser: Any) -> None:
    context = browser.new_context()
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto(base_url)
    page.wait_for_url("**/book/index.html")
    title = page.title()
    context.close()
    assert "Surprisal" in title
