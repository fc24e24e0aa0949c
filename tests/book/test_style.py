"""The pictures can be read on a white page and on a dark one."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest

PAGES = {"white": "#ffffff", "dark": "#14181e", "black": "#121212"}
LEAST_CONTRAST = 3.5  # above the 3 : 1 that WCAG 2.1 (1.4.11) asks of graphics


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    channels = mpl.colors.to_rgb(colour)
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_of_the_style_keeps_its_contrast(page: str, root: Path) -> None:
    style = (root / "book" / "surprisal.mplstyle").read_text(encoding="utf-8")
    colours = set(re.findall(r"(?<![0-9a-z])[0-9a-f]{6}(?![0-9a-z])", style))
    assert len(colours) >= 5
    assert min(contrast(f"#{colour}", PAGES[page]) for colour in colours) >= LEAST_CONTRAST


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_chapters_use_no_colour_outside_the_style(root: Path) -> None:
    style = (root / "book" / "surprisal.mplstyle").read_text(encoding="utf-8")
    for chapter in sorted((root / "book").glob("[0-9]*.md")):
        used = re.findall(r'"#([0-9a-f]{6})"', chapter.read_text(encoding="utf-8"))
        assert set(used) <= set(re.findall(r"[0-9a-f]{6}", style)), chapter.name
