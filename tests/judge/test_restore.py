"""Does every damaged submission come back in the shape of the release, with a sentence?"""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.exercise import CHECK, ReleasedSet
from grader.judge.limits import Limits
from grader.judge.restore import Restored, restore
from tests.judge.conftest import cell, released_notebook

LIMITS = Limits(notebook_bytes=50_000, source_bytes=5_000, cells=50)
IDS = ["setup", "ppl", "check-ppl", "mean", "check-mean", "why"]


def restored(notebook: Any, exercise: ReleasedSet) -> Restored:
    return restore(json.dumps(notebook).encode(), exercise, LIMITS)


def ids(found: Restored) -> list[str]:
    return [c.grade_id for c in found.cells if c.grade_id]


def test_an_honest_notebook_comes_back_as_it_is(exercise: ReleasedSet, answered: dict[str, Any]) -> None:
    found = restored(answered, exercise)
    assert found.problems == []
    assert [c.source for c in found.cells] == [c["source"] for c in answered["cells"]]


def rename(cells: list[dict[str, Any]]) -> None:
    cells[3]["metadata"]["nbgrader"]["grade_id"] = "check-pppl"
    cells[3]["source"] = "check('ppl', 8.17)"


def delete(cells: list[dict[str, Any]]) -> None:
    del cells[3]


def double(cells: list[dict[str, Any]]) -> None:
    cells.insert(4, deepcopy(cells[3]))


def edit(cells: list[dict[str, Any]]) -> None:
    cells[3]["source"] = "1"


def edit_setup(cells: list[dict[str, Any]]) -> None:
    cells[1]["source"] = "check = lambda *a: 1"


def delete_setup(cells: list[dict[str, Any]]) -> None:
    del cells[1]


def raise_points(cells: list[dict[str, Any]]) -> None:
    cells[3]["metadata"]["nbgrader"]["points"] = 100


def turn_to_markdown(cells: list[dict[str, Any]]) -> None:
    cells[3]["cell_type"] = "markdown"


def swap(cells: list[dict[str, Any]]) -> None:
    cells[2:4], cells[4:6] = cells[4:6], cells[2:4]


def break_cells(cells: list[dict[str, Any]]) -> None:
    cells += [17, {"cell_type": "quiz"}, {"cell_type": "code", "source": [1]}]  # type: ignore[list-item]


def foreign(cells: list[dict[str, Any]]) -> None:
    cells.append(cell("code", "x = 1", grade_id="other-task", grade=False, solution=True))


DAMAGES = {
    rename: ["unknown id “check-pppl”", "check cell “check-ppl” was missing and was put back"],
    delete: ["check cell “check-ppl” was missing and was put back"],
    double: ["“check-ppl” stood 2 times; the last one counts"],
    edit: ["“check-ppl” had been changed"],
    edit_setup: ["fixed cell “setup” had been changed"],
    delete_setup: ["fixed cell “setup” was missing and was put back"],
    raise_points: ["“check-ppl” had other settings or points"],
    turn_to_markdown: ["had become a markdown cell"],
    swap: ["another order"],
    break_cells: ["3 damaged cells were left out"],
    foreign: ["1 cell belongs to 02_other"],
}


@pytest.mark.parametrize("change", DAMAGES, ids=lambda change: change.__name__)
def test_a_damage_is_repaired_and_told(
    exercise: ReleasedSet, answered: dict[str, Any], change: Callable[[list[dict[str, Any]]], None]
) -> None:
    change(answered["cells"])
    found = restored(answered, exercise)
    assert sorted(ids(found)) == sorted(IDS)
    for cell_ in found.cells:
        if cell_.role == CHECK:
            released = exercise.labelled[cell_.grade_id or ""]
            assert (cell_.source, cell_.kind, cell_.metadata) == (
                released.source,
                "code",
                released.cell["metadata"],
            )
    for sentence in DAMAGES[change]:
        assert any(sentence in problem for problem in found.problems), found.problems
    assert len(found.problems) == len(DAMAGES[change])
    place = {c.grade_id: i for i, c in enumerate(found.cells)}
    assert place["setup"] < place["ppl"] < place["check-ppl"] and place["mean"] < place["check-mean"]


def test_a_check_that_lost_its_label_is_known_by_its_text(
    exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    for cell_ in answered["cells"]:
        cell_["metadata"] = {}
    found = restored(answered, exercise)
    assert [i for i in ids(found) if i.startswith("check")] == ["check-ppl", "check-mean"]
    assert sum("answer cell" in problem and "is missing" in problem for problem in found.problems) == 2


def test_a_missing_check_is_put_after_the_cells_that_follow_the_answer(
    exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    answered["cells"][3] = cell("code", "ppl = round(ppl, 2)")
    assert [c.source for c in restored(answered, exercise).cells][3:5] == [
        "ppl = round(ppl, 2)",
        'check("ppl", ppl)',
    ]


def test_a_missing_answer_is_not_replaced_by_the_stub(
    exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    answered["cells"][2]["metadata"] = {}
    assert "ppl = None" not in [c.source for c in restored(answered, exercise).cells]


def test_of_two_text_answers_the_written_one_counts(exercise: ReleasedSet, answered: dict[str, Any]) -> None:
    written = deepcopy(answered["cells"][6]) | {"source": "because"}
    answered["cells"].insert(6, written)
    found = restored(answered, exercise)
    assert [c.source for c in found.cells if c.grade_id == "why"] == ["because"]


def nbformat_3() -> dict[str, Any]:
    code = {"cell_type": "code", "input": "ppl = 8.17", "outputs": [], "language": "python", "metadata": {}}
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [code], "metadata": {}}],
    }


def test_format_3_is_converted(exercise: ReleasedSet) -> None:
    found = restored(nbformat_3(), exercise)
    assert found.readable and "ppl = 8.17" in [c.source for c in found.cells]
    assert "old format 3" in found.problems[0]


UNREADABLE = {
    "nothing": (None, "No notebook was handed in"),
    "an empty file": (b"", "The file is empty"),
    "spaces": (b" \n", "The file is empty"),
    "a broken upload": (json.dumps(released_notebook()).encode()[:400], "not JSON"),
    "another text": (b"ppl = 8.17", "not JSON"),
    "bytes": (bytes(range(256)), "not JSON"),
    "a list": (b"[]", "names no notebook format"),
    "an object": (b'{"cells": []}', "names no notebook format"),
    "format 2": (b'{"nbformat": 2}', "format 2; expected is format 4"),
    "format 99": (b'{"nbformat": 99, "cells": []}', "format 99"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "a broken format 3": (b'{"nbformat": 3, "worksheets": 7}', "could not be converted"),
    "deep JSON": (b"[" * 20_000, "not JSON"),
    "a giant number": (b'{"nbformat": 4, "x": ' + b"9" * 6_000 + b"}", "not JSON"),
    "an enormous file": (b" " * 60_000 + b"{}", "outputs included, and is not read"),
    "an enormous cell": (
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "#" * 6_000}]}).encode(),
        "of text",
    ),
}


@pytest.mark.keeps("grader.judge.limits", "notebook_bytes", "source_bytes")
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_told_and_comes_back_as_the_release(exercise: ReleasedSet, name: str) -> None:
    data, says = UNREADABLE[name]
    found = restore(data, exercise, LIMITS)
    assert not found.readable
    assert says in found.problems[-1]
    assert [c.source for c in found.cells] == [c["source"] for c in released_notebook()["cells"]]


@pytest.mark.keeps("grader.judge.limits", "cells")
def test_of_too_many_cells_the_first_are_read_and_it_is_told(
    exercise: ReleasedSet, answered: dict[str, Any]
) -> None:
    most = LIMITS.cells
    answered["cells"] += [cell("code", f"more = {number}") for number in range(most)]
    found = restored(answered, exercise)
    assert found.problems == [f"The notebook has more than {most} cells; the rest was left out."]
    assert len(found.cells) == most


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read(exercise: ReleasedSet, answered: dict[str, Any], encoding: str) -> None:
    answered["cells"][6]["source"] = "größer"
    found = restore(json.dumps(answered, ensure_ascii=False).encode(encoding), exercise, LIMITS)
    assert [c.source for c in found.cells if c.grade_id == "why"] == ["größer"]
    assert ("not in UTF-8" in " ".join(found.problems)) is (encoding == "latin-1")


def test_the_notebook_of_another_set_is_named_and_nothing_else_is_said(exercise: ReleasedSet) -> None:
    other = released_notebook()["cells"][:1] + [
        cell("code", "x = 1", grade_id="other-task", grade=False, solution=True),
        cell("code", 'check("unheard-of", x)', grade_id="check-unheard-of", grade=True, solution=False),
    ]
    found = restored({"nbformat": 4, "cells": other}, exercise)
    assert found.problems == ["This is the notebook of 02_other, handed in for 01_small."]


def test_a_notebook_with_none_of_our_cells_gets_one_sentence(exercise: ReleasedSet) -> None:
    found = restored({"nbformat": 4, "cells": [cell("code", "x = 1"), cell("markdown", "a text")]}, exercise)
    (said,) = found.problems
    assert said.startswith("The notebook holds none of the exercise's answer and check cells.")
    assert {"setup", "check-ppl", "check-mean", "why"} <= set(ids(found)), "its checks are asked all the same"


def test_a_lone_surrogate_can_be_written_to_a_file(exercise: ReleasedSet, answered: dict[str, Any]) -> None:
    answered["cells"][2]["source"] = "ppl = '\ud800'"
    assert all(c.source.encode() for c in restored(answered, exercise).cells)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(IDS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cell_type", "source", "metadata", "nbgrader", "grade_id", "points", "grade", "outputs"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
CELL = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "x"]), "source": st.text(max_size=9)},
    optional={"metadata": st.fixed_dictionaries({"nbgrader": JSON}) | JSON},
)


@given(cells=st.lists(CELL | JSON, max_size=8))
def test_whatever_the_cells_are_every_graded_cell_stands_once(cells: list[Any]) -> None:
    exercise = ReleasedSet("01_small", "small", released_notebook(), {})
    found = restored({"nbformat": 4, "cells": cells}, exercise)
    for grade_id in ("setup", "check-ppl", "check-mean", "why"):
        assert ids(found).count(grade_id) == 1
    assert len(ids(found)) == len(set(ids(found)))
