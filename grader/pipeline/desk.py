"""The desk: takes verdicts as they come, into the journal first, then into gradebook and pages; keeps count."""

import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from grader.judge import JudgeError
from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline import NO_WALLS, PipelineError
from grader.pipeline.journal import Journal, Key
from grader.pipeline.pool import Outcome
from grader.pipeline.submissions import Handed
from grader.pipeline.write import Writer

MOST_FAILURES = (
    3  # times in a row that gradebook or disk refuse, before the writer waits for the end of the run
)
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@dataclass
class Summary:
    """What a run did. `problems` are sentences with the student's and the set's name; `seed` is what to tell of it.

    judged: verdicts given. written: verdicts of an earlier run that only had to be written. skipped: left as they were.
    notes: sentences that are about no submission.
    """

    out: Path
    seed: str
    judged: int = 0
    written: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sandbox: str = "none"
    db_url: str | None = None

    @property
    def all_fine(self) -> bool:
        """Return whether every submission got a verdict and nothing was off with any."""
        return not self.problems and not self.failed

    def text(self) -> str:
        """Return the summary for a terminal."""
        again = f", {self.written} written from the journal" if self.written else ""
        counts = f"{self.judged} graded, {self.skipped} unchanged{again}, {len(self.failed)} failed"
        walls = f" {NO_WALLS}" if self.sandbox == "none" else ""
        lines = [f"{counts}; {self.seed}.{walls}"]
        if self.problems:
            lines += ["", "What was off:", *(f"  {problem}" for problem in self.problems)]
        if self.failed:
            lines += ["", "Without a verdict:", *(f"  {failure}" for failure in self.failed)]
        lines += ["", *self.notes] if self.notes else []
        names = ["grades.csv", "feedback", "report/index.html"]
        if self.db_url is None:
            names.insert(0, "gradebook.db")
        return "\n".join([*lines, "", *(str(self.out / name) for name in names)])


class Desk:
    """Takes verdicts as they come: into the journal, then into gradebook and pages."""

    def __init__(self, journal: Journal, writer: Writer, summary: Summary) -> None:
        self.journal, self.writer, self.summary = journal, writer, summary
        self.unwritten: dict[Key, str] = {}  # why the write of a verdict failed
        self._failures = 0  # in a row, of gradebook or disk
        self._refusal = ""  # what was said last
        self._sets: Sequence[str] = ()

    def open(self, sets: Sequence[str]) -> None:
        """Record the sets in the gradebook. Raises `PipelineError` when that fails."""
        self._sets = sets
        for name in sets:
            self.writer.prepare(name)

    def take(self, whose: Handed, submission: Submission, verdict: Outcome) -> str:
        """Put a verdict down and return what happened in words."""
        if isinstance(verdict, JudgeError):
            self.summary.failed.append(f"{whose.student} {whose.exercise.name}: not graded: {verdict}")
            return "not graded"
        with out_is_needed(self.summary.out):
            # Before its line: else the pages of an earlier verdict would pass for its own after a kill.
            self.writer.forget(whose.student, whose.exercise.name)
            self.journal.keep(whose.student, verdict)
        self.summary.judged += 1
        points = sum(verdict.scores.values())
        most = sum(score.max_points for score in verdict.scores.values())
        off = f", {len(verdict.problems)} off" if verdict.problems else ""
        if self._failures < MOST_FAILURES:
            self._write(whose, submission, verdict)
        waits = ", not written yet" if (whose.student, verdict.set_name) in self.unwritten else ""
        return f"{points:.4g}/{most:g} in {verdict.seconds:.1f} s{off}{waits}"

    def settle(self, handed: Iterable[Handed]) -> None:
        """Write the verdicts that stand in the journal; give up when `MOST_FAILURES` fail in a row."""
        self._failures = 0
        for whose in handed:
            key = (whose.student, whose.exercise.name)
            verdict = self.journal.recall(key)
            if self._failures >= MOST_FAILURES:
                self.unwritten.setdefault(key, self._refusal)
            elif verdict is None:
                self.unwritten[key] = "its notebook is lost; the next run judges it again"
            else:
                self._write(whose, whose.read(verdict.limits), verdict)

    def close(self, handed: Sequence[Handed]) -> None:
        """Write what still waits, or was lost while the run went on; what can't be written has failed."""
        self._reopen()  # a connection goes on reading a file that is gone
        missing = self._missing(handed)
        if missing:
            try:
                self.open(self._sets)
            except (PipelineError, OSError, SQLAlchemyError) as error:
                self.unwritten |= {(h.student, h.exercise.name): str(error) for h in missing}
            else:
                self.settle(missing)
        for (student, set_name), why in self.unwritten.items():
            self.summary.failed.append(f"{student} {set_name}: judged, but not written: {why}")

    def _missing(self, handed: Sequence[Handed]) -> list[Handed]:
        keys = {(whose.student, whose.exercise.name): whose for whose in handed}
        judged = [key for key in keys if key in self.journal.latest]
        try:
            written = self.writer.written()
        except (PipelineError, SQLAlchemyError):
            written = set()
        return [keys[key] for key in judged if key not in written or key in self.unwritten]

    def _write(self, whose: Handed, submission: Submission, verdict: SubmissionVerdict) -> None:
        key = (whose.student, whose.exercise.name)
        try:
            self.writer.write(whose, submission, verdict)
            self.journal.settle(key)
        except (PipelineError, OSError, SQLAlchemyError) as error:
            self.unwritten[key] = self._refusal = str(error)
            self._failures = self._failures + 1 if _is_everyones(error) else 0
            self._reopen()
        else:
            self._failures = 0
            self.unwritten.pop(key, None)

    def _reopen(self) -> None:
        with suppress(SQLAlchemyError):
            self.writer.close()


def _is_everyones(error: BaseException) -> bool:
    """Return whether the gradebook or the disk refused, and not what one student handed in."""
    cause = error.__cause__ or error
    disk = isinstance(cause, OSError) and cause.errno in DISK_ERRORS
    return disk or isinstance(cause, (OperationalError, InterfaceError))


@contextmanager
def out_is_needed(out: Path) -> Iterator[None]:
    """Say what to do when the output folder or the gradebook can't be written."""
    try:
        yield
    except (OSError, SQLAlchemyError) as error:
        raise PipelineError(
            f"{out} can't be written: {error}. What stands in its journal is safe: when this is mended, run the same "
            "command again, and it goes on from there."
        ) from error
