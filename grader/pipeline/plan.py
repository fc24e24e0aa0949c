"""What a run will do with each submission, and why: judge it, write what is judged already, or leave it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.judge.limits import Limits
from grader.judge.verdict import Submission
from grader.pipeline.journal import Entry, Journal, Key
from grader.pipeline.submissions import Handed

JUDGE, WRITE, STANDS = "grade", "write", "stands"


@dataclass(frozen=True)
class Step:
    """One submission, what is to be done with it (JUDGE, WRITE or STANDS), and why in words."""

    handed: Handed
    action: str
    why: str

    @property
    def key(self) -> Key:
        """The student and the set."""
        return self.handed.student, self.handed.exercise.name

    def __str__(self) -> str:
        done = {JUDGE: "would be graded", WRITE: "would be written", STANDS: "would be left"}[self.action]
        return f"{self.handed.student} {self.handed.exercise.name}: {done}: {self.why}"


@dataclass(frozen=True)
class Planner:
    """Compares submissions with the journal, the gradebook and the pages.

    digests: the digest (`ReleasedSet.digest`) of each set that is built. written: the submissions that
    stand whole in gradebook and pages. seed: its label, as the journal has it.
    """

    journal: Journal
    written: Collection[Key]
    digests: Mapping[str, str]
    seed: int | str
    limits: Limits
    force: bool = False

    def steps(self, handed: Sequence[Handed]) -> Iterator[Step]:
        """Yield what is to be done with each submission, in order."""
        for whose in handed:
            yield self._step(whose)

    def _step(self, whose: Handed) -> Step:
        key = (whose.student, whose.exercise.name)
        stands = self.journal.latest.get(key)
        if stands is None:
            return Step(whose, JUDGE, "it is new")
        if self.force:
            return Step(whose, JUDGE, "--force was given")
        changed = self._changed(stands, whose.read(self.limits))
        if changed is not None:
            return Step(whose, JUDGE, changed)
        if self.journal.waits(key):
            return Step(whose, WRITE, "its verdict was not written yet")
        if key in self.written:
            return Step(whose, STANDS, "it is unchanged")
        lost = "its marks or pages are gone"
        if self.journal.recall(key) is None:
            return Step(whose, JUDGE, f"{lost}, and so is its verdict's notebook")
        return Step(whose, WRITE, lost)

    def _changed(self, stands: Entry, submission: Submission) -> str | None:
        if stands["sha256"] != submission.sha256:
            return f"it changed after {stands.get('graded_at', 'it was graded')}"
        if stands["seed"] != self.seed:
            return "it was graded with another seed"
        digest = self.digests.get(stands["set"])
        if digest is None:
            return "its exercise set is not built as it is now"
        return "its exercise set changed" if stands["exercise"] != digest else None
