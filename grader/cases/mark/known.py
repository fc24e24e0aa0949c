"""What is known of a task's trees: values at its sample points, and how they are related.

The trees come from a student. They are decoded with the task's symbols only, and everything is decided within limits of
size and of processor time; where a limit is reached nothing is decided, and a person looks at it.
"""

import json
import re
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import mpmath

from grader.algebra import AlgebraError, Verdict, decode, decode_symbols, encode, relate
from grader.algebra.budget import OutOfBudget, limited
from grader.algebra.domains import label_of
from grader.algebra.evaluation import Undefined, Unsettled, enclosure
from grader.algebra.intervals import Interval, magnitude, midpoint, width
from grader.cases.mark.collapse import collapsed
from grader.cases.mark.trees import Node, Tree, canonical, exact, exact_long, padded, simplified

SECONDS_A_RELATION = 5.0
"""What `relate` takes by default, and what a notebook gives to each line that it shows."""

_SECONDS_A_VALUE = 1.0
_WORKING_DIGITS = (40, 80, 160)
_SETTLED_BITS = 90  # of a value, relative to it, or to 2**-120 where it is about 0
_DIGITS = 30
_MOST_VERDICTS = 4096
_MOST_SHOWN = 6  # entries of a family in a sentence
_FEW_POINTS = 3  # are enough to see that a part is not 0 or 1
_MP = mpmath.MPContext()
_MP.dps = 40
LOG_2 = _MP.log(2)
"""The logarithm of 2, in the digits of a `Value`."""
_verdicts: OrderedDict[tuple[str, str, str, str], Verdict] = OrderedDict()

Value = Any
"""An mpf; None where a limit was reached before it was known; a text where there is none, which says why."""


class Knowledge:
    """What is known of the trees of one task, for one answer.

    entry: the task's cases; hidden ones hold a seed of their own for the points at which `relate` compares. seconds:
    processor time for all that is asked.
    """

    def __init__(self, entry: Mapping[str, Any], seconds: float) -> None:
        self.symbols: dict[str, Any] = decode_symbols(entry["symbols"])
        self.points: Sequence[Any] = entry["points_at"]
        self.names: Mapping[str, str] = entry.get("names", {})
        self._seed: int = entry.get("seed", 0)
        self._described = json.dumps([entry["symbols"], self._seed])
        self._trivial: dict[str, int | None] = {}
        self._plain: dict[str, Tree] = {}
        labels = [label_of(symbol) for symbol in self.symbols.values()]
        self._ranges = {
            label.name: (1, encode(label.domain.size)) for label in labels if label.domain.kind == "index"
        }
        self._ends = time.process_time() + seconds

    @property
    def left(self) -> float:
        """Seconds of processor time that are left."""
        return self._ends - time.process_time()

    def problem(self, tree: Tree) -> str:
        """Return what is wrong with a tree whatever the task asks, "" when it can be read."""
        try:
            decode(tree, self.symbols)
        except AlgebraError as error:
            return self.told(str(error))
        return ""

    def told(self, text: str) -> str:
        """Return a sentence with the names by which the notebook knows the symbols."""
        for symbol, name in self.names.items():
            text = re.sub(rf"(?<![\w\\]){re.escape(symbol)}(?!\w)", name, text)
        return text

    def relate(
        self, before: Tree, relation: str, after: Tree, extra: Mapping[str, Any] | None = None
    ) -> Verdict:
        """Return `grader.algebra.relate`'s verdict on two trees that can be read. A class's lines repeat: it is kept.

        extra: further symbols. A decision for which the time ran out is not kept.
        """
        described = self._described + ",".join(sorted(extra or {}))
        key = (described, json.dumps(before), relation, json.dumps(after))
        if key in _verdicts:
            _verdicts.move_to_end(key)
            return _verdicts[key]
        seconds = min(SECONDS_A_RELATION, self.left)
        if seconds <= 0:
            return Verdict("undecided", "no time is left for this derivation", 0)
        symbols = {**self.symbols, **(extra or {})}
        try:
            left, right = decode(before, symbols), decode(after, symbols)
            verdict = relate(left, relation, right, seed=self._seed, seconds=seconds)
        except AlgebraError as error:
            return Verdict("undecided", str(error), 0)
        if verdict.status != "undecided":
            _verdicts[key] = verdict
            if len(_verdicts) > _MOST_VERDICTS:
                _verdicts.popitem(last=False)
        return verdict

    def values(self, tree: Tree, points: int | None = None) -> list[Value]:
        """Return the values of a tree at the sample points, or at the first few of them."""
        try:
            expression = decode(tree, self.symbols)
        except AlgebraError:
            return [None] * len(self.points)
        return [self._value(expression, point) for point in self.points[:points]]

    def _value(self, expression: Any, point: Any) -> Value:
        seconds = min(_SECONDS_A_VALUE, self.left)
        if seconds <= 0:
            return None
        return value_of(expression, point, seconds)

    def trivial(self, tree: Tree) -> int | None:
        """Return 0 or 1 when the tree is that number by itself, else None."""
        key = json.dumps(tree)
        if key not in self._trivial:
            self._trivial[key] = self._found_trivial(tree)
        return self._trivial[key]

    def _found_trivial(self, tree: Tree) -> int | None:
        try:
            expression = decode(tree, self.symbols)
        except AlgebraError:
            return None
        left = [0, 1]
        for point in self.points[:_FEW_POINTS]:
            value = self._value(expression, point)
            left = [number for number in left if near(number, value)]
            if not left:
                return None
        return next((number for number in left if self.relate(tree, "=", number).holds), None)

    def plain(self, tree: Tree) -> Tree:
        """Return a tree without what only wraps it, and without the parts that are 0 or 1 by themselves."""
        key = json.dumps(tree)
        if key not in self._plain:
            self._plain[key] = simplified(collapsed(tree, self._ranges), self.trivial)
        return self._plain[key]

    def unwrapped(self, tree: Tree) -> Tree:
        """Return a tree without what only wraps it; what is 0 or 1 by itself stays."""
        return collapsed(tree, self._ranges)

    def node(self, tree: Tree) -> Node:
        """Return the canonical form of a tree without the parts that say nothing."""
        return canonical(self.plain(tree))

    def same(self, tree: Tree, other: Tree) -> bool:
        """Return whether a tree says the same as another one, or the same with terms or factors that say nothing."""
        if canonical(tree) == canonical(other):
            return True
        return padded(self.node(tree), self.node(other)) and self.relate(tree, "=", other).holds

    def counterexample(self, verdict: Verdict) -> str:
        """Return where a relation fails, in words; it is made from the student's own lines, so it may be shown."""
        found = verdict.counterexample
        if found is None:
            return ""
        place = ", ".join(f"{self.names.get(n, n)} = {_short(v)}" for n, v in found.point.items())
        return f"at {place or 'every point'} the left side is {found.lhs}, the right side {found.rhs}"


def value_of(expression: Any, point: Any, seconds: float = _SECONDS_A_VALUE) -> Value:
    """Return the value of an expression at a point in 40 digits (see `Value`)."""
    try:
        with limited(seconds):
            for working_digits in _WORKING_DIGITS:
                try:
                    value = enclosure(expression, point, working_digits)
                except Unsettled:
                    continue
                if not isinstance(value, Interval):
                    exact_value = Fraction(value)
                    return _MP.mpf(exact_value.numerator) / exact_value.denominator
                if width(value) < max(magnitude(value), -120) - _SETTLED_BITS:
                    return _MP.make_mpf(midpoint(value))
    except Undefined as reason:
        return str(reason)
    except (AlgebraError, OutOfBudget, RecursionError):
        return None
    return None


def digits(value: Value) -> str | None:
    """Return a value as a decimal with 30 digits, for a file; None where there is none."""
    return None if value is None or isinstance(value, str) else str(_MP.nstr(value, _DIGITS))


EXACT = (1e-25, 1e-32)
ROUNDED = (1e-13, 1e-14)
"""Tolerances, relative and absolute: for exact expressions, and for one that holds a float with all its digits."""


def near(expected: Any, value: Value, tolerance: tuple[float, float] = EXACT) -> bool:
    """Return whether a value is the expected one, which may be a decimal. What is no number is near to nothing."""
    if value is None or isinstance(value, str) or expected is None:
        return False
    right, (relative, absolute) = _MP.mpf(expected), tolerance
    return bool(abs(right - value) <= relative * abs(right) + absolute)


def agree(
    expected: Sequence[str | None], values: Sequence[Value], tolerance: tuple[float, float] = EXACT
) -> bool:
    """Return whether all values are known and are the expected ones."""
    return len(expected) == len(values) and all(
        near(a, b, tolerance) for a, b in zip(expected, values, strict=True)
    )


def mistake_in(
    mistakes: Sequence[Mapping[str, Any]], values: Sequence[Value], tolerance: tuple[float, float] = EXACT
) -> Mapping[str, Any] | None:
    """Return the known mistake that gives just these values; one without a value somewhere explains nothing."""
    return next((m for m in mistakes if agree(m["values"], values, tolerance)), None)


def why_undefined(values: Sequence[Value]) -> str:
    """Return why an expression has no value at some of the points, "" when it has one at all that are known.

    The sentence holds nothing of the points, which may be hidden ones.
    """
    reasons = [v for v in values if isinstance(v, str)]
    for reason in reasons:
        outside = re.match(r"(\w+)\[(-?\d+)\] is outside", reason)
        if outside:
            family, index = outside[1], int(outside[2])
            what = f"uses {family}[{index}]" if index < 1 else f"goes beyond the last entry of {family}"
            return f"It {what}. Entries are counted from 1, so a sum over all of them runs from 1 to their number."
    return f"There is {reasons[0].removesuffix('.')}." if reasons else ""


def exact_tree(tree: Tree) -> tuple[Tree, bool]:
    """Return a tree with every float as the fraction that it was typed for, and whether one was a rounded number."""
    if isinstance(tree, float) or (isinstance(tree, list) and tree[:1] == ["Float"]):
        number, rounded = exact(tree) if isinstance(tree, float) else exact_long(tree[1], tree[2])
        return ["Rational", str(number.numerator), str(number.denominator)], rounded
    if not isinstance(tree, list):
        return tree, False
    parts = [exact_tree(part) for part in tree]
    return [part for part, _ in parts], any(rounded for _, rounded in parts)


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        shown = [_short(v) for v in value[:_MOST_SHOWN]] + ["…"] * (len(value) > _MOST_SHOWN)
        return "(" + ", ".join(shown) + ")"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
