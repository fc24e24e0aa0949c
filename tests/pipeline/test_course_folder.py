"""Is an output folder a course folder of nbgrader's, in which its commands and the formgrader work at once?"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.judge.limits import Limits
from grader.pipeline.course import Course
from grader.pipeline.course_folder import CourseFolder, furnish
from grader.pipeline.grade import Options, grade
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.report import regenerate
from tests.pipeline.bad_class import RIGHT, fill, put

SET, BARE = "01_tiny", Options(sandbox="none")


class Machine:
    """Where a teacher and a student use nbgrader: an exchange, and a home for each."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        exchange = folder / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)
        for who in ("teacher", "student"):
            (folder / who / "config").mkdir(parents=True)
            config = f'c = get_config()\nc.Exchange.root = "{exchange}"\n'
            if who == "student":
                config += 'c.CourseDirectory.course_id = "econ101"\n'
            (folder / who / "config" / "nbgrader_config.py").write_text(config)

    def environment(self, who: str) -> dict[str, str]:
        left_out = ("PYTHONPATH", "GRADER_CASES")
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment["JUPYTER_CONFIG_DIR"] = str(self.folder / who / "config")
        environment["JUPYTER_DATA_DIR"] = str(self.folder / who / "data")
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        return environment

    def nbgrader(self, who: str, *arguments: str) -> str:
        """Run a command of nbgrader's where that person does, and return what it said."""
        place = self.out if who == "teacher" else self.folder / who
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(
            command, cwd=place, env=self.environment(who), capture_output=True, text=True, timeout=500
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def machine(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A class of two that was collected from elsewhere, and graded."""
    made = Machine(tmp_path_factory.mktemp("machine"))
    release = json.loads(course.set_named(SET).release.read_text(encoding="utf-8"))
    put(made.folder / "in", "o'neill", fill(release, RIGHT))
    put(made.folder / "in", "stub", fill(release, {}))
    (course.build.parent / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "econ101"\n'
    )
    try:
        grade(course, made.folder / "in", made.out, BARE)
        yield made
    finally:
        (course.build.parent / "nbgrader_config.py").unlink()


@pytest.mark.slow
def test_each_command_of_nbgraders_works_on_it_from_release_to_feedback(
    machine: Machine, course: Course
) -> None:
    out, teacher, student = machine.out, "teacher", "student"
    assert "Released as: econ101 01_tiny" in machine.nbgrader(teacher, "release_assignment", SET)
    assert "econ101 01_tiny" in machine.nbgrader(teacher, "list")
    machine.nbgrader(student, "fetch_assignment", SET)
    notebook = machine.folder / "student" / SET / "tiny.ipynb"
    released = json.loads(notebook.read_text(encoding="utf-8"))
    notebook.write_text(json.dumps(fill(released, RIGHT)), encoding="utf-8")
    machine.nbgrader(student, "submit", SET)
    machine.nbgrader(teacher, "collect", SET)
    assert len(list((machine.folder / "in").iterdir())) == 3  # `submitted` leads there
    summary = grade(course, machine.folder / "in", out, BARE)
    assert (summary.judged, summary.skipped) == (1, 2), summary.text()
    (who,) = {path.name for path in (out / "feedback").iterdir()} - {"o'neill", "stub"}
    # Our pages stand; nbgrader makes its own only by force.
    ours = (out / "feedback" / who / SET / "tiny.html").read_bytes()
    assert "Skipping existing" in machine.nbgrader(teacher, "generate_feedback", SET)
    said = machine.nbgrader(teacher, "release_feedback", SET)
    assert said.count("Feedback released") == 3
    machine.nbgrader(student, "fetch_feedback", SET)
    (fetched,) = (machine.folder / "student" / SET / "feedback").rglob("*.html")
    assert fetched.read_bytes() == ours
    # the table of ours is not written over, and nbgrader's own says the same as before
    tables = [(out / name).read_text().splitlines() for name in ("grades.csv", "nbgrader_grades.csv")]
    machine.nbgrader(teacher, "export")
    assert [(out / name).read_text().splitlines() for name in ("grades.csv", "nbgrader_grades.csv")] == tables
    assert who in machine.nbgrader(teacher, "db", "student", "list")
    # stock autograde, with the hidden cases of this folder, gives what stands there
    before = marks(out)
    machine.nbgrader(teacher, "autograde", SET, "--force")
    assert marks(out) == before and before["o'neill"] == 4.0
    machine.nbgrader(teacher, "generate_feedback", SET, "--force")
    machine.nbgrader(teacher, "generate_assignment", SET, "--force")
    assert machine.nbgrader(teacher, "release_feedback", SET, f"--student={who}").count("released") == 1


def marks(out: Path) -> dict[str, float]:
    with open_gradebook(out) as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(SET)}


@pytest.mark.browser
@pytest.mark.slow
def test_the_formgrader_opens_it_and_a_mark_given_there_reaches_the_page(
    machine: Machine, course: Course, browser: Any
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with jupyter(machine, address) as ready:
        ready()
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{address}/formgrader?token=t")
        row = page.locator("tr", has_text=SET)
        row.wait_for()
        assert row.locator(".name a").get_attribute("href").endswith(f"/source/{SET}")
        assert int(row.locator(".num-submissions").inner_text()) == len(marks(machine.out))
        page.goto(f"{address}/formgrader/submissions/{submission_id(machine.out)}/")
        score = page.locator("input.score.needs_manual_grade")
        score.wait_for()
        with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
            score.fill("1.5")
            score.press("Tab")
        page.close()
    regenerate(machine.out, course)
    assert "5.5 of 6 points<" in (machine.out / "feedback" / "o'neill" / SET / "tiny.html").read_text()
    source = (machine.out / "source" / SET / "tiny.ipynb").read_text(encoding="utf-8")
    assert "SECRET-SCHEME" in source and "MODEL-ANSWER" in source


def submission_id(out: Path) -> str:
    with open_gradebook(out) as gradebook:
        found: str = gradebook.find_submission_notebook("tiny", SET, "o'neill").id
        return found


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class jupyter:
    """A Jupyter server in the output folder, as `cd OUT && jupyter lab` starts one."""

    def __init__(self, machine: Machine, address: str) -> None:
        self.address = address
        options = ["--no-browser", f"--port={address.rpartition(':')[2]}", "--ServerApp.port_retries=0"]
        options += ["--IdentityProvider.token=t", "--allow-root", "--ServerApp.ip=127.0.0.1"]
        self.log = (machine.folder / "jupyter.log").open("w")
        self.server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options],
            cwd=machine.out, env=machine.environment("teacher"), stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self) -> Callable[[], None]:
        return self.ready

    def ready(self) -> None:
        for _ in range(600):
            assert self.server.poll() is None, Path(self.log.name).read_text()
            try:
                urllib.request.urlopen(f"{self.address}/api?token=t", timeout=10).close()
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("no Jupyter server came up")

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait(60)
        self.log.close()


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    (tmp_path / "out").mkdir()
    return CourseFolder(tmp_path / "out")


def test_what_a_person_wrote_or_changed_stays_and_what_we_wrote_is_renewed(folder: CourseFolder) -> None:
    theirs = folder.out / "nbgrader_config.py"
    theirs.write_text("# mine\n")
    folder.put("nbgrader_config.py", b"# ours\n")
    assert theirs.read_text() == "# mine\n"
    (note,) = folder.notes
    assert "is yours and was left as it is" in note
    theirs.write_text('load_subconfig("grader_settings.py")\n')
    assert folder.notes == []
    for content in (b"1", b"2"):
        CourseFolder(folder.out).put("source/01_tiny/tiny.ipynb", content)
        assert (folder.out / "source/01_tiny/tiny.ipynb").read_bytes() == content
    (folder.out / "source/01_tiny/tiny.ipynb").write_bytes(b"edited")
    again = CourseFolder(folder.out)
    again.put("source/01_tiny/tiny.ipynb", b"3")
    assert (folder.out / "source/01_tiny/tiny.ipynb").read_bytes() == b"edited"
    (note,) = again.notes
    assert "source/01_tiny/tiny.ipynb differs" in note
    (folder.out / "source/01_tiny/tiny.ipynb").unlink()
    CourseFolder(folder.out).put("source/01_tiny/tiny.ipynb", b"3")
    assert (folder.out / "source/01_tiny/tiny.ipynb").read_bytes() == b"3"


def test_a_link_of_ours_follows_the_class_and_a_folder_of_a_persons_stays(
    folder: CourseFolder, tmp_path: Path
) -> None:
    place = folder.out / "submitted"
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        CourseFolder(folder.out).link("submitted", tmp_path / name)
        assert place.resolve() == (tmp_path / name).resolve()
    place.unlink()
    place.symlink_to(tmp_path / "first")  # a person's
    CourseFolder(folder.out).link("submitted", tmp_path / "third")
    assert place.resolve() == (tmp_path / "first").resolve()
    place.unlink()
    place.mkdir()
    CourseFolder(folder.out).link("submitted", tmp_path / "second")
    assert not place.is_symlink()


def test_hidden_cases_are_their_owners_only_and_a_password_is_written_nowhere(
    folder: CourseFolder, course: Course, tmp_path: Path
) -> None:
    furnish(folder, course, tmp_path, {SET: {}}, Limits(), "postgresql://ann:S3CRET@host/marks")
    assert (folder.out / ".hidden").stat().st_mode & 0o077 == 0
    config = (folder.out / "grader_settings.py").read_text(encoding="utf-8")
    assert "db_url = 'postgresql+psycopg://ann@host/marks'" in config and "S3CRET" not in config


def test_a_page_is_missed_though_its_companions_stand(
    course: Course, tmp_path: Path, release: dict[str, Any]
) -> None:
    put(tmp_path / "in", "ann", fill(release, {}))
    (tmp_path / "in" / "ann" / SET / "submission_secret.txt").write_bytes(b"\xff" * 2_000)
    out = tmp_path / "out"
    grade(course, tmp_path / "in", out, BARE)
    folder = out / "feedback" / "ann" / SET
    assert {path.name for path in folder.iterdir()} == {"submission_secret.txt", "timestamp.txt", "tiny.html"}
    made_up = (folder / "submission_secret.txt").read_text()
    assert len(made_up) == 64  # a student's that can't be one is replaced
    (folder / "tiny.html").unlink()
    assert grade(course, tmp_path / "in", out, BARE).written == 1
    assert (folder / "tiny.html").is_file()
    assert (folder / "submission_secret.txt").read_text() == made_up
