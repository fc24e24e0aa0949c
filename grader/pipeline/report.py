"""`grades.csv` and the class report: marks from the gradebook, findings from the journal."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from grader.cases import FreeText, Score, Task
from grader.pipeline import PipelineError
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.database import database_of
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.journal import Journal
from grader.pipeline.record import all_marks
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


def read_rows(out: Path, journal: Journal, db_url: str | None = None) -> list[Row]:
    """Return every submission's marks, by set and student. `db_url` as for `Writer`."""
    with open_gradebook(out, db_url) as gradebook:
        marked = all_marks(gradebook)
    rows: dict[tuple[str, str, str], Row] = {}
    for m in marked:
        key = (m.set_name, m.student, m.notebook)
        if key not in rows:
            problems = tuple(journal.latest.get((m.student, m.set_name), {}).get("problems", ()))
            rows[key] = Row(m.student, m.set_name, m.notebook, {}, float(m.penalty or 0.0), problems)
        mark = Mark(float(m.points), float(m.max_points), m.needs_manual, m.by_hand)
        rows[key].marks[m.cell.removeprefix("check-")] = mark
    return [rows[key] for key in sorted(rows)]


def write_grades(out: Path, journal: Journal, db_url: str | None = None) -> None:
    """Write `grades.csv`: one line a submission.

    Tasks of other sets are left empty, and what nobody has marked yet is "open".
    """
    rows = read_rows(out, journal, db_url)
    tasks = list(dict.fromkeys(task for row in rows for task in row.marks))
    with (out / "grades.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["student", "set", "total", "max", "needs_manual", *tasks, "problems"])
        for row in rows:
            points = [_told(row.marks[task]) if task in row.marks else "" for task in tasks]
            manual = "yes" if row.needs_manual else "no"
            head = [cell_text(row.student), row.set_name, _number(row.total), _number(row.max_points), manual]
            table.writerow([*head, *points, cell_text(" ".join(row.problems))])


def regenerate(out: Path, course: Course, db_url: str | None = None) -> Path:
    """Write `grades.csv`, the report and the pages of what was marked by hand again; return the report's path.

    Raises `PipelineError` when `out` holds no gradebook, or was graded into another than `db_url`.
    """
    db_url = database_of(out, db_url)
    if db_url is None and not (out / "gradebook.db").is_file():
        raise PipelineError(
            f"{out} holds no gradebook.db; expected the --out folder of a `grader grade`, or its --db."
        )
    journal = Journal(out / "journal.jsonl")
    writer = Writer(out, course.build, db_url)
    try:
        for row in read_rows(out, journal, db_url):
            key = (row.student, row.set_name)
            if any(mark.by_hand for mark in row.marks.values()) and key in journal.latest:
                writer.show_again(*key, row.notebook, journal.latest[key])
    finally:
        writer.close()
    write_grades(out, journal, db_url)
    return write_report(out, course, journal, db_url)


def write_report(out: Path, course: Course, journal: Journal, db_url: str | None = None) -> Path:
    """Write `report/index.html` and return its path."""
    rows = read_rows(out, journal, db_url)
    names = dict.fromkeys(row.set_name for row in rows)
    sets = [_set_view(course, name, [r for r in rows if r.set_name == name], journal) for name in names]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"number": _short, "marked_up": _marked_up}
    page = environment.get_template("report.html.j2").render(sets=sets, walls=_walls(journal))
    target = out / "report" / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def _set_view(course: Course, name: str, rows: list[Row], journal: Journal) -> dict[str, Any]:
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
    }


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
