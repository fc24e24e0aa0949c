"""The check of every step can fail: a step made wrong is refuted."""

import random
from collections import Counter
from collections.abc import Callable

from sympy import Expr

from grader.algebra import AlgebraError, evaluate, relate, sample
from grader.algebra.domains import symbols_of
from tests.book.executed import Chapter
from tests.book.perturb import perturbations

REVERSED = {"<": "≥", ">": "≤", "≤": ">", "≥": "<"}
POINTS = 12


def differs(right: Expr, wrong: Expr) -> bool:
    """Whether the two have different values somewhere; values that don't exist do not count."""
    rng = random.Random(5)
    symbols = symbols_of(right, wrong)
    for _ in range(POINTS):
        point = sample(symbols, rng)
        try:
            expected, given = evaluate(right, point), evaluate(wrong, point)
        except AlgebraError:
            continue
        if abs(expected - given) > 1e-6 * max(1.0, abs(expected)):
            return True
    return False


def test_most_steps_are_proved(chapter: Chapter, record_property: Callable[[str, object], None]) -> None:
    counts = Counter(line.status for _, _, line in chapter.steps)
    listed = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    record_property("figure", f"{chapter.name}: {listed} of {sum(counts.values())} steps")
    assert counts["proved"] >= 0.9 * sum(counts.values())


def test_every_equality_made_wrong_is_refuted(
    chapter: Chapter, record_property: Callable[[str, object], None]
) -> None:
    kinds: Counter[str] = Counter()
    for label, before, line in chapter.steps:
        if line.relation != "=":
            continue
        refuted = 0
        for kind, wrong in perturbations(line.expr):
            if not differs(line.expr, wrong):
                continue
            verdict = relate(before.expr, "=", wrong)
            assert verdict.status == "refuted", (label, kind, line.expr, wrong, verdict)
            kinds[kind] += 1
            refuted += 1
        assert refuted >= 3 or line.expr in (0, 1), (label, line.expr)
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    record_property("figure", f"{chapter.name}: {sum(kinds.values())} wrong steps refuted ({listed})")
    assert len(kinds) >= 6


def test_every_inequality_turned_round_is_refuted(chapter: Chapter) -> None:
    turned = 0
    for label, before, line in chapter.steps:
        if line.relation in REVERSED:
            verdict = relate(before.expr, REVERSED[line.relation], line.expr)
            assert verdict.status == "refuted", (label, line.expr, verdict)
            turned += 1
    assert turned
