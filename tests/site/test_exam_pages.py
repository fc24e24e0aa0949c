"""The pages of the exam in a browser: cards turn over without JavaScript, and the cheat sheet is one printed page."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BROWSERS

from .conftest import PHONE, SLOW

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]
EXAM, SHEET = "book/11_exam.html", "book/cheat_sheet.html"
TYPESET = "!window.MathJax || window.MathJax.startup?.promise?.then(() => true)"
INCHES = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}
MARGIN = 0.4  # inches: Chromium's own
PRINTED_PAGE = re.compile(rb"/Type\s*/Page\b")


def opened(browser: Any, url: str, **context: Any) -> Iterator[Any]:
    own = browser.new_context(**context)
    own.set_default_timeout(SLOW)
    page = own.new_page()
    page.goto(url)
    if context.get("java_script_enabled", True):
        page.wait_for_function(TYPESET)
    yield page
    own.close()


@pytest.fixture
def plain(base_url: str, browser: Any) -> Iterator[Any]:
    """The exam on a phone without JavaScript."""
    yield from opened(browser, base_url + EXAM, viewport=PHONE, java_script_enabled=False)


@pytest.fixture
def exam(base_url: str, browser: Any) -> Iterator[Any]:
    yield from opened(browser, base_url + EXAM, viewport=PHONE)


@pytest.fixture
def sheet(base_url: str, browser: Any) -> Iterator[Any]:
    yield from opened(browser, base_url + SHEET)


def test_a_card_turns_over_by_keyboard_and_by_click_without_javascript(plain: Any) -> None:
    cards = plain.locator("details.nugget")
    assert cards.count() == 16
    answer = cards.first.locator(".sd-card-body")
    assert not answer.is_visible()
    cards.first.locator("summary").focus()
    plain.keyboard.press("Enter")
    answer.wait_for(state="visible")  # a busy browser takes a moment
    assert "Product → sum → mean → exp." in answer.inner_text()
    plain.keyboard.press("Space")
    answer.wait_for(state="hidden")
    cards.nth(1).locator("summary").click()
    cards.nth(1).locator(".sd-card-body").wait_for(state="visible")
    assert "one-hot" in cards.nth(1).locator(".sd-card-body").inner_text()


def test_answers_and_verdicts_are_closed_until_a_reader_opens_them(plain: Any) -> None:
    closed = plain.locator("details.exam-answer")
    assert closed.count() == 6 + 10 + 6
    assert plain.locator("details.exam-answer[open]").count() == 0
    assert plain.locator("details.nugget[open]").count() == 0


def test_one_button_turns_all_cards_over_and_back(exam: Any) -> None:
    button = exam.get_by_role("button", name="Turn all over")
    button.click()
    assert exam.locator("details.nugget[open]").count() == 16
    exam.get_by_role("button", name="Turn all back").click()
    assert exam.locator("details.nugget[open]").count() == 0


def test_everything_that_is_closed_on_the_screen_is_open_on_paper(exam: Any) -> None:
    bodies = "details.nugget > .sd-card-body, details.exam-answer > .sd-card-body"
    shown = f"[...document.querySelectorAll('{bodies}')].map(e => e.checkVisibility() && e.offsetHeight > 10)"
    assert exam.evaluate(shown) == [False] * (16 + 22)
    exam.emulate_media(media="print")
    assert exam.evaluate(shown) == [True] * (16 + 22)


@pytest.mark.parametrize("paper", INCHES)
def test_the_sheet_fills_one_page(sheet: Any, paper: str) -> None:
    printed = sheet.pdf(format=paper, print_background=False)
    assert len(PRINTED_PAGE.findall(printed)) == 1
    assert len(printed) > 20_000, "a page with fifteen equations on it"


@pytest.mark.parametrize("paper", INCHES)
def test_no_equation_of_the_printed_sheet_is_cut(sheet: Any, paper: str) -> None:
    width, height = (int(96 * (side - 2 * MARGIN)) for side in INCHES[paper])
    sheet.set_viewport_size({"width": width, "height": height})
    sheet.emulate_media(media="print")
    results, cut = sheet.evaluate(
        """() => {
          const items = [...document.querySelectorAll(".cheat-sheet > ol > li")];
          const right = (element) => element.getBoundingClientRect().right;
          const cut = items.filter((item) =>
            [...item.querySelectorAll("mjx-math, .reprint-source")].some((part) => right(part) > right(item) + 1));
          return [items.length, cut.map((item) => item.innerText.slice(0, 40))];
        }"""
    )
    assert (results, cut) == (15, [])


def test_a_browser_prints_one_page_by_its_own_command(base_url: str, tmp_path: Path) -> None:
    program = next(filter(None, map(shutil.which, BROWSERS)))
    target = tmp_path / "sheet.pdf"
    options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", "--virtual-time-budget=20000"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [
        program,
        *options,
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--print-to-pdf={target}",
        base_url + SHEET,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert len(PRINTED_PAGE.findall(target.read_bytes())) == 1
