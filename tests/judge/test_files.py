"""Does every file that is put beside a notebook stay there, and do the released ones win?"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.files import usable_files

RELEASED = {"cases.json": b"ours", "data/words.txt": b"ours"}


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/passwd",
        "a/../../b",
        "..",
        ".",
        "",
        "a//b",
        "a/",
        "x" * 256,
        "a/" * 600 + "x",
        "new\nline",
        "\x1b[2J",
        "nul\x00",
        "\udcff",
        "data",
        "cases.json/deep",
        "data/words.txt/deep",
    ],
)
def test_such_a_name_is_left_out_and_told(name: str) -> None:
    files, told = usable_files({name: b"theirs", "own.py": b"1"}, RELEASED)
    assert files == RELEASED | {"own.py": b"1"}
    assert len(told) == 1 and told[0].isprintable()


def test_released_files_win_in_silence() -> None:
    assert usable_files({"cases.json": b"theirs"}, RELEASED) == (RELEASED, [])


@pytest.mark.parametrize(
    "name", ["own.py", "deep/er/own.py", "data/more.txt", "…", "a b", "-rf", "~", "$(reboot)"]
)
def test_an_ordinary_name_is_kept(name: str) -> None:
    assert usable_files({name: b"1"}, RELEASED) == (RELEASED | {name: b"1"}, [])


@given(
    st.dictionaries(st.text("ab/.\0\n", max_size=8) | st.text(max_size=5), st.binary(max_size=2), max_size=6)
)
def test_whatever_the_names_are_all_can_be_written(submitted: dict[str, bytes]) -> None:
    files, _ = usable_files(submitted, RELEASED)
    assert RELEASED.items() <= files.items()
    for name in files:
        assert not Path(name).is_absolute() and ".." not in Path(name).parts
        assert not any(str(folder) in files for folder in Path(name).parents)
