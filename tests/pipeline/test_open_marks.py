"""Is a mark that a person has yet to give told as open, and never as a 0?"""

import csv
from pathlib import Path

from grader.pipeline.report import Mark, Row, write_grades

MARKS = {
    "why": (Mark(0.0, 2.0, needs_manual=True), "open"),
    "partly": (Mark(0.5, 2.0, needs_manual=True), "0.5"),
    "by-hand": (Mark(0.0, 2.0, needs_manual=True, by_hand=True), "0"),
    "machine": (Mark(0.0, 1.0, needs_manual=False), "0"),
}


def test_an_open_mark_is_told_as_open_in_the_table(tmp_path: Path) -> None:
    row = Row("ann", "01_tiny", "tiny", {name: mark for name, (mark, _) in MARKS.items()}, 0.0)
    write_grades(tmp_path, [row])
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        (written,) = csv.DictReader(file)
    assert {name: written[name] for name in MARKS} == {name: told for name, (_, told) in MARKS.items()}
    assert (written["total"], written["needs_manual"]) == ("0.5", "yes")


def test_what_a_person_has_marked_is_open_no_more() -> None:
    done = {name: mark for name, (mark, _) in MARKS.items() if not mark.waits}
    assert set(done) == {"by-hand", "machine"}
    assert not Row("ann", "01_tiny", "tiny", done, 0.0).needs_manual
