"""`grades.csv` and the class report: marks from the gradebook, findings from the journal."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from grader.cases import FreeText, Score, Task
from grader.pipeline import PipelineError
from grader.pipeline.alone import sole_writer
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.database import database_of
from grader.pipeline.earlier import Aside, EarlierMarks
from grader.pipeline.journal import Journal
from grader.pipeline.record import Marked
from grader.pipeline.tables import cell_text
from grader.pipeline.write import Writer

TEMPLATES = Path(__file__).parent / "templates"
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Mark:
    """A task's mark in the gradebook: a person's if there is one, else the judge's."""

    points: float
    max_points: float
    needs_manual: bool
    by_hand: bool = False

    @property
    def waits(self) -> bool:
        """Return whether a person has not given the mark that is needed."""
        return self.needs_manual and not self.by_hand

    @property
    def share(self) -> float:
        """Return the share of the points, between 0 and 1."""
        return self.points / self.max_points if self.max_points else 0.0


@dataclass(frozen=True)
class Row:
    """One student's marks for one set, by task id."""

    student: str
    set_name: str
    notebook: str
    marks: dict[str, Mark]
    penalty: float
    problems: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Return the points less the penalty for lateness."""
        return max(sum(mark.points for mark in self.marks.values()) - self.penalty, 0.0)

    @property
    def max_points(self) -> float:
        """Return the points that could be had."""
        return sum(mark.max_points for mark in self.marks.values())

    @property
    def needs_manual(self) -> bool:
        """Return whether a person still has to mark something."""
        return any(mark.waits for mark in self.marks.values())

    @property
    def page(self) -> str:
        """Return the feedback page's address, seen from the report."""
        return quote(f"../feedback/{self.student}/{self.set_name}/{self.notebook}.html")


@dataclass(frozen=True)
class TaskLine:
    """What the class did with a task; `mistakes` are (code, sentence, number of students)."""

    id: str
    max_points: float
    mean: float | None  # of what is marked
    full: int
    waiting: int  # submissions whose mark a person has yet to give
    mistakes: list[tuple[str, str, int]]
    scheme: list[tuple[float, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Results:
    """What `write_results` wrote: the report's path, and sentences for the instructor that are no student's fault."""

    report: Path
    notes: list[str]


def write_results(writer: Writer, course: Course, journal: Journal) -> Results:
    """Write all that is made from gradebook and journal, so that it says one thing.

    Penalties and pages are brought up to date first; then come `grades.csv`, `nbgrader_grades.csv` and the report.
    What the gradebook holds of other courses is left as it is, and named.
    """
    sets = [exercise.name for exercise in course.sets()]
    notes = writer.renew(sets, journal)
    marks = writer.marks()
    rows = rows_of((mark for mark in marks if mark.set_name in sets), journal)
    write_grades(writer.out, rows)
    writer.export(writer.out / "nbgrader_grades.csv")
    return Results(write_report(writer.out, course, journal, rows), [*notes, *_strangers(marks, sets)])


def rows_of(marks: Iterable[Marked], journal: Journal) -> list[Row]:
    """Return every submission's marks, by set and student."""
    rows: dict[tuple[str, str, str], Row] = {}
    for m in marks:
        key = (m.set_name, m.student, m.notebook)
        if key not in rows:
            problems = tuple(journal.latest.get((m.student, m.set_name), {}).get("problems", ()))
            rows[key] = Row(m.student, m.set_name, m.notebook, {}, float(m.penalty or 0.0), problems)
        mark = Mark(float(m.points), float(m.max_points), m.needs_manual, m.by_hand)
        rows[key].marks[m.cell.removeprefix("check-")] = mark
    return [rows[key] for key in sorted(rows)]


def _strangers(marks: Iterable[Marked], sets: Collection[str]) -> list[str]:
    """Name the assignments with submissions that are no sets of this course, in one sentence."""
    students: dict[str, set[str]] = {}
    for mark in marks:
        if mark.set_name not in sets:
            students.setdefault(mark.set_name, set()).add(mark.student)
    if not students:
        return []
    named = ", ".join(f"{name!r} ({len(found)} submissions)" for name, found in sorted(students.items()))
    return [
        f"The gradebook also holds {named}, which this course has no set for. That is left as it is; "
        "nbgrader_grades.csv has it, grades.csv and the report do not."
    ]


def write_grades(out: Path, rows: Sequence[Row]) -> None:
    """Write `grades.csv`: one line a submission.

    Tasks of other sets are left empty, and what nobody has marked yet is "open".
    """
    tasks = list(dict.fromkeys(task for row in rows for task in row.marks))
    with (out / "grades.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["student", "set", "total", "max", "needs_manual", *tasks, "problems"])
        for row in rows:
            points = [_told(row.marks[task]) if task in row.marks else "" for task in tasks]
            manual = "yes" if row.needs_manual else "no"
            head = [cell_text(row.student), row.set_name, _number(row.total), _number(row.max_points), manual]
            table.writerow([*head, *points, cell_text(" ".join(row.problems))])


def regenerate(out: Path, course: Course, db_url: str | None = None) -> Results:
    """Write what `write_results` writes again, for marks by hand and due dates that came later.

    Raises `PipelineError` when `out` holds no gradebook, was graded into another than `db_url`, or is being graded.
    """
    db_url = database_of(out, db_url)
    if not out.is_dir() or (db_url is None and not (out / "gradebook.db").is_file()):
        raise PipelineError(
            f"{out} holds no gradebook.db; expected the --out folder of a `grader grade`, or its --db."
        )
    with sole_writer(out):
        writer = Writer(out, course.build, db_url)
        try:
            return write_results(writer, course, Journal(out / "journal.jsonl"))
        finally:
            writer.close()


def write_report(out: Path, course: Course, journal: Journal, rows: Sequence[Row]) -> Path:
    """Write `report/index.html` and return its path."""
    names = dict.fromkeys(row.set_name for row in rows)
    earlier = EarlierMarks(out)
    sets = [
        _set_view(course, name, [r for r in rows if r.set_name == name], journal, earlier) for name in names
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"number": _short, "marked_up": _marked_up}
    page = environment.get_template("report.html.j2").render(sets=sets, walls=_walls(journal))
    target = out / "report" / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def _set_view(
    course: Course, name: str, rows: list[Row], journal: Journal, earlier: EarlierMarks
) -> dict[str, Any]:
    known = {task.id: task for task in load_tasks(course.set_named(name))}
    # In the exercise's order; the gradebook has none.
    order = [task for task in known if any(task in row.marks for row in rows)]
    seen = _mistakes_seen(journal, name)
    lines = [
        _task_line(known[task], [row.marks[task] for row in rows if task in row.marks], seen[task])
        for task in order
    ]
    marked = [mark for row in rows for mark in row.marks.values() if not mark.waits]
    most = sum(mark.max_points for mark in marked)
    return {
        "name": name,
        "rows": rows,
        "tasks": lines,
        "common": _common(lines),
        "mean": sum(mark.points for mark in marked) / most if most else 0.0,
        "waiting": sum(any(mark.waits for mark in row.marks.values()) for row in rows),
        "troubled": [row for row in rows if row.problems],
        "replaced": [
            (row, task, aside) for row in rows for task, aside in _marked_before(row, earlier).items()
        ],
    }


def _marked_before(row: Row, earlier: EarlierMarks) -> dict[str, Aside]:
    """Return the marks that were given to earlier answers to the tasks that wait, by task."""
    latest = {aside.cell.removeprefix("check-"): aside for aside in earlier.of(row.student, row.set_name)}
    return {task: latest[task] for task, mark in row.marks.items() if mark.waits and task in latest}


def _common(lines: Iterable[TaskLine]) -> list[tuple[int, str, list[tuple[str, int]]]]:
    """Return (count, sentence, [(task, count)]), the most frequent first; one sentence may serve several tasks."""
    places: dict[str, list[tuple[str, int]]] = {}
    for line in lines:
        for _, says, count in line.mistakes:
            if count:
                places.setdefault(says, []).append((line.id, count))
    counted = [(sum(count for _, count in where), says, where) for says, where in places.items()]
    return sorted(counted, key=lambda item: -item[0])


def _marked_up(text: str) -> Markup:
    """Return a sentence with its `code` marked up; everything else is escaped."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def _mistakes_seen(journal: Journal, set_name: str) -> Mapping[str, Counter[str]]:
    """Return by task how many students made which mistake; one verdict of the class is in memory at a time."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key in journal.latest:
        if key[1] == set_name:
            for task, score in journal.latest[key]["scores"].items():
                seen[task].update(set(Score.from_json(score).mistakes))
    return seen


def _task_line(task: Task, marks: list[Mark], seen: Counter[str]) -> TaskLine:
    mistakes = [(mistake.code, mistake.says, seen[mistake.code]) for mistake in task.known_mistakes]
    marked = [mark for mark in marks if not mark.waits]
    mean = sum(mark.share for mark in marked) / len(marked) if marked else None
    full = sum(mark.points >= mark.max_points for mark in marked)
    scheme = [(float(points), says) for points, says in task.scheme] if isinstance(task, FreeText) else []
    waiting = len(marks) - len(marked)
    ordered = sorted(mistakes, key=lambda mistake: -mistake[2])
    return TaskLine(task.id, float(task.points), mean, full, waiting, ordered, scheme)


def _walls(journal: Journal) -> str:
    """Return in a sentence whether the notebooks were walled in."""
    bare = sum(entry.get("sandbox") == "none" for entry in journal.latest.values())
    if bare == 0:
        return "Every notebook was run behind walls."
    if bare == len(journal.latest):
        return "The notebooks were run without walls (--sandbox none)."
    return f"{bare} of {len(journal.latest)} notebooks were run without walls (--sandbox none)."


def _number(value: float) -> str:
    return f"{value:.4g}"


def _told(mark: Mark) -> str:
    """The points, or "open" where a person has yet to give them and no machine gave a part."""
    return "open" if mark.waits and not mark.points else _number(mark.points)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
