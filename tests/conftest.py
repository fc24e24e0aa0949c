"""What every test may use: the course's root, and one way to say that this machine lacks something."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

REQUIRE_ALL = "SURPRISAL_REQUIRE_ALL"

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
