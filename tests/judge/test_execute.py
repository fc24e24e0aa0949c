"""Does a kernel always end, and does only data come back from it? Asked of both executors."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

import grader.judge.execute
from grader.judge import JudgeError
from grader.judge.execute import Executor, execute
from grader.judge.limits import Limits
from grader.judge.step import Result, Step

QUICK = Limits(cell_seconds=1.5, notebook_seconds=120, grace_seconds=10, stream_bytes=1_000, outputs=5)
ASK = {"id": "x", "kind": "value"}

STEPS = {
    "print": Step("print('seen')\n1 + 1"),
    "warn": Step("import sys, warnings\nwarnings.warn('slow')\nprint('err', file=sys.stderr)\nx = 0.5"),
    "ask": Step("x", ASK),
    "ask what is missing": Step("no_such_name", ASK),
    "raise": Step("1 / 0"),
    "exit": Step("import sys\nsys.exit('bye')"),
    "flood of text": Step("for i in range(20_000):\n    print('spam' * 20)"),
    "flood of pictures": Step("from IPython.display import display\nfor i in range(200):\n    display(i)"),
    "loop": Step("while True:\n    pass"),
    "look at the environment": Step(
        "import os\nsorted(k for k in os.environ if 'GRADER' in k or 'SECRET' in k)"
    ),
    "look at the files": Step("open('data/words.txt').read()"),
    "ask for input": Step("input('your name?')"),
    "a reply of a class": Step(
        "type('Liar', (), {'__eq__': lambda *a: True, '__float__': lambda *a: 3.0})()", ASK
    ),
    "a huge reply": Step("'x' * 9_000_000", ASK),
    "a check of one's own": Step("check = lambda *a: 1e9"),
    "ask again": Step("x + 1", ASK),
}


@pytest.fixture(scope="module")
def results(executor: Executor) -> dict[str, Result]:
    os.environ["GRADER_CASES"] = os.environ["SECRET_TOKEN"] = "hidden"
    try:
        found = executor(list(STEPS.values()), {"data/words.txt": b"the words"}, QUICK)
    finally:
        del os.environ["GRADER_CASES"], os.environ["SECRET_TOKEN"]
    return dict(zip(STEPS, found, strict=True))


def test_outputs_come_back_in_order(results: dict[str, Result]) -> None:
    kinds = [(o["output_type"], o.get("text") or o["data"]["text/plain"]) for o in results["print"].outputs]
    assert kinds == [("stream", "seen\n"), ("execute_result", "2")]


def test_a_step_may_have_a_shorter_time_than_a_cell(executor: Executor) -> None:
    limits = replace(QUICK, cell_seconds=30)
    steps = [Step("while True:\n    pass", seconds=0.5), Step("print('on')")]
    stopped, after = executor(steps, {}, limits)
    assert stopped.trouble == "was stopped after 0.5 s, the limit for a cell"
    assert after.trouble is None


def test_warnings_are_no_trouble(results: dict[str, Result]) -> None:
    assert results["warn"].trouble is None
    assert results["ask"].reply == {"answer": 0.5}


def test_a_missing_name_is_told(results: dict[str, Result]) -> None:
    assert results["ask what is missing"].missing == "NameError: name 'no_such_name' is not defined"
    assert results["ask what is missing"].reply is None


def test_what_raises_is_told_and_the_next_cells_run(results: dict[str, Result]) -> None:
    assert results["raise"].trouble == "stopped with ZeroDivisionError: division by zero"
    assert results["exit"].trouble == "called sys.exit; the rest of that cell was not run"
    assert results["ask again"].reply == {"answer": 1.5}


def test_floods_are_cut(results: dict[str, Result]) -> None:
    for name, most in (("flood of text", 1_000), ("flood of pictures", 5)):
        assert "its output was cut" in (results[name].trouble or "")
        outputs = results[name].outputs
        assert sum(len(o.get("text", "")) for o in outputs) <= 1_000 and len(outputs) <= most


@pytest.mark.keeps("grader.judge.limits", "cell_seconds")
def test_an_endless_loop_is_stopped_and_the_kernel_lives(results: dict[str, Result]) -> None:
    assert results["loop"].trouble == "was stopped after 1.5 s, the limit for a cell"
    assert results["look at the files"].ran


def test_the_environment_is_not_passed_on(results: dict[str, Result]) -> None:
    assert results["look at the environment"].outputs[0]["data"]["text/plain"] == "[]"


def test_files_lie_in_the_kernels_folder(results: dict[str, Result]) -> None:
    assert results["look at the files"].outputs[0]["data"]["text/plain"] == "'the words'"


def test_nobody_answers_input(results: dict[str, Result]) -> None:
    assert "input" in (results["ask for input"].trouble or "")


def test_an_object_is_not_asked_what_it_equals(results: dict[str, Result]) -> None:
    assert "Liar" in str(results["a reply of a class"].reply)


@pytest.mark.keeps("grader.judge.limits", "reply_bytes")
def test_a_huge_reply_is_no_reply(results: dict[str, Result]) -> None:
    result = results["a huge reply"]
    assert result.reply is None or "problem" in str(result.reply)[:200]


def test_nothing_but_the_reply_comes_from_a_check(results: dict[str, Result]) -> None:
    assert all(not results[name].outputs for name in STEPS if STEPS[name].questions)


def test_a_kernel_that_ends_itself_is_told(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    steps = [
        Step(
            f"import subprocess\np = subprocess.Popen(['sleep', '600'])\nopen({str(pid)!r}, 'w').write(str(p.pid))"
        ),
        Step("import os\nos._exit(0)"),
        Step("x", ASK),
    ]
    first, second, third = execute(steps, {}, QUICK)
    assert first.trouble is None
    assert second.trouble == "ended the process; nothing after it could be run"
    assert not third.ran and third.reply is None
    assert not _runs(int(pid.read_text()))


@pytest.mark.keeps("grader.judge.limits", "grace_seconds")
def test_a_kernel_that_can_not_be_interrupted_is_killed(executor: Executor) -> None:
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    started = time.monotonic()
    first, second = executor([Step(stubborn), Step("1", ASK)], {}, replace(QUICK, grace_seconds=1))
    assert "did not stop when told to" in (first.trouble or "")
    assert not second.ran
    assert time.monotonic() - started < 30


@pytest.mark.keeps("grader.judge.limits", "start_seconds")
def test_a_kernel_that_does_not_start_in_time_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import time\ntime.sleep(60)\n")
    real = grader.judge.execute._environment
    monkeypatch.setattr(
        grader.judge.execute, "_environment", lambda private: {**real(private), "PYTHONPATH": str(tmp_path)}
    )
    with pytest.raises(JudgeError, match="no kernel started within 1 s"):
        execute([Step("1")], {}, replace(QUICK, start_seconds=1.0))


@pytest.mark.keeps("grader.judge.limits", "notebook_seconds")
def test_a_notebook_has_a_limit_too(executor: Executor) -> None:
    limits = Limits(cell_seconds=30, notebook_seconds=1)
    first, second = executor([Step("import time\ntime.sleep(30)"), Step("1", ASK)], {}, limits)
    assert first.trouble == "was stopped: the notebook had used its 1 s"
    assert not second.ran and second.trouble == "was not run: the notebook had used its 1 s"


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
    except OSError:
        return False
