"""A class to try the grading with: every kind of answer that the course knows, and notebooks damaged in usual ways."""

import json
import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.pipeline import PipelineError
from grader.pipeline.answers import MODEL, read_answers, read_model
from grader.pipeline.build import build_course
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.grade import Options, Progress, grade
from grader.pipeline.own_files import made_anew, write_own

if TYPE_CHECKING:
    from grader.pipeline.desk import Summary

STUDENTS = (
    "amara.okafor", "ben.lindqvist", "chiara.rossi", "dmitri.volkov", "elif.yilmaz", "farah.haddad", "giulia.conti",
    "hiro.tanaka", "ines.moreau", "jonas.weber", "kavya.iyer", "liam.byrne", "mei.chen", "noah.svensson",
    "olivia.novak", "pedro.almeida", "quynh.tran", "rosa.garcía", "sam.o'neill", "tomas.horák", "uma.patel",
    "viktor.nagy", "wanda.kowalska", "xenia.papadaki", "yusuf.demir", "zoe.dubois",
)  # fmt: skip

MIXED = 8  # students with mistakes here and there
SHARE_WRONG = 0.45

Notebook = dict[str, Any]


def write_sample_class(course: Course, folder: Path) -> int:
    """Write `folder/<student>/<NN_name>/<name>.ipynb` for every set and return the number of submissions.

    For each set: the model answer, every right file of answers, students who make mistakes, the stub, and
    damaged notebooks. A sample class that `folder` held is replaced. Raises `PipelineError` when it holds anything
    else, or one of those files changed.
    """
    build_course(course)
    files: dict[str, bytes | None] = {}
    count = 0
    for exercise in course.sets():
        submissions = sample_submissions(exercise)
        if len(submissions) > len(STUDENTS):
            raise PipelineError(
                f"{exercise.name} has {len(submissions)} samples; add to the {len(STUDENTS)} students."
            )
        for student, content in zip(STUDENTS, submissions.values(), strict=False):
            place = f"{student}/{exercise.name}"
            files[place if content is None else f"{place}/{exercise.short_name}.ipynb"] = content
            count += 1
    write_own(folder, files)
    return count


def grade_sample_class(
    course: Course,
    folder: Path,
    out: Path,
    options: Options,
    progress: Callable[[Progress], None] | None = None,
) -> "Summary":
    """Grade a sample class into `out`, from the start: the engine may have changed. Return what happened.

    Raises `PipelineError`, and leaves `out` as it is, when it holds anything but such a grading, or one in which a
    person has marked or changed something.
    """
    with made_anew(out) as beside:
        summary = grade(course, folder, beside, options, progress)
    summary.out = out
    return summary


def sample_submissions(exercise: ExerciseSet) -> dict[str, bytes | None]:
    """Return the set's samples by what they are: `model`, `right_*`, `mixed_*`, `stub` and the damages."""
    release = json.loads(exercise.release.read_text(encoding="utf-8"))
    ids = [task.id for task in load_tasks(exercise)]
    model = {task_id: answer.source for task_id, answer in read_model(exercise.answers, ids).items()}
    found: dict[str, bytes | None] = {"model": _bytes(fill(release, model))}
    choices: dict[str, list[str]] = {task_id: [] for task_id in ids}
    for path in sorted(exercise.answers.glob("*.py")):
        if path.name == MODEL:
            continue
        answers = {task_id: answer.source for task_id, answer in read_answers(path, ids).items()}
        if path.stem.startswith("right"):
            found[path.stem] = _bytes(fill(release, model | answers))
        else:
            for task_id, source in answers.items():
                choices[task_id].append(source)
    for number in range(1, MIXED + 1):
        found[f"mixed_{number}"] = _bytes(fill(release, model | _mix(choices, f"{exercise.name}/{number}")))
    found["stub"] = _bytes(release)
    for damage in (_delete_a_check, _edit_and_double_a_check, _raise_early, _end_the_process):
        notebook = fill(release, model)
        damage(notebook)
        found[damage.__name__.lstrip("_")] = _bytes(notebook)
    found["upload_broke_off"] = _bytes(fill(release, model))[: len(_bytes(release)) // 2]
    found["no_notebook"] = None
    return found


def _mix(choices: Mapping[str, list[str]], seed: str) -> dict[str, str]:
    """Return wrong answers to some of the tasks; the first mistakes of a task are made more often than the last."""
    rng = random.Random(seed)
    picked = {}
    for task_id, wrong in choices.items():
        if wrong and rng.random() < SHARE_WRONG:
            picked[task_id] = wrong[min(int(rng.expovariate(0.9)), len(wrong) - 1)]
    return picked


def fill(release: Mapping[str, Any], answers: Mapping[str, str]) -> Notebook:
    """Return the released notebook with answers (task id to cell text) in its answer cells."""
    notebook: Notebook = deepcopy(dict(release))
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("solution") and meta["grade_id"] in answers:
            cell["source"] = answers[meta["grade_id"]]
    return notebook


def _delete_a_check(notebook: Notebook) -> None:
    del notebook["cells"][_checks(notebook)[0]]


def _edit_and_double_a_check(notebook: Notebook) -> None:
    first, second = _checks(notebook)[:2]
    notebook["cells"][first]["source"] = "99"
    notebook["cells"].insert(second, deepcopy(notebook["cells"][second]))


def _raise_early(notebook: Notebook) -> None:
    _insert(notebook, 1, "import sys\n\nprint('loading data', file=sys.stderr)\nopen('data.csv')")


def _end_the_process(notebook: Notebook) -> None:
    _insert(notebook, _checks(notebook)[1], "import os\n\nos._exit(1)")


def _checks(notebook: Notebook) -> list[int]:
    def is_check(cell: Mapping[str, Any]) -> bool:
        meta = cell["metadata"].get("nbgrader", {})
        return bool(meta.get("grade")) and not meta.get("solution")

    return [index for index, cell in enumerate(notebook["cells"]) if is_check(cell)]


def _insert(notebook: Notebook, place: int, source: str) -> None:
    cell: dict[str, Any] = {"cell_type": "code", "id": "own", "metadata": {}, "source": source}
    cell |= {"outputs": [], "execution_count": None}
    notebook["cells"].insert(place, cell)


def _bytes(notebook: Mapping[str, Any]) -> bytes:
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode()
