"""What can be said of the built site without a browser: links, and what its files would fetch."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

FETCHING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
# Of <link>, these relations fetch; "search", "index", "next", "prev", "canonical" only name a page.
FETCHING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch"}


class Page(HTMLParser):
    """Collects a page's anchors, its links and what it fetches."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(filter(None, (given.get("id"), given.get("name") if tag == "a" else None)))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and FETCHING_LINKS & set(given.get("rel", "").split()):
            self.fetched.append(given["href"])
        elif given.get(FETCHING.get(tag, ""), ""):
            self.fetched.append(given[FETCHING[tag]])


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Page]:
    return {
        path.resolve(): Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "_static" not in path.relative_to(site).parts
    }


def test_every_internal_link_and_anchor_resolves(site: Path, parsed: dict[Path, Page]) -> None:
    broken = []
    for path, page in parsed.items():
        for link in page.links + page.fetched:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                broken.append(f"{path.relative_to(site.resolve())} -> {link}: no such file")
            elif (
                parts.fragment and target in parsed and unquote(parts.fragment) not in parsed[target].anchors
            ):
                broken.append(f"{path.relative_to(site.resolve())} -> {link}: no such anchor")
    assert broken == []
    assert sum(len(page.links) for page in parsed.values()) > 20


def test_no_page_names_a_file_on_another_server(parsed: dict[Path, Page]) -> None:
    elsewhere = [
        f"{path.name}: {url}" for path, page in parsed.items() for url in page.fetched if urlsplit(url).netloc
    ]
    assert elsewhere == []


def test_no_stylesheet_fetches_from_another_server(site: Path) -> None:
    fetch = re.compile(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//[^"')\s]+""")
    sheets = list(site.rglob("*.css"))
    assert sheets
    assert [
        f"{sheet.name}: {hit}" for sheet in sheets for hit in fetch.findall(sheet.read_text("utf-8"))
    ] == []


def test_no_page_mentions_thebe(site: Path, parsed: dict[Path, Page]) -> None:
    assert [path.name for path in parsed if "thebe" in path.read_text(encoding="utf-8").lower()] == []


def test_the_mathjax_that_is_shipped_is_the_part_that_is_needed(site: Path) -> None:
    parts = [path for path in (site / "_static" / "mathjax").rglob("*") if path.is_file()]
    assert (site / "_static" / "mathjax" / "tex-chtml.js").is_file()
    assert sum(path.stat().st_size for path in parts) < 3_000_000
