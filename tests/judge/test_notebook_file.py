"""Are all bytes read as a notebook or told for what they are, within bounds of memory that are measured?"""

import json
import resource
import tracemalloc

import pytest

from grader.judge.limits import Limits
from grader.judge.notebook_file import Unreadable, read_cells

MEGABYTE = 1_000_000


def written(*cells: dict, **more: object) -> bytes:
    return json.dumps(
        {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    ).encode()


def code(source: object, **more: object) -> dict:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
        **more,
    }


def sources(data: bytes, problems: list[str] | None = None) -> list[str]:
    return [cell["source"] for cell in read_cells(data, Limits(), [] if problems is None else problems)]


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_outputs_of_29_megabytes_are_not_needed():
    picture = {"output_type": "display_data", "data": {"image/png": "A" * (28_900 * 1000)}, "metadata": {}}
    problems: list[str] = []
    assert sources(written(code("x = 1", outputs=[picture])), problems) == ["x = 1"]
    assert problems == []


def test_json_that_stands_for_far_more_than_its_size_is_refused_with_a_sentence():
    data = b'{"nbformat": 4, "cells": [' + b"[]," * (12 * MEGABYTE) + b"0]}"
    before = peak_bytes()
    with pytest.raises(Unreadable, match="too many parts"):
        sources(data)
    assert peak_bytes() - before < 200 * MEGABYTE  # here; the process aside may take 600


def test_the_old_format_is_read_without_expanding_it():
    cells = [{"cell_type": "code", "input": f"x = {n}", "outputs": [{}] * 200} for n in range(100)]
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode()
    tracemalloc.start()
    try:
        found = sources(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found[:2] == ["x = 0", "x = 1"] and len(found) == 100
    assert peak < 20 * MEGABYTE


def test_headings_of_the_old_format_stay():
    sheet = {"cells": [{"cell_type": "heading", "level": 2, "source": ["A ", "title"]}]}
    assert sources(json.dumps({"nbformat": 3, "worksheets": [sheet]}).encode()) == ["## A title"]


def test_lines_that_lost_their_ends_are_put_back_and_it_is_told():
    problems: list[str] = []
    assert sources(written(code(["def f(x):", "    return x", "f(1)"])), problems) == [
        "def f(x):\n    return x\nf(1)"
    ]
    assert problems == ["Lines of cells had lost their ends; they were put back, one line an entry."]


@pytest.mark.parametrize("lines", [["a = 1\n", "b = 2"], ["a = 1"], [], ["a = 1\n", "b = 2\n"]])
def test_ordinary_lines_are_joined_as_they_are(lines):
    problems: list[str] = []
    assert sources(written(code(lines)), problems) == ["".join(lines)]
    assert problems == []


def test_pasted_pictures_are_kept_and_nothing_else_that_is_attached():
    attached = {"a.png": {"image/png": "iVBO"}, "b.html": {"text/html": "<script>"}, "c": 7}
    cell = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "![x](attachment:a.png)",
        "attachments": attached,
    }
    (read,) = read_cells(written(cell), Limits(), [])
    assert read["attachments"] == {"a.png": {"image/png": "iVBO"}}


def test_pictures_beyond_their_limit_are_told():
    cell = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "a",
        "attachments": {"a": {"image/png": "A" * 2000}},
    }
    problems: list[str] = []
    first, second = read_cells(written(cell, cell), Limits(all_output_bytes=3000), problems)
    assert first["attachments"] and not second["attachments"]
    assert "some are not shown" in problems[0]


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b"{", b"\xff\xfe{", b'{"nbformat": 4, "cells": [1, null, {}]}', b"\0" * 100]
)
def test_whatever_comes_ends_in_cells_or_a_sentence(data):
    try:
        assert sources(data) == []
    except Unreadable as told:
        assert str(told)
