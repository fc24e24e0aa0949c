"""Does a killed run lose nothing, and does the next one finish its work and no more?

The kills here wait for states (a file, a process), never for times.
"""

import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.judge.limits import Limits
from grader.judge.verdict import SubmissionVerdict
from grader.pipeline import PipelineError, pool, warm
from grader.pipeline.course import Course
from grader.pipeline.grade import Options, grade, release_sets
from grader.pipeline.journal import Journal
from grader.pipeline.pool import Bench, judge_all
from grader.pipeline.submissions import find_submissions
from tests.pipeline.a_class import BARE, EXPECTED, FULL, STUDENTS, hand_in, lines, scores, stands_whole
from tests.pipeline.tiny_course import SANDBOX

LIGHT = (
    "numpy",
    "IPython.core.interactiveshell",
    "grader.cases.ask.check",
    "grader.judge.kernel",
)  # torch takes seconds to import


def wait_until(state: Callable[[], bool], still: Callable[[], bool]) -> bool:
    """Wait for a state and return whether it came; it can't come any more when `still` is False."""
    deadline = time.monotonic() + 120
    while not state():
        if not still():
            return state()
        assert time.monotonic() < deadline, "neither the state nor the end of the run came"
        time.sleep(0.001)
    return True


def grading(course: Course, submitted: Path, out: Path, sandbox: str = SANDBOX) -> "subprocess.Popen[bytes]":
    arguments = ["grade", str(submitted), "--out", str(out), "--sandbox", sandbox, "--jobs", "2"]
    program = (
        "import signal, sys, grader.cli, grader.pipeline.warm as warm\n"
        # Tests that run in the background of a shell script inherit "ignore", and the grader would respect that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"warm.WARM = {LIGHT}\n"
        f"sys.exit(grader.cli.main({arguments}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=course.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a grader, and hold that all that it started ends with it."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive, f"still running after the grader was killed: {alive}"


def test_a_grader_killed_again_and_again_loses_and_repeats_nothing(
    course: Course, release: dict[str, Any], tmp_path: Path
) -> None:
    submitted, out = hand_in(tmp_path / "in", release), tmp_path / "out"
    states: list[Callable[[], bool]] = [
        lambda: (out / ".verdicts" / "waiting").is_dir(),
        lambda: len(lines(out)) >= 1,
        lambda: len(list((out / "autograded").glob("*/*/*"))) >= 2,
        lambda: len(lines(out)) >= 3,
        lambda: (out / "report" / "index.html").is_file(),
    ]
    killed = 0
    for chosen in sorted(random.Random(1).sample(range(len(states)), 3)):
        stood = lines(out)
        with grading(course, submitted, out) as process:
            if wait_until(states[chosen], lambda process=process: process.poll() is None):
                kill(process)
                killed += 1
        assert lines(out)[: len(stood)] == stood, "a verdict that stood was lost"
    assert killed >= 2
    with grading(course, submitted, out) as process:
        assert process.wait(timeout=200) == 0
    stands_whole(out)
    assert sorted(lines(out)) == STUDENTS, "a verdict that stood was found again"


def test_a_writer_killed_at_any_step_is_taken_up_there(
    course: Course, release: dict[str, Any], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    hand_in(tmp_path / "in", release)
    driver = [sys.executable, "-m", "tests.pipeline.killed_at_steps", str(course.root), str(tmp_path)]
    done = subprocess.run(
        driver, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["killed"] == 10 and said["judged_again_though_it_stood"] == 0
    record_property("figure", f"writer killed at {said['killed']} of its {said['steps']} steps: nothing lost")


def bench_of(course: Course, sandbox: str) -> Bench:
    return Bench(release_sets(course, course.sets(), 0), 0, Limits(), sandbox=sandbox)


def processes_of(program: str) -> list[psutil.Process]:
    """Return this process's descendants with this in their command line."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if any(program in part for part in process.cmdline()):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


def kernels() -> list[psutil.Process]:
    """Return the walled-in kernels: they look like the warm process, and are in a process space of their own."""

    def walled(process: psutil.Process) -> bool:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            return False
        return any(line.startswith("NSpid:") and len(line.split()) > 2 for line in status.splitlines())

    return [process for process in processes_of("grader.sandbox.warm") if walled(process)]


def warm_processes() -> list[psutil.Process]:
    own = kernels()
    return [process for process in processes_of("grader.sandbox.warm") if process not in own]


# Each with the number of times that it is killed. One submission may lose its kernel once; the second time it is taken
# for the notebook's own doing.
VICTIMS: dict[str, tuple[Callable[[], list[psutil.Process]], int]] = {
    "kernel": (kernels, 1),
    "worker": (lambda: processes_of("multiprocessing.spawn") if kernels() else [], 2),
    "warm process": (
        lambda: [p for p in processes_of("grader.sandbox.warm") if p not in kernels()] if kernels() else [],
        2,
    ),
}


@pytest.mark.skipif(SANDBOX == "none", reason="bubblewrap is not installed")
@pytest.mark.parametrize("victim", VICTIMS)
def test_nobody_is_marked_down_for_what_was_killed(
    course: Course, release: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, victim: str
) -> None:
    monkeypatch.setattr(warm, "WARM", LIGHT)
    submitted = hand_in(tmp_path / "in", release, first="import time\ntime.sleep(1)")
    handed, _ = find_submissions(submitted, course.sets())
    found, times = VICTIMS[victim]
    killed: list[int] = []
    # other tests' warm processes
    others = {process.pid for process in psutil.Process().children(recursive=True)}
    over = threading.Event()

    def there() -> list[psutil.Process]:
        return [process for process in found() if process.pid not in {*killed, *others}]

    def strike() -> None:
        """Kill the victims, one after the other."""
        for _ in range(times):
            seen: list[psutil.Process] = []  # looked up once: a kernel changes its parent while it starts

            def somebody(seen: list[psutil.Process] = seen) -> bool:
                seen[:] = there()[:1]
                return bool(seen)

            if wait_until(somebody, lambda: not over.is_set()):
                seen[0].kill()
                killed.append(seen[0].pid)

    striker = threading.Thread(target=strike)
    striker.start()
    work = ((whose, whose.read(Limits())) for whose in handed)
    outcomes = {whose.student: outcome for whose, _, outcome in judge_all(work, bench_of(course, "bwrap"), 2)}
    over.set()
    striker.join()
    assert killed
    assert sorted(outcomes) == STUDENTS
    for student, outcome in outcomes.items():
        assert isinstance(outcome, SubmissionVerdict), outcome
        given = sorted((f"check-{task}", float(score)) for task, score in outcome.scores.items())
        assert given == [each for each in EXPECTED[student] if each[0] != "tiny-why"]
        assert outcome.problems == []


def test_a_judge_that_always_dies_costs_its_own_submission_only(
    course: Course, release: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted, out = hand_in(tmp_path / "in", release), tmp_path / "out"
    monkeypatch.setattr(warm, "WARM", LIGHT)
    monkeypatch.setattr(pool, "AHEAD", 0)  # so that a worker is killed while it is at nobody else's
    started: list[int] = []

    class Doomed(pool._Worker):
        """A worker that is killed when it is given the submission of student 2."""

        def send(self, item: pool.Work, address: str | None) -> bool:
            if item[0].student == STUDENTS[2]:
                started.append(self.process.pid or 0)
                self.process.kill()
                self.process.join()
            return super().send(item, address)

    with monkeypatch.context() as patched:
        patched.setattr(pool, "_Worker", Doomed)
        summary = grade(course, submitted, out, Options(sandbox=SANDBOX, jobs=2))
    assert len(set(started)) == pool.ATTEMPTS
    assert summary.failed == [] and not summary.all_fine
    assert any(f"{STUDENTS[2]} 01_tiny: The grader's own process ended" in p for p in summary.problems)
    assert sorted(lines(out)) == STUDENTS
    found = scores(out)
    assert {s: found[s] for s in STUDENTS if s != STUDENTS[2]} == {
        s: EXPECTED[s] for s in STUDENTS if s != STUDENTS[2]
    }
    assert sum(points or 0 for _, points in found[STUDENTS[2]]) == 0
    verdict = Journal(out / "journal.jsonl").latest[(STUDENTS[2], "01_tiny")]
    assert all(score["needs_review"] for score in verdict["scores"].values())
    # It stands: no later run dies of it again, unless it is told to.
    assert grade(course, submitted, out, Options(sandbox=SANDBOX)).judged == 0


def test_a_judge_that_hangs_is_ended(
    course: Course, release: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted = hand_in(tmp_path / "in", release)
    handed = [h for h in find_submissions(submitted, course.sets())[0] if EXPECTED[h.student] is FULL][:1]
    monkeypatch.setattr(pool, "ATTEMPTS", 2)

    class Frozen(pool._Worker):
        """A worker that is stopped before it is given anything, and may take a moment only."""

        def send(self, item: pool.Work, address: str | None) -> bool:
            psutil.Process(self.process.pid).suspend()
            self.seconds = 0.1
            return super().send(item, address)

    monkeypatch.setattr(pool, "_Worker", Frozen)
    work = [(whose, whose.read(Limits())) for whose in handed]
    ((_, _, outcome),) = judge_all(work, bench_of(course, "none"), 1)
    assert isinstance(outcome, SubmissionVerdict) and "ended each of the" in outcome.problems[0]
    assert all(score.needs_review for score in outcome.scores.values())


def test_two_graders_do_not_share_an_output(course: Course, release: dict[str, Any], tmp_path: Path) -> None:
    submitted, out = hand_in(tmp_path / "in", release), tmp_path / "out"
    out.mkdir()
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PipelineError, match="Another `grader grade` works on"):
            grade(course, submitted, out, BARE)


def test_a_grader_that_is_interrupted_leaves_nothing_running(
    course: Course, release: dict[str, Any], tmp_path: Path
) -> None:
    submitted, out = hand_in(tmp_path / "in", release, first="import time\ntime.sleep(20)"), tmp_path / "out"
    with grading(course, submitted, out) as process:
        assert wait_until(lambda: len(lines(out)) >= 1, lambda: process.poll() is None)
        children = psutil.Process(process.pid).children(recursive=True)
        for each in [psutil.Process(process.pid), *children]:  # as a terminal does
            each.send_signal(signal.SIGINT) if each.is_running() else None
        assert process.wait(timeout=120) == 2
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    assert os.path.getsize(out / "journal.jsonl") > 0
