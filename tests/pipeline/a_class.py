"""A class of four, half with everything right and half with the stub, and what must hold after it was graded."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.judge.limits import Limits
from grader.judge.verdict import Submission
from grader.pipeline.course import Course
from grader.pipeline.grade import Options, release_sets
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.journal import Journal
from grader.pipeline.pool import Bench, Outcome, judge_all
from grader.pipeline.sample_class import fill
from grader.pipeline.submissions import Handed, find_submissions
from tests.pipeline.bad_class import RIGHT, put

STUDENTS = [f"student {number}" for number in range(4)]
STUB = [("check-tiny-mean", 0.0), ("check-tiny-ppl", 0.0), ("check-tiny-unit", 0.0), ("tiny-why", 0.0)]
FULL = [("check-tiny-mean", 2.0), ("check-tiny-ppl", 1.0), ("check-tiny-unit", 1.0), ("tiny-why", None)]
EXPECTED = {student: FULL if number % 2 else STUB for number, student in enumerate(STUDENTS)}
BARE = Options(sandbox="none", seed=0)


def hand_in(folder: Path, release: Mapping[str, Any], first: str = "") -> Path:
    """Write the class's notebooks; `first` is put at the head of each right answer."""
    answers = RIGHT | {"tiny-ppl": f"{first}\n{RIGHT['tiny-ppl']}"}
    for student in STUDENTS:
        put(folder, student, fill(release, answers if EXPECTED[student] is FULL else {}))
    return folder


def scores(out: Path) -> dict[str, list[tuple[str, float | None]]]:
    """Return what the gradebook holds."""
    with open_gradebook(out) as gradebook:
        return {
            s.student.id: sorted((g.name, g.auto_score) for g in s.notebooks[0].grades)
            for s in gradebook.assignment_submissions("01_tiny")
        }


def lines(out: Path) -> list[str]:
    """Return whose verdicts the journal holds, in order."""
    path = out / "journal.jsonl"
    found = []
    for line in path.read_bytes().split(b"\n") if path.is_file() else []:
        try:
            found.append(json.loads(line)["student"])
        except ValueError:
            continue  # empty, or torn by a kill
    return found


def stands_whole(out: Path) -> None:
    """Assert that gradebook, journal, notebooks, pages and table say the same of everyone."""
    assert scores(out) == EXPECTED
    journal = Journal(out / "journal.jsonl")
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == {student for student, _ in journal.latest} == set(STUDENTS)
    for student in STUDENTS:
        key = (student, "01_tiny")
        given = {name: score for name, score in EXPECTED[student] if name != "tiny-why"}
        judged = {f"check-{task}": score["points"] for task, score in journal.latest[key]["scores"].items()}
        assert judged == given
        assert not journal.waits(key) and journal.recall(key) is not None
        page = (out / "feedback" / student / "01_tiny" / "tiny.html").read_text(encoding="utf-8")
        assert page.rstrip().endswith("</html>")
        notebook = json.loads((out / "autograded" / student / "01_tiny" / "tiny.ipynb").read_text())
        assert any("text/plain" in o.get("data", {}) for c in notebook["cells"] for o in c.get("outputs", []))
        assert float(rows[student]["total"]) == sum(given.values())
    assert (out / "report" / "index.html").is_file()
    assert not (out / ".staging").exists()


@dataclass
class Judged:
    """Stands in for `judge_all` with verdicts that were found before, and counts whom it was asked about.

    after: called with the number of verdicts that were given, before the next is.
    """

    verdicts: Mapping[str, Outcome]
    asked: list[str] = field(default_factory=list)
    after: Callable[[int], None] = lambda number: None

    def __call__(
        self, work: Iterable[tuple[Handed, Submission]], bench: Bench, jobs: int, warm: object = None
    ) -> Iterator[tuple[Handed, Submission, Outcome]]:
        for number, (handed, submission) in enumerate(work):
            self.after(number)
            self.asked.append(handed.student)
            yield handed, submission, self.verdicts[handed.student]


def judge_once(course: Course, folder: Path) -> dict[str, Outcome]:
    """Return the verdicts on a class, by student; those who handed in the same have the same."""
    handed, _ = find_submissions(folder, course.sets())
    bench = Bench(release_sets(course, course.sets(), 0), 0, Limits(), sandbox="none")
    read = {whose.student: whose.read(Limits()) for whose in handed}
    first = {read[whose.student].sha256: whose for whose in reversed(handed)}
    work = [(whose, read[whose.student]) for whose in first.values()]
    found = {submission.sha256: outcome for _, submission, outcome in judge_all(work, bench, 2)}
    return {student: found[submission.sha256] for student, submission in read.items()}
