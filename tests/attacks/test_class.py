"""Can anybody in a class earn from a neighbour, harm one, reach the gradebook, or put a script on a page?"""

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from grader.judge.limits import Limits
from grader.pipeline.build import build_course
from grader.pipeline.course import Course
from grader.pipeline.desk import Summary
from grader.pipeline.grade import Options, grade
from grader.pipeline.sample_class import fill
from tests.attacks.handed_in.folders import ATTACKERS, RIGHT, Attacker
from tests.deep import deep_place
from tests.pipeline.tiny_course import write_course

LIMITS = Limits(cell_seconds=10.0, notebook_seconds=40.0, grace_seconds=1.0)
EARNS = {attacker.__name__: re.search(r"Points: (.*)$", attacker.__doc__ or "") for attacker in ATTACKERS}
MOST = 4.0  # a person marks the text


class Graded:
    """A class that was graded: where, and what came of it."""

    def __init__(self, folder: Path, out: Path, summary: Summary) -> None:
        self.folder, self.out, self.summary = folder, out, summary
        with (out / "grades.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.rows = {next(iter(row.values())): row for row in rows}
        entries = [
            json.loads(line) for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        self.points = {e["student"]: sum(s["points"] for s in e["scores"].values()) for e in entries}


def digest(folder: Path) -> str:
    """Return a digest of a student's notebook."""
    return hashlib.sha256((folder / "01_tiny/tiny.ipynb").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, lacking: Callable[[str], None]) -> Iterator[Graded]:
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    course = Course(write_course(tmp_path_factory.mktemp("course")))
    build_course(course)
    release = json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))

    def notebook(answers: dict[str, str]) -> bytes:
        return json.dumps(fill(release, answers)).encode()

    with deep_place() as handed_in:
        for name in ("ada", "zoe"):
            (handed_in / name / "01_tiny").mkdir(parents=True)
            (handed_in / name / "01_tiny/tiny.ipynb").write_bytes(notebook(RIGHT))
        for attacker in ATTACKERS:
            place = handed_in / attacker.__name__ / "01_tiny"
            place.mkdir(parents=True)
            attacker(place, notebook)
        before = digest(handed_in / "ada")
        out = tmp_path_factory.mktemp("out")
        summary = grade(course, handed_in, out, Options(jobs=2, limits=LIMITS))
        assert digest(handed_in / "ada") == before
        yield Graded(handed_in, out, summary)


def test_everybody_gets_a_verdict_a_row_and_a_page(graded: Graded) -> None:
    students = {place.name for place in graded.folder.iterdir()}
    pages = {path.parts[-3] for path in (graded.out / "feedback").glob("*/*/*.html")}
    assert graded.summary.failed == []
    assert set(graded.rows) == set(graded.points) == pages == students


@pytest.mark.parametrize("name", ["ada", "zoe"])
def test_the_honest_neighbours_lose_nothing(graded: Graded, name: str) -> None:
    assert graded.points[name] == MOST


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda attacker: attacker.__name__)
def test_an_attacker_gets_what_the_answers_earn(graded: Graded, attacker: Attacker) -> None:
    told = EARNS[attacker.__name__]
    assert told is not None
    assert graded.points[attacker.__name__] == float(told[1])


def test_nobody_writes_beside_the_pages(graded: Graded) -> None:
    found = {p.relative_to(graded.out).parts[0] for p in graded.out.rglob("*")}
    kept = {
        ".course-folder",
        ".hidden",
        ".lock",
        ".seed",
        ".verdicts",
        "nbgrader_config.py",
        "grader_settings.py",
    }
    made = {"gradebook.db", "grades.csv", "nbgrader_grades.csv", "journal.jsonl", "report"}
    assert found <= {"source", "release", "submitted", "autograded", "feedback"} | made | kept
    for page in (graded.out / "feedback").rglob("*"):
        assert page.is_dir() or page.name in ("tiny.html", "timestamp.txt", "submission_secret.txt")


class Scripts(HTMLParser):
    """Collects what could run, load or send on a page; no page has a script of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found = []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag in ("script", "iframe", "object", "embed", "base", "form", "link", "frame", "applet"):
            self.found.append((tag, given))
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh":
            self.found.append((tag, given))
        self.found += [(tag, name) for name in given if name.startswith("on")]
        values = [
            str(given.get(name) or "") for name in ("href", "src", "xlink:href", "action", "formaction")
        ]
        self.found += [
            (tag, v) for v in values if re.match(r"\s*(javascript|data:text|vbscript)", v, re.IGNORECASE)
        ]


def test_no_page_holds_a_script_of_a_student(graded: Graded) -> None:
    pages = [*(graded.out / "feedback").rglob("*.html"), *(graded.out / "report").rglob("*.html")]
    assert len(pages) > len(ATTACKERS)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        scripts = Scripts()
        scripts.feed(text)
        assert scripts.found == [], page
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", text), page


def test_nothing_that_is_printed_holds_an_escape(graded: Graded) -> None:
    assert "\x1b" not in graded.summary.text()
    assert "\x1b" not in (graded.out / "grades.csv").read_text(encoding="utf-8")
