"""Each layout is known for what it is, and everybody's latest work lies where it is graded."""

import doctest
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import grader.term.archives as archives
import grader.term.layouts as layouts
from grader.cli import main
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.submissions import find_submissions
from grader.term import shelf
from grader.term.collect import Collected, collect
from grader.term.roster import parse
from tests.term.downloads import LAYOUTS, ROSTER, A, Z, course_of_two, notebook, tarred, write, zipped

SET = "06_perplexity"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_of_two(tmp_path / "course")


def everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def there(out: Path) -> dict[str, bytes]:
    """What a person sees of the collected work."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and ".collected" not in path.parts
    }


def taken(
    course: Course, tmp_path: Path, files: dict[str, bytes], roster: str = ROSTER
) -> tuple[Collected, Path]:
    source = write(tmp_path / "download", files)
    out = tmp_path / "submitted"
    return collect(course, source, out, parse(roster) if roster else None), out


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(archives).failed == 0 and doctest.testmod(layouts).failed == 0


@pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_download_of_each_layout_is_collected(course: Course, tmp_path: Path, kind: str, form: str) -> None:
    files = LAYOUTS[kind]
    source = tmp_path / f"submissions.{form}"
    if form == "folder":
        write(source, files)
    else:
        source.write_bytes(zipped(files) if form == "zip" else tarred(files))
    before = everything(tmp_path)
    result = collect(course, source, tmp_path / "submitted", parse(ROSTER))
    assert result.layout == kind.split()[0]
    assert everything(tmp_path).items() >= before.items()
    found = there(tmp_path / "submitted")
    assert found[f"zoe/{SET}/perplexity.ipynb"] == Z
    assert found[f"ann/{SET}/perplexity.ipynb"] == A
    assert not result.unknown and not result.doubled
    handed, told = find_submissions(tmp_path / "submitted", course.sets())
    assert not [sentence for sentence in told if "left out" in sentence] and len(handed) >= 2


def test_times_are_kept_as_nbgrader_writes_them(course: Course, tmp_path: Path) -> None:
    for number, (kind, zoe, ann) in enumerate(
        (
            ("exchange", "2026-03-01 12:00:00.500000 UTC", "2026-03-02 12:00:00.000000 UTC"),
            ("gradescope", "2026-03-01 12:00:00.861687 UTC", "2026-03-02 08:30:00.000000 UTC"),
            ("attempts", "2026-03-01 12:00:00.000000 UTC", "2026-03-01 12:30:00.000000 UTC"),
            ("plain", "2026-03-01 12:00:00.000000 UTC", None),
            ("moodle", None, None),
        )
    ):
        _, out = taken(course, tmp_path / str(number), LAYOUTS[kind])
        found = there(out)
        for student, time in (("zoe", zoe), ("ann", ann)):
            assert found.get(f"{student}/{SET}/timestamp.txt") == (time.encode() if time else None), kind


def test_files_beside_come_along_and_groups_get_theirs(course: Course, tmp_path: Path) -> None:
    _, out = taken(course, tmp_path / "a", LAYOUTS["moodle"])
    assert there(out)[f"zoe/{SET}/data/letters.txt"] == b"abc"
    _, out = taken(course, tmp_path / "b", LAYOUTS["canvas"])
    assert there(out)[f"ann/{SET}/letters.txt"] == b"abc"
    _, out = taken(course, tmp_path / "c", LAYOUTS["gradescope"])
    assert there(out)[f"ben/{SET}/perplexity.ipynb"] == Z
    _, out = taken(course, tmp_path / "d", LAYOUTS["plain"])
    assert there(out)["zoe/01_tiny/tiny.ipynb"] == notebook("01_tiny")


def test_lateness_and_earlier_attempts_of_canvas_are_told(course: Course, tmp_path: Path) -> None:
    result, _ = taken(course, tmp_path, LAYOUTS["canvas"])
    assert result.late == [f"zoe/{SET}"]
    assert f"ann/{SET}: hw_6.ipynb was not taken, an earlier attempt." in result.notes
    assert [name for name, _ in result.left_out] == ["ngben_814_text.html"]
    assert result.missing == [f"ben (Ben Ng): nothing for {SET}"]
    assert "does not say when" in result.text() and not result.all_fine


def test_cells_decide_the_set_and_a_broken_notebook_goes_by_its_name(course: Course, tmp_path: Path) -> None:
    result, out = taken(
        course,
        tmp_path,
        {
            "zoe/tiny.ipynb": Z,
            "ann/perplexity (1).ipynb": A[:40],
            "ben/notes.ipynb": b"{}",
            "ben/x.txt": b"?",
        },
    )
    assert set(there(out)) == {f"zoe/{SET}/perplexity.ipynb", f"ann/{SET}/perplexity.ipynb"}
    assert any("by its cells it is of 06_perplexity" in note for note in result.notes)
    assert ("ben, notes.ipynb", "it belongs to no set, by its name and by its cells") in result.left_out
    assert ("ben, x.txt", "it lies beside no notebook") in result.left_out


def test_who_is_not_in_the_roster_is_told_and_not_collected(course: Course, tmp_path: Path) -> None:
    files = {
        "Zoë Müller-Lee_4711_assignsubmission_file/perplexity.ipynb": Z,
        "Carl New_4799_assignsubmission_file/perplexity.ipynb": A,
        "Ann Lee_4713_assignsubmission_file/perplexity.ipynb": A,  # the number is Ben's
    }
    result, out = taken(course, tmp_path, files)
    assert set(there(out)) == {f"zoe/{SET}/perplexity.ipynb"}
    assert ("full name Carl New, participant 4799", "") in result.unknown
    assert any("the name 'ann'" in why for _, why in result.unknown)
    assert result.missing == [f"2 of 3: nothing for {SET}, for which few handed in anything"]


def test_ids_that_differ_in_case_only_are_told(course: Course, tmp_path: Path) -> None:
    result, out = taken(course, tmp_path / "a", {"ZOE/perplexity.ipynb": Z})
    assert set(there(out)) == {f"zoe/{SET}/perplexity.ipynb"}
    assert "'ZOE' was taken for 'zoe'" in result.alike[0]
    result, out = taken(course, tmp_path / "b", {"ZOE/perplexity.ipynb": Z, "zoe/perplexity.ipynb": A}, "")
    assert len(there(out)) == 2 and "'ZOE', 'zoe'" in result.alike[0]


def test_what_can_not_be_put_in_order_is_doubled_and_not_collected(course: Course, tmp_path: Path) -> None:
    files = {"zoe/Copy of perplexity.ipynb": Z, "zoe/perplexity (1).ipynb": A, "ann/perplexity.ipynb": A}
    result, out = taken(course, tmp_path, files)
    assert set(there(out)) == {f"ann/{SET}/perplexity.ipynb"}
    assert result.doubled[0][0] == f"zoe/{SET}" and "Copy of perplexity.ipynb" in result.doubled[0][1]


def test_two_of_one_name_are_not_mixed_up_without_a_roster(course: Course, tmp_path: Path) -> None:
    files = {f"Ann Lee_{n}_assignsubmission_file/perplexity.ipynb": d for n, d in ((1, A), (2, Z))}
    result, out = taken(course, tmp_path, files, "")
    assert not there(out) and "--roster" in result.doubled[0][1]


def test_a_second_download_takes_the_newer_attempt_and_leaves_the_rest(
    course: Course, tmp_path: Path
) -> None:
    name = "{}_assignsubmission_file/perplexity.ipynb"
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    zoe, ann = name.format("Zoë Müller-Lee_4711"), name.format("Ann Lee_4712")
    first.write_bytes(zipped({zoe: notebook(answer="first"), ann: A}, day=1))
    second.write_bytes(zipped({zoe: Z, ann: A}, day=8))
    out, roster = tmp_path / "submitted", parse(ROSTER)
    collect(course, first, out, roster)
    assert collect(course, first, out, roster).done == {shelf.SAME: [f"ann/{SET}", f"zoe/{SET}"]}
    done = collect(course, second, out, roster)
    assert done.done == {shelf.SAME: [f"ann/{SET}"], shelf.RENEWED: [f"zoe/{SET}"]}
    assert there(out)[f"zoe/{SET}/perplexity.ipynb"] == Z and "replaced by a newer attempt" in done.text()
    earlier = out / ".collected" / "earlier" / "zoe" / SET / "1" / "perplexity.ipynb"
    assert earlier.read_bytes() == notebook(answer="first")
    assert collect(course, first, out, roster).done[shelf.OLDER] == [f"zoe/{SET}"]
    assert there(out)[f"zoe/{SET}/perplexity.ipynb"] == Z


def test_nothing_that_tells_leaves_what_is_there_unless_told_to_replace(
    course: Course, tmp_path: Path
) -> None:
    name = "Zoë Müller-Lee_4711_assignsubmission_file/perplexity.ipynb"
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    first.write_bytes(zipped({name: A}))
    second.write_bytes(zipped({name: Z}))
    out, roster = tmp_path / "submitted", parse(ROSTER)
    collect(course, first, out, roster)
    assert shelf.UNSURE in collect(course, second, out, roster).done
    assert there(out)[f"zoe/{SET}/perplexity.ipynb"] == A
    assert shelf.RENEWED in collect(course, second, out, roster, replace=True).done
    assert there(out)[f"zoe/{SET}/perplexity.ipynb"] == Z


@pytest.mark.parametrize("change", ["edited", "added", "removed", "put"])
def test_what_a_person_did_is_never_replaced(course: Course, tmp_path: Path, change: str) -> None:
    result, out = taken(course, tmp_path, LAYOUTS["exchange"])
    folder = out / "zoe" / SET
    if change == "edited":
        (folder / "perplexity.ipynb").write_bytes(notebook(answer="mended by hand"))
    elif change == "added":
        (folder / "note.txt").write_text("seen")
    elif change == "removed":
        (folder / "timestamp.txt").unlink()
    else:
        folder = write(out / "ben" / SET, {"perplexity.ipynb": b"by hand"})
    before = there(out)
    newer = {
        f"{s}+{SET}+2026-04-01 10:00:00 UTC/perplexity.ipynb": notebook(answer="newer")
        for s in ("zoe", "ben")
    }
    source = write(tmp_path / "newer", newer)
    done = collect(course, source, out, parse(ROSTER), replace=True)
    assert f"{'ben' if change == 'put' else 'zoe'}/{SET}" in done.done[shelf.CHANGED]
    inside = folder.relative_to(out).as_posix()
    assert {n: d for n, d in there(out).items() if n.startswith(inside)} == {
        n: d for n, d in before.items() if n.startswith(inside)
    }
    assert "kept: somebody" in done.text() and not done.all_fine


KILLED = """
import os, sys
from pathlib import Path
import grader.term.shelf as shelf
from grader.cli import main
at = int(sys.argv[1])
def dying(move):
    def moved(self, target):
        global at
        at -= 1
        if at < 0:
            os._exit(9)
        return move(self, target)
    return moved
Path.rename, Path.replace = dying(Path.rename), dying(Path.replace)
main(sys.argv[2:])
"""


def test_a_run_killed_at_any_step_loses_nothing_and_the_next_one_ends_it(
    course: Course, tmp_path: Path
) -> None:
    first = write(tmp_path / "1", LAYOUTS["exchange"])
    later = {
        f"{s}+{SET}+2026-04-01 10:00:00 UTC/perplexity.ipynb": notebook(answer="new") for s in ("zoe", "ann")
    }
    second = write(tmp_path / "2", later)
    (tmp_path / "r.csv").write_text(ROSTER)
    ours = Path(__file__).resolve().parents[2]
    steps = 0
    for step in range(10):
        out = tmp_path / f"out{step}"
        collect(course, first, out, parse(ROSTER))
        command = ["collect", str(second), "--out", str(out), "--roster", str(tmp_path / "r.csv")]
        run = subprocess.run(
            [sys.executable, "-c", KILLED, str(step), *command],
            cwd=course.root, env={**os.environ, "PYTHONPATH": str(ours)}, capture_output=True, text=True,
        )  # fmt: skip
        if run.returncode != 9:
            break
        steps += 1
        other = write(tmp_path / f"other{step}", {"ben/perplexity.ipynb": notebook()})
        collect(course, other, out, parse(ROSTER))  # it holds nothing of theirs, and mends what was cut
        for student, old in (("zoe", Z), ("ann", A)):
            assert there(out)[f"{student}/{SET}/perplexity.ipynb"] in (old, notebook(answer="new"))
        collect(course, second, out, parse(ROSTER))
        kept = [path.read_bytes() for path in (out / ".collected" / "earlier").rglob("*.ipynb")]
        assert sorted(kept) == sorted([Z, A])  # and what was replaced is kept, once
        for student in ("zoe", "ann"):
            assert there(out)[f"{student}/{SET}/perplexity.ipynb"] == notebook(answer="new")
    assert (
        steps == 8
    )  # for each of two students: the record, the old one away, the new one in, the old one kept


def test_the_command_says_what_it_did_and_how_it_went(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    source = write(tmp_path / "d", LAYOUTS["moodle flat"])
    roster = tmp_path / "students.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    command = ["collect", str(source), "--out", str(tmp_path / "o"), "--roster", str(roster)]
    assert main(command) == 1  # Ben is missing
    said = capsys.readouterr().out
    assert "Taken for a download of a Moodle assignment." in said
    assert "collected: 2" in said and "missing: 1\n  ben (Ben Ng): nothing for 06_perplexity" in said
    roster.write_text("\n".join(ROSTER.splitlines()[:3]), encoding="utf-8")
    assert main(command) == 0
    assert main(["collect", str(tmp_path / "none"), "--out", str(tmp_path / "o")]) == 2
    assert main(["collect", str(source), "--out", str(source / "o")]) == 2
    assert main([*command, "--as", "canvas"]) == 2


def test_a_source_is_told_what_else_it_could_be(course: Course, tmp_path: Path) -> None:
    result, _ = taken(course, tmp_path, LAYOUTS["github"])
    assert result.layout == "github" and "plain" in result.others
    assert "It could also be a plain folder of students' folders: --as says which." in result.text()


def test_one_stray_notebook_does_not_bury_who_is_missing(course: Course, tmp_path: Path) -> None:
    files = {
        "zoe/perplexity.ipynb": Z,
        "ann/perplexity.ipynb": A,
        "ben/perplexity.ipynb": notebook("01_tiny"),
    }
    result, _ = taken(course, tmp_path, files)
    assert result.missing == [
        f"ben (Ben Ng): nothing for {SET}",
        "2 of 3: nothing for 01_tiny, for which few handed in anything",
    ]


def test_one_run_at_a_time_writes(course: Course, tmp_path: Path) -> None:
    with shelf.open_shelf(tmp_path / "o"), pytest.raises(PipelineError, match="Another collect"):
        with shelf.open_shelf(tmp_path / "o"):
            pass
