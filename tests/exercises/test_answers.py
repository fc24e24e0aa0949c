"""Does every answer of the course get the marks that it deserves, and is every mistake named?"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.cases import Finding, Score
from grader.pipeline.audit import RIGHT, STUB, WRONG, Audit, Outcome, audit_set
from grader.pipeline.course import Course, ExerciseSet

COURSE = Course(Path(__file__).parents[2])
SEEDS = (0, 1, 20261120)


@pytest.fixture(scope="module", params=COURSE.sets(), ids=lambda exercise: exercise.name)
def audited(request) -> Audit:
    return audit_set(request.param, SEEDS)


def test_no_wrong_answer_is_accepted_and_no_right_one_rejected(audited, request, record_property):
    record_property("figure", f"{request.node.callspec.id}: {audited.summary()}")
    assert audited.faults == []
    assert (audited.wrong_accepted, audited.right_rejected) == (0, 0)


def test_every_task_was_tried_unanswered_and_answered_in_every_way(audited):
    tasks = {o.task for o in audited.outcomes}
    for kind, at_least in ((STUB, 1), (RIGHT, 3), (WRONG, 3)):
        for task in tasks:
            tried = {o.answer for o in audited.outcomes if o.task == task and o.kind == kind}
            assert len(tried) >= at_least, (task, kind)
    assert {o.cases for o in audited.outcomes} == {
        f"{c} cases of seed {s}" for c in ("public", "hidden") for s in SEEDS
    }


@dataclass(frozen=True)
class WithOtherAnswers(ExerciseSet):
    """A set of the course whose answers lie in another folder."""

    folder: Path = Path()

    @property
    def answers(self) -> Path:
        return self.folder


def audit_with(folder: Path, **files: str) -> Audit:
    real = COURSE.set_named("06_perplexity")
    (folder / "model.py").write_text((real.answers / "model.py").read_text())
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return audit_set(WithOtherAnswers(real.root, real.name, folder), (0,))


def test_a_right_answer_that_loses_marks_is_counted(tmp_path):
    found = audit_with(tmp_path, right_not="# %% perplexity-of-mean-nll\nppl = 2**2.1\n")
    assert (found.wrong_accepted, found.right_rejected) == (0, 1)
    assert any("right answer loses marks" in f and "base-2" in f for f in found.faults)


def test_a_wrong_answer_that_gets_full_marks_is_counted(tmp_path):
    cell = '# %% bits-per-byte mistake="per-character"\ndef bits_per_byte(nll, text):\n'
    found = audit_with(tmp_path, wrong_not=f"{cell}    return nll / np.log(2) / len(text.encode())\n")
    assert (found.wrong_accepted, found.right_rejected) == (1, 0)


def test_a_mistake_that_is_taken_for_another_is_a_fault(tmp_path):
    found = audit_with(tmp_path, wrong_other='# %% bits-of-nats mistake="base-10"\nbits = 2.1 * np.log(2)\n')
    assert (found.wrong_accepted, found.right_rejected) == (0, 0)
    assert any("the mistake is not named" in fault for fault in found.faults)


def test_missing_answers_and_unknown_mistakes_are_faults(tmp_path):
    found = audit_with(tmp_path, wrong_code='# %% bits-of-nats mistake="no-such"\nbits = 1.0\n')
    assert any("bits-of-nats: it has fewer than 2 right answers" in gap for gap in found.gaps)
    assert any("bits-of-nats: no wrong answer makes the mistake base-10" in gap for gap in found.gaps)
    assert any("bits-of-nats: the task knows no mistake no-such" in gap for gap in found.gaps)


@pytest.mark.parametrize(
    ("kind", "points", "named", "fault"),
    [
        (STUB, 0, None, ""),
        (STUB, 0.1, None, "an unanswered task earns points"),
        (RIGHT, 2, None, ""),
        (RIGHT, 1.9, None, "a right answer loses marks"),
        (WRONG, 1, "base-2", ""),
        (WRONG, 1, None, "the mistake is not named"),
        (WRONG, 2, "base-2", "a wrong answer gets full marks"),
    ],
)
def test_a_fault_is_told_from_points_and_findings(kind, points, named, fault):
    score = Score(points, 2, [Finding("a batch", False, named, "What you did.")])
    assert Outcome("s", "t", "file.py", kind, "base-2", "hidden cases of seed 0", score).fault == fault
