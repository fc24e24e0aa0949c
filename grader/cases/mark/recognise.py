"""Which known mistake explains the results of a function.

A mistake is named only if it explains *every* input: it gives what the answer gives where that is wrong, and where
that is right. And something must speak for it: at a wrong input a finite number (a text, a truth value) that both give,
or inf and NaN of which NumPy warned with the same words, or one exception with one message. That two results are both
infinite says nothing by itself: an overflow and a division by zero lead there by different roads.

Two mistakes may be named together if each input is explained by one of them, and each alone by a finite number. A text
or a truth value is none: there are so few of these that two mistakes together give almost any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations


@dataclass(frozen=True)
class Trace:
    """Where a known mistake gives what the answer gives; inputs are known by their numbers.

    agreeing: all such inputs, those where the answer is right among them.
    finite: the wrong ones among them where both give one finite wrong number, text or truth value. noted: where both
    are infinite, NaN or raised, with one warning or message. words: those of `finite` where it is no number.
    """

    code: str
    agreeing: set[int]
    finite: set[int] = field(default_factory=set)
    noted: set[int] = field(default_factory=set)
    words: set[int] = field(default_factory=set)


def recognise(inputs: int, wrong: set[int], traces: Sequence[Trace]) -> dict[int, int]:
    """Return, for the wrong inputs, the number of the mistake that explains them; {} when none explains all.

    inputs: how many there are. wrong: those whose result is wrong.

    >>> recognise(3, {1, 2}, [Trace("a", {0, 1}, {1}), Trace("b", {0, 1, 2}, {1, 2})])
    {1: 1, 2: 1}
    >>> recognise(3, {1, 2}, [Trace("a", {0, 1}, {1})])
    {}
    """
    every = set(range(inputs))
    alone = [(len(t.finite), len(t.noted), -n) for n, t in enumerate(traces) if t.agreeing == every]
    alone = [found for found in alone if found[:2] != (0, 0)]
    if alone and wrong:
        return dict.fromkeys(sorted(wrong), -max(alone)[2])
    for (m, one), (n, other) in combinations(enumerate(traces), 2):
        if one.code == other.code or one.agreeing | other.agreeing != every:
            continue
        if one.finite - one.words - other.agreeing and other.finite - other.words - one.agreeing:
            return {i: m if i in one.agreeing else n for i in sorted(wrong)}
    return {}
