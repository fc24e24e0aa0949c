"""Near-misses of every right function: hundreds of answers that are almost right, and which of them get full marks.

A draw is good when it tells a near-miss from the right answer. So each model answer is spoilt in two ways: its
behaviour (`behaviours`: constant, rounded, right for one size only, keeps state, changes its input, ...) and its source
(`spoilt_sources`: an axis, a sign, a comparison, a constant, a dropped statement). A near-miss that some draw tells
apart must be told apart by every draw; one that no draw tells apart is either equivalent or shows a hole in all draws,
which a person has to say: they are printed, too.

    python -m grader.pipeline.near_misses [NN_name | task-id ...] [--draws N]
"""

import argparse
import linecache
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from grader.cases import Function, collect, mark_reply, questions_of, rng_for
from grader.cases.ask.capture import silenced
from grader.pipeline.answers import read_model
from grader.pipeline.audit import in_a_folder_with, within
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.exercise_source import read_exercise
from grader.pipeline.spoiling import ITSELF, Answer, NearMiss, behaviours, spoilt_sources

DRAWS = 6
_SECONDS = 5.0  # for all calls of one draw; a near-miss that never ends is told apart by that


@dataclass
class Fate:
    """How a near-miss fared: the share of the points with each draw."""

    task: str
    name: str
    shares: list[float] = field(default_factory=list)

    @property
    def full(self) -> int:
        """With how many draws it got full marks."""
        return sum(share >= 1 for share in self.shares)

    @property
    def never_told_apart(self) -> bool:
        """Whether no draw told it from the right answer: it is equivalent, or all draws have a hole."""
        return self.full == len(self.shares)

    @property
    def slipped_through(self) -> bool:
        """Whether some draws told it from the right answer and others did not: those are weak."""
        return 0 < self.full < len(self.shares)

    def __str__(self) -> str:
        return f"{self.task}: {self.name} (full marks with {self.full} of {len(self.shares)} draws)"


def near_misses(exercise: ExerciseSet, tasks: Sequence[str] = (), draws: int = DRAWS) -> list[Fate]:
    """Return how every near-miss of a set's functions fares with the hidden cases of `draws` seeds."""
    source = read_exercise(exercise)
    known = load_tasks(exercise)
    model = read_model(exercise.answers, [task.id for task in known])
    setup, checks = source.setup, source.checks
    fates = []
    with in_a_folder_with(exercise.extra_files, exercise.source.parent), silenced():
        for task in known:
            if isinstance(task, Function) and (not tasks or task.id in tasks):
                fates += _of_function(task, setup, model[task.id].source, checks[task.id], draws)
    return fates


def _of_function(task: Function, setup: list[str], source: str, expression: str, draws: int) -> list[Fate]:
    entries = [task.cases(rng_for(seed, task.id, False), False) for seed in range(draws)]
    right = _run(setup, source, expression)
    makers: list[tuple[str, Callable[[], NearMiss]]] = [
        (name, partial(_behaviour, right, name)) for name, _ in behaviours(right)
    ]
    makers += [(name, partial(_spoilt, setup, spoilt, expression)) for name, spoilt in spoilt_sources(source)]
    fates = []
    for name, make in makers:
        fate, touched = Fate(task.id, name), False
        for entry in entries:
            share, did = _share(entry, make, source, setup)
            touched |= did
            fate.shares.append(share)
        if touched:
            fates.append(fate)
    return fates


def _behaviour(right: Answer, name: str) -> NearMiss:
    return dict(behaviours(right))[name]  # made anew for each draw, since some keep state


def _spoilt(setup: Sequence[str], source: str, expression: str) -> NearMiss:
    return NearMiss(_run(setup, source, expression))


def _share(
    entry: dict[str, Any], make: Callable[[], NearMiss], source: str, setup: list[str]
) -> tuple[float, bool]:
    """Return the share of the points, and whether the near-miss did anything with this draw."""
    try:
        with within(_SECONDS):
            near = make()
            score = mark_reply(entry, collect(questions_of(entry), near), source=source, context=setup)
    except Exception:  # noqa: BLE001 - a spoilt source may raise anything while it is defined
        return 0.0, True
    return float(score) / score.max_points, near.touched


def _run(setup: Sequence[str], source: str, expression: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "__main__", ITSELF: lambda x: x}
    for text in (*setup, source):
        name = f"<near-miss {abs(hash(text)):x}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), namespace)  # noqa: S102 - the course's own answers
    return eval(expression, namespace)  # noqa: S307 - an expression of the course's own check cell


def main(arguments: Sequence[str]) -> int:
    """Print the counts for each set and the near-misses that got full marks; return 1 when one slipped through."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("names", nargs="*", help="sets or tasks; all when there are none")
    parser.add_argument("--draws", type=int, default=DRAWS, help="how many seeds each is marked with")
    options = parser.parse_args(arguments)
    status = 0
    for exercise in Course.find().sets():
        wanted = [task.id for task in load_tasks(exercise) if task.id in options.names]
        if options.names and not wanted and exercise.name not in options.names:
            continue
        fates = near_misses(exercise, wanted, options.draws)
        slipped = [f for f in fates if f.slipped_through]
        equal = [f for f in fates if f.never_told_apart]
        print(
            f"{exercise.name}: {len(fates)} near-misses, {len(slipped)} slipped through, {len(equal)} never told apart"
        )
        print(*(f"  slipped through: {f}" for f in slipped), sep="\n", end="\n" if slipped else "")
        print(*(f"  equivalent, or a hole: {f}" for f in equal), sep="\n", end="\n" if equal else "")
        status = max(status, int(bool(slipped)))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
