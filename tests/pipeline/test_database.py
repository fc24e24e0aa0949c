"""Can a run write marks to another gradebook than the one in which the class has its marks?"""

import re
import stat
from pathlib import Path

import pytest

from grader.pipeline import PipelineError
from grader.pipeline.database import database_of, keep_database, without_password

MARKS, OTHER = "postgresql://ada@host/marks", "postgresql://ada@host/others"


def test_a_new_folder_takes_what_is_wanted(tmp_path: Path) -> None:
    assert database_of(tmp_path, None) is None
    assert database_of(tmp_path, MARKS) == MARKS


def test_a_run_that_forgets_the_database_takes_the_kept_one(tmp_path: Path) -> None:
    keep_database(tmp_path, MARKS)
    assert database_of(tmp_path, None) == database_of(tmp_path, MARKS) == MARKS


def test_another_database_is_refused_and_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    keep_database(tmp_path, MARKS)
    says = f"{tmp_path} was graded into {MARKS}, not into {OTHER}. Leave --db out"
    with pytest.raises(PipelineError, match=re.escape(says)):
        database_of(tmp_path, OTHER)


def test_a_folder_with_a_gradebook_of_its_own_takes_no_database(tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").touch()
    assert database_of(tmp_path, None) is None
    with pytest.raises(PipelineError, match=r"its own gradebook\.db\. Leave --db out"):
        database_of(tmp_path, MARKS)


@pytest.mark.parametrize(
    "secret", ["postgresql://ada:pass%40word@host/marks", "postgresql://ada@host/marks?password=pass%40word"]
)
def test_a_password_is_not_kept_and_is_asked_for_again(tmp_path: Path, secret: str) -> None:
    keep_database(tmp_path, secret)
    assert without_password(secret) == MARKS
    assert "pass" not in (tmp_path / ".database").read_text(encoding="utf-8")
    assert database_of(tmp_path, secret) == secret
    with pytest.raises(PipelineError, match="with its password") as caught:
        database_of(tmp_path, None)
    assert "pass%40word" not in str(caught.value)


def test_what_is_kept_stays_when_it_is_kept_again(tmp_path: Path) -> None:
    keep_database(tmp_path, MARKS)
    keep_database(tmp_path, OTHER)
    assert database_of(tmp_path, None) == MARKS
    assert [path.name for path in tmp_path.iterdir()] == [".database"]


@pytest.mark.parametrize(
    "address", ["sqlite:////srv/marks.db", "postgresql:///marks?host=/run", "no address", ""]
)
def test_an_address_without_a_password_is_kept_as_it_is(address: str) -> None:
    assert without_password(address) == address


def test_a_memory_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / ".database").mkdir()
    with pytest.raises(PipelineError, match="can't be read"):
        database_of(tmp_path, None)
    assert stat.S_ISDIR((tmp_path / ".database").stat().st_mode)
