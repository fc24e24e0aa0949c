"""Is one number one number in every task, whatever carries it, and is what is none told in sensible words?"""

import enum
import re
from collections import namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

from grader.cases import CaseFile, Function, Task, Value, collect, mark_reply, questions_of
from grader.cases.decoding import decode_value
from grader.pipeline.course import Course, load_tasks

torch = pytest.importorskip("torch")
COURSE = Course(Path(__file__).parents[2])
SEED = 20261127
# What a sentence says that a value is, and what it says that is expected.
SAID = re.compile(r"It (?:is|holds) ([^;]*); (.*?) (?:is|are) expected")

Carrier = Callable[[Any], Any]

ONE: dict[str, Carrier] = {
    "float64": np.float64,
    "longdouble": np.longdouble,
    "an array without axes": np.array,
    "an array of one": lambda x: np.array([x]),
    "an array of one in two axes": lambda x: np.array([[x]]),
    "a list of one": lambda x: [x],
    "a tuple of an array of one": lambda x: (np.array([x]),),
    "an array of objects": lambda x: np.array([Fraction(float(x)) if np.isfinite(x) else x], dtype=object),
    "a tensor": lambda x: torch.tensor(float(x), dtype=torch.float64),
    "a tensor of one with a gradient": lambda x: torch.tensor(
        [float(x)], dtype=torch.float64, requires_grad=True
    ),
    "an mpf": lambda x: mpmath.mpf(float(x)),
    "a Fraction": lambda x: Fraction(float(x)) if np.isfinite(x) else x,
    "a Decimal": lambda x: Decimal(float(x)),
    "a SymPy number": lambda x: sympy.Float(float(x), 30),
    "a closed expression": lambda x: sympy.log(sympy.exp(1) * sympy.Integer(1)) * sympy.Float(float(x)),
    "a masked array": lambda x: np.ma.array([float(x)]),
    "a complex number on the real axis": lambda x: complex(x, 0.0),
    "a complex tensor on the real axis": lambda x: torch.tensor(complex(x, 0.0), dtype=torch.complex128),
    "an mpc": lambda x: mpmath.mpc(float(x), 0),
    "a member of an enumeration": lambda x: enum.Enum("Result", {"a": float(x)}).a,
}
SINGLE: dict[str, Carrier] = {
    "float32": np.float32,
    "an array of one in float32": lambda x: np.array([x], dtype=np.float32),
    "a tensor in float32": lambda x: torch.tensor(float(x)),
    "a float that was one of float32": lambda x: float(np.float32(x)),
}
MANY: dict[str, Carrier] = {
    "an array": lambda x: np.asarray(x, dtype=float),
    "a list": lambda x: np.asarray(x, dtype=float).tolist(),
    "a list of float64": lambda x: list(np.asarray(x, dtype=float)),
    "a tensor": lambda x: torch.tensor(np.asarray(x, dtype=float), requires_grad=True),
    "an array of objects": lambda x: np.vectorize(mpmath.mpf, otypes=[object])(np.asarray(x, dtype=float)),
    "longdouble": lambda x: np.asarray(x, dtype=np.longdouble),
    "in Fortran's order": lambda x: np.asfortranarray(np.asarray(x, dtype=float)),
    "complex numbers on the real axis": lambda x: np.asarray(x, dtype=complex),
    "a view from behind": lambda x: np.asarray(x, dtype=float)[::-1][::-1],
    "a masked array": lambda x: np.ma.array(np.asarray(x, dtype=float)),
    "SymPy numbers": lambda x: np.vectorize(sympy.Float, otypes=[object])(
        np.asarray(x, dtype=float)
    ).tolist(),
}
ROW: dict[str, Carrier] = {
    "a namedtuple": lambda x: namedtuple("Row", [f"x{n}" for n in range(len(x))])(*map(float, x)),
    "a tuple of tensors": lambda x: tuple(torch.tensor(float(number), dtype=torch.float64) for number in x),
    "a list of members of an enumeration": lambda x: [
        enum.Enum("Result", {"b": float(number)}).b for number in x
    ],
    "a list of arrays of one": lambda x: [np.array([float(number)]) for number in x],
    "a list in mixed carriers": lambda x: [
        c(float(number)) for c, number in zip([float, np.array, mpmath.mpf] * 99, x, strict=False)
    ],
}
MARKED_AS_ONE_ROW: dict[str, Carrier] = {
    "a row": lambda x: np.asarray(x, dtype=float)[None, :],
    "a column": lambda x: np.asarray(x, dtype=float)[:, None],
    "a matrix of SymPy": lambda x: sympy.Matrix([sympy.Float(float(number)) for number in x]),
}
TEXT: dict[str, Carrier] = {
    "a NumPy text": np.str_,
    "a text without axes": np.array,
    "a list of one": lambda x: [x],
}
NO_NUMBERS: dict[str, Any] = {
    "a truth value": True,
    "a NumPy truth value": np.bool_(True),
    "a text": "8.17",
    "an empty list": [],
    "a set": {1.5},
    "a dictionary": {"a": 1.5},
    "a masked number": np.ma.masked,
    "an array with a masked entry": np.ma.array([1.5, 2.5, 3.5], mask=[True, False, False]),
    "a complex number": 1.5 + 2j,
    "an object": object(),
    "a generator": (x for x in [1.5]),
    "a map": map(float, ["1.5"]),
    "a function": len,
    "a symbol": sympy.Symbol("x"),
    "zoo": sympy.zoo,
    "texts": ["1.5", "2.5"],
    "rows of different lengths": [[1.5], [1.5, 2.5]],
    "an array of texts": np.array(["a", "b"]),
    "NaN": np.nan,
    "infinity": np.inf,
    "far too many numbers": np.zeros((7, 5, 3, 2)),
    "nothing in an array": np.zeros(0),
}


def tasks(kind: type[Task]) -> list[Any]:
    found = [task for exercise in COURSE.sets() for task in load_tasks(exercise) if isinstance(task, kind)]
    return [pytest.param(task, entries_of(task), id=task.id) for task in found]


def entries_of(task: Task) -> list[dict[str, Any]]:
    return [dict(CaseFile.of("99", [task], SEED, public).tasks[task.id]) for public in (False, True)]


def marked(entry: dict[str, Any], answer: Any) -> Any:
    return mark_reply(entry, collect(questions_of(entry), answer))


def carriers_of(right: Any, *, function: bool) -> dict[str, Carrier]:
    """The carriers for a right value, one of float32 only where a rounding can't matter."""
    if isinstance(right, str):
        return TEXT
    if isinstance(right, bool | dict) or right is None:
        return {}
    array = np.asarray(right) if not isinstance(right, list | tuple) or _rectangular(right) else None
    if array is None or array.dtype.kind not in "iuf":
        return {}
    if array.ndim == 0:
        return ONE
    row = ROW if array.ndim == 1 and array.size else {}
    return MANY | row | ({} if function or array.ndim != 1 else MARKED_AS_ONE_ROW)


def _rectangular(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except ValueError:
        return False


@pytest.mark.parametrize(("task", "entries"), tasks(Value))
def test_a_right_value_is_right_in_every_carrier(task, entries):
    singles = SINGLE if np.ndim(task.answer) == 0 else {}
    for name, carry in (carriers_of(task.answer, function=False) | singles).items():
        for entry in entries:
            score = marked(entry, carry(task.answer))
            assert score == task.points, (name, score.text())


@pytest.mark.parametrize(("task", "entries"), tasks(Value))
def test_what_is_no_number_is_told_in_words_that_differ(task, entries):
    for name, value in NO_NUMBERS.items():
        for entry in entries:
            score = marked(entry, value)
            assert score == 0.0, (name, score.text())
            assert_sensible(score, name)


@pytest.mark.parametrize(("task", "entries"), tasks(Function))
def test_a_right_function_is_right_whatever_carries_its_results(task, entries):
    for entry in entries:
        results = [decode_value(case["expected"].get("value")) for case in entry["cases"]]
        names = dict.fromkeys(name for right in results for name in carriers_of(right, function=True))
        if "float32" in entry["accepts"]:
            names |= dict.fromkeys(SINGLE)
        for name in names:
            score = mark_reply(
                entry, {"results": [_sent(c, r, name) for c, r in zip(entry["cases"], results, strict=True)]}
            )
            assert score.full, (name, score.text())


def _sent(case: dict[str, Any], right: Any, name: str) -> dict[str, Any]:
    """What collecting makes of a right result in a carrier, where there is such a one for its kind."""
    if "raises" in case["expected"]:
        return {"raised": {"type": case["expected"]["raises"], "bases": []}}
    carriers = carriers_of(right, function=True)
    if name in SINGLE and carriers is ONE:
        carriers = SINGLE
    carry = carriers.get(name, lambda x: x)
    return collect({"id": "f", "kind": "function", "inputs": [[]]}, lambda: carry(right))["results"][0]


@pytest.mark.parametrize(("task", "entries"), tasks(Function))
def test_a_result_that_is_no_number_is_told_in_words_that_differ(task, entries):
    for name, value in NO_NUMBERS.items():
        for entry in entries:
            score = marked(entry, lambda *args, value=value: value)
            assert not score.full, (name, score.text())
            assert_sensible(score, name)


def assert_sensible(score: Any, name: str) -> None:
    for finding in score.findings:
        assert finding.ok or finding.sentence, name
        assert "Tree(" not in finding.sentence and "Foreign(" not in finding.sentence, (
            name,
            finding.sentence,
        )
        for given, expected in SAID.findall(finding.sentence):
            assert given.split(" (")[0] != expected, (name, finding.sentence)


def test_the_sentence_that_says_nothing_would_be_seen():
    assert SAID.findall("It is a number; a number is expected.") == [("a number", "a number")]
