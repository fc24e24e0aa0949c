"""Rosters as LMSs and people write them."""

import doctest
from pathlib import Path

import pytest

import grader.term.roster as module
from grader.pipeline import PipelineError
from grader.term.roster import parse, read_roster

PLAIN = "id,first name,last name,email\nzoe,Zoë,Müller,zoe@uni.example\nann,Ann,Lee,ann@uni.example\n"


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_roster_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    (tmp_path / "students.csv").write_bytes(PLAIN.replace(",", separator).encode(encoding))
    roster = read_roster(tmp_path / "students.csv")
    assert [(p.student, p.name) for p in roster] == [("zoe", "Zoë Müller"), ("ann", "Ann Lee")]
    assert roster.by_email("ZOE@uni.example") is roster.by_id("zoe")


GIVEN = {
    "canvas gradebook": (
        "Student,ID,SIS User ID,SIS Login ID,Section,hw1 (12)\n"
        "    Points Possible,,,,,10\n"
        '"Müller, Zoë",812,s-77,zoe,A,3\n"Student, Test",999,,x9,A,\n',
        {"student": "zoe", "name": "Zoë Müller", "canvas_id": "812", "sis_id": "s-77"},
    ),
    "moodle worksheet": (
        "Identifier,Full name,ID number,Email address,Status\n"
        "Participant 4711,Zoë Müller,s-77,zoe@uni.example,Submitted\n",
        {"student": "s-77", "participant": "4711", "name": "Zoë Müller"},
    ),
    "moodle participants": (
        "First name,Last name,Email address,Groups\nZoë,Müller,zoe@uni.example,A\n",
        {"student": "zoe@uni.example", "name": "Zoë Müller", "section": "A"},
    ),
    "gradescope": (
        "First Name,Last Name,SID,Email\nZoë,Müller,s-77,zoe@uni.example\n",
        {"student": "s-77", "email": "zoe@uni.example"},
    ),
    "github": (
        '"identifier","github_username","github_id","name"\n"zoe","zoe-codes","12",""\n',
        {"student": "zoe", "github": "zoe-codes"},
    ),
    "nbgrader": (
        "id,first_name,last_name,email,lms_user_id\nzoe,Zoë,Müller,,812\n",
        {"student": "zoe", "canvas_id": "812"},
    ),
    "excel": ("sep=;\r\nid;name\r\nzoe;Zoë Müller\r\n", {"student": "zoe", "name": "Zoë Müller", "line": 3}),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_what_an_lms_exports_is_read_as_it_is(kind: str) -> None:
    text, expected = GIVEN[kind]
    (person,) = parse(text)
    assert {name: getattr(person, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("colour,size\nred,3\n", "r:1: no column that is filled says who somebody is"),
        ("id,name\nzoe,Z\n,Ann Lee\n", "r:3: Ann Lee has no id. Fill it in"),
        ("id\nzoe\n\nzoe\n", "r:4: 'zoe' was in line 2 already"),
        ("id\na/b\n", "r:2: 'a/b' can't be an id"),
        ("id\n.ann\n", "r:2: '.ann' can't be an id"),
        ("email\nann+x@uni.example\n", "Give the ids in a column 'id'"),
        ("id\n" + "a" * 129 + "\n", "longer than 128"),
        ("id,student id\na,b\n", "r:1: these columns mean the same, 'id', 'student id'"),
        ('id,name\nzoe,"Z\n', "can't be read as CSV"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_cure(text: str, says: str) -> None:
    with pytest.raises(PipelineError) as raised:
        parse(text, "r")
    assert says in str(raised.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(b"PK\x03\x04" + bytes(30))
    with pytest.raises(PipelineError, match="Save the table as CSV"):
        read_roster(tmp_path / "r.xlsx")
    with pytest.raises(PipelineError, match="No such file"):
        read_roster(tmp_path / "none.csv")


def test_ids_that_differ_in_case_or_encoding_only_are_told() -> None:
    roster = parse("id\nann\nAnn\nzo\u00eb\nzoe\u0308\nben\n")
    assert len(roster.remarks) == 2
    assert "'ann', 'Ann' (lines 2, 3)" in roster.remarks[0]
    assert roster.alike("BEN") is roster.by_id("ben") and roster.alike("ben") is None
    assert roster.alike("ANN") is None  # two fit


def test_what_fits_two_people_finds_nobody() -> None:
    roster = parse("id,name,email,canvas id\na,Ann Lee,x@u.example,7\nb,Lee Ann,x@u.example,8\n")
    assert roster.by_name("Ann Lee") is None and roster.by_email("x@u.example") is None
    assert roster.by_lms("8") is roster.by_id("b")
    assert "have the same e-mail address" in roster.remarks[0]
