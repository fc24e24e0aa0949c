"""Is what was handed in read as it is, and does nothing odd in a folder stop a class?"""

import os
import shutil
import socket
import stat
import struct
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.judge.limits import Limits
from grader.pipeline import PipelineError, submissions
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


@pytest.mark.keeps("grader.pipeline.submissions", "Not told are leftovers of systems and editors")
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


@pytest.mark.keeps("grader.pipeline.submissions", "Links are not followed, wherever they stand")
def test_links_are_not_followed(folder: Path) -> None:
    secret = folder.parents[2] / "secret.txt"
    secret.write_text("secret")
    (folder / "file").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    (folder / "round").symlink_to(folder)
    (folder / "nowhere").symlink_to("/no/such/place")
    files, (remark,) = read(folder)
    assert files == set()
    assert remark == "Not used, since links are not followed: 'file', 'folder', 'nowhere', …."


@pytest.mark.keeps(
    "grader.pipeline.submissions",
    "Only plain files are opened",
    "pipes, devices and sockets are not",
    "in a sentence for the student where it is in a submission",
)
def test_what_is_no_plain_file_is_told_and_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")  # to open it would wait for a writer
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "socket"))
    if os.geteuid() == 0:
        os.mknod(folder / "device", 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # zeros without end
    files, (remark,) = read(folder)
    assert files == set() and "it is no plain file" in remark and "'pipe.txt', 'socket'" in remark
    for kind in ("tiny.ipynb", "tiny.zip"):
        (folder / "tiny.ipynb").unlink()
        os.mkfifo(folder / kind)
        assert Handed("ann", EXERCISE, folder).read(LIMITS).notebook is None


def test_a_file_that_becomes_a_link_or_a_pipe_while_it_is_read_is_not_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "secret").write_text("secret")
    (folder / "data.txt").symlink_to(folder / "secret")
    os.mkfifo(folder / "more.txt")
    monkeypatch.setattr(submissions, "_kind", lambda path: "folder" if path == folder else "file")
    files, remarks = read(folder)
    assert "data.txt" not in files
    assert any("data.txt could not be read" in remark for remark in remarks)


@pytest.mark.keeps(
    "grader.pipeline.submissions",
    "A hard link is a file like any other and can't be told from one",
    "as a copy of it would be",
)
def test_a_hard_link_is_marked_as_the_copy_that_it_is(folder: Path) -> None:
    other = folder.parents[1] / "bob" / "01_tiny" / "tiny.ipynb"
    other.parent.mkdir(parents=True)
    os.link(folder / "tiny.ipynb", other)
    handed, left_out = find_submissions(folder.parents[1], [EXERCISE])
    mine, same = (whose.read(LIMITS) for whose in handed)
    assert left_out == [] and mine == same and mine.notebook == b"{}"


@pytest.mark.keeps(
    "grader.pipeline.submissions",
    "a link to another's folder or file brings nobody that one's marks",
)
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


@pytest.mark.keeps("grader.judge.limits", "extra_files", "extra_bytes")
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


def test_other_notebooks_beside_the_one_that_counts_are_told(folder: Path) -> None:
    (folder / "old").mkdir()
    for name in ("Copy of tiny.ipynb", "old/tiny.ipynb", "._tiny.ipynb", ".tiny.ipynb"):
        (folder / name).write_bytes(b"{}")
    told = "Only 'tiny.ipynb' was marked; there are also 'Copy of tiny.ipynb', 'old/tiny.ipynb'."
    assert read(folder) == (set(), (told,))


@pytest.mark.parametrize(
    ("name", "says"),
    {
        "._tiny.ipynb": "What macOS keeps beside a file is no notebook: '._tiny.ipynb'.",
        "mine/tiny.ipynb": "A notebook lies a folder deeper and was not marked: 'mine/tiny.ipynb'. Hand in "
        "'01_tiny/tiny.ipynb'.",
    }.items(),
)
def test_a_notebook_that_does_not_count_is_told_with_the_reason(folder: Path, name: str, says: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / "tiny.ipynb").rename(folder / name)
    submission = Handed("ann", EXERCISE, folder).read(LIMITS)
    assert submission.notebook is None
    assert [remark for remark in submission.remarks if remark.startswith(says)]


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


@pytest.mark.keeps("grader.pipeline.submissions", "Ids that differ only in case")
@pytest.mark.parametrize("other", ["Ann", "ANN", "\uff41nn"])
def test_ids_that_differ_in_case_or_form_only_are_told(folder: Path, other: str) -> None:
    (folder.parents[1] / other / "01_tiny").mkdir(parents=True)
    handed, left_out = find_submissions(folder.parents[1], [EXERCISE])
    assert len(handed) == 2
    assert "differ in case or in how letters are encoded only" in left_out[-1]


@pytest.fixture
def anybody() -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """What calls a function as somebody who may not read everything."""

    def as_nobody(call: Callable[[], Any]) -> Any:
        mine = os.geteuid()
        if mine:
            return call()
        os.seteuid(65534)
        try:
            return call()
        finally:
            os.seteuid(mine)

    yield as_nobody


@pytest.fixture
def students() -> Iterator[Path]:
    """A folder of students that anybody may read, with one submission of ann's."""
    root = Path(tempfile.mkdtemp(dir="/tmp"))
    root.chmod(0o755)
    (root / "ann" / "01_tiny").mkdir(parents=True)
    (root / "ann" / "01_tiny" / "tiny.ipynb").write_bytes(b"{}")
    yield root
    for path in sorted(root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(root)


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_folders_that_nobody_may_read_are_told_and_stop_nobody(
    students: Path, anybody: Callable[[Callable[[], Any]], Any], mode: int
) -> None:
    (students / "bob" / "01_tiny").mkdir(parents=True)
    (students / "cid" / "01_tiny" / "data").mkdir(parents=True)
    (students / "cid" / "01_tiny" / "data" / "a.txt").write_text("a")
    (students / "dan" / "01_tiny").mkdir(parents=True)
    (students / "dan" / "01_tiny" / "tiny.ipynb").write_bytes(b"{}")
    for place in (students / "bob", students / "cid" / "01_tiny" / "data", students / "dan" / "01_tiny"):
        place.chmod(mode)

    handed, left_out = anybody(lambda: find_submissions(students, [EXERCISE]))
    assert [whose.student for whose in handed] == ["ann", "cid", "dan"]
    assert len(left_out) == 1 and left_out[0].startswith("The folder 'bob' was left out: ")
    found = {w.student: anybody(lambda w=w: w.read(LIMITS)) for w in handed}
    assert found["ann"].remarks == () and found["cid"].files == {}
    assert "can't be read: " in found["cid"].remarks[0] and "data" in found["cid"].remarks[0]
    assert any("can't be read: " in remark for remark in found["dan"].remarks) or (
        mode == 0o111 and found["dan"].notebook == b"{}"
    )


def test_a_folder_of_students_that_nobody_may_read_is_told(
    students: Path, anybody: Callable[[Callable[[], Any]], Any]
) -> None:
    students.chmod(0o111)
    with pytest.raises(PipelineError, match="can't be read: Permission denied"):
        anybody(lambda: find_submissions(students, [EXERCISE]))


IDS = {
    "o'neil, ann": True,
    'say "hi"': True,
    "=1+1": True,
    "-rf": True,
    "con": True,
    "...": False,
    "🎓": True,
    "👩\u200d🎓": True,  # one picture, of two that are joined
    "علی\u200cرضا": True,  # a name that is written with a joiner
    "two\nlines": False,
    "bell\x07": False,
    "\u202eevil": False,
    "x" * 128: True,
    "x" * 129: False,
    "x" * 250: False,
    os.fsdecode(b"\xff\xfe"): False,
}


@pytest.mark.keeps(
    "grader.pipeline.submissions",
    "An id is the folder's name as it is: at most `LONGEST_ID` characters",
    "and no dot first",
)
@pytest.mark.parametrize("name", IDS, ids=ascii)
def test_an_id_is_taken_as_it_is_or_left_out_and_told(folder: Path, name: str) -> None:
    shutil.copytree(folder.parent, folder.parents[1] / name)
    handed, left_out = find_submissions(folder.parents[1], [EXERCISE])
    assert ({"ann", name} if IDS[name] else {"ann"}) == {whose.student for whose in handed}
    assert len(left_out) == (not IDS[name])
    assert all(sentence.isprintable() and len(sentence) < 300 for sentence in left_out)


@pytest.mark.keeps(
    "grader.pipeline.submissions",
    "in how letters are encoded or in what can't be seen are told",
)
@pytest.mark.parametrize("pair", [("é", "e\u0301"), ("straße", "STRASSE"), ("a\u200db", "ab"), ("ﬁ", "FI")])
def test_ids_that_look_the_same_are_told(folder: Path, pair: tuple[str, str]) -> None:
    for name in pair:
        (folder.parents[1] / name / "01_tiny").mkdir(parents=True)
    handed, left_out = find_submissions(folder.parents[1], [EXERCISE])
    assert len(handed) == 3 and len(left_out) == 1 and "differ in case or" in left_out[0]


@pytest.mark.keeps("grader.pipeline.submissions", "in one for the teacher where it is around them")
def test_what_lies_beside_the_folders_is_told(folder: Path) -> None:
    students = folder.parents[1]
    for name in (
        "bob.ipynb",
        "CID.ZIP",
        "dan.ipynb.txt",
        "roster.csv",
        ".hidden.ipynb",
        "._eve.ipynb",
        ".DS_Store",
    ):
        (students / name).write_text("x")
    for name in ("01_tiny.ipynb", "notes.txt"):
        (students / "ann" / name).write_text("x")
    for name in ("01_Tiny", "01_tiny (1)", "02_other", "old", "03_later"):
        (students / "ann" / name).mkdir()
    (students / "ann" / "old" / "tiny.ipynb").write_text("x")
    (students / "ann" / "to bob").symlink_to(students)
    _, left_out = find_submissions(students, [EXERCISE], other_sets=["02_other"])
    assert sorted(left_out) == [
        "'ann': the file '01_tiny.ipynb' was left out: it lies in no set's folder.",
        "'ann': the file 'notes.txt' was left out: it lies in no set's folder.",
        "'ann': the folder '01_Tiny' was left out; expected was '01_tiny'.",
        "'ann': the folder '01_tiny (1)' was left out; expected was '01_tiny'.",
        "'ann': the folder '03_later' was left out; it is no set's.",
        "'ann': the folder 'old' was left out; it is no set's, though notebooks lie in it.",
        "'ann': the link 'to bob' was left out: links are not followed.",
        "The file '._eve.ipynb' was left out: it lies in no student's folder.",
        "The file 'CID.ZIP' was left out: it lies in no student's folder.",
        "The file 'bob.ipynb' was left out: it lies in no student's folder.",
        "The file 'dan.ipynb.txt' was left out: it lies in no student's folder.",
        "The file 'roster.csv' was left out: it lies in no student's folder.",
    ]


@pytest.mark.keeps("grader.pipeline.submissions", "There are at most `MOST_TOLD` sentences of a kind")
def test_thousands_of_students_are_found_and_few_sentences_told(folder: Path) -> None:
    students = folder.parents[1]
    for number in range(500):
        (students / f"late {number}").mkdir()
        (students / f".hidden {number}").mkdir()
        for twin in ("Twin", "twin"):
            (students / f"{twin} {number}" / "01_tiny").mkdir(parents=True)
    handed, left_out = find_submissions(students, [EXERCISE])
    assert len(handed) == 1001 and len(left_out) == 3 * (submissions.MOST_TOLD + 1)
    assert [s for s in left_out if s.startswith("And ")] == ["And 480 more of this kind."] * 3


@pytest.mark.keeps(
    "grader.pipeline.submissions",
    "Nothing is written, and nothing that lies there ends a run",
    "each submission has a verdict, whatever its folder holds",
)
def test_every_folder_gives_a_submission_and_is_left_as_it_was(folder: Path) -> None:
    students = folder.parents[1]

    def hand_in(student: str) -> Path:
        place = students / student / "01_tiny"
        place.mkdir(parents=True)
        return place

    hand_in("empty")
    (hand_in("a folder") / "tiny.ipynb").mkdir()
    (hand_in("a circle") / "tiny.ipynb").symlink_to("tiny.ipynb")
    os.mkfifo(hand_in("a pipe") / "tiny.ipynb")
    (hand_in("no file") / "tiny.ipynb").symlink_to("/no/such/place")
    (hand_in("an archive") / "work.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (hand_in("bytes") / "tiny.ipynb").write_bytes(bytes(range(256)))

    def state() -> dict[Path, tuple[int, ...]]:
        stats = {path: path.lstat() for path in sorted(students.rglob("*"))}
        return {path: (s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for path, s in stats.items()}

    before = state()
    handed, left_out = find_submissions(students, [EXERCISE])
    read_as = {whose.student: whose.read(LIMITS) for whose in handed}
    assert state() == before
    assert left_out == [] and len(read_as) == 8
    for student, submission in read_as.items():
        assert (submission.notebook is None) == (student not in ("ann", "bytes")), student


def test_files_deeper_than_anybody_puts_them_are_told(folder: Path) -> None:
    deep = folder.joinpath(*["d"] * 200)
    deep.mkdir(parents=True)
    (deep / "far.txt").write_text("x")
    near = folder.joinpath(*["d"] * submissions.MOST_FOLDERS)
    (near / "near.txt").write_text("x")
    files, (remark,) = read(folder)
    assert {Path(name).name for name in files} == {"near.txt"}
    assert remark.startswith(
        f"Not used, since it lies in more than {submissions.MOST_FOLDERS} folders: 'd/d/"
    )
    assert len(remark) < 200


@pytest.mark.parametrize("large", [False, True])
def test_an_archive_whose_table_of_contents_is_large_is_not_read(folder: Path, large: bool) -> None:
    (folder / "tiny.ipynb").unlink()
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    count = 100_000
    table = entry * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(table), 0, 0)
    far = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 20, 20, 0, 0, count, count, len(table), 0)
    far += struct.pack("<4sLQL", b"PK\x06\x07", 0, len(table), 1)
    (folder / "work.zip").write_bytes(table + (far if large else b"") + end)
    tracemalloc.start()
    submission = Handed("ann", EXERCISE, folder).read(Limits(extra_bytes=1000))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "holds too much to look for a notebook" in submission.remarks[1]
    assert most < 20_000_000
