"""The small course with one question whose numbers are drawn."""

from pathlib import Path

from grader.pipeline.course import Course
from tests.pipeline.tiny_course import write_course

PROSE = "# The average NLL is 2.1 nats. Compute the perplexity."
DRAWN_PROSE = "# The average NLL is **{{loss}} nats** over {{tokens}} tokens. Compute the perplexity."
STUB = '# %% nbgrader={"grade": false, "grade_id": "tiny-ppl", "locked": false'
FIXED = '"locked": true, "schema_version": 3, "solution": false, "task": false'
GIVEN = f"""\
# %% nbgrader={{"grade": false, "grade_id": "given-tiny-ppl", {FIXED}}}
loss = {{{{loss}}}}
tokens = {{{{tokens}}}}

"""
TASK = """\
    Value(
        "tiny-ppl", 1, math.exp(2.1),
        [Mistake("base-2", "You took 2 to the power of a loss in nats.", 2**2.1)],
        within=(1, 100), unit="",
    ),
"""
DRAWN_TASK = '    Drawn("tiny-ppl", draw_loss, perplexity_of),\n'
DRAWN = """\
def draw_loss(rng):
    return {"loss": int(rng.integers(11, 40)) / 10, "tokens": int(rng.integers(5, 9))}


def perplexity_of(loss, tokens):
    mistakes = [
        Mistake("base-2", "You took 2 to the power of a loss in nats.", 2**loss),
        Mistake("of-the-total", "That is of the total loss.", math.exp(loss * tokens)),
    ]
    return Value("tiny-ppl", 1, math.exp(loss), mistakes, within=(1, 1000), unit="")


TASKS = (
"""


def change(path: Path, old: str, new: str) -> None:
    """Put `new` in place of `old`, which stands once in the file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def write_drawn_course(root: Path) -> Course:
    """Write the course below `root` and return it."""
    course = Course(write_course(root))
    exercise = course.set_named("01_tiny")
    change(exercise.source, PROSE, DRAWN_PROSE)
    change(exercise.source, STUB, GIVEN + STUB)
    change(exercise.tasks, TASK, DRAWN_TASK)
    change(exercise.tasks, "import Choice, Example,", "import Choice, Drawn, Example,")
    change(exercise.tasks, "TASKS = (\n", DRAWN)
    change(exercise.answers / "model.py", "ppl = math.exp(2.1)", "ppl = math.exp(loss)")
    change(exercise.answers / "wrong_base.py", "ppl = 2**2.1", "ppl = 2**loss")
    return course
