"""`grader return`: the feedback pages, as an LMS or nbgrader's exchange takes them back.

A page is one file that loads nothing. Pages are brought up to what the gradebook says before they go out. Who can't be
told for certain gets nothing from here, and is named: a page in the wrong hands can't be taken back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import notebook_hash

from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.gradebook import COURSE
from grader.pipeline.report import Row
from grader.pipeline.stock_config import stock_config
from grader.term.export import Done, brought_up_to_date
from grader.term.lms_pages import Downloaded, canvas_name, moodle_name, names_in, of_canvas, of_moodle, whose
from grader.term.people import Class, class_of, named
from grader.term.placing import packed, put_files, put_new
from grader.term.roster import Person
from grader.term.standing import Standing

LMS = ("moodle", "canvas", "exchange", "folder")
SECRET = "submission_secret.txt"
LONGEST_SECRET = 1000  # bytes; nbgrader's have 64
_SOURCE = "The submissions as they were downloaded tell it: name the archive or the folder with --source."


@dataclass(frozen=True)
class WantedPages:
    """What to hand back, and where; the command line's options.

    to: a folder, or where one archive is made its name, ending in .zip. source: the submissions as they were
    downloaded, a folder or an archive. course_id: what the exchange calls the course.
    """

    lms: str
    to: Path
    set_name: str | None = None
    roster: Path | None = None
    source: Path | None = None
    course_id: str | None = None
    force: bool = False
    db_url: str | None = None


def hand_back(out: Path, course: Course, wanted: WantedPages) -> Done:
    """Write the pages that are wanted. Raises `PipelineError` when there are none, or there is no place for them."""
    inside, around = wanted.to.resolve(), out.resolve()
    if wanted.lms != "exchange" and (inside == around or inside.is_relative_to(around / "feedback")):
        raise PipelineError(f"{wanted.to} is where the grading writes; choose another place.")
    there = brought_up_to_date(out, course, wanted.set_name, wanted.db_url)
    back = _Back(there, class_of(there, wanted.roster), wanted, Done())
    makers: Mapping[str, Callable[[], None]] = {
        "moodle": back.moodle, "canvas": back.canvas, "exchange": back.exchange, "folder": back.folder,
    }  # fmt: skip
    makers[wanted.lms]()
    return back.done


class _Back:
    def __init__(self, there: Standing, people: Class, wanted: WantedPages, done: Done) -> None:
        self._there, self._people, self._wanted, self.done = there, people.known, wanted, done
        done.off += people.off
        self._pages: dict[tuple[str, str], tuple[Row, bytes]] = {}
        for row in there.rows:
            path = page_of(there.out, row)
            if path.is_file():
                self._pages[row.student, row.set_name] = (row, path.read_bytes())
            else:
                done.off.append(f"{row.student}, {row.set_name}: there is no page {path}; grade it again.")
        if not self._pages:
            raise PipelineError("\n".join([f"{there.out} holds no feedback page.", *done.off]))
        waiting = [f"{row.student} ({row.set_name})" for row, _ in self._pages.values() if row.needs_manual]
        if waiting:
            done.notes.append(f"The page says that a person has yet to mark something: {named(waiting)}.")

    def folder(self) -> None:
        files = {
            f"{row.student}/{row.set_name}/{row.notebook}.html": page for row, page in self._pages.values()
        }
        to = self._wanted.to
        if to.suffix.lower() == ".zip":
            put_new({to: packed(files)}, self._wanted.force)
        else:
            changed = put_files(to, files, self._wanted.force)
            self.done.notes.append(f"{len(files)} pages, {len(changed)} of them new or changed.")
        self.done.files.append(to)

    def moodle(self) -> None:
        self._archives("moodle", lambda person, found, page: moodle_name(person.name, found.number, page))
        self.done.notes.append(
            "In Moodle: the assignment, View all submissions, Upload multiple feedback files in a zip. The assignment "
            "must allow feedback files."
        )

    def canvas(self) -> None:
        if self._wanted.source is None:
            raise PipelineError(
                f"Canvas finds whose a page is by the number of what was handed in. {_SOURCE}"
            )
        self._archives("canvas", lambda _, found, page: canvas_name(found, page))
        self.done.notes.append(
            "In Canvas: the assignment, Download Submissions, then Re-Upload Submissions. Each upload makes a new "
            "comment, so upload an archive once."
        )

    def exchange(self) -> None:
        """Put the pages where `nbgrader release_feedback` puts them, those that came through the exchange."""
        course = self._wanted.to / self._course_id
        if not course.is_dir():
            there = sorted(p.name for p in self._wanted.to.glob("*") if p.is_dir())
            raise PipelineError(
                f"The exchange {self._wanted.to} has no course {self._course_id!r}"
                + (f"; it has {named(map(repr, there))}. Say which with --course." if there else ".")
            )
        pages, strangers = {}, []
        for (student, set_name), (row, page) in self._pages.items():
            secret = _secret(self._there.out / "autograded" / student / set_name / SECRET)
            if secret:
                pages[f"{notebook_hash(secret=secret, notebook_id=row.notebook)}.html"] = page
            else:
                strangers.append(f"{student} ({set_name})")
        if strangers:
            self.done.off.append(
                f"It did not come through the exchange, so nobody can fetch it there: {named(strangers)}."
            )
        if not pages:
            raise PipelineError("\n".join(["There is no page to return.", *self.done.off]))
        folder = course / "feedback"
        release(folder, pages)
        self.done.files.append(folder)
        self.done.notes.append(f"{len(pages)} pages; students get theirs by nbgrader fetch_feedback.")

    @property
    def _course_id(self) -> str:
        if self._wanted.course_id is not None:
            return self._wanted.course_id
        return stock_config((self._there.out,)).CourseDirectory.get("course_id") or COURSE

    def _archives(self, lms: str, name_of: Callable[[Person, Downloaded, str], str]) -> None:
        """Write an archive for one set: an upload goes to one assignment, and so do the numbers that find people."""
        sets, to = self._there.sets, self._wanted.to
        if len(sets) > 1:
            raise PipelineError(f"An archive is for one assignment; say with --set which: {', '.join(sets)}.")
        owners, pages = self._owners(lms), {student: found for (student, _), found in self._pages.items()}
        unknown = [self._people[s].name if s in self._people else s for s in pages if s not in owners]
        if unknown:
            self.done.off.append(f"{sets[0]}: nothing tells who they are there: {named(unknown)}.")
        files = {
            name_of(self._people[s], owners[s], f"{row.notebook}.html"): page
            for s, (row, page) in pages.items()
            if s in owners
        }
        if not files:
            raise PipelineError("\n".join(["There is no page to return.", *self.done.off]))
        path = to if to.suffix.lower() == ".zip" else to / f"{lms}_{sets[0]}.zip"
        put_new({path: packed(files)}, self._wanted.force)
        self.done.files.append(path)
        self.done.notes.append(f"{sets[0]}: {len(files)} pages.")

    def _owners(self, lms: str) -> dict[str, Downloaded]:
        """Return by student what the LMS finds a page's owner by."""
        people = self._people.values()
        if self._wanted.source is None:
            own = {p.student: Downloaded(p.name, p.participant) for p in people if p.participant}
            if not own:
                raise PipelineError(
                    f"Moodle finds whose a page is by the participant's number in the assignment. {_SOURCE}"
                )
            return own
        names = names_in(self._wanted.source)
        found = of_canvas(names) if lms == "canvas" else of_moodle(names)
        if not found:
            raise PipelineError(
                f"{self._wanted.source} holds nothing that is named as {lms.capitalize()} names a submission that is "
                "downloaded."
            )
        return whose(found, people, lms)


def release(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Put pages into an exchange's folder, which students may open and not list, as nbgrader makes it."""
    try:
        if not folder.is_dir():
            folder.mkdir()
            folder.chmod(0o711)
        for name, page in pages.items():
            started = folder / f"{name.removesuffix('.html')}-tmp.html"
            started.write_bytes(page)
            started.chmod(0o644)
            started.replace(folder / name)
    except OSError as error:
        raise PipelineError(f"{folder} can't be written: {error}.") from error


def page_of(out: Path, row: Row) -> Path:
    """Return where a submission's feedback page lies."""
    return out / "feedback" / row.student / row.set_name / f"{row.notebook}.html"


def _secret(path: Path) -> str:
    """Return what nbgrader finds a page by, "" where there is none; a student may have written anything there."""
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= LONGEST_SECRET else ""
    except (OSError, UnicodeDecodeError):
        return ""
    return text if text.strip() else ""
