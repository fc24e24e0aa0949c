"""Grades a class of attacks and honest students, alone and beside busy processes, and says what became of it."""

import csv
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

import psutil

from grader.pipeline.course import Course
from grader.pipeline.sample_class import fill, sample_submissions
from tests.attacks.arena import ROOT, Attack, own_cell
from tests.attacks.handed_in.folders import ATTACKERS, RIGHT
from tests.deep import deep_place
from tests.pipeline.tiny_course import write_course

HONEST, BUSY, JOBS, CELL_SECONDS = 20, 6, 2, 5
HONEST_SETS = ("05_softmax_gradient", "06_perplexity")
PEAK_MB = 2_000
_SAMPLE_SECONDS = 0.25

Marks = Mapping[str, str]  # by task, as the table has them


@dataclass(frozen=True)
class Run:
    """One grading: seconds, the most memory that all its processes held, and each student's line of the table."""

    says: str
    seconds: float
    peak_mb: float
    marks: Mapping[str, Marks]
    faults: Sequence[str]


def compare(attacks: Sequence[Attack], times: int) -> int:
    """Grade the class so many times idle and as often beside busy processes; print and return how much is wrong."""
    with deep_place() as place:
        course, honest, everybody = place / "course", place / "honest", place / "class"
        _write_course(course, {attack.set for attack in attacks})
        _write_honest(Course(course), [honest, everybody])
        _write_attackers(Course(course), attacks, everybody)
        runs = [_grade(course, honest, place / "out", "the honest alone")]
        runs += [_grade(course, everybody, place / "out", "idle") for _ in range(times)]
        with _busy():
            runs += [_grade(course, everybody, place / "out", f"beside {BUSY} busy") for _ in range(times)]
    alone = runs[0].marks
    faults = [fault for run in runs for fault in run.faults]
    for run in runs:
        print(
            f"{run.says:18} {len(run.marks):4} students {run.seconds:7.1f} s {run.peak_mb:7.0f} MB at the peak"
        )
        changed = [name for name in alone if run.marks.get(name) != alone[name]]
        faults += [f"{run.says}: {name} has {run.marks.get(name)}, alone {alone[name]}" for name in changed]
        if run.peak_mb > PEAK_MB:
            faults.append(f"{run.says}: {run.peak_mb:.0f} MB are more than {PEAK_MB}")
    for attack in attacks:
        faults += [f"{run.says}: {attack.name} {gain}" for run in runs[1:] for gain in _gains(attack, run)]
        seen = {json.dumps(run.marks.get(_student(attack)), sort_keys=True) for run in runs[1:]}
        if len(seen) > 1:
            print(f"{attack.name} got different marks: {seen}")
    print("\n".join(faults))
    print(f"what went wrong: {len(faults)}")
    return len(faults)


def _write_course(root: Path, sets: set[str]) -> None:
    """Write a course of these sets, the honest ones' and the tiny one, and build it."""
    copytree(ROOT / "solutions", root / "solutions", ignore=ignore_patterns("__pycache__"))
    for exercise in Course(ROOT).sets():
        if exercise.name in sets | set(HONEST_SETS):
            copytree(exercise.source.parent, root / "exercises" / exercise.name)
        else:
            (root / exercise.tasks.relative_to(ROOT)).unlink()
    written = (root / "solutions/__init__.py").read_bytes()
    write_course(root)
    (root / "solutions/__init__.py").write_bytes(written)
    _call(["build"], root)


def _write_honest(course: Course, classes: Sequence[Path]) -> None:
    made = []
    for exercise in map(course.set_named, HONEST_SETS):
        samples = sample_submissions(exercise)
        made += [(exercise, samples[name]) for name in samples if name.startswith(("model", "right"))]
    for number in range(HONEST):
        exercise, content = made[number % len(made)]
        notebook = json.loads(content or b"")
        notebook["cells"].append(own_cell(f"# student {number}") | {"id": "mine"})
        for folder in classes:
            _put(
                folder / f"honest {number:02}" / exercise.name / f"{exercise.short_name}.ipynb",
                json.dumps(notebook),
            )


def _write_attackers(course: Course, attacks: Sequence[Attack], folder: Path) -> None:
    for attack in attacks:
        submission, exercise = attack.submission(), course.set_named(attack.set)
        place = folder / _student(attack) / attack.set
        _put(place / f"{exercise.short_name}.ipynb", submission.notebook or b"")
        for name, content in submission.files.items():
            path = Path(os.path.normpath(place / name))
            if path.is_relative_to(place):
                try:
                    _put(path, content)
                except (OSError, ValueError):
                    continue  # no file system has such a name
    release = json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))
    _put(folder / "ada/01_tiny/tiny.ipynb", json.dumps(fill(release, RIGHT)))
    for attacker in ATTACKERS:
        place = folder / attacker.__name__ / "01_tiny"
        place.mkdir(parents=True)
        attacker(place, lambda answers: json.dumps(fill(release, answers)).encode())


def _put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _student(attack: Attack) -> str:
    return attack.name.replace("/", " ")


def _grade(course: Path, folder: Path, out: Path, says: str) -> Run:
    """Grade a class into `out`, which is empty before and after."""
    begun = time.monotonic()
    peak = _call(
        ["grade", str(folder), "--out", str(out), "--jobs", str(JOBS), "--timeout", str(CELL_SECONDS)], course
    )
    seconds = time.monotonic() - begun
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    students = {place.name for place in folder.iterdir() if place.is_dir()}
    pages = {path.parts[-3] for path in (out / "feedback").glob("*/*/*.html")}
    faults = [f"{says}: {name} has no row" for name in sorted(students - set(rows))]
    faults += [f"{says}: {name} has no page" for name in sorted(students - pages)]
    rmtree(out)
    told = ("student", "problems")
    marks = {
        name: {task: v for task, v in row.items() if v and task not in told} for name, row in rows.items()
    }
    return Run(says, seconds, peak / 1e6, marks, faults)


def _gains(attack: Attack, run: Run) -> Iterator[str]:
    marks = run.marks.get(_student(attack), {})
    for task, earned in attack.credit.items():
        if marks.get(task, "open") != "open" and float(marks[task]) > earned + 1e-3:
            yield f"gained {marks[task]} of {earned} for {task}"


def _call(arguments: list[str], course: Path) -> float:
    """Run `grader` in a course's folder and return the most bytes that its processes held together.

    Of pages that several hold each has its share (PSS). Exit codes tell of odd submissions, and the class has many.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "grader", *arguments], cwd=course, env=environment, stdout=subprocess.DEVNULL
    ) as process:
        peak, over = [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, over))
        watcher.start()
        try:
            code = process.wait()
        finally:
            process.terminate()
            over.set()
            watcher.join()
    if code not in (0, 1):
        raise SystemExit(f"grader {arguments[0]} ended with {code}")
    return peak[0]


def _watch(root: int, peak: list[int], over: threading.Event) -> None:
    while not over.wait(_SAMPLE_SECONDS):
        held = 0
        try:
            family = [psutil.Process(root), *psutil.Process(root).children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in family:
            try:
                held += process.memory_full_info().pss
            except (psutil.Error, OSError):
                continue  # it has ended
        peak[0] = max(peak[0], held)


@contextmanager
def _busy() -> Iterator[None]:
    """Keep the machine busy with processes of our own."""
    made = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for process in made:
            process.kill()
            process.wait()
