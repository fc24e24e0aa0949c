"""Is a check cell read as the one call it must be, and does the digest see every change?"""

from dataclasses import replace

import pytest

from grader.judge import JudgeError
from grader.judge.exercise import ReleasedSet, read_check


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('check("ppl", ppl)', ("ppl", "ppl")),
        ("check('ppl', ppl)  # your answer", ("ppl", "ppl")),
        ('\ncheck(\n    "ppl",\n    -math.log(p)\n)\n', ("ppl", "-math.log(p)")),
    ],
)
def test_a_check_is_read(source: str, expected: tuple[str, str]) -> None:
    assert read_check(source) == expected


@pytest.mark.parametrize(
    "source",
    ["", "check()", 'check("a")', 'check("a", b, c)', 'check("a", answer=b)', "check(a, b)", 'x.check("a", b)',
     'x = check("a", b)', 'check("a", b); 1', "check('a', *b)", "check('a' b)", "1"],
)  # fmt: skip
def test_anything_else_is_refused_and_echoed(source: str) -> None:
    with pytest.raises(JudgeError, match="one call"):
        read_check(source)


def test_the_digest_changes_with_cases_notebook_and_files(exercise: ReleasedSet) -> None:
    others = [
        replace(exercise, entries={**exercise.entries, "ppl": {"points": 2}}),
        replace(exercise, notebook={"cells": []}),
        replace(exercise, files={"cases.json": b"{}"}),
        replace(exercise, name="02_small"),
    ]
    digests = {item.digest for item in (exercise, *others)}
    assert len(digests) == 5
