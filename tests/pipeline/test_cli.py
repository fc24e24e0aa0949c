"""Do the commands say what they did, and do the exit codes say how it went?"""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.grade import Progress
from grader.pipeline.progress import Display
from grader.pipeline.sample_class import fill, sample_submissions
from tests.pipeline.bad_class import RIGHT, put

ROOT = Path(__file__).parents[2]


@pytest.fixture
def inside(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(course.root)
    return course


@pytest.fixture
def desk(course: Course, tmp_path: Path) -> Path:
    """A student's folder: the released set, outside the course."""
    return Path(shutil.copytree(course.build / "release" / "01_tiny", tmp_path / "desk"))


def write(desk: Path, notebook: Any) -> str:
    path = desk / "tiny.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return str(path)


def test_build_says_what_stands(inside: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == main(["build"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("unchanged  ")


def test_build_ends_with_2_and_the_line_of_a_fault(
    fresh: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = fresh.set_named("01_tiny").source
    source.write_text(source.read_text().replace("ppl = None", "### BEGIN SOLUTON\nppl = None"))
    monkeypatch.chdir(fresh.root)
    assert main(["build"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"{source}:") and "did you mean 'BEGIN SOLUTION'" in error
    assert "Traceback" not in error


def test_audit_prints_both_counts_and_each_fault(inside: Course, capsys: pytest.CaptureFixture[str]) -> None:
    right = inside.set_named("01_tiny").answers / "right_fsum.py"
    right.write_text(f"{right.read_text()}\n# %% tiny-ppl\nppl = 2**2.1\n")
    assert main(["audit", "--set", "01_tiny"]) == 1
    said = capsys.readouterr().out
    assert "01_tiny: wrong answers accepted: 0 of 3; right answers rejected: 1 of" in said
    assert "a right answer loses marks: 01_tiny, tiny-ppl, right_fsum.py" in said


WITHOUT_POSIX = """
import os, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
for name in {missing!r}:
    sys.modules.pop(name, None)
for name in ("fork", "getuid", "geteuid", "setsid", "pidfd_open", "killpg", "wait4", "register_at_fork"):
    delattr(os, name)
"""
MISSING = ("fcntl", "resource", "termios", "pwd", "grp", "pty", "readline", "syslog")


def without_posix(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program where Python has none of the modules and calls that Windows lacks."""
    text = WITHOUT_POSIX.format(missing=MISSING) + program
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_on_windows_a_notebooks_cells_check_as_everywhere(desk: Path) -> None:
    cells = json.loads((desk / "tiny.ipynb").read_text(encoding="utf-8"))["cells"]
    model = {"tiny-ppl": "ppl = math.exp(2.1)", "tiny-mean": "mean_nll = lambda x: sum(x) / len(x)"}
    lines = []
    for cell in cells:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "code" and name in ("setup", *model):
            lines.append(model.get(name) or "".join(cell["source"]))
        elif name.removeprefix("check-") in model:
            lines.append(f"print(repr({''.join(cell['source'])}))")
    ran = without_posix("\n".join(lines), desk)
    assert (ran.stdout.split(), ran.stderr) == (["1.0", "2.0"], "")


def test_on_windows_grader_check_says_what_to_do_instead(desk: Path) -> None:
    program = "from grader.cli import main\nsys.exit(main(['check', 'tiny.ipynb']))"
    ran = without_posix(program, desk)
    assert ran.returncode == 2
    assert "run it in WSL" in ran.stderr and "open the notebook in Jupyter" in ran.stderr


def test_the_ledger_needs_no_path_of_its_own(course: Course, tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(course.root, root)
    (root / "solutions" / "__init__.py").touch()
    (root / "solutions" / "letters.py").write_text("from grader.algebra import real\n\nx = real('x')\n")
    cell = "from grader.algebra import equation\nfrom solutions.letters import x\n\nequation('twice', x + x, '=', 2*x)"
    (root / "book").mkdir()
    (root / "book" / "01_twice.md").write_text(CHAPTER.format(cell=cell))
    grader = Path(sys.executable).with_name("grader")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    ran = subprocess.run(
        [grader, "ledger"], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.stdout.split()[:4], ran.stderr) == (["01_twice", "twice", "=", "proved"], "")


CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

```{{code-cell}} python3
{cell}
```
"""


def test_a_student_is_told_each_tasks_feedback(
    desk: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = RIGHT | {"tiny-ppl": "ppl = 2**2.1", "tiny-mean": "def mean_nll(losses):\n    return sum(losses)"}
    before = write(desk, fill(release, wrong))
    content = Path(before).read_bytes()
    assert main(["check", before]) == 1
    said = capsys.readouterr().out
    assert "You took 2 to the power of a loss in nats." in said and "This is the sum, not the mean." in said
    assert "tiny-why: marked by a person" in said
    assert Path(before).read_bytes() == content


def test_a_student_with_right_answers_gets_0(
    desk: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "words.txt").write_text("here")
    notebook = fill(release, RIGHT | {"tiny-unit": "unit = 'b'\nopen('words.txt').read()"})
    assert main(["check", write(desk, notebook)]) == 0
    assert "4 of 4 points" in capsys.readouterr().out


def test_a_value_in_range_is_not_promised_to_be_right(
    desk: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", write(desk, fill(release, RIGHT | {"tiny-ppl": "ppl = 7.5"}))]) == 0
    said = capsys.readouterr().out
    assert "grading" in said and "4 of 4 points in the checks you can run, 2 of them only if right" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "is no file"),
        (b"", "is no notebook"),
        (b"{}", "is no notebook"),
        (b"\xff\xff", "is no notebook"),
    ],
)
def test_check_without_a_notebook_ends_with_2(
    desk: Path, content: bytes | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk / "tiny.ipynb"
    path.unlink() if content is None else path.write_bytes(content)
    assert main(["check", str(path)]) == 2
    error = capsys.readouterr().err
    assert says in error and "Traceback" not in error


def test_a_file_that_is_no_notebook_is_said_to_be_none_before_its_cases_are_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("2.1 nats")
    assert main(["check", str(tmp_path / "notes.txt")]) == 2
    error = capsys.readouterr().err
    assert "notes.txt is no notebook" in error and "cases.json" not in error


def test_a_student_is_told_that_a_check_cell_is_gone(
    desk: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = fill(release, RIGHT)
    notebook["cells"] = [c for c in notebook["cells"] if 'check("tiny-mean"' not in "".join(c["source"])]
    assert main(["check", write(desk, notebook)]) == 1
    assert "tiny-mean: its check cell is missing" in capsys.readouterr().out


def test_a_check_cell_of_another_set_is_named(
    desk: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(fill(release, RIGHT)).replace("check-tiny-mean", "check-other")
    (desk / "tiny.ipynb").write_text(text, encoding="utf-8")
    assert main(["check", str(desk / "tiny.ipynb")]) == 2
    error = capsys.readouterr().err
    assert "lacks: other." in error and "as they were released" in error


def test_check_without_cases_ends_with_2(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "cases.json").unlink()
    assert main(["check", str(desk / "tiny.ipynb")]) == 2
    assert "cases.json" in capsys.readouterr().err


def test_grade_and_report(
    inside: Course, tmp_path: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "in", "ann", fill(release, RIGHT))
    command = [
        "grade",
        str(tmp_path / "in"),
        "--out",
        str(tmp_path / "out"),
        "--sandbox",
        "none",
        "--seed",
        "3",
    ]
    assert main(command) == 0
    said = capsys.readouterr()
    assert "1 graded, 0 unchanged, 0 failed; seed 3. No walls are up" in said.out
    assert "[1/1] ann 01_tiny: 4/4" in said.err and "No walls are up" in said.err
    put(tmp_path / "in", "bob", {"nbformat": 2})
    assert main([*command, "--set", "01_tiny", "--student", "bob"]) == 1
    assert "bob 01_tiny: The notebook has format 2" in capsys.readouterr().out
    (tmp_path / "out" / "report" / "index.html").unlink()
    assert main(["report", str(tmp_path / "out")]) == 0
    assert Path(capsys.readouterr().out.strip()).is_file()


def test_without_walls_every_verdict_page_and_report_says_so(
    inside: Course, tmp_path: Path, release: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "in", "ann", fill(release, RIGHT))
    out = tmp_path / "out"
    assert main(["grade", str(tmp_path / "in"), "--out", str(out), "--sandbox", "none"]) == 0
    said = capsys.readouterr()
    assert "No walls are up" in said.err and "No walls are up" in said.out
    assert json.loads((out / "journal.jsonl").read_text())["sandbox"] == "none"
    assert "without walls" in (out / "feedback" / "ann" / "01_tiny" / "tiny.html").read_text()
    assert "without walls" in (out / "report" / "index.html").read_text()


def test_the_options_reach_the_judge(
    inside: Course, tmp_path: Path, release: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", "ann", fill(release, RIGHT))
    seen: list[Any] = []

    def watched(course: Course, folder: Path, out: Path, options: Any, *more: Any) -> Any:
        seen.append(options)
        raise PipelineError("enough")

    monkeypatch.setattr("grader.pipeline.grade.grade", watched)
    command = (
        "--jobs 3 --set 01_tiny --student ann --seed 4 --timeout 5 --memory 700 --force --db sqlite:///x.db"
    )
    where = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--scheduler", "tcp://h:1"]
    assert main([*where, *command.split()]) == 2
    (given,) = seen
    assert (given.jobs, given.set_name, given.student, given.seed, given.force) == (
        3,
        "01_tiny",
        "ann",
        4,
        True,
    )
    assert (given.limits.cell_seconds, given.walls.memory_bytes) == (5.0, 700 << 20)
    assert (given.db_url, given.scheduler, given.sandbox) == ("sqlite:///x.db", "tcp://h:1", "bwrap")


def test_another_database_is_written_and_read_again(
    inside: Course, tmp_path: Path, release: dict[str, Any]
) -> None:
    put(tmp_path / "in", "ann", fill(release, RIGHT))
    url = f"sqlite:///{tmp_path / 'marks.db'}"
    out = tmp_path / "out"
    for _ in range(2):
        assert main(["grade", str(tmp_path / "in"), "--out", str(out), "--sandbox", "none", "--db", url]) == 0
    assert len((out / "journal.jsonl").read_text().splitlines()) == 1
    assert (tmp_path / "marks.db").is_file() and not (out / "gradebook.db").exists()
    (out / "grades.csv").unlink()
    assert main(["report", str(out)]) == 0, "it remembers the database"
    assert (out / "grades.csv").read_text().splitlines()[1].startswith("ann,01_tiny,4,")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_a_run_shows_the_rate_the_time_left_and_the_failures(stream: io.StringIO) -> None:
    with Display(stream) as display:
        display(Progress(1, 3, "ann", "01_tiny", "4/4 in 0.1 s", 0))
        display(Progress(2, 3, "bob", "01_tiny", "not graded", 1))
        shown = stream.getvalue()
    assert "bob 01_tiny: not graded" in shown and "1 failed" in shown
    if stream.isatty():
        assert "2/3" in shown and "notebook/s" in shown and "<" in shown  # elapsed<left
    else:
        assert shown.splitlines()[1].startswith("[2/3] bob 01_tiny: not graded (")
        assert " a minute, " in shown and " left, 1 failed)" in shown


def test_without_bubblewrap_grading_stops_and_says_how_to_install_it(
    inside: Course,
    tmp_path: Path,
    release: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(tmp_path / "in", "ann", fill(release, RIGHT))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "apt-get install bubblewrap" in error and "--sandbox none" in error
    assert not (tmp_path / "out" / "journal.jsonl").exists()


def test_report_without_a_gradebook_ends_with_2(
    inside: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path)]) == 2
    assert "holds no gradebook.db" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["grade"],
        ["grade", "x", "--out", "y", "--jobs", "0"],
        ["grade", "x", "--out", "y", "--timeout", "nan"],
        ["no"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: grader" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["build", "check", "grade", "report", "ledger", "sample"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: grader {command}" in capsys.readouterr().out


def test_the_sample_class_is_written_and_never_over_other_files(
    inside: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "class"
    assert main(["sample", str(target)]) == main(["sample", str(target)]) == 0
    kinds = sample_submissions(inside.set_named("01_tiny"))
    assert (
        len(kinds) >= 12
        and {"model", "right_fsum", "stub", "no_notebook", "upload_broke_off"} <= kinds.keys()
    )
    assert len([p for p in target.iterdir() if p.is_dir()]) == len(kinds)
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    assert main(["sample", str(other)]) == 2
    assert (other / "thesis.txt").read_text() == "mine"
    assert "holds something else" in capsys.readouterr().err


def test_a_missing_package_is_named_with_what_brings_it(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "nbformat", None)  # as in an environment with the base install only
    assert main(["check", str(desk / "tiny.ipynb")]) == 2
    error = capsys.readouterr().err
    assert "nbformat is not installed" in error and "pip install jupyterlab" in error
