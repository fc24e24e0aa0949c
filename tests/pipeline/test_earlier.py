"""Is a mark by hand a mark of the answer that the person read, and of no other?"""

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.pipeline import grade as module
from grader.pipeline.course import Course
from grader.pipeline.earlier import EarlierMarks
from grader.pipeline.grade import Options, grade
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.report import regenerate
from tests.pipeline.a_class import Judged, judge_once
from tests.pipeline.bad_class import RIGHT, fill, put

SET, BARE = "01_tiny", Options(sandbox="none", seed=0)
LENGTH, LONGER = "Length must not count.", "Longer texts would look worse, say one of a thousand tokens."
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "first": {"tiny-why": LENGTH},
    "same words": {"tiny-why": f"{LENGTH}\n", "tiny-ppl": "ppl = 8.166169912567651"},
    "other words": {"tiny-why": LONGER},
    "other code": {"tiny-why": LENGTH, "tiny-mean": "def mean_nll(losses):\n    return sum(losses)"},
    "no words": {},
}


class Class:
    """One student, whose notebooks were judged before, and the output folder."""

    def __init__(self, course: Course, folder: Path, verdicts: Mapping[str, Any], release: Any) -> None:
        self.course, self.folder, self.verdicts, self.release = course, folder, verdicts, release
        self.out = folder / "out"

    def hand_in(self, which: str) -> None:
        put(self.folder / "in", "ann", notebook(self.release, which))
        self.run(which)

    def run(self, which: str, **options: Any) -> None:
        module.judge_all = Judged({"ann": self.verdicts[which]})  # type: ignore[assignment]
        grade(self.course, self.folder / "in", self.out, Options(sandbox="none", seed=0, **options))

    def mark(
        self, cell: str, points: float | None, comment: str | None = None, extra: float | None = None
    ) -> None:
        """Do what the formgrader does."""
        with open_gradebook(self.out) as gradebook:
            mark = gradebook.find_grade(cell, "tiny", SET, "ann")
            mark.manual_score, mark.extra_credit = points, extra
            mark.needs_manual_grade = points is None and mark.auto_score is None
            gradebook.find_comment(cell.removeprefix("check-"), "tiny", SET, "ann").manual_comment = comment
            gradebook.db.commit()

    def marked(self, cell: str = "tiny-why") -> tuple[float | None, float | None, float]:
        """Return the mark by hand, the extra credit, and what counts."""
        with open_gradebook(self.out) as gradebook:
            mark = gradebook.find_grade(cell, "tiny", SET, "ann")
            return mark.manual_score, mark.extra_credit, mark.score

    def row(self) -> dict[str, str]:
        with (self.out / "grades.csv").open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        return row

    def page(self) -> str:
        return (self.out / "feedback" / "ann" / SET / "tiny.html").read_text(encoding="utf-8")

    def autograded(self) -> list[Any]:
        path = self.out / "autograded" / "ann" / SET / "tiny.ipynb"
        cells: list[Any] = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return cells

    def report(self) -> str:
        return (self.out / "report" / "index.html").read_text(encoding="utf-8")


def notebook(release: Any, which: str) -> Any:
    return fill(release, {k: v for k, v in RIGHT.items() if k != "tiny-why"} | ANSWERS[which])


@pytest.fixture(scope="module")
def verdicts(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    folder = tmp_path_factory.mktemp("answers")
    release = json.loads(course.set_named(SET).release.read_text(encoding="utf-8"))
    for which in ANSWERS:
        put(folder, which, notebook(release, which))
    return judge_once(course, folder)


@pytest.fixture
def ann(course: Course, tmp_path: Path, verdicts: Mapping[str, Any], release: Any) -> Iterator[Class]:
    real = module.judge_all
    try:
        made = Class(course, tmp_path, verdicts, release)
        made.hand_in("first")
        yield made
    finally:
        module.judge_all = real


def test_the_same_answer_handed_in_again_keeps_its_mark(ann: Class) -> None:
    ann.mark("tiny-why", 1.5, "Why?")
    ann.hand_in("same words")
    assert ann.marked() == (1.5, None, 1.5)
    assert (ann.row()["tiny-why"], ann.row()["needs_manual"], ann.row()["total"]) == ("1.5", "no", "5.5")
    assert "5.5 of 6 points<" in ann.page() and "Why?" in ann.page()
    assert not (ann.out / "earlier_marks.jsonl").exists()


def test_another_answer_waits_for_a_person_who_sees_the_old_mark_as_the_old_ones(ann: Class) -> None:
    ann.mark("tiny-why", 1.5, "Why?", extra=0.25)
    ann.hand_in("other words")
    assert ann.marked() == (None, None, 0.0)
    assert (ann.row()["tiny-why"], ann.row()["needs_manual"], ann.row()["total"]) == ("open", "yes", "4")
    assert "4 of 6 points so far" in ann.page() and "Why?" not in ann.page() and "1.5 of 2" not in ann.page()
    assert "1.5 of 2 points and 0.25 extra, with the comment “Why?”. The new one waits" in ann.report()
    cells = ann.autograded()
    (place,) = [
        n for n, c in enumerate(cells) if c["metadata"].get("nbgrader", {}).get("grade_id") == "tiny-why"
    ]
    assert "1.5 of 2 points" in "".join(cells[place + 1]["source"])
    # the same again, and by force: it goes on waiting
    ann.run("other words", force=True)
    assert ann.row()["needs_manual"] == "yes" and "1.5 of 2 points" in ann.report()
    # now it is marked
    ann.mark("tiny-why", 2.0)
    regenerate(ann.out, ann.course)
    assert ann.row()["tiny-why"] == "2" and "The new one waits" not in ann.report()
    assert "6 of 6 points<" in ann.page() and "earlier answer" not in ann.page()


def test_a_third_answer_waits_too_and_the_first_gets_its_mark_back(ann: Class) -> None:
    ann.mark("tiny-why", 1.5, "Why?")
    ann.hand_in("other words")
    ann.hand_in("no words")
    assert ann.row()["needs_manual"] == "yes" and "1.5 of 2 points" in ann.report()
    ann.hand_in("first")
    assert ann.marked() == (1.5, None, 1.5) and ann.row()["needs_manual"] == "no"
    assert "Why?" in ann.page()
    ann.run("first", force=True)
    assert ann.marked() == (1.5, None, 1.5)


def test_a_mark_by_hand_of_code_is_that_codes(ann: Class) -> None:
    ann.mark("check-tiny-mean", 1.25)
    ann.mark("check-tiny-unit", 0.5)
    ann.hand_in("other code")
    assert ann.marked("check-tiny-mean") == (
        None,
        None,
        1.0,
    )  # it is the judge's now, and a person looks at it
    assert ann.marked("check-tiny-unit") == (0.5, None, 0.5)  # that answer is the same
    assert ann.row()["needs_manual"] == "yes" and "1.25 of 2 points" in ann.report()
    ann.run("other code", force=True)
    assert "1.25 of 2 points" in ann.report()
    ann.mark("check-tiny-mean", 0.0)
    ann.run("other code", force=True)
    assert "1.25 of 2 points" not in ann.report()


def test_a_mark_is_not_lost_when_the_run_is_killed_as_it_is_put_aside(
    ann: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.mark("tiny-why", 1.5)
    keep = EarlierMarks.keep

    def killed(*given: Any) -> None:
        keep(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(EarlierMarks, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        ann.hand_in("other words")
    monkeypatch.undo()
    assert ann.marked() == (1.5, None, 1.5)
    ann.run("other words")
    assert ann.marked() == (None, None, 0.0) and "1.5 of 2 points" in ann.report()
    assert len([line for line in (ann.out / "earlier_marks.jsonl").read_text().splitlines() if line]) == 1


def test_a_torn_line_swallows_no_other(ann: Class) -> None:
    (ann.out / "earlier_marks.jsonl").write_text('{"student": "ann", "set": "01_t')
    ann.mark("tiny-why", 1.5)
    ann.hand_in("other words")
    assert [str(aside) for aside in EarlierMarks(ann.out).of("ann", SET)] == ["1.5 of 2 points"]


def test_when_the_marked_notebook_is_gone_the_mark_stays(ann: Class) -> None:
    ann.mark("tiny-why", 1.5)
    shutil.rmtree(ann.out / "autograded" / "ann")
    ann.hand_in("other words")
    assert ann.marked() == (1.5, None, 1.5)
