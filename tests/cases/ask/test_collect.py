"""Does collecting take everything from an answer but its word?"""

import json
import logging
import os
import sys
import warnings

import numpy as np
import pytest

from grader.cases import collect
from grader.cases.ask.collect import call

ONE_INPUT = {"id": "f", "kind": "function", "inputs": [[[1.0, 2.0]]]}


def result(function, questions=ONE_INPUT):
    reply = collect(questions, function)
    json.dumps(reply, allow_nan=False)
    return reply["results"][0]


def test_each_call_gets_copies_of_its_own():
    seen = []

    def greedy(numbers):
        seen.append(list(numbers))
        numbers.clear()
        return len(seen)

    questions = ONE_INPUT | {"inputs": [ONE_INPUT["inputs"][0]] * 2}
    reply = collect(questions, greedy)
    assert seen == [[1.0, 2.0], [1.0, 2.0]]
    assert reply["results"] == [{"value": 1, "mutated": [0]}, {"value": 2, "mutated": [0]}]
    assert questions["inputs"][0] == [[1.0, 2.0]]


def test_arguments_arrive_in_the_types_that_were_drawn():
    torch = pytest.importorskip("torch")
    from grader.cases.ask.encoding import encode_value

    drawn = [np.ones((2, 2), np.float32), [1, 2], (1.0, "a"), 3, torch.ones(2)]
    types = []
    call(lambda *args: types.extend(map(type, args)), [encode_value(a) for a in drawn])
    assert types == [np.ndarray, list, tuple, int, torch.Tensor]


def noisy(numbers):
    print("to the output")
    print("to the error stream", file=sys.stderr)
    warnings.warn("mind this", UserWarning, stacklevel=1)
    logging.getLogger("student").warning("logged")
    os.write(1, b"to the descriptor\n")
    os.write(2, b"to the error descriptor\n")
    os.system("echo from a child; echo from a child >&2")
    return sum(numbers)


def test_what_an_answer_prints_is_silenced_and_warnings_are_kept(capfd):
    assert result(noisy) == {"value": 3.0, "warnings": ["mind this"]}
    assert capfd.readouterr() == ("", "")
    print("and the streams are back")
    assert capfd.readouterr().out == "and the streams are back\n"


def test_a_flood_of_output_takes_no_memory():
    def flood(numbers):
        for _ in range(1000):
            sys.stdout.write("x" * 10**5)
        for i in range(1000):
            warnings.warn(f"{i} " + "y" * 10**5, stacklevel=1)
        return 1

    kept = result(flood)
    assert kept["value"] == 1
    assert len(json.dumps(kept)) < 10_000


class Chatty(Exception):
    def __str__(self):
        raise RuntimeError("asked")

    __repr__ = __str__


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (ValueError("no", 3), "ValueError", "no: 3"),
        (KeyError("k"), "KeyError", "k"),
        (SystemExit(1), "SystemExit", "1"),
        (KeyboardInterrupt(), "KeyboardInterrupt", ""),
        (GeneratorExit(), "GeneratorExit", ""),
        (Chatty("a", object()), "Chatty", "a"),
        (ValueError(10**5000), "ValueError", ""),
        (ValueError("x" * 10**6), "ValueError", "x" * 300),
    ],
)
def test_whatever_is_raised_is_recorded(error, kind, message):
    def function(numbers):
        raise error

    raised = result(function)["raised"]
    assert (raised["type"], raised["message"]) == (kind, message)
    assert raised["code"] == "raise error"
    assert "BaseException" in raised["bases"]


def test_the_line_is_the_students_and_not_the_librarys():
    def function(numbers):
        return np.linalg.inv(np.zeros((2, 2)))

    raised = result(function)["raised"]
    assert raised["code"] == "return np.linalg.inv(np.zeros((2, 2)))"
    assert raised["type"] == "LinAlgError"
    assert "ValueError" in raised["bases"]


def test_endless_recursion_is_recorded():
    def function(numbers):
        return function(numbers)

    assert result(function)["raised"]["type"] == "RecursionError"


def test_a_wrong_number_of_arguments_is_recorded():
    assert result(lambda: 1)["raised"]["type"] == "TypeError"


def test_an_answer_that_is_no_function_is_encoded_as_it_stands():
    assert collect(ONE_INPUT, 3.5) == {"answer": 3.5}
    assert collect({"id": "v", "kind": "value"}, float) == {"answer": {"object": "type"}}


def test_a_foreign_result_is_named_and_not_asked():
    class Equal:
        def __eq__(self, other):
            raise AssertionError("asked")

        __array__ = __float__ = __len__ = __iter__ = __repr__ = __eq__

    assert result(lambda numbers: Equal()) == {"value": {"object": "Equal"}}
    assert result(lambda numbers: (x for x in numbers)) == {"value": {"object": "generator"}}
