"""What is written in an order stays in it, and text is never read as mathematics."""

import doctest
from collections.abc import Callable

import pytest
from sympy import Add, Mul, Pow, log

from grader.algebra import AlgebraError, over, plus, real, times, unevaluated

a, b = real("a"), real("b")


@pytest.mark.parametrize(
    ("built", "args"),
    [
        (plus(b, a, -b), (b, a, -b)),
        (plus(1, a), (1, a)),
        (times(b, a, b), (b, a, b)),
        (times(-1, plus(a, -b)), (-1, Add(a, -b, evaluate=False))),
        (over(a, a), (a, Pow(a, -1, evaluate=False))),
        (over(1, log(2)), (1, Pow(log(2), -1, evaluate=False))),
    ],
)
def test_the_parts_stand_as_they_were_given(built: Add | Mul, args: tuple[object, ...]) -> None:
    assert built.args == args


@pytest.mark.parametrize("build", [plus, times, over])
def test_text_is_refused_and_not_run(
    build: Callable[..., object], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AlgebraError, match="never from text"):
        build("print('run')", a)
    assert capsys.readouterr().out == ""


def test_the_examples_hold() -> None:
    result = doctest.testmod(unevaluated)
    assert result.attempted > 0 and result.failed == 0
