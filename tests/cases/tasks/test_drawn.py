"""Are drawn numbers a function of task and seed, and is a draw that makes no good question told with both?"""

import ast
import math

import numpy as np
import pytest

from grader.cases import CaseError, Choice, Drawn, FreeText, Mistake, Value, rng_for, settled


def perplexity_of(loss):
    mistakes = [Mistake("base-2", "Two is the base for bits.", 2**loss)]
    return Value("ppl", 1, math.exp(loss), mistakes, within=(0.5, 100), unit="")


def draw_loss(rng):
    return {"loss": int(rng.integers(10, 40)) / 10}


PPL = Drawn("ppl", draw_loss, perplexity_of)


def of_one(value):
    """A task that draws this as its only number."""
    return Drawn("ppl", lambda rng: {"loss": value}, lambda loss: perplexity_of(2.0))


def test_the_numbers_are_a_function_of_the_seed_and_the_answer_one_of_the_numbers():
    answers = set()
    for seed in range(20):
        task = PPL.settled(seed)
        assert task == PPL.settled(seed)
        assert task.answer == math.exp(task.numbers["loss"])
        answers.add(task.answer)
    assert len(answers) > 10


def test_two_tasks_draw_apart_and_apart_from_cases():
    other = Drawn("other", draw_loss, lambda loss: Value("other", 1, loss, PPL.settled(0).mistakes, (0, 50)))
    assert [PPL.settled(s).numbers for s in range(9)] != [other.settled(s).numbers for s in range(9)]
    cases = [draw_loss(rng_for(s, "ppl", public)) for public in (True, False) for s in range(9)]
    assert [PPL.settled(s).numbers for s in range(9)] not in (cases[:9], cases[9:])


@pytest.mark.parametrize("public", [True, False])
def test_the_cases_hold_the_numbers_by_which_they_were_made(public):
    task = PPL.settled(3)
    assert task.cases(rng_for(0, "ppl", public), public)["numbers"] == task.numbers
    undrawn = perplexity_of(2.0)
    assert "numbers" not in undrawn.cases(rng_for(0, "ppl", public), public)


def test_a_task_that_draws_nothing_stays_as_it_is():
    text = FreeText("why", 1, [(1, "says why")])
    assert settled([text, PPL], 4) == (text, PPL.settled(4))


def test_numbers_may_be_lists_and_come_out_as_python_writes_them():
    def draw(rng):
        return {"table": np.array([[0.25, 0.75], [0.5, 0.5]]), "token": np.int64(3)}

    task = Drawn("ppl", draw, lambda table, token: perplexity_of(2.0)).settled(0)
    assert repr(task.numbers) == "{'table': [[0.25, 0.75], [0.5, 0.5]], 'token': 3}"
    assert ast.literal_eval(repr(task.numbers)) == task.numbers


UNPLEASANT = {
    "an answer out of its range": (lambda rng: {"loss": 8.0}, r"loss = 8\.0: .*outside its range"),
    "a mistake that gives the answer": (lambda rng: {"loss": 0.0}, "gives the right answer"),
    "too many digits": (
        lambda rng: {"loss": 0.1 + 0.2},
        "0.30000000000000004, which is too long to be typed",
    ),
    "no number": (lambda rng: {"loss": "two"}, "'two', which is no finite number"),
    "infinity": (lambda rng: {"loss": [1.0, math.inf]}, "inf, which is no finite number"),
    "a truth value": (lambda rng: {"loss": True}, "True, which is no finite number"),
    "no name": (lambda rng: {"the loss": 2.0}, "'the loss' is no name"),
    "nothing": (lambda rng: {}, "no numbers by name"),
    "a number without a name": (lambda rng: 2.1, "no numbers by name"),
    "another name than the question's": (lambda rng: {"nll": 2.1}, "TypeError"),
    "a draw that raises": (lambda rng: {"loss": 1 / 0}, "drawing them raises ZeroDivisionError"),
    "a question that raises": (lambda rng: {"loss": 1000}, "OverflowError"),
}


@pytest.mark.parametrize("name", UNPLEASANT)
def test_a_draw_that_makes_no_good_question_is_told_with_task_and_seed(name):
    draw, says = UNPLEASANT[name]
    with pytest.raises(CaseError, match=f"task ppl, numbers of seed 17.*{says}"):
        Drawn("ppl", draw, perplexity_of).settled(17)


def test_two_mistakes_that_these_numbers_make_equal_are_told():
    def question(x):
        mistakes = [Mistake("doubled", "You doubled it.", 2 * x), Mistake("squared", "You squared it.", x**2)]
        return Value("half", 1, x / 2, mistakes, within=(-10, 90))

    assert Drawn("half", lambda rng: {"x": 3}, question).settled(0).answer == 1.5
    with pytest.raises(
        CaseError, match=r"task half, numbers of seed 0, x = 2: .*doubled and squared give the same"
    ):
        Drawn("half", lambda rng: {"x": 2}, question).settled(0)


def test_a_choice_may_be_drawn_and_must_have_its_option():
    def question(x):
        options = {"a": "odd", "b": "even"}
        return Choice("parity", 1, options, "ba"[x % 2], [Mistake("other", "Look again.", "ab"[x % 2])])

    assert {Drawn("parity", lambda rng, x=x: {"x": x}, question).settled(0).answer for x in (3, 4)} == {
        "a",
        "b",
    }
    with pytest.raises(CaseError, match="no wrong option"):
        Drawn(
            "parity",
            lambda rng: {"x": 1},
            lambda x: Choice("parity", 1, {"a": "odd", "b": "even"}, "a", [Mistake("m", "No.", "a")]),
        ).settled(0)


def test_what_is_made_must_be_the_task_that_was_drawn():
    with pytest.raises(CaseError, match="another task, ppl"):
        Drawn("other", draw_loss, perplexity_of).settled(0)


def test_two_tasks_may_not_draw_numbers_of_one_name():
    other = Drawn("other", draw_loss, lambda loss: FreeText("other", 1, [(1, "yes")]))
    with pytest.raises(CaseError, match="task other: ppl draws a number 'loss', too"):
        settled([PPL, other], 0)


@pytest.mark.parametrize("value", [3, 2.35, 1e-05, -1234.5, 0, [0.1, 2], [[1, 2], [3, 4]]])
def test_a_short_number_of_any_size_can_be_asked(value):
    assert of_one(value).settled(0).numbers == {"loss": value}
