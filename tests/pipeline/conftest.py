"""A tiny course, built once, and what a stock notebook of it looks like."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

import solutions  # noqa: F401  (the course's own must be loaded before a tiny course's, which then lasts only for a while)
from grader.pipeline.build import build_course
from grader.pipeline.course import Course
from tests.pipeline.postgres import running_server
from tests.pipeline.tiny_course import write_course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A built course that no test may change."""
    made = Course(write_course(tmp_path_factory.mktemp("course")))
    build_course(made)
    return made


@pytest.fixture
def fresh(tmp_path: Path) -> Course:
    """A course that is not built and may be changed."""
    return Course(write_course(tmp_path / "course"))


@pytest.fixture
def release(course: Course) -> dict[str, Any]:
    """The released notebook, as data."""
    return json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def postgres(lacking: Callable[[str], NoReturn]) -> Iterator[str]:
    """The address of a PostgreSQL database that is empty at the module's start."""
    with running_server(lacking) as address:
        yield address
