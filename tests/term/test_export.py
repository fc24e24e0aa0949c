"""Is each file, to the byte, what its LMS imports, with everybody in it or named?"""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import cli
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.term.export import Done, Wanted, export
from grader.term.lms_tables import number

BOM = b"\xef\xbb\xbf"
Mark = Callable[..., None]


def made(out: Path, course: Course, lms: str, **wanted: object) -> tuple[bytes, Done]:
    done = export(out, course, Wanted(lms, **wanted))  # type: ignore[arg-type]
    (path,) = done.files
    return path.read_bytes(), done


def parsed(content: bytes) -> list[list[str]]:
    assert content.startswith(BOM)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_canvas_gets_its_own_ids_and_the_final_marks_only(
    out: Path, course: Course, mark: Mark, roster: Path
) -> None:
    mark("zoe", 1.5)
    mark("eve", 0.25)
    content, done = made(out, course, "canvas", roster=roster, columns={"01_tiny": "Homework 1 (12345)"})
    assert (
        content
        == BOM
        + (
            "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (12345)\r\n"
            "    Points Possible,,,,,6\r\n"
            '"Müller, geb. ""Zett"", Zoë",7001,S1,zmueller,A,5.5\r\n'
            '"Ng, Eve",7003,S3,eve,A,0.25\r\n'
        ).encode()
    )
    told = " ".join(done.off)
    assert "a person has yet to mark Ben =cmd|calc (tiny-why)" in told  # left out, and named
    assert "Not in the roster, or not for certain: stub." in told
    assert "1 in the roster handed in nothing and are not in the file: Nia Øst" in " ".join(done.notes)


def test_a_share_for_canvas_has_its_sign_and_moodle_gets_none(
    out: Path, course: Course, mark: Mark, roster: Path
) -> None:
    mark("zoe", 1.5)
    canvas, _ = made(out, course, "canvas", roster=roster, percent=True)
    assert parsed(canvas)[1][5] == "6" and parsed(canvas)[2][5] == "91.6667%"
    moodle, _ = made(out, course, "moodle", roster=roster, percent=True)
    assert parsed(moodle)[1][3] == "91.6667"


def test_moodle_is_told_by_e_mail(out: Path, course: Course, mark: Mark, roster: Path) -> None:
    mark("zoe", 1.5)
    mark("ben", 2)
    content, done = made(out, course, "moodle", roster=roster)
    assert (
        content
        == BOM
        + (
            "First name,Last name,Email address,01_tiny\r\n"
            "Ben,'=cmd|calc,ben@uni.edu,5\r\n"
            'Zoë,"Müller, geb. ""Zett""",zoe@uni.edu,5.5\r\n'
        ).encode()
    )
    assert "maximum grade must be 6" in " ".join(done.notes)


def test_the_worksheet_keeps_all_but_the_grades(
    out: Path, course: Course, mark: Mark, roster: Path, tmp_path: Path
) -> None:
    mark("zoe", 1.5)
    head = (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    )
    rest = ',6.00,Yes,"Monday, 2 March 2026, 10:00 AM",-,"Good, ""so"""\r\n'
    sheet = tmp_path / "Grades.csv"
    sheet.write_bytes(
        (
            f"{head}Participant 901,Zoë Müller,ZOE@uni.edu,Submitted for grading,{rest}"
            f"Participant 902,Nobody,nobody@uni.edu,No submission,,6.00,Yes,-,-,\r\n"
        ).encode()
    )
    content, done = made(out, course, "moodle", roster=roster, template=sheet)
    assert (
        content
        == BOM + f"{head}Participant 901,Zoë Müller,ZOE@uni.edu,Submitted for grading,5.5{rest}".encode()
    )
    assert "Not in Grades.csv, or not for certain: Ben =cmd|calc, Eve Ng" in " ".join(done.off)


def test_a_worksheet_of_another_language_says_which_column(
    out: Path, course: Course, mark: Mark, tmp_path: Path
) -> None:
    mark("zoe", 2)
    sheet = tmp_path / "Bewertungen.csv"
    sheet.write_text(
        "ID,Vollständiger Name,Benutzer,Bewertung,Zuletzt geändert\nTeilnehmer/in 7,Z,zoe@x,,-\n", "utf-8"
    )
    with pytest.raises(PipelineError, match="--column 01_tiny=Bewertung"):
        made(out, course, "moodle", template=sheet)
    roster = tmp_path / "r.csv"
    roster.write_text("student;email\nzoe;zoe@x\n", "utf-8")
    columns = {"01_tiny": "Bewertung"}
    content, _ = made(out, course, "moodle", template=sheet, columns=columns, roster=roster)
    assert parsed(content)[1] == ["Teilnehmer/in 7", "Z", "zoe@x", "6", "-"]


def test_canvas_own_gradebook_gives_ids_and_titles(
    out: Path, course: Course, mark: Mark, tmp_path: Path
) -> None:
    mark("zoe", 2)
    mark("eve", 0)
    template = tmp_path / "2026_Grades.csv"
    template.write_text(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Tiny (77),Other (78),Current Score\n"
        "    Points Possible,,,,,6.00,1.00,(read only)\n"
        '"Müller, Zoë",7001,,ZOE,"A, B",,1,90\n'
        '"Student, Test",9,,,A,,,\n',
        encoding="utf-8",
    )
    content, done = made(out, course, "canvas", template=template)
    assert parsed(content) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Tiny (77)"],
        ["    Points Possible", "", "", "", "", "6"],
        ["Müller, Zoë", "7001", "", "ZOE", "A, B", "6"],
    ]
    assert "Not in 2026_Grades.csv, or not for certain: ben, eve, stub" in " ".join(done.off)


def test_gradescope_s_form_has_times_and_lateness(
    out: Path, course: Course, mark: Mark, roster: Path, late: None
) -> None:
    mark("zoe", 1.5)
    content, done = made(out, course, "gradescope", roster=roster)
    rows = parsed(content)
    assert rows[0] == [
        "First Name", "Last Name", "SID", "Email", "Sections", "01_tiny", "01_tiny - Max Points",
        "01_tiny - Submission Time", "01_tiny - Lateness (H:M:S)", "Total Lateness (H:M:S)",
    ]  # fmt: skip
    by_name = {row[0]: row[5:] for row in rows[1:]}
    assert by_name["Zoë"] == [
        "0",
        "6",
        "2026-03-02 10:00:00 +0000",
        "26:00:00",
        "26:00:00",
    ]  # the penalty took all
    assert by_name["Ben"][:2] == ["", "6"]  # waits
    assert "imports no marks" in " ".join(done.notes)


def test_the_plain_table_says_what_a_mark_is_made_of(
    out: Path, course: Course, mark: Mark, late: None
) -> None:
    mark("zoe", 1.5)
    rows = {row[0]: row for row in parsed(made(out, course, "csv")[0])}
    assert rows["student"][5:] == [
        "01_tiny", "01_tiny max", "01_tiny penalty", "01_tiny submitted", "01_tiny late", "01_tiny waits for",
        "total", "total max",
    ]  # fmt: skip
    assert rows["zoe"][5:] == ["0", "6", "5.5", "2026-03-02 10:00:00 +0000", "26:00:00", "", "0", "6"]
    assert rows["ben"][5] == "" and rows["ben"][10] == "tiny-why" and rows["ben"][11] == ""
    assert rows["stub"][5:] == ["0", "6", "0", "", "", "", "0", "6"]


def test_the_marks_are_those_of_the_gradebook_s_table(out: Path, course: Course, mark: Mark) -> None:
    for student, points in (("zoe", 1.5), ("ben", 2), ("eve", 0.25)):
        mark(student, points)
    exported = {row[0]: row[5] for row in parsed(made(out, course, "csv")[0])[1:]}
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert exported == {row["student"]: row["total"] for row in csv.DictReader(file)}


def test_an_id_that_would_run_is_entered_by_hand(
    out: Path, course: Course, mark: Mark, tmp_path: Path
) -> None:
    mark("zoe", 1)
    mark("ben", 1)
    roster = tmp_path / "r.csv"
    roster.write_text("student,login\nzoe,=1+1\nben,ben\n", encoding="utf-8")
    content, done = made(out, course, "canvas", roster=roster)
    assert [row[3] for row in parsed(content)[2:]] == ["ben"]
    assert "enter these by hand: zoe" in " ".join(done.off)


def test_who_has_the_id_of_another_is_not_exported(
    out: Path, course: Course, mark: Mark, tmp_path: Path
) -> None:
    for student in ("zoe", "ben", "eve"):
        mark(student, 1)
    roster = tmp_path / "r.csv"
    roster.write_text("student,canvas id\nzoe,1\nben,1\neve,3\n", encoding="utf-8")
    content, done = made(out, course, "canvas", roster=roster)
    assert [row[1] for row in parsed(content)[2:]] == ["3"]
    assert "several have the same id: ben, zoe" in " ".join(done.off)


def test_a_second_run_takes_new_marks_and_leaves_what_a_person_wrote(
    out: Path, course: Course, mark: Mark
) -> None:
    first, done = made(out, course, "csv")
    mark("zoe", 2)
    second, _ = made(out, course, "csv")
    assert first != second and done.files[0].read_bytes() == second
    done.files[0].write_bytes(second + b"a note\r\n")
    mark("zoe", 1)
    with pytest.raises(PipelineError, match="marks.csv.*Nothing was touched"):
        made(out, course, "csv")
    assert done.files[0].read_bytes().endswith(b"a note\r\n")
    assert made(out, course, "csv", force=True)[0] != second


def test_a_named_file_that_is_there_is_refused(out: Path, course: Course, tmp_path: Path) -> None:
    to = tmp_path / "mine.csv"
    to.write_text("mine", encoding="utf-8")
    with pytest.raises(PipelineError, match="there already"):
        made(out, course, "csv", to=to)
    assert to.read_text(encoding="utf-8") == "mine"
    made(out, course, "csv", to=to, force=True)
    assert made(out, course, "csv", to=to)[0] == to.read_bytes()  # as it stands already: no need of --force


def test_a_roster_that_is_none_is_told(out: Path, course: Course, tmp_path: Path) -> None:
    roster = tmp_path / "r.csv"
    roster.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(PipelineError, match="says who somebody is"):
        made(out, course, "csv", roster=roster)


def test_two_folders_of_one_person_are_both_named(out: Path, course: Course, tmp_path: Path) -> None:
    roster = tmp_path / "r.csv"
    roster.write_text("student,login,email\nzoe,ben,z@x\neve,,\nstub,,\n", encoding="utf-8")
    content, done = made(out, course, "csv", roster=roster)
    assert [row[0] for row in parsed(content)[1:]] == ["eve", "stub"]
    assert "One person in the roster fits all of these: 'ben', 'zoe'" in " ".join(done.off)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--set", "01_tinny"], "holds no set '01_tinny'. Did you mean '01_tiny'?"),
        (["--column", "02_x=Y"], "--column names '02_x'"),
        (["--roster", "nowhere.csv"], "The roster nowhere.csv can't be read"),
        (["--db", "sqlite:///other.db"], "was graded into its own gradebook.db"),
    ],
)
def test_a_wrong_word_is_told_in_a_sentence(
    out: Path, course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(course.root)
    assert cli.main(["export", str(out), "--for", "csv", *arguments]) == cli.UNUSABLE
    assert says in capsys.readouterr().err


def test_a_folder_without_a_gradebook_is_told(course: Course, tmp_path: Path) -> None:
    for folder, says in ((tmp_path / "none", "is no folder"), (tmp_path, "holds no gradebook.db")):
        with pytest.raises(PipelineError, match=says):
            export(folder, course, Wanted("csv"))
    assert not (tmp_path / "gradebook.db").exists()


def test_the_exit_code_says_whether_all_are_in_it(
    out: Path, course: Course, mark: Mark, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.root)
    command = ["export", str(out), "--for", "csv", "--percent"]
    assert cli.main(command) == cli.SOMETHING_OFF
    assert "ben (01_tiny: tiny-why)" in capsys.readouterr().out
    for student in ("zoe", "ben", "eve"):
        mark(student, 1)
    assert cli.main(command) == cli.FINE


def test_numbers_have_a_point_and_keep_their_digits() -> None:
    values = [0.0, 1 / 3, 12.5, 1e6 + 0.25, 99.99995]
    assert [float(number(value)) for value in values] == [round(value, 4) for value in values]
    assert not any(sign in number(value) for value in values for sign in ",e")
