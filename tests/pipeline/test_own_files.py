"""Is what a person put somewhere left alone, and is what a command wrote itself replaced?"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.own_files import made_anew, remove_own, write_own

FILES = {"ann/01_tiny/tiny.ipynb": b"{}", "bob/01_tiny": None}


def tree(folder: Path) -> dict[str, bytes | None]:
    paths = sorted(folder.rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in paths}


def another_file(folder: Path) -> None:
    (folder / "cem" / "01_tiny").mkdir(parents=True)
    (folder / "cem" / "01_tiny" / "tiny.ipynb").write_bytes(b"a real student's")


def a_changed_file(folder: Path) -> None:
    (folder / "ann" / "01_tiny" / "tiny.ipynb").write_bytes(b"edited")


def an_empty_folder(folder: Path) -> None:
    (folder / "cem").mkdir()


def a_link(folder: Path) -> None:
    (folder / "cem").symlink_to(folder / "ann")


def a_file_turned_into_a_link(folder: Path) -> None:
    path = folder / "ann" / "01_tiny" / "tiny.ipynb"
    path.rename(folder.parent / "elsewhere.ipynb")
    path.symlink_to(folder.parent / "elsewhere.ipynb")


def a_lost_manifest(folder: Path) -> None:
    (folder / ".sample-class").unlink()


def the_manifest_of_another_time(folder: Path) -> None:
    (folder / ".sample-class").write_text("Written by `grader sample`, which replaces this folder.\n")


@pytest.mark.parametrize(
    "touch",
    [
        another_file,
        a_changed_file,
        an_empty_folder,
        a_link,
        a_file_turned_into_a_link,
        a_lost_manifest,
        the_manifest_of_another_time,
    ],
)
def test_a_folder_that_a_person_touched_is_left_as_it_is(
    tmp_path: Path, touch: Callable[[Path], None]
) -> None:
    folder = tmp_path / "class"
    write_own(folder, FILES)
    touch(folder)
    before = tree(folder)
    for act in (lambda: write_own(folder, {"new.txt": b""}), lambda: remove_own(folder)):
        with pytest.raises(PipelineError, match="something else than a sample class"):
            act()
    with pytest.raises(PipelineError, match="something else"), made_anew(folder):
        pytest.fail("the folder is a person's, and that is seen before the work")
    assert tree(folder) == before


def test_what_was_written_before_is_replaced_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    write_own(folder, FILES)
    write_own(folder, {"cem/01_tiny/tiny.ipynb": b"[]"})
    assert set(tree(folder)) == {".sample-class", "cem", "cem/01_tiny", "cem/01_tiny/tiny.ipynb"}
    remove_own(folder)
    assert not folder.exists()
    remove_own(folder)


def test_a_killed_run_leaves_what_the_next_one_may_replace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "class"
    whole = Path.write_bytes

    def killed(path: Path, content: bytes) -> int:
        if content == b"{}":
            whole(path, content[:1])
            raise KeyboardInterrupt
        return whole(path, content)

    monkeypatch.setattr(Path, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        write_own(folder, FILES)
    monkeypatch.undo()
    write_own(folder, FILES)
    assert tree(folder)["ann/01_tiny/tiny.ipynb"] == b"{}"


def test_a_new_folder_takes_the_old_ones_place_only_when_all_went_well(tmp_path: Path) -> None:
    out = tmp_path / "graded"
    with made_anew(out) as beside:
        (beside / "marks").write_text("1")
        (beside / "page").symlink_to("marks")
    with pytest.raises(ValueError, match="no"), made_anew(out) as beside:
        raise ValueError("no")
    assert (out / "marks").read_text() == "1"
    with made_anew(out) as beside:
        (beside / "marks").write_text("2")
    assert (out / "marks").read_text() == "2" and not (out / "page").is_symlink()
    assert [p.name for p in tmp_path.iterdir()] == ["graded"]
    with pytest.raises(PipelineError, match="'marks'"), made_anew(out):
        (out / "marks").write_text("by hand, meanwhile")
    assert (out / "marks").read_text() == "by hand, meanwhile"


def test_a_mark_given_in_the_sample_class_keeps_it(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.root)
    handed_in, out = tmp_path / "sample" / "submitted", tmp_path / "sample" / "graded"
    command = ["sample", str(handed_in), "--graded", str(out), "--sandbox", "none", "--jobs", "2"]
    assert main(command) == 1  # its damaged notebooks
    said = capsys.readouterr().out
    assert f"{out}/grades.csv" in said.replace(os.sep, "/") and "seed 0" in said
    with sqlite3.connect(out / "gradebook.db") as database:
        database.execute("update grade set manual_score = 1.5 where needs_manual_grade")
    database.close()
    before = tree(tmp_path)
    capsys.readouterr()
    assert main(command) == main([*command, "--remove"]) == 2
    assert "'gradebook.db'" in capsys.readouterr().err
    assert tree(tmp_path) == before


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_clean_keeps_what_it_does_not_know(root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "Makefile", tmp_path)
    (tmp_path / "exercises" / "01_tiny").mkdir(parents=True)
    made = ["site/index.html", "source/01_tiny/tiny.ipynb", "release/01_tiny/tiny.ipynb", "ledger.json"]
    persons = [
        "submitted/ann/ps1/p.ipynb",
        "graded/gradebook.db",
        "autograded/ann/ps1/p.ipynb",
        "gradebook.db",
        "source/ps1/p.ipynb",
        "sample/graded/gradebook.db",
    ]
    for name in [*made, *persons]:
        path = tmp_path / "build" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    done = subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    left = {str(p.relative_to(tmp_path / "build")) for p in (tmp_path / "build").rglob("*") if p.is_file()}
    assert left == set(persons)
    assert "submitted" in done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_course_writes_and_removes_nothing_where_nbgrader_collects(root: Path) -> None:
    # Not `course`: a line with $(MAKE) in it is run in a dry run, too.
    command = ["make", "--dry-run", "--always-make", "build/sample/graded/report/index.html"]
    plan = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    assert plan.returncode == 0, plan.stderr
    assert "grader sample build/sample/submitted --graded build/sample/graded" in plan.stdout
    for place in ("build/submitted", "build/graded", "build/autograded", "build/feedback", "rm "):
        assert place not in plan.stdout
    course = (root / "Makefile").read_text(encoding="utf-8").split("\ncourse: ")[1].splitlines()[0]
    assert course.split()[-1] == command[-1]
