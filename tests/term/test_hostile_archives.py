"""Archives that are made to harm: nothing leaves its folder, and nothing fills the memory or the disk."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.pipeline.course import Course
from grader.term import archives
from grader.term.archives import Bounds, Refused, inside
from grader.term.collect import collect
from tests.term.downloads import A, Z, course_of_two, notebook, tarred, write, zipped


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_of_two(tmp_path / "course")


def linked(name: str, target: str, mode: int = 0o120777) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, target)
        archive.writestr("ok.txt", "fine")
    return data.getvalue()


BAD_NAMES = ["../../evil.ipynb", "/etc/evil.ipynb", "..\\evil.ipynb", "C:\\evil.ipynb", "a/../../evil.ipynb",
             "x\x1b[2J.ipynb",
    "evil" * 100 + ".ipynb", "/".join("d" * 40) + "/evil.ipynb"]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("form", ["zip", "tar.gz"])
def test_no_name_leads_out_of_the_archive(course: Course, tmp_path: Path, name: str, form: str) -> None:
    work = {name: Z, "perplexity.ipynb": A}
    data = zipped(work) if form == "zip" else tarred(work)
    source = write(tmp_path / "in" / "d", {f"zoe/work.{form}": data})
    outside = set(tmp_path.rglob("*"))
    result = collect(course, source, tmp_path / "in" / "out")
    assert any(name.replace("\x00", "")[:10] in where for where, _ in result.left_out), result.left_out
    made = set(tmp_path.rglob("*")) - outside
    assert all((tmp_path / "in" / "out") in (p, *p.parents) for p in made)
    assert not [p for p in made if "evil" in p.name]
    assert (tmp_path / "in/out/zoe/06_perplexity/perplexity.ipynb").read_bytes() == A


def test_links_and_devices_are_not_followed() -> None:
    tree = inside(linked("perplexity.ipynb", "/etc/passwd"), "w.zip")
    assert [i.path for i in tree.items] == ["ok.txt"] and "links" in tree.left_out[0][1]
    tree = inside(linked("pipe", "", 0o010644), "w.zip")
    assert "no plain file" in tree.left_out[0][1]
    kinds = {"s": (tarfile.SYMTYPE, "/etc/passwd"), "h": (tarfile.LNKTYPE, "/etc/passwd"),
             "d": (tarfile.CHRTYPE, ""), "f": (tarfile.FIFOTYPE, ""), "ok.txt": b"fine"}  # fmt: skip
    tree = inside(tarred(kinds), "w.tar.gz")
    assert [i.path for i in tree.items] == ["ok.txt"] and len(tree.left_out) == 4


def test_links_in_a_folder_are_not_followed(course: Course, tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", {"perplexity.ipynb": Z})
    source = write(tmp_path / "d", {"ann/perplexity.ipynb": A, "zoe/note.txt": b""})
    (source / "zoe" / "perplexity.ipynb").symlink_to(secret / "perplexity.ipynb")
    (source / "ben").symlink_to(secret)
    result = collect(course, source, tmp_path / "o")
    assert {w for w, why in result.left_out if "links" in why} == {"zoe/perplexity.ipynb", "ben"}
    assert not (tmp_path / "o" / "zoe").exists() and not (tmp_path / "o" / "ben").exists()


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Bounds(files=10, file_bytes=3_000_000, all_bytes=5_000_000)
    monkeypatch.setattr(archives, "OF_A_STUDENT", small)
    zeros = bytes(2_000_000)
    tree = inside(zipped({"zeros.txt": zeros, "perplexity.ipynb": Z}), "w.zip")
    assert "packed more than 200 times" in tree.left_out[0][1] and len(tree.items) == 1
    with pytest.raises(Refused, match="more than 10 files"):
        inside(zipped({f"{n}.txt": b"" for n in range(11)}), "w.zip")
    with pytest.raises(Refused, match="more than 10 files"):
        inside(tarred({f"{n}.txt": b"" for n in range(11)}), "w.tar.gz")
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for n in range(3):
            archive.writestr(f"{n}.txt", zeros)
    with pytest.raises(Refused, match="more than 5 MB"):
        inside(stored.getvalue(), "w.zip")
    with pytest.raises(Refused, match="too large"):
        inside(tarred({f"{n}.txt": zeros for n in range(3)}), "w.tar.gz")
    with pytest.raises(Refused):
        inside(tarred({"x" * 4_000_000: b""}), "w.tar.gz")  # a name that fills the memory


def test_a_size_that_an_archive_states_wrongly_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped({"perplexity.ipynb": bytes(range(256)) * 40}))
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (5).to_bytes(4, "little")
    (item,) = inside(bytes(data), "w.zip").items
    with pytest.raises(Refused, match="damaged"):
        item.read()


def test_passwords_damage_and_archives_in_archives_are_told(course: Course, tmp_path: Path) -> None:
    locked = bytearray(zipped({"perplexity.ipynb": Z}))
    locked[6] |= 1
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    nested = zipped({"inner.zip": zipped({"perplexity.ipynb": Z}), "perplexity.ipynb": A})
    files = {
        "zoe/w.zip": bytes(locked),
        "ann/w.zip": nested,
        "ben/w.zip": nested[:200],
        "cy/w.tgz": b"no tar",
    }
    result = collect(course, write(tmp_path / "d", files), tmp_path / "o")
    told = dict(result.left_out)
    assert told["zoe, w.zip/perplexity.ipynb"] == "it has a password"
    assert told["ann, w.zip/inner.zip"] == "it is an archive in an archive"
    assert told["ben, w.zip"] == told["cy, w.tgz"] == "the archive is damaged"
    assert (tmp_path / "o/ann/06_perplexity/perplexity.ipynb").read_bytes() == A


def test_names_in_utf_8_without_the_mark_are_read(course: Course, tmp_path: Path) -> None:
    data = zipped({"Zoë Müller_1_assignsubmission_file/perplexity.ipynb": notebook()})
    plain = data.replace("Zoë Müller".encode(), "Zo\u00eb M\u00fcller".encode())
    marked = bytearray(plain)
    marked[7] &= ~8 & 0xFF
    at = marked.rfind(b"PK\x01\x02")
    marked[at + 9] &= ~8 & 0xFF
    (tmp_path / "d.zip").write_bytes(bytes(marked))
    collect(course, tmp_path / "d.zip", tmp_path / "o")
    assert (tmp_path / "o/Zoë Müller/06_perplexity/perplexity.ipynb").exists()
