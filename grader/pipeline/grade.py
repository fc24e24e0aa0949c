"""Grades a folder of submissions: find, judge in parallel, write one by one, report."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from grader.judge import JudgeError
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline import PipelineError
from grader.pipeline.build import build_course, entries_of
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.feedback import copy_mathjax
from grader.pipeline.journal import Journal
from grader.pipeline.pool import Bench, judge_all
from grader.pipeline.report import write_grades, write_report
from grader.pipeline.submissions import Handed, find_submissions
from grader.pipeline.write import Writer
from grader.sandbox import ForkServer, Walls
from grader.sandbox.fork_server import PRELOAD

DEFAULT_SEED = 0
NO_WALLS = "No walls are up: each notebook runs with the rights of whoever runs this."
# What the warm process imports before it is forked: what notebooks use, and what asks them for their answers.
WARM = (*PRELOAD, "grader.judge.kernel")

# Called with number, total, student, set, and the outcome in words.
Progress = Callable[[int, int, str, str, str], None]


@dataclass
class Summary:
    """What a run did. `problems` are sentences with the student's and the set's name."""

    out: Path
    seed: int
    judged: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    sandbox: str = "none"

    @property
    def all_fine(self) -> bool:
        """Return whether every submission got a verdict and nothing was off with any."""
        return not self.problems and not self.failed

    def text(self) -> str:
        """Return the summary for a terminal."""
        counts = f"{self.judged} graded, {self.skipped} unchanged, {len(self.failed)} failed"
        walls = f" {NO_WALLS}" if self.sandbox == "none" else ""
        lines = [f"{counts}; seed {self.seed}.{walls}"]
        if self.problems:
            lines += ["", "What was off:", *(f"  {problem}" for problem in self.problems)]
        if self.failed:
            lines += ["", "Without a verdict:", *(f"  {failure}" for failure in self.failed)]
        names = ("gradebook.db", "grades.csv", "feedback", "report/index.html")
        return "\n".join([*lines, "", *(str(self.out / name) for name in names)])


@dataclass(frozen=True)
class Options:
    """What to grade and how; the command line's options."""

    set_name: str | None = None
    student: str | None = None
    seed: int = DEFAULT_SEED
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    sandbox: str = "bwrap"
    walls: Walls = field(default_factory=Walls)


def grade(
    course: Course, folder: Path, out: Path, options: Options, progress: Progress | None = None
) -> Summary:
    """Grade what `folder` holds into `out` and return what happened.

    Submissions whose bytes, set and seed stand in the journal are left as they are, unless `options.force`. Raises
    `PipelineError` when there is nothing to grade, the course can't be built, or another run works on `out`, and
    `SandboxError` when the walls can't be put up.
    """
    _keep_apart(folder, out)
    sets = [course.set_named(options.set_name)] if options.set_name else course.sets()
    handed, left_out = find_submissions(folder, sets, options.student)
    build_course(course)
    out.mkdir(parents=True, exist_ok=True)
    summary = Summary(out, options.seed, problems=left_out, sandbox=options.sandbox)
    with _sole_grader(out), _kernels(options) as warm:
        released = release_sets(course, sets, options.seed)
        bench = Bench(released, options.seed, options.limits, options.walls, warm)
        journal, writer = Journal(out / "journal.jsonl"), Writer(out, course.build)
        try:
            for name in sorted({h.exercise.name for h in handed}):
                writer.prepare(name)
            copy_mathjax(out)
            todo = list(_unfinished(handed, bench, journal, writer, options, summary))
            for number, (whose, submission, verdict) in enumerate(judge_all(todo, bench, options.jobs), 1):
                outcome = _record(whose, submission, verdict, journal, writer, summary)
                if progress is not None:
                    progress(number, len(todo), whose.student, whose.exercise.name, outcome)
            _remember_problems(handed, journal, summary)
            write_grades(out, journal)
            writer.export(out / "nbgrader_grades.csv")
            write_report(out, course, journal)
        finally:
            writer.close()
    return summary


def release_sets(course: Course, sets: Sequence[ExerciseSet], seed: int) -> dict[str, ReleasedSet]:
    """Return the released sets with the hidden cases drawn from `seed`."""
    ids = {s.name: [task.id for task in load_tasks(s)] for s in course.sets()}
    found = {}
    for exercise in sets:
        elsewhere: dict[str, str] = {}
        for name, task_ids in ids.items():
            if name != exercise.name:
                elsewhere |= {cell_id: name for task in task_ids for cell_id in (task, f"check-{task}")}
        folder = exercise.release.parent
        files = {
            p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
        }
        notebook = nbformat.reads(files.pop(exercise.release.name).decode(), as_version=4)
        entries = entries_of(load_tasks(exercise), seed, public=False)
        found[exercise.name] = ReleasedSet(
            exercise.name, exercise.short_name, notebook, entries, elsewhere, files
        )
    return found


def _unfinished(
    handed: Sequence[Handed],
    bench: Bench,
    journal: Journal,
    writer: Writer,
    options: Options,
    summary: Summary,
) -> Iterator[tuple[Handed, Submission]]:
    written = writer.written()
    for whose in handed:
        submission = whose.read(options.limits)
        key = (whose.student, whose.exercise.name)
        stands = journal.latest.get(key)
        wanted = {
            "sha256": submission.sha256,
            "seed": options.seed,
            "exercise": bench.sets[whose.exercise.name].digest,
        }
        if not options.force and key in written and stands and wanted.items() <= stands.items():
            summary.skipped += 1
        else:
            yield whose, submission


def _record(
    whose: Handed,
    submission: Submission,
    verdict: SubmissionVerdict | JudgeError,
    journal: Journal,
    writer: Writer,
    summary: Summary,
) -> str:
    """Write a verdict, then remember it in the journal; return what happened in words."""
    name = f"{whose.student} {whose.exercise.name}"
    if isinstance(verdict, JudgeError):
        summary.failed.append(f"{name}: not graded: {verdict}")
        return "not graded"
    try:
        writer.forget(whose.student, whose.exercise.name)
        writer.write(whose, submission, verdict)
    except PipelineError as error:
        summary.failed.append(f"{name}: judged, but not written: {error}")
        return "not written"
    when = datetime.now(UTC).isoformat(timespec="seconds")
    journal.append({"student": whose.student, "graded_at": when, **verdict.to_json()})
    summary.judged += 1
    points, most = sum(verdict.scores.values()), sum(score.max_points for score in verdict.scores.values())
    off = f", {len(verdict.problems)} off" if verdict.problems else ""
    return f"{points:.4g}/{most:g} in {verdict.seconds:.1f} s{off}"


def _remember_problems(handed: Sequence[Handed], journal: Journal, summary: Summary) -> None:
    for whose in handed:
        entry = journal.latest.get((whose.student, whose.exercise.name), {})
        summary.problems += [f"{whose.student} {whose.exercise.name}: {p}" for p in entry.get("problems", [])]


def _keep_apart(folder: Path, out: Path) -> None:
    inside, around = folder.resolve(), out.resolve()
    if inside == around or around.is_relative_to(inside) or inside.is_relative_to(around):
        raise PipelineError(
            f"--out {out} and the submissions in {folder} lie in each other; choose another --out."
        )


@contextmanager
def _kernels(options: Options) -> Iterator[str | None]:
    """Start the warm process that walled-in kernels are forked from; it ends with the run."""
    if options.sandbox == "none":
        yield None
        return
    with ForkServer(WARM) as server:
        yield server.address


@contextmanager
def _sole_grader(out: Path) -> Iterator[None]:
    # The lock goes with the process, so a killed run leaves none behind.
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            says = f"Another `grader grade` works on {out}; wait for it, or choose another --out."
            raise PipelineError(says) from error
        yield
