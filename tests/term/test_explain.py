"""Does `grader explain` say, case by case, what the verdict rests on, and when it no longer does?"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import cli
from grader.cases import mark_reply
from grader.cases.mark.each_case import each_case
from grader.pipeline import PipelineError
from grader.pipeline.build import entries_of
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.seeds import kept_seed
from grader.term.explain import HEAD, explain

Mark = Callable[..., None]


def told(out: Path, course: Course, student: str, task: str | None = None, sandbox: str = "none") -> str:
    found = explain(out, course, student, task, sandbox=sandbox)
    assert found.agrees, found.text
    return found.text


def hidden(out: Path, course: Course) -> dict[str, dict[str, object]]:
    """The hidden cases of the seed that the folder keeps."""
    seed = kept_seed(out)
    assert seed is not None
    return entries_of(load_tasks(course.set_named("01_tiny")), seed.number, public=False)


def test_each_hidden_case_is_told_with_its_input_and_both_values(out: Path, course: Course) -> None:
    text = told(out, course, "eve", "tiny-mean")
    for case in hidden(out, course)["tiny-mean"]["cases"]:  # type: ignore[attr-defined]
        (losses,) = case["args"]
        assert ", ".join(f"{loss:.6g}" for loss in losses) in text
        assert f"{sum(losses) / len(losses):.6g}" in text
        if len(losses) > 1:
            assert f"wrong three tokens: with [{', '.join(f'{x:.6g}' for x in losses)}]" in text
            assert f"it gives {sum(losses):.6g}" in text
        else:
            assert "raises ValueError" in text
    assert text.startswith(HEAD)


def test_a_right_answer_is_told_as_right_and_values_with_both_sides(out: Path, course: Course) -> None:
    text = told(out, course, "zoe")
    assert text.count("    right ") == 2 and "    wrong " not in text
    assert "given is 8.16617; expected is 8.16617" in text
    text = told(out, course, "ben")
    assert "tiny-ppl: 0 of 1 points, by the machine" in text
    assert "given is 4.28709; expected is 8.16617" in text
    assert "You took 2 to the power of a loss in nats." in text


def test_marks_comments_and_penalties_are_told_with_whose_they_are(
    out: Path, course: Course, mark: Mark, late: None, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert "tiny-why: 0 of 2 points, and a person has yet to mark it" in told(out, course, "zoe", "tiny-why")
    mark("zoe", 1, extra=0.5, comment="Length counts, but why?")
    monkeypatch.chdir(course.root)
    assert cli.main(["report", str(out)]) == cli.FINE  # the penalty comes with it
    capsys.readouterr()
    text = told(out, course, "zoe", "tiny-why")
    assert "zoe, 01_tiny: 0 of 6 points (5.5 less a penalty of 5.5)" in text
    assert "Handed in 2026-03-02 10:00:00 UTC, late by 26:00:00" in text
    assert "tiny-why: 1.5 of 2 points, by a person" in text
    assert "A person gave 0.5 extra points." in text and "Comment: Length counts, but why?" in text
    assert "1 for an answer that says that length must not count" in text
    assert "| Because a longer text has more losses." in text


def test_what_a_student_wrote_does_nothing_to_the_terminal(out: Path, course: Course) -> None:
    text = told(out, course, "eve")
    assert "[31m" in text and "\x1b" not in text


def test_it_is_printed_and_written_nowhere(
    out: Path, course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def state() -> dict[str, bytes]:
        skipped = {"gradebook.db"}  # read; SQLite may touch its own pages
        return {
            os.path.join(place, name): Path(place, name).read_bytes()
            for place, _, names in os.walk(out) for name in names if name not in skipped
        }  # fmt: skip

    before = state()
    monkeypatch.chdir(course.root)
    assert cli.main(["explain", str(out), "zoe", "--sandbox", "none"]) == cli.FINE
    assert state() == before
    assert HEAD in capsys.readouterr().out


def test_a_verdict_that_no_longer_comes_out_is_told(out: Path, course: Course) -> None:
    lines = (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    for entry in entries:
        if entry["student"] == "ben":
            entry["scores"]["tiny-ppl"]["points"] = 1.0
    (out / "journal.jsonl").write_text("\n".join(map(json.dumps, entries)) + "\n", encoding="utf-8")
    found = explain(out, course, "ben", sandbox="none")
    assert not found.agrees
    assert "Judged again just now it came out otherwise: 0 points, where the verdict has 1." in found.text


def test_another_seed_is_told(out: Path, course: Course) -> None:
    (out / ".seed").write_text("given 5\n", encoding="utf-8")
    assert "of other hidden cases than those that follow" in explain(out, course, "zoe", sandbox="none").text


def test_the_autograded_notebook_serves_where_the_submission_is_gone(out: Path, course: Course) -> None:
    (out / "submitted").unlink()
    assert "    right one token" in told(out, course, "zoe", "tiny-mean")
    for path in (out / "autograded" / "zoe" / "01_tiny").iterdir():
        path.unlink()
    (out / "autograded" / "zoe" / "01_tiny").rmdir()
    found = explain(out, course, "zoe", "tiny-mean", sandbox="none")
    assert not found.agrees and "does not hold what zoe handed in" in found.text
    assert "[right] three tokens, one token" in found.text  # the verdict's own words are there still


def test_it_asks_behind_walls_too(out: Path, course: Course) -> None:
    from tests.pipeline.tiny_course import SANDBOX

    assert "    right one token" in told(out, course, "zoe", "tiny-mean", SANDBOX)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["zo"], "holds no student 'zo'. Did you mean 'zoe'?"),
        (["qqq"], "There are: 'ben', 'eve', 'stub', 'zoe'."),
        (["zoe", "tiny-pl"], "'tiny-pl'. Did you mean 'tiny-ppl'"),
        (["zoe", "--set", "02_tiny"], "holds no set '02_tiny'. Did you mean '01_tiny'?"),
    ],
)
def test_an_unknown_name_gets_the_closest(
    out: Path, course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(course.root)
    assert cli.main(["explain", str(out), *arguments]) == cli.UNUSABLE
    assert says in capsys.readouterr().err


def test_a_set_that_was_changed_since_the_build_is_not_guessed_at(out: Path, fresh_course: Course) -> None:
    found = explain(out, fresh_course, "zoe", sandbox="none")
    assert not found.agrees and "run `grader build` first" in found.text


def test_there_must_be_a_gradebook(course: Course, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="holds no gradebook"):
        explain(tmp_path, course, "zoe")


@pytest.mark.parametrize("right", [True, False])
def test_a_case_is_told_as_right_where_the_marker_says_so(out: Path, course: Course, right: bool) -> None:
    entry = hidden(out, course)["tiny-mean"]
    results = [
        {"value": sum(c["args"][0]) / (len(c["args"][0]) if right else 1)}
        for c in entry["cases"]  # type: ignore[attr-defined]
    ]
    lines = each_case(entry, {"results": results})
    findings = {f.label: f.ok for f in mark_reply(entry, {"results": results}).findings}
    assert {line.label: line.ok for line in lines} == findings


@pytest.mark.parametrize(
    "reply", [None, [], {}, {"results": "x"}, {"results": [1, 2]}, {"answer": {"object": "Foo"}}]
)
def test_a_reply_of_any_kind_is_told_or_left(out: Path, course: Course, reply: object) -> None:
    for entry in hidden(out, course).values():
        for line in each_case(entry, reply):
            assert line.says
