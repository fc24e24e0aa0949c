"""Judges a submission once more, as it was judged, and keeps what it answered: the journal has verdicts only."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.judge.execute import Executor, execute
from grader.judge.exercise import ReleasedSet
from grader.judge.limits import Limits
from grader.judge.step import Result, Step
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.judge.walled import WalledExecutor
from grader.pipeline import PipelineError
from grader.pipeline.build import stale_sets
from grader.pipeline.course import Course, ExerciseSet
from grader.pipeline.grade import release_sets
from grader.pipeline.journal import Entry
from grader.pipeline.seeds import seed_for
from grader.pipeline.submissions import Handed
from grader.pipeline.warm import Warm
from grader.sandbox import Walls

KEPT = ("submitted", "autograded")  # where what was handed in may lie, the surest first


@dataclass
class Again:
    """What came of it: the verdict, the cases by task, what was answered, and sentences on what is not as it was."""

    verdict: SubmissionVerdict
    entries: Mapping[str, Mapping[str, Any]]
    replies: dict[str, Any] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def differs(self, task: str, entry: Entry) -> bool:
        """Return whether a task came out otherwise than the journal has it."""
        now = self.verdict.scores.get(task)
        return (now.to_json() if now is not None else None) != entry["scores"].get(task)


class _Listening:
    """An executor that keeps the replies to questions."""

    def __init__(self, run: Executor) -> None:
        self._run = run
        self.replies: dict[str, Any] = {}

    def __call__(self, steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
        results = self._run(steps, files, limits)
        for step, result in zip(steps, results, strict=True):
            if step.questions is not None:
                self.replies[str(step.questions["id"])] = result.reply
        return results


def judge_again(out: Path, course: Course, exercise: ExerciseSet, entry: Entry, sandbox: str) -> Again:
    """Judge the submission of a journal's entry again, with the cases drawn from the seed that `out` keeps.

    Raises `PipelineError` when there is nothing to judge any more, `SandboxError` when the walls can't be put up.
    """
    if exercise.name in {stale.name for stale in stale_sets(course)}:
        raise PipelineError(f"{exercise.name} is not built, or was changed since; run `grader build` first.")
    seed, limits = seed_for(out, None), Limits(**entry["limits"])
    released = release_sets(course, [exercise], seed.number)[exercise.name]
    submission, doubts = _handed_in(out, exercise, entry, limits)
    if seed.label != entry["seed"]:
        doubts.append(
            "The verdict is of other hidden cases than those that follow: the seed was changed since."
        )
    if released.digest != entry["exercise"]:
        doubts.append("The set was changed since the verdict, or this is another version of it.")
    verdict, replies = _judge(submission, released, seed.label, limits, sandbox)
    if verdict.starved:  # other processes had the machine
        verdict, replies = _judge(submission, released, seed.label, limits, sandbox)
    return Again(verdict, released.entries, replies, doubts)


def _judge(
    submission: Submission, released: ReleasedSet, seed: int | str, limits: Limits, sandbox: str
) -> tuple[SubmissionVerdict, dict[str, Any]]:
    with closing(Warm(sandbox)) as warm:
        address = warm.address()
        run: Executor = execute
        if address is not None:
            run = WalledExecutor(address, Walls(), threading.get_native_id())
        listening = _Listening(run)
        verdict = judge(submission, released, seed, limits, listening, sandbox)
    return verdict, listening.replies


def _handed_in(
    out: Path, exercise: ExerciseSet, entry: Entry, limits: Limits
) -> tuple[Submission, list[str]]:
    """Return the very bytes that were judged where they are still there, else the autograded notebook's cells."""
    for step in KEPT:
        folder = out / step / entry["student"] / exercise.name
        if not folder.is_dir():
            continue
        submission = Handed(entry["student"], exercise, folder).read(limits)
        if submission.sha256 == entry["sha256"]:
            return submission, []
        if step == "autograded":
            return submission, []
    raise PipelineError(
        f"{out} does not hold what {entry['student']} handed in for {exercise.name} any more; grade it again."
    )
