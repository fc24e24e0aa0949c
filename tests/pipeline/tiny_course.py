"""A course of one small set, to test the pipeline without the real ones."""

import os
import shutil
from pathlib import Path

from tests.conftest import REQUIRE_ALL

# Walls where they can be put up; where everything is required their absence is a failure, not a skip.
SANDBOX = "bwrap" if shutil.which("bwrap") or os.environ.get(REQUIRE_ALL) else "none"

EXERCISE = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Tiny
#
# Perplexity is $\\exp(\\mathrm{NLL})$.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

from grader import check

# %% [markdown]
# ## 1. A number
#
# The average NLL is 2.1 nats. Compute the perplexity.

# %% nbgrader={"grade": false, "grade_id": "tiny-ppl", "locked": false, "schema_version": 3, "solution": true, "task": false}
ppl = None  # replace None by your answer

# %% nbgrader={"grade": true, "grade_id": "check-tiny-ppl", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("tiny-ppl", ppl)

# %% [markdown]
# ## 2. A function

# %% nbgrader={"grade": false, "grade_id": "tiny-mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_nll(losses):
    raise NotImplementedError

# %% nbgrader={"grade": true, "grade_id": "check-tiny-mean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("tiny-mean", mean_nll)

# %% [markdown]
# ## 3. A choice
#
# In which unit is the NLL, with natural logarithms? (a) bits (b) nats

# %% nbgrader={"grade": false, "grade_id": "tiny-unit", "locked": false, "schema_version": 3, "solution": true, "task": false}
unit = None  # "a" or "b"

# %% nbgrader={"grade": true, "grade_id": "check-tiny-unit", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("tiny-unit", unit)

# %% [markdown]
# ## 4. In words
#
# Why is the mean of losses taken?

# %% [markdown] nbgrader={"grade": true, "grade_id": "tiny-why", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Replace this line by your answer.*
"""

TASKS = """\
import math

from grader.cases import Choice, Example, FreeText, Function, Mistake, Value


def draw(rng):
    return [
        Example("three tokens", rng.normal(3, 1, 3).tolist()),
        Example("one token", rng.normal(3, 1, 1).tolist()),
    ]


TASKS = (
    Value(
        "tiny-ppl", 1, math.exp(2.1),
        [Mistake("base-2", "You took 2 to the power of a loss in nats.", 2**2.1)],
        within=(1, 100), unit="",
    ),
    Function(
        "tiny-mean", 2, lambda losses: sum(losses) / len(losses), draw,
        [Mistake("sum-for-mean", "This is the sum, not the mean.", lambda losses: float(sum(losses)))],
    ),
    Choice("tiny-unit", 1, {"a": "bits", "b": "nats"}, "b", [Mistake("bits", "Bits belong to base 2.", "a")]),
    FreeText("tiny-why", 2, [(1, "says that length must not count"), (1, "SECRET-SCHEME gives an example")]),
)
"""

MODEL = """\
# %% tiny-ppl
ppl = math.exp(2.1)

# %% tiny-mean
def mean_nll(losses):
    return sum(losses) / len(losses)

# %% tiny-unit
unit = "b"

# %% [markdown] tiny-why
# MODEL-ANSWER: otherwise longer texts would look worse.
"""

RIGHT = """\
# %% tiny-mean
import sys
import warnings


def mean_nll(losses):
    print("working", file=sys.stderr)
    warnings.warn("this is slow")
    return math.fsum(losses) / len(losses)
"""

WRONG = """\
# %% tiny-ppl mistake="base-2"
ppl = 2**2.1

# %% tiny-mean mistake="sum-for-mean"
def mean_nll(losses):
    return sum(losses)

# %% tiny-unit mistake="bits"
unit = "a"
"""


def write_course(root: Path) -> Path:
    """Write the course's files below `root` and return it."""
    files = {
        "exercises/01_tiny/tiny.py": EXERCISE,
        "solutions/__init__.py": "",
        "solutions/tasks/tiny.py": TASKS,
        "solutions/answers/01_tiny/model.py": MODEL,
        "solutions/answers/01_tiny/right_fsum.py": RIGHT,
        "solutions/answers/01_tiny/wrong_base.py": WRONG,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
