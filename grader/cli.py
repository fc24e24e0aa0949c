"""The command line: parses, calls one function, prints."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge import JudgeError
from grader.judge.limits import Limits
from grader.pipeline import NO_WALLS, PipelineError
from grader.sandbox import SandboxError, Walls

if TYPE_CHECKING:
    from grader.pipeline.warm import Warm

FINE, SOMETHING_OFF, UNUSABLE = 0, 1, 2
_POSIX = ("fcntl", "resource")
_NO_POSIX = (
    "This command works with processes in ways that {} does not have. On Windows, run it in WSL, the Linux that comes "
    "with Windows. A student needs it for nothing: open the notebook in Jupyter and run it, and each check says there "
    "what this command would."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 something was off, 2 it could not be done."""
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except (JudgeError, PipelineError, SandboxError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("grader", "solutions"):
            raise
        if missing in _POSIX:
            print(_NO_POSIX.format(sys.platform), file=sys.stderr)
            return UNUSABLE
        print(f"{error.name} is not installed, and this command needs it. {options.needs}", file=sys.stderr)
        return UNUSABLE
    except Exception as error:
        if not _is_told(error):
            raise
        print(error, file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("Stopped. The next run goes on from here.", file=sys.stderr)
        return UNUSABLE


def _is_told(error: Exception) -> bool:
    """Return whether an error says by itself what to do. To import these two takes as long as a warm start."""
    from grader.algebra import AlgebraError
    from grader.cases import CaseError

    return isinstance(error, (AlgebraError, CaseError))


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="grader", description="Build, check and grade the course's exercise sets."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    # Of this folder, not of a package index: what has the course's name there is somebody else's.
    top.set_defaults(needs="In the course's folder: pip install '.[lm,book,instructor]'")

    build = commands.add_parser(
        "build",
        help="make the students' notebooks",
        description="Make nbgrader's source notebooks, the releases and the cases in build/; only what changed.",
    )
    build.add_argument("--force", action="store_true", help="build every set, changed or not")
    build.add_argument(
        "--exam-seed", type=int, metavar="N",
        help="draw the numbers of exam questions from N, from now on (default: as in the last build, at first from 0)",
    )  # fmt: skip
    build.set_defaults(run=_build)

    audit = commands.add_parser(
        "audit",
        help="find tasks and answers that are marked wrongly",
        description="Mark every answer in solutions/answers/ with public and hidden cases, and see whether each task "
        "can be marked at all. Prints how many wrong answers were accepted and how many right ones rejected, and each "
        "fault. Exit code 0: none. It runs the course's own code.",
    )
    audit.add_argument("--set", metavar="NN_name", help="audit one exercise set only")
    audit.set_defaults(run=_audit)

    check = commands.add_parser(
        "check",
        help="run a notebook and print its feedback",
        description="Run a notebook in its own folder and print what its checks say. Exit code 0: all full.",
    )
    check.add_argument("notebook", type=Path, help="for example perplexity.ipynb; cases.json lies beside it")
    check.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="S", help="seconds for a cell (default 30)"
    )
    check.set_defaults(run=_check, needs="It comes with Jupyter: pip install jupyterlab")

    _add_grade(commands)
    _add_export(commands)
    _add_return(commands)
    _add_explain(commands)

    report = commands.add_parser("report", help="make the class report again", description="Make the class report and "
                                 "grades.csv again, for example after marking by hand.")  # fmt: skip
    report.add_argument("out", type=Path, help="the --out folder of a `grader grade`")
    report.add_argument("--db", metavar="URL", help="the gradebook's database, as `grade` was given it")
    report.set_defaults(run=_report)

    ledger = commands.add_parser("ledger", help="list every displayed equation and how it is known")
    ledger.add_argument("--json", action="store_true", help="print a JSON list of objects")
    ledger.add_argument(
        "--notation",
        type=Path,
        metavar="FILE",
        help="also write the symbols and their meanings there, as JSON",
    )
    ledger.set_defaults(run=_ledger)

    _add_collect(commands)
    _add_sample(commands)
    return top


def _add_collect(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    collect = commands.add_parser(
        "collect",
        help="sort what an LMS gives out into a folder to grade",
        description="Sort a download of Moodle, Canvas, Gradescope, GitHub Classroom or nbgrader, or a plain folder of "
        "students' folders, into DIR/<student>/<NN_name>/<name>.ipynb. The latest attempt is taken. Nothing in SOURCE "
        "is changed, and nothing in DIR that a person put or changed there.",
        epilog="Exit code 0: all fine; 1: somebody is missing, unknown or doubled, or something was left out, see the "
        "table; 2: it could not be done.",
    )
    collect.add_argument(
        "source", type=Path, metavar="SOURCE", help="the archive or the folder that was downloaded"
    )
    collect.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="where to put it; may hold what was collected before",
    )
    collect.add_argument(
        "--roster", type=Path, metavar="students.csv",
        help="who takes the course, a CSV file with a heading: id, names, e-mail, the LMS's ids, as far as there are",
    )  # fmt: skip
    collect.add_argument(
        "--as", dest="layout", default="", metavar="LAYOUT",
        choices=("exchange", "gradescope", "moodle", "attempts", "canvas", "github", "plain"),
        help="what SOURCE is, where it is taken for something else: exchange, gradescope, moodle, attempts, canvas, "
        "github or plain",
    )  # fmt: skip
    collect.add_argument(
        "--replace", action="store_true",
        help="also replace what an earlier collect put there where nothing tells which attempt is newer",
    )  # fmt: skip
    collect.set_defaults(run=_collect)


def _add_sample(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sample = commands.add_parser(
        "sample",
        help="write a class of sample submissions",
        description="Write submissions to try the grading with: right, wrong, empty and damaged ones. A folder that "
        "holds anything but an earlier sample class, as it was written, is left alone: it may be a person's.",
    )
    sample.add_argument(
        "folder", type=Path, help="an empty or new folder, for example build/sample/submitted"
    )
    sample.add_argument(
        "--graded", type=Path, metavar="OUT",
        help="also grade the class into OUT, from the start; an OUT in which a person marked something is left alone",
    )  # fmt: skip
    sample.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help="notebooks run at a time (default 1)"
    )
    sample.add_argument(
        "--sandbox",
        choices=("bwrap", "none"),
        default="bwrap",
        help="walls around the notebooks, as in `grade`",
    )
    sample.add_argument(
        "--remove", action="store_true", help="remove what was written before, and write nothing"
    )
    sample.set_defaults(run=_sample)


def _add_grade(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grade = commands.add_parser(
        "grade",
        help="grade a folder of submissions",
        description="Grade DIR/<student>/<NN_name>/<name>.ipynb into OUT: gradebook.db, autograded/, feedback/, "
        "grades.csv, journal.jsonl and report/index.html. What stands in the journal unchanged is not graded again.",
        epilog="Exit code 0: all fine; 1: something was off with a submission, see the summary; 2: it could "
        "not be done, see the message. What stands in the journal is safe, and the same command goes on from there.",
    )
    grade.add_argument(
        "dir", type=Path, metavar="DIR", help="the folder that holds a folder for each student"
    )
    grade.add_argument("--out", type=Path, required=True, help="where to write; may hold an earlier grading")
    grade.add_argument("--set", metavar="NN_name", help="grade one exercise set only")
    grade.add_argument("--student", metavar="ID", help="grade one student only")
    grade.add_argument(
        "--seed", type=int, metavar="N",
        help="draw the hidden cases from N (default: from the secret that OUT keeps; a new OUT draws one)",
    )  # fmt: skip
    grade.add_argument(
        "--reseed", action="store_true",
        help="grade everything again with other hidden cases: with --seed N from N, else from a new secret",
    )  # fmt: skip
    grade.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help="notebooks run at a time (default 1)"
    )
    grade.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="S",
        help="seconds for a cell; the whole notebook has ten times that (default 30)",
    )  # fmt: skip
    grade.add_argument("--force", action="store_true", help="grade everything again")
    grade.add_argument(
        "--memory", type=_count, default=2048, metavar="MB", help="megabytes for a notebook (default 2048)"
    )
    grade.add_argument(
        "--sandbox", choices=("bwrap", "none"), default="bwrap",
        help="walls around the student's code; bwrap, the default, needs bubblewrap; none runs it with your own rights",
    )  # fmt: skip
    grade.add_argument(
        "--dry-run", action="store_true", help="list what would be graded, and why; write nothing"
    )
    grade.add_argument(
        "--db", metavar="URL",
        help="the gradebook's database, say postgresql://user@host/name (default: the file OUT/gradebook.db)",
    )  # fmt: skip
    grade.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT",
        help="grade on the workers of a dask scheduler; --jobs then means nothing, for each of them takes one "
        "notebook at a time",
    )  # fmt: skip
    grade.set_defaults(run=_grade)


def _add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser(
        "export",
        help="write the marks as an LMS imports them",
        description="Write the marks of a grading as an LMS imports them, after penalties for lateness. For Canvas and "
        "Moodle there is a file for each set, with final marks only: whose mark waits for a person, or who can't be "
        "told for certain, is left out and named.",
        epilog="Exit code 0: everybody is in it; 1: somebody was left out, see the summary; 2: it could not be done.",
    )
    export.add_argument("out", type=Path, help="the --out folder of a `grader grade`")
    export.add_argument(
        "--for",
        required=True,
        dest="lms",
        choices=("canvas", "moodle", "gradescope", "csv"),
        help="what reads it",
    )
    _add_whose(export)
    unit = export.add_mutually_exclusive_group()
    unit.add_argument("--points", action="store_true", help="export points (the default)")
    unit.add_argument("--percent", action="store_true", help="export shares of 100")
    export.add_argument(
        "--template", type=Path, metavar="FILE",
        help="a file that the LMS gave, for its ids: Canvas's exported gradebook, or Moodle's grading worksheet, which "
        "is filled in",
    )  # fmt: skip
    export.add_argument(
        "--column", action="append", default=[], type=_column, metavar="SET=TITLE",
        help="what a set is called in the LMS, for example 06_perplexity='Homework 6 (12345)' with Canvas's id",
    )  # fmt: skip
    export.add_argument(
        "--to", type=Path, metavar="PATH", help="a folder, or a name in .csv (default: OUT/exports)"
    )
    export.add_argument(
        "--force",
        action="store_true",
        help="replace files that were there or changed since they were written",
    )
    export.set_defaults(run=_export)


def _add_return(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    back = commands.add_parser(
        "return",
        help="write the feedback pages as an LMS takes them back",
        description="Write the feedback pages, each one a file that loads nothing, as an LMS or nbgrader's exchange "
        "takes them back. Whose page can't be told for certain is named, and gets none.",
        epilog="Exit code 0: all pages; 1: some were left out, see the summary; 2: it could not be done.",
    )
    back.add_argument("out", type=Path, help="the --out folder of a `grader grade`")
    back.add_argument(
        "--for",
        required=True,
        dest="lms",
        choices=("moodle", "canvas", "exchange", "folder"),
        help="what takes them",
    )
    back.add_argument(
        "--to", required=True, type=Path, metavar="PATH",
        help="a folder, a name in .zip, or the exchange's root",
    )  # fmt: skip
    _add_whose(back)
    back.add_argument(
        "--source", type=Path, metavar="PATH",
        help="the submissions of one set as they were downloaded from the LMS, archive or folder: their names tell "
        "whose is whose",
    )  # fmt: skip
    back.add_argument("--course", metavar="ID", help="what the exchange calls the course")
    back.add_argument("--force", action="store_true", help="replace archives and files that were there")
    back.set_defaults(run=_return)


def _add_explain(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    explain = commands.add_parser(
        "explain",
        help="say why a student has a mark, case by case",
        description="Print why a student has these marks: what the answer gave to each hidden case, what is expected, "
        "marks and comments by hand. For the teacher only: it shows hidden cases. The notebook is run once more.",
        epilog="Exit code 0: all agrees with the verdict; 1: judged again something came out otherwise; 2: it could "
        "not be done.",
    )
    explain.add_argument("out", type=Path, help="the --out folder of a `grader grade`")
    explain.add_argument("student", help="the student's id")
    explain.add_argument("task", nargs="?", help="one task only (default: all)")
    explain.add_argument("--set", metavar="NN_name", help="one exercise set only")
    explain.add_argument("--db", metavar="URL", help="the gradebook's database, as `grade` was given it")
    explain.add_argument(
        "--sandbox",
        choices=("bwrap", "none"),
        default="bwrap",
        help="walls around the notebook, as in `grade`",
    )
    explain.set_defaults(run=_explain)


def _add_whose(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--roster",
        type=Path,
        metavar="students.csv",
        help="who the students are: names, e-mail, ids of the LMS",
    )
    command.add_argument("--set", metavar="NN_name", help="one exercise set only")
    command.add_argument("--db", metavar="URL", help="the gradebook's database, as `grade` was given it")


def _build(options: argparse.Namespace) -> int:
    from grader.pipeline.build import build_course
    from grader.pipeline.course import Course

    course = Course.find()
    done = build_course(course, options.force, options.exam_seed)
    for name in done.built:
        print(f"built      {course.set_named(name).release}")
    for name in done.unchanged:
        print(f"unchanged  {course.set_named(name).release}")
    for name in done.drawn:
        print(f"numbers    {name}: of exam seed {done.exam_seed}")
    if done.to_do:
        print(done.to_do)
    return FINE


def _audit(options: argparse.Namespace) -> int:
    from grader.pipeline.audit import audit_set
    from grader.pipeline.course import Course

    course = Course.find()
    faults: list[str] = []
    for exercise in [course.set_named(options.set)] if options.set else course.sets():
        found = audit_set(exercise)
        print(f"{exercise.name}: {found.summary()}", flush=True)
        faults += found.faults
    print(*faults, sep="\n", end="\n" if faults else "")
    return SOMETHING_OFF if faults else FINE


def _check(options: argparse.Namespace) -> int:
    from grader.pipeline.student_check import check_notebook

    checked = check_notebook(options.notebook, Limits.of_cell(options.timeout))
    print(checked.text())
    return FINE if checked.full else SOMETHING_OFF


def _grade(options: argparse.Namespace) -> int:
    from grader.pipeline.warm import Warm

    if options.sandbox == "none":
        print(NO_WALLS, file=sys.stderr)
    with closing(Warm(options.sandbox if options.scheduler is None else "none")) as warm:
        if not options.dry_run:
            warm.start_early(options.out, options.force)  # before anything else is imported
        return _grade_with(warm, options)


def _grade_with(warm: "Warm", options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.pipeline.grade import Options, grade, plan
    from grader.pipeline.progress import Display
    from grader.sandbox.walls import MIB

    chosen = Options(
        options.set,
        options.student,
        options.seed,
        options.reseed,
        options.jobs,
        Limits.of_cell(options.timeout),
        options.force,
        options.sandbox,
        Walls(memory_bytes=options.memory * MIB),
        options.db,
        options.scheduler,
    )
    if options.dry_run:
        for step in plan(Course.find(), options.dir, options.out, chosen):
            print(step)
        return FINE
    with Display(sys.stderr) as display:
        summary = grade(Course.find(), options.dir, options.out, chosen, display, warm)
    print(summary.text())
    return FINE if summary.all_fine else SOMETHING_OFF


def _report(options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.pipeline.report import regenerate

    results = regenerate(options.out, Course.find(), options.db)
    for note in results.notes:
        print(note, file=sys.stderr)
    print(results.report)
    return FINE


def _export(options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.term.export import Wanted, export

    wanted = Wanted(
        options.lms,
        options.set,
        options.percent,
        options.roster,
        options.template,
        dict(options.column),
        options.to,
        options.force,
        options.db,
    )
    done = export(options.out, Course.find(), wanted)
    print(done.text())
    return SOMETHING_OFF if done.off else FINE


def _return(options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.term.hand_back import WantedPages, hand_back

    wanted = WantedPages(
        options.lms,
        options.to,
        options.set,
        options.roster,
        options.source,
        options.course,
        options.force,
        options.db,
    )
    done = hand_back(options.out, Course.find(), wanted)
    print(done.text())
    return SOMETHING_OFF if done.off else FINE


def _explain(options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.term.explain import explain

    if options.sandbox == "none":
        print(NO_WALLS, file=sys.stderr)
    at = (options.student, options.task, options.set, options.db, options.sandbox)
    told = explain(options.out, Course.find(), *at)
    print(told.text)
    return FINE if told.agrees else SOMETHING_OFF


def _collect(options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.term.collect import collect
    from grader.term.roster import read_roster

    roster = read_roster(options.roster) if options.roster is not None else None
    done = collect(Course.find(), options.source, options.out, roster, options.replace, options.layout)
    print(done.text())
    return FINE if done.all_fine else SOMETHING_OFF


def _ledger(options: argparse.Namespace) -> int:
    from grader.algebra.ledger import entries as entries_of
    from grader.algebra.ledger import notation, run_book
    from grader.pipeline.course import Course

    book = run_book(Course.find().root)
    entries = [entry for chapter in book for entry in entries_of(chapter)]
    if options.notation is not None:
        options.notation.write_text(
            json.dumps(notation(book), indent=1, ensure_ascii=False), encoding="utf-8"
        )
    if options.json:
        print(json.dumps(entries, indent=1, ensure_ascii=False))
    else:
        for entry in entries:
            print(
                f"{entry['chapter']}  {entry['label']}  {entry['relation']}  {entry['status']}  ({entry['method']})"
            )
    return FINE


def _sample(options: argparse.Namespace) -> int:
    from grader.pipeline.course import Course
    from grader.pipeline.grade import Options
    from grader.pipeline.own_files import check_own, remove_own
    from grader.pipeline.progress import Display
    from grader.pipeline.sample_class import grade_sample_class, write_sample_class

    folders = [folder for folder in (options.folder, options.graded) if folder is not None]
    for folder in folders:
        check_own(folder)  # each of them before any is touched
    if options.remove:
        for folder in folders:
            remove_own(folder)
        return FINE
    course = Course.find()
    print(f"{write_sample_class(course, options.folder)} submissions in {options.folder}")
    if options.graded is None:
        return FINE
    # A number that is given: the same marks on every machine, and there is nobody to keep a secret from.
    chosen = Options(seed=0, jobs=options.jobs, sandbox=options.sandbox)
    with Display(sys.stderr) as display:
        summary = grade_sample_class(course, options.folder, options.graded, chosen, display)
    print(summary.text())
    return FINE if summary.all_fine else SOMETHING_OFF


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no time; give seconds above 0")
    return value


def _column(text: str) -> tuple[str, str]:
    name, equals, title = text.partition("=")
    if not equals or not name or not title.strip():
        raise argparse.ArgumentTypeError(f"{text!r} names no column; give SET=TITLE")
    return name, title.strip()


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number to use here; give 1 or more")
    return value


if __name__ == "__main__":
    sys.exit(main())
