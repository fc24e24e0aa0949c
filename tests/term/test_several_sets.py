"""Does a term of several sets go out set by set, with nobody's mark erased and no total of a part?"""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.report import Mark, Row
from grader.term import export as export_module
from grader.term import hand_back as hand_back_module
from grader.term.export import Wanted, export
from grader.term.hand_back import WantedPages, hand_back
from grader.term.standing import Enrolled, Standing, Times

DONE, WAITS = Mark(1.5, 2, needs_manual=False), Mark(0, 2, needs_manual=True)


def row(student: str, set_name: str, mark: Mark, penalty: float = 0.0) -> Row:
    return Row(student, set_name, set_name[3:], {"task": DONE, "words": mark}, penalty)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Standing:
    """Ann has both sets, of which one waits; ben has the first only, a little late."""
    rows = [row("ann", "01_a", DONE), row("ben", "01_a", DONE, 0.5), row("ann", "02_b", WAITS)]
    times = {("ben", "01_a"): Times(datetime(2026, 3, 1, 8), 61.0)}
    found = Standing(tmp_path, rows, times, {"ann": Enrolled("Ann", "Lee", "ann@x", "41")})
    for module in (export_module, hand_back_module):
        monkeypatch.setattr(module, "brought_up_to_date", lambda *_: found)
    return found


def tables(there: Standing, course: Course, lms: str, **wanted: object) -> dict[str, list[list[str]]]:
    done = export(there.out, course, Wanted(lms, **wanted))  # type: ignore[arg-type]
    return {
        path.name: list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        for path in done.files
    }


def test_an_importer_that_erases_gets_no_blank_cell(there: Standing, course: Course) -> None:
    for lms, of_ann in (
        ("canvas", ["Lee, Ann", "41", "", "ann", "", "3"]),
        ("moodle", ["Ann", "Lee", "ann", "3"]),
    ):
        found = tables(there, course, lms)
        assert set(found) == {f"{lms}_01_a.csv"}  # of 02_b there is no final mark
        lines = found[f"{lms}_01_a.csv"]
        assert of_ann in lines and [line[-1] for line in lines[-2:]] == ["2.5", "3"]
        assert all(line[-1] for line in lines)


def test_there_is_no_total_of_a_part(there: Standing, course: Course) -> None:
    lines = {line[0]: line for line in tables(there, course, "csv")["marks.csv"]}
    assert lines["ann"][-2:] == ["", "8"] and lines["ben"][-2:] == ["2.5", "4"]
    assert lines["ben"][11:17] == [""] * 6  # nothing handed in for the second
    assert lines["ben"][5:11] == ["2.5", "4", "0.5", "2026-03-01 08:00:00 +0000", "00:01:01", ""]


def test_what_is_for_one_assignment_asks_for_one_set(there: Standing, course: Course, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="say with --set which: 01_a, 02_b"):
        tables(there, course, "moodle", template=tmp_path / "sheet.csv")
    for r in there.rows:
        page = there.out / "feedback" / r.student / r.set_name / f"{r.notebook}.html"
        page.parent.mkdir(parents=True)
        page.write_text("page", encoding="utf-8")
    with pytest.raises(PipelineError, match="one assignment; say with --set which: 01_a, 02_b"):
        hand_back(there.out, course, WantedPages("moodle", tmp_path / "x.zip"))


def test_one_name_is_no_place_for_two_files(there: Standing, course: Course, tmp_path: Path) -> None:
    done = Mark(2, 2, needs_manual=False)
    there.rows[2].marks["words"] = done
    with pytest.raises(PipelineError, match="a file for each set, canvas_01_a.csv, canvas_02_b.csv"):
        tables(there, course, "canvas", to=tmp_path / "x.csv")
    assert set(tables(there, course, "canvas", to=tmp_path / "x")) == {"canvas_01_a.csv", "canvas_02_b.csv"}
