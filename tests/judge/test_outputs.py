"""Is what a cell prints kept up to the limits, and not beyond?"""

import pytest

from grader.judge.limits import Limits
from grader.judge.outputs import Outputs

LIMITS = Limits(stream_bytes=10, output_bytes=20, outputs=3, all_output_bytes=25)


@pytest.mark.keeps("grader.judge.limits", "stream_bytes")
def test_streams_of_one_name_are_joined_and_cut() -> None:
    outputs = Outputs(LIMITS)
    for text in ("abc", "def", "ghijklm"):
        outputs.add("stream", {"name": "stdout", "text": text})
    assert outputs.cell == [{"output_type": "stream", "name": "stdout", "text": "abcdefghij"}]
    assert outputs.cut


@pytest.mark.keeps("grader.judge.limits", "output_bytes")
def test_a_big_picture_is_left_out_and_a_script_is_never_kept() -> None:
    outputs = Outputs(LIMITS)
    outputs.add("display_data", {"data": {"image/png": "x" * 21}})
    assert outputs.cell == [] and outputs.cut
    outputs.begin()
    outputs.add("display_data", {"data": {"application/javascript": "alert()", "text/plain": "a plot"}})
    assert [o["data"] for o in outputs.cell] == [{"text/plain": "a plot"}]
    assert not outputs.cut


@pytest.mark.keeps("grader.judge.limits", "all_output_bytes")
def test_the_whole_notebook_has_a_limit_too() -> None:
    outputs = Outputs(LIMITS)
    for _ in range(4):
        outputs.begin()
        outputs.add("stream", {"name": "stdout", "text": "x" * 10})
    assert outputs.cell == [] and outputs.cut


@pytest.mark.keeps("grader.judge.limits", "outputs")
def test_many_outputs_are_cut() -> None:
    outputs = Outputs(LIMITS)
    for _ in range(9):
        outputs.add("display_data", {"data": {"text/plain": "1"}})
    assert len(outputs.cell) == 3 and outputs.cut


def test_errors_count_as_text_and_keep_their_last_lines() -> None:
    outputs = Outputs(Limits(stream_bytes=100, all_output_bytes=150, outputs=50))
    error = {"ename": "E", "evalue": "v", "traceback": ["x" * 60, "y" * 30]}
    outputs.add("error", error)
    assert outputs.cell[0]["traceback"] == ["x" * 60, "y" * 30] and not outputs.cut
    for _ in range(40):
        outputs.add("error", error)
    assert sum(len(str(output)) for output in outputs.cell) < 500 and outputs.cut
    outputs.begin()
    outputs.add("error", error)
    assert outputs.cell[0]["traceback"] == ["y" * 30] and outputs.cut


def test_malformed_messages_are_harmless() -> None:
    outputs = Outputs(LIMITS)
    for kind in ("stream", "display_data", "execute_result", "error", "clear_output", "comm_open"):
        for content in ({}, {"data": 7, "text": 7, "traceback": 7}, {"data": {"text/plain": [1, "\ud800"]}}):
            outputs.add(kind, content)
    for output in outputs.cell:
        assert str(output).encode()
