"""Is everything that the walls promise kept for an ordinary user, too? Every test of them is run once more, by one."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="the suite runs as an ordinary user, and so do the walls' tests"),
]  # fmt: skip


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder:
        yield folder


def as_ordinary(home: str, *command: str) -> "subprocess.CompletedProcess[str]":
    ordinary = [sys.executable, "-m", "tests.ordinary", home, "env", f"PYTHONPATH={ROOT}", *command]
    return subprocess.run(ordinary, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def namespaces(home: str, lacking: Callable[[str], None]) -> None:
    """Skip where ordinary users may not make the namespaces that bubblewrap needs."""
    said = as_ordinary(home, "bwrap", "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "true")
    if said.returncode:
        lacking(f"an ordinary user can't put up walls on this machine: {said.stdout.strip()}")


def test_it_is_an_ordinary_user(home: str) -> None:
    said = as_ordinary(home, "cat", "/proc/self/status").stdout
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert f"{name}:\t0000000000000000" in said
    assert "Uid:\t54321\t54321\t54321\t54321" in said
    assert "Groups:\t \n" in said


@pytest.mark.keeps("grader.sandbox", "all of it holds for root and for an ordinary user")
def test_every_promise_is_kept_for_an_ordinary_user(home: str, namespaces: None) -> None:
    tests = [str(ROOT / "tests" / "sandbox" / name) for name in ("test_walls.py", "test_bounds.py")]
    tests.append(f"--rootdir={ROOT}")
    said = as_ordinary(
        home, sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={home}/cache", "-p", "no:xdist", *tests
    )
    assert said.returncode == 0, said.stdout[-6000:]
    # but for control groups, which an ordinary user may have none of
    skipped = re.search(r"(\d+) skipped", said.stdout)
    assert "passed" in said.stdout and (skipped is None or skipped[1] == "3"), said.stdout[-2000:]


def test_an_ordinary_user_grades_a_class(home: str, namespaces: None) -> None:
    program = """
import json
from pathlib import Path
from grader.cli import main
from grader.pipeline.course import Course
from tests.pipeline.a_class import STUDENTS, hand_in, lines, stands_whole
from tests.pipeline.tiny_course import write_course

course = Course(write_course(Path("course").absolute()))
import os
os.chdir(course.root)
assert main(["build"]) == 0
release = json.loads(course.set_named("01_tiny").release.read_text())
submitted, out = hand_in(Path("../in").resolve(), release), Path("../out").resolve()
assert main(["grade", str(submitted), "--out", str(out), "--jobs", "2"]) == 0
assert sorted(lines(out)) == STUDENTS
assert {json.loads(line)["sandbox"] for line in (out / "journal.jsonl").read_text().splitlines()} == {"bwrap"}
stands_whole(out)
print("graded by", os.geteuid())
"""
    said = as_ordinary(home, sys.executable, "-c", program)
    assert said.returncode == 0, said.stdout[-6000:]
    assert "graded by 54321" in said.stdout
