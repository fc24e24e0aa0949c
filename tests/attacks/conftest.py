"""One warm process for all attacks."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox import ForkServer
from tests.attacks.arena import warm_server


@pytest.fixture(scope="session")
def warm(lacking: Callable[[str], None]) -> Iterator[ForkServer]:
    """A warm process with all that a notebook of the course imports."""
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    with warm_server() as server:
        yield server
