"""The built site, served on the loopback interface, and what a browser sees of each page.

A page is visited once in each colour scheme. The visit writes down what it saw; each test asserts one thing.
"""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .a_tiny_book import build, tiny_book  # noqa: F401 - fixtures of the tests of the extensions

SITE = Path(__file__).resolve().parents[2] / "build" / "site"
SLOW = 120_000  # milliseconds: a page may take so long on a machine with other work
PHONE = {"width": 390, "height": 844}
LOOK = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")


@dataclass
class Visit:
    """What one page did in one colour scheme, at a phone's width."""

    asked_elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)


def pages() -> list[str]:
    """Return every page of the built site, as paths relative to it; none when there is no site."""
    return sorted(
        path.relative_to(SITE).as_posix()
        for path in SITE.rglob("*.html")
        if "_static" not in path.parts and "Refresh" not in path.read_text(encoding="utf-8")[:200]
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page_path" in metafunc.fixturenames:
        metafunc.parametrize("page_path", pages() or ["no site: run `make book`"])


@pytest.fixture(scope="session")
def site() -> Path:
    if not (SITE / "index.html").is_file():
        pytest.fail(f"{SITE} has no index.html: run `make book` first", pytrace=False)
    return SITE


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def base_url(site: Path) -> Iterator[str]:
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def visit(base_url: str, browser: Any) -> Callable[[str, str], Visit]:
    """Return a function of a page's path and a colour scheme ("light" or "dark") that gives its Visit."""

    @functools.cache
    def visit_once(path: str, scheme: str) -> Visit:
        context = browser.new_context(viewport=PHONE, color_scheme=scheme)
        found = Visit()
        context.set_default_timeout(SLOW)
        page = context.new_page()
        page.route("**/*", lambda route: refuse_elsewhere(route, base_url, found))
        page.on("console", lambda line: line.type == "error" and found.complaints.append(line.text))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and found.complaints.append(answer.url))
        page.goto(base_url + path, wait_until="load")
        page.wait_for_function("!window.MathJax || window.MathJax.startup?.promise?.then(() => true)")
        page.evaluate("document.fonts.ready.then(() => true)")
        found.seen = page.evaluate(LOOK)
        context.close()
        return found

    return visit_once


def refuse_elsewhere(route: Any, base_url: str, found: Visit) -> None:
    if route.request.url.startswith((base_url, "data:", "blob:")):
        route.continue_()
    else:
        found.asked_elsewhere.append(route.request.url)
        route.abort()
