"""Do the pages go back to whom they belong, named as each LMS finds them, over nothing of a person's?"""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.exchange.default import ExchangeFetchFeedback
from traitlets.config import Config

from grader import cli
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.gradebook import course_directory
from grader.term.export import Done
from grader.term.hand_back import WantedPages, hand_back

Mark = Callable[..., None]


def back(out: Path, course: Course, lms: str, to: Path, **wanted: object) -> Done:
    return hand_back(out, course, WantedPages(lms, to, **wanted))  # type: ignore[arg-type]


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def page(out: Path, student: str) -> bytes:
    return (out / "feedback" / student / "01_tiny" / "tiny.html").read_bytes()


def moodle_finds(path: str) -> tuple[str, str, str]:
    """Return participant, plugin and file name as Moodle's importer reads a path: each part, split at underscores."""
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit():
            rest = "/".join([info[4] if len(info) > 4 else "", *parts])
            return info[1], f"{info[2]}_{info[3]}", rest.lstrip("/")
    raise AssertionError(path)


def canvas_finds(path: str) -> tuple[str, str]:
    """Return user and attachment as Canvas reads a file name: the first two pieces that are digits."""
    pieces = path.rsplit("/", 1)[-1].split("_")
    assert not pieces[-1].startswith("link")
    user, attachment = [piece for piece in pieces if re.fullmatch(r"\d+", piece)][:2]
    return user, attachment


@pytest.fixture
def downloaded(tmp_path: Path) -> Path:
    """What Moodle gives: folders as since 4.1 and before, and a person whom nobody knows."""
    path = tmp_path / "tiny-901.zip"
    names = (
        'Zoë Müller, geb. "Zett"_901_assignsubmission_file/tiny.ipynb',
        "EVE NG_902_assignsubmission_file_/tiny.ipynb",
        "Somebody Else_903_assignsubmission_file/tiny.ipynb",
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return path


def test_moodle_finds_each_page_s_owner(
    out: Path, course: Course, roster: Path, downloaded: Path, tmp_path: Path
) -> None:
    done = back(out, course, "moodle", tmp_path / "back.zip", roster=roster, source=downloaded)
    files = inside(tmp_path / "back.zip")
    assert {moodle_finds(name): content for name, content in files.items()} == {
        ("901", "assignfeedback_file", "tiny.html"): page(out, "zoe"),
        ("902", "assignfeedback_file", "tiny.html"): page(out, "eve"),
    }
    assert "nothing tells who they are there: Ben =cmd|calc, stub" in " ".join(done.off)


def test_a_participant_of_the_roster_needs_no_download(out: Path, course: Course, tmp_path: Path) -> None:
    roster = tmp_path / "r.csv"
    roster.write_text(
        "student,name,participant\nzoe,Zo_ë / Mü_ller,Participant 17\nben,Ben,18\n", encoding="utf-8"
    )
    back(out, course, "moodle", tmp_path / "zips", roster=roster)
    files = inside(tmp_path / "zips" / "moodle_01_tiny.zip")
    assert {moodle_finds(name)[0]: content for name, content in files.items()} == {
        "17": page(out, "zoe"), "18": page(out, "ben"),
    }  # fmt: skip
    assert "Zo ë Mü ller_17_assignfeedback_file_/tiny.html" in files


def test_canvas_finds_each_page_s_owner_by_the_latest_attachment(
    out: Path, course: Course, roster: Path, tmp_path: Path
) -> None:
    source = tmp_path / "submissions"
    source.mkdir()
    for name in (
        "mullergebzettzoe_LATE_7001_50_tiny.ipynb", "mullergebzettzoe_7001_61_tiny-1.ipynb",
        "mullergebzettzoe_7001_62_notes.txt", "someone_7009_70_tiny.ipynb", "ngeve_7003_71_2_tiny.ipynb",
        "benjamin_7002_80_link.html", "readme.md",
    ):  # fmt: skip
        (source / name).write_text("{}", encoding="utf-8")
    done = back(out, course, "canvas", tmp_path / "back.zip", roster=roster, source=source)
    found = {canvas_finds(name): content for name, content in inside(tmp_path / "back.zip").items()}
    assert found == {("7001", "61"): page(out, "zoe"), ("7003", "71"): page(out, "eve")}
    assert "Ben =cmd|calc" in " ".join(done.off)
    assert (
        sorted(path.name for path in source.iterdir())[0] == "benjamin_7002_80_link.html"
    )  # nothing was touched


def test_one_name_of_two_people_is_nobody_s(out: Path, course: Course, tmp_path: Path) -> None:
    roster, source = tmp_path / "r.csv", tmp_path / "in"
    roster.write_text("student,name\nzoe,Ann Lee\nben,Ann Lee\neve,Eve Ng\n", encoding="utf-8")
    for name in ("Ann Lee_1_assignsubmission_file", "Eve Ng_3_assignsubmission_file"):
        (source / name).mkdir(parents=True)
    back(out, course, "moodle", tmp_path / "back.zip", roster=roster, source=source)
    assert [moodle_finds(name)[0] for name in inside(tmp_path / "back.zip")] == ["3"]


def test_two_downloads_of_one_name_are_nobody_s(
    out: Path, course: Course, roster: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    for name in (
        "Eve Ng_1_assignsubmission_file",
        "Eve Ng_2_assignsubmission_file",
        "Ben_3_assignsubmission_file",
    ):
        (source / name).mkdir(parents=True)
    done = back(out, course, "moodle", tmp_path / "back.zip", roster=roster, source=source)
    assert [moodle_finds(name)[0] for name in inside(tmp_path / "back.zip")] == ["3"]
    assert "Eve Ng" in " ".join(done.off)


def test_the_exchange_gives_a_page_to_its_student_by_nbgrader_s_own_command(
    out: Path, course: Course, tmp_path: Path
) -> None:
    exchange, cache = tmp_path / "exchange", tmp_path / "cache"
    (exchange / "course101").mkdir(parents=True)
    done = back(out, course, "exchange", exchange, course_id="course101")
    assert "nobody can fetch it there: ben (01_tiny), eve (01_tiny), stub (01_tiny)" in " ".join(done.off)
    assert (exchange / "course101" / "feedback").stat().st_mode & 0o777 == 0o711
    kept = cache / "course101" / "zoe+01_tiny+2026-03-02 10:00:00 UTC"
    kept.mkdir(parents=True)
    (kept / "tiny.ipynb").write_text("{}", encoding="utf-8")
    (kept / "submission_secret.txt").write_text("zoe-secret", encoding="utf-8")
    directory = course_directory(tmp_path / "home", "01_tiny", "zoe")
    directory.course_id = "course101"
    config = Config()
    config.Exchange.root, config.Exchange.cache = str(exchange), str(cache)
    config.Exchange.assignment_dir = str(tmp_path / "home")
    (tmp_path / "home").mkdir()
    ExchangeFetchFeedback(coursedir=directory, config=config).start()
    fetched = tmp_path / "home" / "01_tiny" / "feedback" / "2026-03-02 10:00:00 UTC" / "tiny.html"
    assert fetched.read_bytes() == page(out, "zoe")


def test_a_course_that_the_exchange_lacks_is_told(out: Path, course: Course, tmp_path: Path) -> None:
    (tmp_path / "exchange" / "physics").mkdir(parents=True)
    with pytest.raises(PipelineError, match="has no course 'chemistry'; it has 'physics'"):
        back(out, course, "exchange", tmp_path / "exchange", course_id="chemistry")
    assert [path.name for path in (tmp_path / "exchange").iterdir()] == ["physics"]


def test_a_folder_gets_what_is_new_and_keeps_what_a_person_wrote(
    out: Path, course: Course, mark: Mark, tmp_path: Path
) -> None:
    to = tmp_path / "pages"
    back(out, course, "folder", to)
    mark("zoe", 2, comment="Well put.")
    done = back(out, course, "folder", to)  # the page follows the mark that came later
    assert "4 pages, 1 of them new or changed" in " ".join(done.notes)
    mine = to / "zoe" / "01_tiny" / "tiny.html"
    assert mine.read_bytes() == page(out, "zoe") and b"Well put." in mine.read_bytes()
    mine.write_bytes(b"my own words")
    (to / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(PipelineError, match=r"zoe/01_tiny/tiny.html.*Nothing was touched"):
        back(out, course, "folder", to)
    assert mine.read_bytes() == b"my own words"
    back(out, course, "folder", to, force=True)
    assert mine.read_bytes() == page(out, "zoe") and (to / "notes.txt").is_file()


def test_an_archive_that_is_there_is_refused(out: Path, course: Course, mark: Mark, tmp_path: Path) -> None:
    to = tmp_path / "pages.zip"
    back(out, course, "folder", to)
    before = to.read_bytes()
    back(out, course, "folder", to)  # the same pages make the same archive
    assert to.read_bytes() == before and set(inside(to)) == {
        f"{student}/01_tiny/tiny.html" for student in ("zoe", "ben", "eve", "stub")
    }
    mark("zoe", 1)
    with pytest.raises(PipelineError, match="there already"):
        back(out, course, "folder", to)
    assert to.read_bytes() == before
    back(out, course, "folder", to, force=True)
    assert inside(to)["zoe/01_tiny/tiny.html"] == page(out, "zoe")
    assert not list(tmp_path.glob(".*.part"))


def test_a_link_in_the_folder_leads_nowhere_else(out: Path, course: Course, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "zoe").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PipelineError, match="outside"):
        back(out, course, "folder", tmp_path / "pages")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_page_that_is_gone_is_named(out: Path, course: Course, tmp_path: Path) -> None:
    for step in ("feedback", "autograded"):
        for path in (out / step / "eve" / "01_tiny").iterdir():
            path.unlink()
    done = back(out, course, "folder", tmp_path / "pages")
    assert "eve, 01_tiny: there is no page" in " ".join(done.off)
    assert not (tmp_path / "pages" / "eve").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--for", "canvas", "--to", "b.zip"], "name the archive or the folder with --source"),
        (["--for", "moodle", "--to", "b.zip"], "participant's number in the assignment"),
        (["--for", "canvas", "--to", "b.zip", "--source", "no.zip"], "neither a folder nor a zip archive"),
        (["--for", "moodle", "--to", "b.zip", "--source", "."], "nothing that is named as Moodle names"),
        (["--for", "folder", "--to", "{out}"], "where the grading writes"),
        (["--for", "folder", "--to", "{out}/feedback/x"], "where the grading writes"),
        (["--for", "exchange", "--to", "nowhere"], "has no course 'default_course'"),
    ],
)
def test_what_is_lacking_is_told_in_a_sentence(
    out: Path, course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(course.root)
    assert cli.main(["return", str(out), *(a.format(out=out) for a in arguments)]) == cli.UNUSABLE
    assert says in capsys.readouterr().err
    assert not (course.root / "b.zip").exists()
