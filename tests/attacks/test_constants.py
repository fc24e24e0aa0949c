"""Can a function that returns the same thing whatever it is given earn a label's points?"""

import pytest

from grader.cases import CaseFile, Function, mark_reply
from grader.pipeline.course import Course, load_tasks
from tests.attacks.arena import ROOT

FUNCTIONS = [
    (exercise.name, task)
    for exercise in Course(ROOT).sets()
    for task in load_tasks(exercise)
    if isinstance(task, Function)
]


@pytest.mark.parametrize(("name", "task"), FUNCTIONS, ids=lambda item: getattr(item, "id", item))
def test_no_constant_earns_a_label(name: str, task: Function) -> None:
    known = CaseFile.of(name, [task], 1, public=True).tasks[task.id]["cases"]
    entry = CaseFile.of(name, [task], 2, public=False).tasks[task.id]
    for value in [case["expected"]["value"] for case in known if "value" in case["expected"]]:
        if isinstance(value, str):
            continue  # one of a few words can be guessed, as the letter of a choice can
        score = mark_reply(entry, {"results": [{"value": value}] * len(entry["cases"])})
        right = [f.label for f in score.findings if f.ok]
        assert score == 0, f"{value} for everything is right for {right}: add an example to the label"
