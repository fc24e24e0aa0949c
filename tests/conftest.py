"""What every test may use: the course's root, and one way to say that this machine lacks something."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

# As many tests run at once as there are cores, so each has one: threads of Torch that wait for each other's core make
# a training ten times slower. This must stand before Torch is imported.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REQUIRE_ALL = "SURPRISAL_REQUIRE_ALL"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The suite draws the same examples every time, so a failure is the fault of the change at hand. To search further:
# HYPOTHESIS_PROFILE=explore. There is no deadline: how long one example takes depends on what else the machine does.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests put down with `record_property("figure", "…")`; prints get lost when tests run in parallel."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    figures = sorted(
        {text for report in reports for name, text in report.user_properties if name == "figure"}
    )
    if figures:
        terminalreporter.section("figures")
        for text in figures:
            terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def lacking() -> Callable[[str], NoReturn]:
    """Call with a sentence about what this machine lacks: skips here, fails in CI."""

    def lack(what: str) -> NoReturn:
        if os.environ.get(REQUIRE_ALL):
            pytest.fail(f"{what} ({REQUIRE_ALL} is set, so this is a failure and not a skip)", pytrace=False)
        pytest.skip(what)

    return lack


@pytest.fixture(scope="session")
def browser(lacking: Callable[[str], NoReturn]) -> Iterator[Any]:
    """A headless Chromium. One for all tests: playwright runs its event loop once in a process."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        lacking(f"no browser: none of {', '.join(BROWSERS)} is installed")
    from playwright.sync_api import sync_playwright

    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own sandbox does not start as root
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
