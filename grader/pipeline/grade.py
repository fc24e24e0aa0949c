"""Grades a folder of submissions: find, plan, judge in parallel, write one by one, report.

There is one writer, this process. A verdict goes into the journal first (see `grader.pipeline.journal`) and then into
gradebook and pages. When those can't be written, say since the database is locked, judging goes on and what waits is
written at the end, or by the next run. When the journal can't be written the run stops.

The order of a start: first the warm process, which takes longest to stand; then the sets and their cases; then the
workers, which are forks and have all that already; then nbgrader and the gradebook, while the warm process warms up.
So nothing here imports nbgrader at the top.
"""

import json
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import nbformat

from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.verdict import Submission
from grader.pipeline import PipelineError
from grader.pipeline.alone import sole_writer
from grader.pipeline.build import build_course, entries_of, stale_sets
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.database import database_of, keep_database
from grader.pipeline.journal import Journal, Key
from grader.pipeline.plan import JUDGE, STANDS, WRITE, Planner, Step
from grader.pipeline.pool import Bench, Crew, Outcome, Work, judge_all
from grader.pipeline.seeds import Seed, check_seed, renew_seed, seed_for, settled_seed
from grader.pipeline.submissions import Handed, find_submissions
from grader.pipeline.warm import Warm
from grader.sandbox import Walls
from grader.sandbox.room import bubblewrap

if TYPE_CHECKING:
    from grader.pipeline.desk import Summary


@dataclass(frozen=True)
class Progress:
    """Where a run is: submission `number` of `total` is done, with this outcome in words; `failed` have no verdict."""

    number: int
    total: int
    student: str
    set_name: str
    outcome: str
    failed: int


@dataclass(frozen=True)
class Options:
    """What to grade and how; the command line's options.

    seed: what hidden cases are drawn from; None for the one that OUT keeps, or a new secret (`grader.pipeline.seeds`).
    reseed: whether all is graded again, with another seed than OUT was graded with. db_url: the gradebook's address,
    None for `gradebook.db`. scheduler: a dask scheduler's address, None for processes of this machine.
    """

    set_name: str | None = None
    student: str | None = None
    seed: int | None = None
    reseed: bool = False
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    sandbox: str = "bwrap"
    walls: Walls = field(default_factory=Walls)
    db_url: str | None = None
    scheduler: str | None = None


def grade(
    course: Course,
    folder: Path,
    out: Path,
    options: Options,
    progress: Callable[[Progress], None] | None = None,
    warm: Warm | None = None,
) -> "Summary":
    """Grade what `folder` holds into `out` and return what happened.

    Submissions whose bytes, set and seed stand in the journal are left as they are, unless `options.force`. Raises
    `PipelineError` when there is nothing to grade, the course can't be built, another run works on `out`, `out` can't
    be written or was graded with another seed or into another database, and `SandboxError` when the walls can't be put
    up. warm: a warm process that was started before; it is closed at the end.
    """
    here = options.scheduler is None
    options = replace(options, db_url=database_of(out, options.db_url))
    with closing(Crew(warm or Warm(options.sandbox if here else "none"))) as crew:
        found = _find(course, folder, out, options)
        if options.sandbox != "none" and here:
            bubblewrap()
        crew.warm.start_early(out, options.force)
        return _grade(course, folder, found, out, options, crew, progress)


def _grade(
    course: Course,
    folder: Path,
    found: tuple[list[ExerciseSet], list[Handed], list[str]],
    out: Path,
    options: Options,
    crew: Crew,
    progress: Callable[[Progress], None] | None,
) -> "Summary":
    sets, handed, left_out = found
    build_course(course)
    seed = _seed(out, options)
    released = release_sets(course, sets, seed.number)
    bench = Bench(released, seed.label, options.limits, options.walls, options.sandbox)
    if options.scheduler is None:
        crew.fork(bench, min(options.jobs, len(handed)))
    from grader.pipeline.course_folder import furnish
    from grader.pipeline.desk import Desk, Summary, out_is_needed
    from grader.pipeline.report import write_results
    from grader.pipeline.write import Writer

    summary = Summary(out, seed.told(out), problems=left_out, sandbox=options.sandbox, db_url=options.db_url)
    with out_is_needed(out):
        out.mkdir(parents=True, exist_ok=True)
    with sole_writer(out):
        check_seed(out, seed)
        with out_is_needed(out):
            keep_database(out, options.db_url)
        journal = Journal(out / "journal.jsonl")
        desk = Desk(journal, Writer(out, course.build, options.db_url), summary)
        desk.writer.pages.start()  # before the gradebook is open
        try:
            with out_is_needed(out):
                desk.open(sorted({whose.exercise.name for whose in handed}))
                cases = {name: each.entries for name, each in released.items()}
                furnish(desk.writer.folder, course, folder, cases, options.limits, options.db_url)
                steps = list(_planner(journal, desk.writer.written(), bench, options).steps(handed))
            todo = [step.handed for step in steps if step.action == JUDGE]
            summary.skipped = sum(step.action == STANDS for step in steps)
            desk.settle([step.handed for step in steps if step.action == WRITE])
            summary.written = sum(step.action == WRITE for step in steps) - len(desk.unwritten)
            for exercise in {whose.exercise.name: whose.exercise for whose in todo}.values():
                desk.writer.expect(exercise)  # the warm process warms up
            work = ((whose, whose.read(options.limits)) for whose in todo)
            with _interrupts() as interrupted:
                for number, (whose, submission, verdict) in enumerate(_judges(work, bench, options, crew), 1):
                    if interrupted.is_set():
                        raise KeyboardInterrupt
                    outcome = desk.take(whose, submission, verdict)
                    if progress is not None:
                        name = whose.exercise.name
                        at = (number, len(todo), whose.student, name, outcome, len(summary.failed))
                        progress(Progress(*at))
            with out_is_needed(out):
                desk.close(handed)
                _remember_problems(handed, journal, summary)
                summary.notes += write_results(desk.writer, course, journal).notes
                summary.notes += desk.writer.folder.notes
        finally:
            desk.writer.close()
    return summary


def plan(course: Course, folder: Path, out: Path, options: Options) -> list[Step]:
    """Return what `grade` would do with each submission; write nothing. Raises `PipelineError` as `grade` does."""
    from grader.pipeline.write import Writer

    sets, handed, _ = _find(course, folder, out, options)
    options = replace(options, db_url=database_of(out, options.db_url))
    journal = Journal(out / "journal.jsonl")
    stale = {exercise.name for exercise in stale_sets(course)}
    built = [exercise for exercise in sets if exercise.name not in stale]
    seed = seed_for(out, options.seed, options.reseed)
    bench = Bench(release_sets(course, built, seed.number), seed.label, options.limits)
    # To look into a gradebook that is not there would make one.
    there = options.db_url is not None or (out / "gradebook.db").is_file()
    written = Writer(out, course.build, options.db_url).written() if there and journal.latest else set()
    return list(_planner(journal, written, bench, options).steps(handed))


def release_sets(course: Course, sets: Sequence[ExerciseSet], seed: int) -> dict[str, ReleasedSet]:
    """Return the released sets with the hidden cases drawn from `seed`."""
    ids = {s.name: _ids_in(s) for s in course.sets()}
    found = {}
    for exercise in sets:
        elsewhere = {cell: name for name, cells in ids.items() if name != exercise.name for cell in cells}
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


def _ids_in(exercise: ExerciseSet) -> list[str]:
    """Return the ids of a released set's answer and check cells; to import all sets' tasks would take seconds."""
    if not exercise.release.is_file():
        return []
    cells = json.loads(exercise.release.read_text(encoding="utf-8"))["cells"]
    metas = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return [meta["grade_id"] for meta in metas if meta.get("grade") or meta.get("solution")]


def _judges(
    work: Iterable[Work], bench: Bench, options: Options, crew: Crew
) -> Iterator[tuple[Handed, Submission, Outcome]]:
    if options.scheduler is None:
        return judge_all(work, bench, options.jobs, crew)
    try:
        from grader.pipeline.cluster import judge_on  # dask.distributed is an extra
    except ModuleNotFoundError as error:
        says = (
            f"--scheduler needs dask.distributed, and {error.name} is not installed. In the course's folder: "
        )
        raise PipelineError(f"{says}pip install '.[cluster]'") from error
    return judge_on(work, bench, options.scheduler)


def _planner(journal: Journal, written: set[Key], bench: Bench, options: Options) -> Planner:
    digests = {name: released.digest for name, released in bench.sets.items()}
    return Planner(journal, written, digests, bench.seed, options.limits, options.force)


def _find(
    course: Course, folder: Path, out: Path, options: Options
) -> tuple[list[ExerciseSet], list[Handed], list[str]]:
    if options.reseed and (options.set_name or options.student):
        raise PipelineError("--reseed grades everything again; leave --set and --student out.")
    inside, around = folder.resolve(), out.resolve()
    if inside == around or around.is_relative_to(inside) or inside.is_relative_to(around):
        raise PipelineError(
            f"--out {out} and the submissions in {folder} lie in each other; choose another --out."
        )
    sets = [course.set_named(options.set_name)] if options.set_name else course.sets()
    names = [exercise.name for exercise in course.sets()]
    return sets, *find_submissions(folder, sets, options.student, names)


def _seed(out: Path, options: Options) -> Seed:
    """Return the run's seed, which `out` keeps from here on."""
    if not options.reseed:
        return settled_seed(out, options.seed)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with sole_writer(out):
            return renew_seed(out, options.seed)
    except OSError as error:
        raise PipelineError(f"{out} can't be written: {error}") from error


def _remember_problems(handed: Sequence[Handed], journal: Journal, summary: "Summary") -> None:
    for whose in handed:
        entry = journal.latest.get((whose.student, whose.exercise.name), {})
        summary.problems += [f"{whose.student} {whose.exercise.name}: {p}" for p in entry.get("problems", [])]


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Yield what is set when Ctrl-C was pressed.

    A terminal sends the interrupt to the kernels, too, so no verdict may be taken after it. The exception alone does
    not see to that: when it comes inside a library's callback, Python prints it and goes on.
    """
    pressed = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        pressed.set()
        raise KeyboardInterrupt

    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as in the background of a shell script
    if ignored or threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
