"""Every topic of the course has a home: the anchor is in the built site, and its words stand there."""

import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.book.executed import CHAPTERS
from tests.book.topics import TOPICS, Topic


@cache
def parsed(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def home(page: BeautifulSoup, anchor: str) -> Tag | None:
    """Return the section that an anchor opens, or else the one in which it stands; of a term, its explanation."""
    found = page.find(id=anchor)
    if not isinstance(found, Tag):
        return None
    if found.name == "dt":
        return found.find_next_sibling("dd")
    if (
        found.name == "span"
        and isinstance(after := found.find_next_sibling(), Tag)
        and after.name == "section"
    ):
        return after
    return found if found.name == "section" else found.find_parent("section")


def without_case(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("’", "'").lower()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: f"{topic.page}: {topic.name}")
def test_a_topic_has_its_home(topic: Topic, site: Path) -> None:
    section = home(parsed(site / "book" / f"{topic.page}.html"), topic.anchor)
    assert section is not None, f"{topic.page} has no {topic.anchor}"
    text = without_case(section.get_text(" ")) + " ".join(a["href"] for a in section.find_all("a", href=True))
    missing = [word for word in topic.words if without_case(word) not in text]
    assert topic.words and missing == [], f"{topic.page}#{topic.anchor} does not say {missing}"


def test_every_chapter_has_topics_and_none_stands_twice() -> None:
    names = [(topic.page, topic.name) for topic in TOPICS]
    assert len(set(names)) == len(names)
    assert set(CHAPTERS) <= {topic.page for topic in TOPICS}


def test_the_questions_of_users_are_among_them() -> None:
    assert sum(topic.asked for topic in TOPICS) >= 14
