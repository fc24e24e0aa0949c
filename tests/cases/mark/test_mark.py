"""Is each answer marked as it should be, and whatever comes marked at all?"""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cases import CaseFile, Mistake, Score, Value, collect, mark_reply, questions_of
from tests.cases.sample_tasks import NLL, TASKS, by_product, mean_nll

HIDDEN = CaseFile.of("99_test", TASKS, 7, public=False).tasks
PUBLIC = CaseFile.of("99_test", TASKS, 7, public=True).tasks
NO_NUMBER = object()


def marked(entries, task, answer, source=None):
    return mark_reply(entries[task], collect(questions_of(entries[task]), answer), source=source)


def sentence(score):
    (finding,) = score.findings
    return finding.sentence


@pytest.mark.parametrize(
    "answer",
    [
        math.exp(2.1),
        8.17,
        8.166,
        np.float64(8.166),
        np.float32(8.166),
        np.array(8.166),
        np.array([8.166]),
        sympy.exp(sympy.Rational(21, 10)),
        sympy.Float(8.166),
    ],
)
def test_a_right_number_earns_its_points_in_any_form(answer):
    assert marked(HIDDEN, "ppl", answer) == 2.0
    assert marked(PUBLIC, "ppl", answer) == 2.0


@pytest.mark.parametrize("entries", [HIDDEN, PUBLIC], ids=["hidden", "public"])
@pytest.mark.parametrize("mistake", [m for t in TASKS[:2] for m in t.mistakes], ids=lambda m: m.code)
def test_a_known_wrong_number_is_named(entries, mistake):
    task = "gradient" if mistake.code == "flipped-sign" else "ppl"
    score = marked(entries, task, mistake.answer)
    assert score == 0.0
    assert score.mistakes == (mistake.code,)
    assert sentence(score) == mistake.says


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "You have not answered yet."),
        (math.nan, "It is NaN; look for"),
        (math.inf, "It is infinite where a finite number is expected."),
        (8.17j, "It is a complex number"),
        ("8.17", "It is a text (leave the quotes out); a number is expected."),
        (True, "It is True, a truth value; a number is expected."),
        ([8.17, 1.0], "It holds 2 numbers; one number is expected."),
        (NO_NUMBER, "It is an object of type object; a number is expected."),
        (10**400, "It is an integer of more than 300 digits; a number is expected."),
        (0.5, "It is outside the range that makes sense here, 1 to 1000."),
        (sympy.Symbol("x"), "It is"),
    ],
)
@pytest.mark.parametrize("entries", [HIDDEN, PUBLIC], ids=["hidden", "public"])
def test_what_is_no_answer_is_told_in_its_own_words(entries, answer, told):
    score = marked(entries, "ppl", answer)
    assert score == 0.0
    assert sentence(score).startswith(told)


def test_an_answer_of_zero_is_an_answer():
    task = Value("zero", 1, 0.0, [Mistake("one", "That is log e.", 1.0)], (-1, 1), atol=1e-3)
    entries = CaseFile.of("99_test", [task], 7, public=False).tasks
    assert marked(entries, "zero", 0.0) == 1.0
    assert marked(entries, "zero", 0.5) == 0.0


def test_a_nearly_right_number_is_told_to_carry_more_digits():
    assert "carry more digits" in sentence(marked(HIDDEN, "ppl", 8.2))


def test_an_unknown_wrong_number_in_range_is_taken_down_in_public_and_wrong_when_hidden():
    score = marked(PUBLIC, "ppl", 77.0)
    assert score == 2.0
    assert score.provisional
    assert "it is marked at grading" in score.note
    assert marked(HIDDEN, "ppl", 77.0) == 0.0


def test_a_list_of_numbers_may_come_as_list_tuple_or_array():
    for answer in ([0.5, -0.5], (0.5, -0.5), np.array([0.5, -0.5])):
        assert marked(HIDDEN, "gradient", answer) == 1.0
    assert "It holds 3 numbers; 2 numbers are expected" in sentence(
        marked(HIDDEN, "gradient", [0.5, -0.5, 0.0])
    )


@pytest.mark.parametrize(
    "answer", ["b", "B", " b ", "(b)", "b.", "b:", "[b]", ("b",), "b · e", "e", "option b"]
)
def test_the_right_option_earns_its_point(answer):
    assert marked(HIDDEN, "base", answer) == 1.0
    assert marked(PUBLIC, "base", answer).provisional


def test_a_wrong_option_is_named_and_an_impossible_one_refused():
    assert marked(HIDDEN, "base", "a").mistakes == ("bits",)
    assert marked(HIDDEN, "base", "c").mistakes == ()
    for answer in ("d", "", 1, ["a", "b"], True, "a or b", "not b"):
        for entries in (HIDDEN, PUBLIC):
            assert marked(entries, "base", answer) == 0.0
            assert "Answer with the letter of one option" in sentence(marked(entries, "base", answer))
    assert sentence(marked(HIDDEN, "base", "a or b")).startswith("Name one option only.")


def test_free_text_waits_for_a_person():
    score = mark_reply(HIDDEN["why"], None)
    assert (score, score.max_points, score.needs_review) == (0.0, 2.0, True)


def test_public_cases_of_a_value_and_of_a_choice_do_not_hold_the_answer():
    assert "expected" not in PUBLIC["ppl"]
    assert set(PUBLIC["base"]) == {"id", "kind", "points", "public", "options", "texts"}
    assert repr(math.exp(2.1)) not in repr(PUBLIC)


def test_questions_hold_inputs_only():
    assert set(questions_of(HIDDEN["ppl"])) == {"id", "kind"}
    assert questions_of(HIDDEN["mean-nll"])["inputs"] == [c["args"] for c in HIDDEN["mean-nll"]["cases"]]
    assert set(questions_of(HIDDEN["mean-nll"])) <= {"id", "kind", "inputs", "forbidden"}


def test_a_right_function_earns_its_points_in_other_forms():
    for function in (
        mean_nll,
        lambda p: sum(-math.log(x) for x in p) / len(p),
        lambda p: np.array(-np.log(p).mean()),
        lambda p: float(-np.mean(np.log2(p)) * np.log(2)),
        lambda p: [mean_nll(p)],
        lambda p: sympy.Float(mean_nll(p)) + sympy.log(1),
        lambda p: -sympy.log(sympy.Mul(*map(sympy.Float, p.tolist()))) / len(p),
    ):
        for entries in (HIDDEN, PUBLIC):
            assert marked(entries, "mean-nll", function) == 3.0


def test_every_known_wrong_function_loses_marks_and_is_named():
    for mistake in NLL.mistakes:
        for entries in (HIDDEN, PUBLIC):
            score = marked(entries, "mean-nll", mistake.answer)
            assert score < 3.0
            assert score.mistakes == (mistake.code,)


def test_a_function_earns_the_share_of_its_labels():
    score = marked(HIDDEN, "mean-nll", by_product)
    assert score == 2.0
    assert [f.ok for f in score.findings] == [True, True, False]
    assert [f.label for f in score.findings] == ["one token", "several tokens", "tiny probabilities"]


def test_a_function_that_is_nan_everywhere_is_not_taken_for_one_that_overflows():
    score = marked(HIDDEN, "mean-nll", lambda p: math.nan)
    assert score == 0.0
    assert score.mistakes == ()


def test_two_mistakes_at_once_are_both_named():
    score = marked(HIDDEN, "mean-nll", lambda p: -np.log2(p).mean() if p[0] < 1e-200 else -np.log(p).sum())
    assert set(score.mistakes) == {"base-2", "sum-for-mean"}


def test_an_infinity_is_no_second_mistake():
    score = marked(HIDDEN, "mean-nll", lambda p: by_product(p) if p[0] < 1e-200 else -np.log(p).sum())
    assert score.mistakes == ()


def raises_on_tiny(error):
    def function(probs):
        if probs[0] < 1e-200:
            raise error
        return mean_nll(probs)

    return function


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("p is 1.5e-295"), "It raises ValueError in line"),
        (ZeroDivisionError("division by zero"), "It raises ZeroDivisionError in line"),
        (SystemExit(0), "The function calls exit"),
        (NotImplementedError(), "This part is not answered yet"),
        (RecursionError(), "Python's limit of about 1,000 calls inside each other was reached"),
        (type("Leak15e295", (Exception,), {})("1.5e-295"), "It raises Exception in line"),
    ],
)
def test_an_exception_costs_its_label_and_carries_no_hidden_input_out(error, told):
    score = marked(HIDDEN, "mean-nll", raises_on_tiny(error), Path(__file__).read_text())
    assert score == 2.0
    assert score.findings[2].sentence.startswith(told)
    assert "e-295" not in score.html()
    assert "Leak" not in score.html()


def test_a_line_that_is_no_line_of_the_notebook_is_not_told():
    raised = {"type": "ValueError", "bases": ["ValueError"], "message": "", "line": 15295, "code": "raise"}
    results = [{"raised": raised}] * len(HIDDEN["mean-nll"]["cases"])
    for line, source, told in (
        (15295, "x = 1", False),
        (2, "x = 1\n raise", True),
        (2, "raise\nx = 1", False),
    ):
        reply = {"results": [{"raised": raised | {"line": line}} for _ in results]}
        assert ("in line " in mark_reply(HIDDEN["mean-nll"], reply, source=source).html()) == told


@pytest.mark.parametrize(
    "answer", [lambda p: np.zeros((2, int(p[0] * 1e4))), lambda p: [0.0] * 1234, lambda p: [[], [0] * 1234]]
)
def test_a_shape_that_is_none_of_the_cases_is_not_told(answer):
    score = marked(HIDDEN, "mean-nll", answer)
    assert "another" in score.text() and not re.search(r"\d{3}", score.text())
    assert "(2, 1234)" in marked(PUBLIC, "mean-nll", lambda p: np.zeros((2, 1234))).text()


def test_a_forged_record_of_an_exception_carries_no_hidden_input_out():
    forged = {
        "type": "p0.25",
        "bases": ["p0.25", ["x"], None],
        "message": "p0.25",
        "line": "p0.25",
        "code": "p0.25",
    }
    score = mark_reply(HIDDEN["mean-nll"], {"results": [{"raised": forged}] * 4})
    assert score == 0.0
    assert "p0.25" not in score.html()


def test_a_types_name_a_warning_or_a_key_carries_no_hidden_input_out():
    import warnings

    def by_type(probs):
        return type(f"p{probs[0]}", (), {})()

    def by_warning(probs):
        warnings.warn(f"overflow encountered in p{probs[0]}", RuntimeWarning, stacklevel=1)
        return math.inf

    def by_key(probs):
        return {f"p{probs[0]}": 1.0}

    secrets = [str(case["args"][0]["array"][0]) for case in HIDDEN["mean-nll"]["cases"]]
    for function in (by_type, by_warning, by_key):
        told = marked(HIDDEN, "mean-nll", function).html()
        assert not any(secret in told for secret in secrets)
    assert "NumPy warned of an overflow." in marked(HIDDEN, "mean-nll", by_warning).html()
    assert "an object of type generator" in marked(HIDDEN, "mean-nll", lambda p: (x for x in p)).html()


def test_on_public_inputs_the_message_and_the_line_are_told():
    text = marked(PUBLIC, "mean-nll", raises_on_tiny(ValueError("p is 1.5e-295"))).findings[2].sentence
    assert "ValueError" in text
    assert "p is 1.5e-295" in text
    assert "raise error" in text


def test_an_interrupt_ends_the_calls_and_the_rest_was_not_run():
    def endless(probs):
        if len(probs) > 1:
            raise KeyboardInterrupt
        return mean_nll(probs)

    score = marked(HIDDEN, "mean-nll", endless)
    assert score == 1.0
    assert "It was interrupted" in score.findings[1].sentence
    assert "It was not run" in score.findings[2].sentence


def test_the_stub_has_not_answered():
    def stub(probs):
        raise NotImplementedError

    for answer in (stub, None):
        assert sentence(marked(HIDDEN, "mean-nll", answer)) == "You have not answered yet."


def test_no_function_where_one_is_expected_says_so():
    assert "Your answer is a number; a function is expected" in sentence(marked(HIDDEN, "mean-nll", 2.0))


def test_a_change_of_the_argument_is_told_and_costs_nothing():
    def in_place(probs):
        np.log(probs, out=probs)
        return -probs.mean()

    score = marked(HIDDEN, "mean-nll", in_place)
    assert score == 3.0
    assert "changes its argument" in score.findings[0].sentence


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda p: None, "is a `return` missing?"),
        (lambda p: [mean_nll(p)] * 2, "It holds 2 numbers; one number is expected."),
        (lambda p: map(float, p), "put list(...) around it"),
        (lambda p: mean_nll, "were the brackets of a call left out?"),
        (lambda p: sympy.Symbol("x"), "It is a symbolic expression that is no number; a number is expected."),
        (lambda p: 0.0, "It is 0."),
        (lambda p: mean_nll(p) + 1j, "a complex number"),
        (lambda p: str(mean_nll(p)), "It is a text"),
        (lambda p: 3 * mean_nll(p), "All numbers are off by the same factor."),
        (lambda p: mean_nll(p) * math.log(2), "nats and bits are mixed up"),
        (lambda p: mean_nll(p) / len(p), "a mean where a sum is asked for?"),
    ],
)
def test_an_unknown_wrong_function_is_told_what_is_off(function, told):
    score = marked(HIDDEN, "mean-nll", function)
    assert score < 3.0
    assert told in " ".join(f.sentence for f in score.findings)
    assert score.mistakes == ()


def test_what_all_wrong_results_have_in_common_is_told_under_each_label():
    score = marked(HIDDEN, "mean-nll", lambda p: 3 * mean_nll(p))
    assert {f.sentence for f in score.findings} == {
        "It is not the right number. All numbers are off by the same factor."
    }


def test_python_s_own_words_are_told_on_hidden_inputs_too():
    score = marked(HIDDEN, "mean-nll", raises_on_tiny(ValueError("math domain error")))
    assert score.findings[2].sentence.endswith(": math domain error.")


def test_a_wrong_number_that_nobody_knows_gets_a_next_step():
    score = marked(HIDDEN, "mean-nll", lambda p: mean_nll(p) ** 2)
    assert "make a small input of your own for “one token”" in score.note
    for known in (NLL.mistakes[0].answer, lambda p: 3 * mean_nll(p), mean_nll):
        assert marked(HIDDEN, "mean-nll", known).note == ""
    assert marked(PUBLIC, "mean-nll", lambda p: mean_nll(p) ** 2).note == ""


def test_on_hidden_inputs_no_number_is_told():
    import re

    score = marked(HIDDEN, "mean-nll", lambda p: mean_nll(p) + p[0])
    assert not any(re.search(r"\d\.\d", f.sentence) for f in score.findings)
    assert "expected is" in marked(PUBLIC, "mean-nll", lambda p: mean_nll(p) + p[0]).findings[0].sentence


def test_a_forbidden_use_in_the_source_costs_the_task():
    entry = HIDDEN["mean-nll"]
    reply = collect(questions_of(entry), mean_nll)
    source = "import torch.nn.functional as F\ndef mean_nll(p): return F.cross_entropy(p)"
    score = mark_reply(entry, reply, source=source)
    assert score == 0.0
    assert score.mistakes == ("forbidden",)
    assert mark_reply(entry, reply, source="def mean_nll(p): return -np.log(p).mean()") == 3.0


replies = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(
                "answer results value raised type bases line message warnings mutated expr derivation array".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
shaped = st.fixed_dictionaries(
    {"results": st.lists(replies, min_size=4, max_size=4)}
) | st.fixed_dictionaries({"answer": replies})


@given(replies | shaped)
@settings(deadline=None, max_examples=300)
def test_any_reply_gets_a_score_and_a_wrong_one_none(reply):
    for task, entry in HIDDEN.items():
        score = mark_reply(entry, reply)
        assert isinstance(score, Score)
        assert 0.0 <= score <= score.max_points
        assert score.html()
        if task == "mean-nll":
            assert score == 0.0
            assert not score.needs_review


@pytest.mark.parametrize("reply", [None, [], "x", {}, {"answers": 1}, {"results": None}, {"results": []}])
def test_silence_is_zero(reply):
    for task in ("ppl", "base", "mean-nll"):
        assert mark_reply(HIDDEN[task], reply) == 0.0


def test_a_reply_from_elsewhere_is_no_answer():
    assert mark_reply(HIDDEN["mean-nll"], {"results": [{"value": 1.0}]}) == 0.0
    assert mark_reply(HIDDEN["mean-nll"], {"answer": 1.0}) == 0.0
    assert mark_reply(HIDDEN["ppl"], {"results": [{"value": math.exp(2.1)}]}) == 0.0
