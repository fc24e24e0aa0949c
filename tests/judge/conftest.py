"""A small released set, made by hand, and the two executors."""

import math
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.cases import Example, Function, Mistake, Value
from grader.judge.execute import Executor, execute
from grader.judge.exercise import ReleasedSet
from grader.judge.walled import WalledExecutor
from grader.sandbox import ForkServer, Walls

PPL = Value(
    "ppl", 1, math.exp(2.1), [Mistake("base-2", "You took 2 to the power.", 2**2.1)], within=(1, 100), unit=""
)
MEAN = Function(
    "mean",
    2,
    lambda losses: sum(losses) / len(losses),
    lambda rng: [Example("three tokens", rng.normal(3, 1, 3).tolist()), Example("one token", [1.5])],
    [Mistake("sum", "This is the sum.", lambda losses: float(sum(losses)))],
)


def cell(kind: str, source: str, **meta: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": kind,
        "metadata": {"nbgrader": meta} if meta else {},
        "source": source,
    }
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def labelled(
    kind: str, source: str, grade_id: str, grade: bool, solution: bool, **more: Any
) -> dict[str, Any]:
    locked = not solution
    return cell(
        kind,
        source,
        grade=grade,
        grade_id=grade_id,
        locked=locked,
        schema_version=3,
        solution=solution,
        **more,
    )


def released_notebook() -> dict[str, Any]:
    """Return a notebook with a set-up cell, a value, a function and a text."""
    cells = [
        cell("markdown", "# Title"),
        labelled("code", "import math", "setup", False, False),
        labelled("code", "ppl = None", "ppl", False, True),
        labelled("code", 'check("ppl", ppl)', "check-ppl", True, False, points=1),
        labelled("code", "def mean(losses):\n    raise NotImplementedError", "mean", False, True),
        labelled("code", 'check("mean", mean)', "check-mean", True, False, points=2),
        labelled("markdown", "*Your answer*", "why", True, True, points=2),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def released_set() -> ReleasedSet:
    """Return the released set with its hidden cases."""
    rng = np.random.default_rng(7)
    entries = {task.id: task.cases(rng, public=False) for task in (PPL, MEAN)}
    return ReleasedSet("01_small", "small", released_notebook(), entries, {"other-task": "02_other"})


@pytest.fixture
def exercise() -> ReleasedSet:
    return released_set()


@pytest.fixture
def answered() -> dict[str, Any]:
    """The notebook with right answers."""
    notebook = released_notebook()
    notebook["cells"][2]["source"] = "ppl = math.exp(2.1)"
    notebook["cells"][4]["source"] = "def mean(losses):\n    return math.fsum(losses) / len(losses)"
    return notebook


@pytest.fixture(scope="module", params=["bare", "walled"])
def executor(request: pytest.FixtureRequest, lacking: Callable[[str], None]) -> Iterator[Executor]:
    if request.param == "bare":
        yield execute
        return
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    with ForkServer(("numpy", "IPython.core.interactiveshell", "grader.judge.kernel")) as server:
        yield WalledExecutor(server.address, Walls(memory_bytes=1 << 30))
