"""Is what was handed in read as it is, and does nothing odd in a folder stop a class?"""

import os
import zipfile
from pathlib import Path

import pytest

from grader.judge.limits import Limits
from grader.pipeline import submissions
from grader.pipeline.course import ExerciseSet
from grader.pipeline.submissions import Handed, find_submissions
from tests.deep import deep_place

EXERCISE = ExerciseSet(Path("nowhere"), "01_tiny")
LIMITS = Limits(extra_files=3, extra_bytes=100)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "ann" / "01_tiny"
    path.mkdir(parents=True)
    (path / "tiny.ipynb").write_bytes(b"{}")
    return path


def read(folder: Path) -> tuple[set[str], tuple[str, ...]]:
    submission = Handed("ann", EXERCISE, folder).read(LIMITS)
    assert len(submission.sha256) == 64, "every submission needs its SHA-256"
    return set(submission.files), submission.remarks


def test_the_files_beside_the_notebook_come_along(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "wörter [1].txt").write_text("words")
    (folder / "own.py").write_text("x = 1")
    for name in ("cases.json", "__pycache__", ".ipynb_checkpoints"):  # the grader's own, and leftovers
        (folder / name).mkdir() if name != "cases.json" else (folder / name).write_text("{}")
    assert read(folder) == ({"data/wörter [1].txt", "own.py"}, ())


def test_a_changed_file_changes_the_sum(folder: Path) -> None:
    sums = set()
    for content in ("a", "b"):
        (folder / "data.txt").write_text(content)
        sums.add(Handed("ann", EXERCISE, folder).read(LIMITS).sha256)
    (folder / "data.txt").rename(folder / "other.txt")
    sums.add(Handed("ann", EXERCISE, folder).read(LIMITS).sha256)
    assert len(sums) == 3


def test_links_are_not_followed(folder: Path) -> None:
    secret = folder.parents[2] / "secret.txt"
    secret.write_text("secret")
    (folder / "file").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    (folder / "round").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    assert read(folder) == (set(), ())


def test_a_folder_that_is_a_link_is_nothing_handed_in(folder: Path) -> None:
    linked = folder.parents[1] / "bob" / "01_tiny"
    linked.parent.mkdir()
    linked.symlink_to(folder)
    handed, _ = find_submissions(folder.parents[1], [EXERCISE])
    submission = next(h for h in handed if h.student == "bob").read(LIMITS)
    assert submission.notebook is None and "is a link" in submission.remarks[0]


@pytest.mark.parametrize("name", [b"\xff\xfe.txt", b"two\nlines.txt", b"bell\x07.txt", b"\xe2\x80\xae.txt"])
def test_a_name_that_cannot_be_printed_is_left_out(folder: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(folder), name), "wb") as file:
        file.write(b"x")
    (folder / "good.txt").write_text("x")
    files, (remark,) = read(folder)
    assert files == {"good.txt"}
    assert "has a name that can't be printed" in remark and remark.isprintable()


def test_folders_in_folders_without_end_are_no_trouble() -> None:
    with deep_place() as folder:
        (folder / "good.txt").write_text("x")
        inside = os.open(folder, os.O_RDONLY)
        for _ in range(1_200):  # deeper than Python calls itself
            os.mkdir("d", dir_fd=inside)
            below = os.open("d", os.O_RDONLY, dir_fd=inside)
            os.close(inside)
            inside = below
        os.close(os.open("deep.txt", os.O_CREAT | os.O_WRONLY, dir_fd=inside))
        os.close(inside)
        assert read(folder)[0] == {"good.txt"}
    assert not folder.exists()


@pytest.mark.parametrize(("files", "size"), [(4, 1), (2, 60)])
def test_too_many_and_too_large_files_are_told(folder: Path, files: int, size: int) -> None:
    for number in range(files):
        (folder / f"{number}.txt").write_bytes(b"x" * size)
    found, (remark,) = read(folder)
    assert found == set() and "none of it was used" in remark


def test_a_folder_with_more_than_anybody_looks_at_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "MOST_LOOKED_AT", 5)
    for number in range(6):
        (folder / f"folder {number}").mkdir()
    found, (remark,) = read(folder)
    assert found == set() and "none of it was used" in remark


def test_a_students_folder_that_cannot_be_read_stops_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.parents[1] / "bob").mkdir()
    listed = Path.iterdir

    def refused(self: Path):  # type: ignore[no-untyped-def]
        if self.name == "bob":  # root may read everything, so the refusal is made here
            raise PermissionError(13, "Permission denied")
        return listed(self)

    monkeypatch.setattr(Path, "iterdir", refused)
    handed, left_out = find_submissions(folder.parents[1], [EXERCISE])
    assert [h.student for h in handed] == ["ann"]
    assert left_out == ["The folder 'bob' was left out: Permission denied."]


MEANT = {
    "another case": (["Tiny.IPYNB"], "Tiny.IPYNB"),
    "the only notebook": (["homework.ipynb"], "homework.ipynb"),
    "a shadow of another system": (["homework.ipynb", "._homework.ipynb"], "homework.ipynb"),
    "a copy": (["Copy of tiny.ipynb", "scratch.ipynb"], "Copy of tiny.ipynb"),
    "a second ending": (["tiny.ipynb.txt"], "tiny.ipynb.txt"),
    "a second ending of another kind": (["tiny.ipynb.json", "words.txt"], "tiny.ipynb.json"),
    "two that could be meant": (["a.ipynb", "b.ipynb"], None),
    "two copies": (["tiny (1).ipynb", "tiny (2).ipynb"], None),
    "nothing": (["words.txt"], None),
}


@pytest.mark.parametrize("case", MEANT)
def test_the_notebook_is_taken_where_it_is_plain_which_one_is_meant(folder: Path, case: str) -> None:
    names, meant = MEANT[case]
    (folder / "tiny.ipynb").unlink()
    for name in names:
        (folder / name).write_text(name)
    submission = Handed("ann", EXERCISE, folder).read(LIMITS)
    assert submission.notebook == (meant.encode() if meant else None)
    notebooks = [name for name in names if name.endswith("ipynb") and not name.startswith(".")]
    assert meant or all(repr(name) in " ".join(submission.remarks) for name in notebooks)


def zipped(path: Path, **members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)


def test_a_packed_notebook_is_read_and_nothing_is_unpacked(folder: Path) -> None:
    (folder / "tiny.ipynb").unlink()
    zipped(folder / "work.zip", **{"hand in__tiny.ipynb": "{}", "__MACOSX__._tiny.ipynb": "x"})
    before = sorted(folder.rglob("*"))
    submission = Handed("ann", EXERCISE, folder).read(LIMITS)
    assert submission.notebook == b"{}" and "work.zip" in submission.remarks[0]
    assert sorted(folder.rglob("*")) == before


def test_archives_that_are_damaged_or_leave_open_what_is_meant_are_told(folder: Path) -> None:
    (folder / "tiny.ipynb").unlink()
    (folder / "work.zip").write_bytes(b"PK\x03\x04 broken")
    assert "damaged archive" in Handed("ann", EXERCISE, folder).read(LIMITS).remarks[1]
    zipped(folder / "work.zip", **{"a.ipynb": "1", "b.ipynb": "2"})
    assert "holds 2 notebooks" in Handed("ann", EXERCISE, folder).read(LIMITS).remarks[1]


def test_an_archive_that_stands_for_far_more_is_read_up_to_the_limit(folder: Path) -> None:
    (folder / "tiny.ipynb").unlink()
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.ipynb", b" " * 5_000_000)
    small = Limits(notebook_bytes=1000)
    assert len(Handed("ann", EXERCISE, folder).read(small).notebook or b"") == 1001


def test_a_students_folder_that_is_a_link_or_hidden_is_left_out_and_told(folder: Path) -> None:
    students = folder.parents[1]
    (students / "bob").symlink_to(folder.parent)
    (students / ".carol" / "01_tiny").mkdir(parents=True)
    (students / ".git").mkdir()
    handed, left_out = find_submissions(students, [EXERCISE])
    assert [whose.student for whose in handed] == ["ann"]
    assert len(left_out) == 2
    assert "'.carol' was left out: its name begins with a dot" in left_out[0]
    assert "'bob' was left out: it is a link" in left_out[1]


@pytest.mark.parametrize("other", ["Ann", "ANN", "\uff41nn"])
def test_ids_that_differ_in_case_or_form_only_are_told(folder: Path, other: str) -> None:
    (folder.parents[1] / other / "01_tiny").mkdir(parents=True)
    handed, left_out = find_submissions(folder.parents[1], [EXERCISE])
    assert len(handed) == 2
    assert "differ in case or in how letters are encoded only" in left_out[-1]
