"""nbgrader's course folder, its converters without their chatter, and its gradebook."""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from grader.pipeline import PipelineError

CODE_STUB = {"python": ""}
TEXT_STUB = ""


class _Memory(logging.Handler):
    """Keeps what nbgrader logs as errors, to be told when it fails."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def configuration() -> Config:
    """Return what differs from nbgrader's defaults; `build/nbgrader_config.py` says the same to stock nbgrader."""
    config = Config()
    # The stub stands in the source above the solution region, so nothing is put in the region's place.
    config.ClearSolutions.code_stub = CODE_STUB
    config.ClearSolutions.text_stub = TEXT_STUB
    return config


def course_directory(root: Path, set_name: str, student: str = "*", **steps: str) -> CourseDirectory:
    """Return nbgrader's course folder at `root`; `steps` name other folders, like `submitted_directory="in"`."""
    found: CourseDirectory = CourseDirectory(config=configuration(), root=str(root.resolve()), **steps)
    found.assignment_id = set_name
    found.student_id = student
    return found


def convert(converter: BaseConverter) -> None:
    """Run one of nbgrader's converters in silence. Raises `PipelineError` with what it logged when it fails."""
    memory = _Memory()
    log = logging.Logger("nbgrader.quiet", logging.ERROR)
    log.addHandler(memory)
    converter.log = log
    converter.coursedir.log = log
    try:
        with _alembic_on_path(), warnings.catch_warnings():
            # nbgrader 0.9 adds objects in an order that SQLAlchemy 2 remarks on; they are added all the same.
            warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)
            converter.start()
    except NbGraderException as error:
        reason = (
            next((line for line in memory.lines if "Traceback" in line), str(error)).strip().splitlines()[-1]
        )
        raise PipelineError(
            f"nbgrader could not work on {converter.coursedir.assignment_id}: {reason}"
        ) from error


def generate(source_root: Path, set_name: str, root: Path, release_directory: str) -> None:
    """Run stock generate_assignment, from `source_root/source/<set>` to `root/<release_directory>/<set>`.

    It also records the set's cells in `root/gradebook.db`.
    Raises `PipelineError` when nbgrader refuses, for example since the set's cells changed after grading began.
    """
    source = str((source_root / "source").resolve())
    structure = {"source_directory": source, "release_directory": release_directory}
    converter = GenerateAssignment(
        coursedir=course_directory(root, set_name, **structure), config=configuration()
    )
    converter.force = True
    convert(converter)


@contextmanager
def open_gradebook(root: Path) -> Iterator[Any]:
    """Open `root/gradebook.db` (nbgrader's `Gradebook`)."""
    with _alembic_on_path(), Gradebook(f"sqlite:///{root.resolve() / 'gradebook.db'}") as gradebook:
        yield gradebook


@contextmanager
def _alembic_on_path() -> Iterator[None]:
    # nbgrader 0.9 runs the program `alembic` for a new gradebook, and finds it only in an activated environment.
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before
