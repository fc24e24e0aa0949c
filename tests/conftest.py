"""What every test may use: the course's root, and one way to say that this machine lacks something."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRE_ALL = "SURPRISAL_REQUIRE_ALL"


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
