"""nbgrader's course folder, its converters without their chatter, and its gradebook."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError
from traitlets.config import Config

from grader.pipeline import PipelineError

CODE_STUB = {"python": ""}
TEXT_STUB = ""
# The course that nbgrader's Gradebook makes by itself. Its converters would name "", which is none: SQLite lets that
# pass, PostgreSQL does not.
COURSE = "default_course"


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


def course_directory(
    root: Path, set_name: str, student: str = "*", db_url: str | None = None, **steps: str
) -> CourseDirectory:
    """Return nbgrader's course folder at `root`; `steps` name other folders, like `submitted_directory="in"`."""
    url = database_url(root, db_url)
    found: CourseDirectory = CourseDirectory(
        config=configuration(), root=str(root.resolve()), db_url=url, course_id=COURSE, **steps
    )
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
        with warnings.catch_warnings():
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


def generate(
    source_root: Path, set_name: str, root: Path, release_directory: str, db_url: str | None = None
) -> None:
    """Run stock generate_assignment, from `source_root/source/<set>` to `root/<release_directory>/<set>`.

    It also records the set's cells in the gradebook.
    Raises `PipelineError` when nbgrader refuses, for example since the set's cells changed after grading began.
    """
    source = str((source_root / "source").resolve())
    structure = {"source_directory": source, "release_directory": release_directory}
    directory = course_directory(root, set_name, db_url=db_url, **structure)
    with _told(directory.db_url):
        _stamp(directory.db_url)
    converter = GenerateAssignment(coursedir=directory, config=configuration())
    converter.force = True
    convert(converter)


def database_url(root: Path, db_url: str | None = None) -> str:
    """Return the gradebook's address: `db_url`, or SQLite's file `root/gradebook.db`.

    >>> database_url(Path("."), "postgresql://localhost/marks")
    'postgresql+psycopg://localhost/marks'

    Raises `PipelineError` for what is no address of a database.
    """
    if db_url is None:
        return f"sqlite:///{root.resolve() / 'gradebook.db'}"
    try:
        url = make_url(db_url)
    except ArgumentError as error:
        raise PipelineError(
            f"{db_url!r} is no database; expected an address like postgresql://user@host/name."
        ) from error
    if url.drivername in ("postgresql", "postgres"):
        # which driver a bare `postgresql` means differs between SQLAlchemy 2.0 and 2.1
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


@contextmanager
def open_gradebook(root: Path, db_url: str | None = None) -> Iterator[Any]:
    """Open the gradebook of `root` (nbgrader's `Gradebook`), in `root/gradebook.db` or at `db_url`.

    Raises `PipelineError` when the database can't be reached.
    """
    url = database_url(root, db_url)
    with _told(url):
        _stamp(url)
        gradebook = Gradebook(url)
    with gradebook:
        yield gradebook


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Say of a database that can't be reached which one it is."""
    try:
        yield
    except SQLAlchemyError as error:
        raise PipelineError(
            f"The gradebook {make_url(url).render_as_string()} can't be opened: {reason(error)}. "
            "Is its server running, and may you write there?"
        ) from error


def reason(error: SQLAlchemyError) -> str:
    """Return in a line what a database said; SQLAlchemy adds the statement and a link."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _stamp(url: str) -> None:
    """Write nbgrader's version into a new database, as `nbgrader db upgrade` will want to know it.

    nbgrader does so itself, but it runs the program `alembic` to learn the version, which takes a second or more and
    must be on the PATH; and it does so after it has made the tables, so that a kill in between leaves none.
    """
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            if set(inspect(connection).get_table_names()) - {"alembic_version"}:
                return
            connection.execute(
                text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)")
            )
            if connection.execute(text("SELECT version_num FROM alembic_version")).first() is None:
                head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
                connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    finally:
        engine.dispose()
