"""Is a language model marked by its distance to the source, and told clearly when its rows are no distributions?"""

import dataclasses
import json
import re
import sys
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from grader.cases import CaseError, CaseFile, Example, Mistake, collect, mark_reply, questions_of, verify
from grader.cases.tasks.model import SUM_TOLERANCE, drawn
from tests.cases.sample_model import LETTERS, TABLE, V, bigram, conditionals

HIDDEN = CaseFile.of("99_test", [LETTERS], 7, public=False).tasks["letters"]
PUBLIC = CaseFile.of("99_test", [LETTERS], 7, public=True).tasks["letters"]
BOTH = pytest.mark.parametrize("entry", [HIDDEN, PUBLIC], ids=["hidden", "public"])


def scored(model, entry=HIDDEN):
    reply = collect(questions_of(entry), model)
    json.dumps(reply, allow_nan=False)
    return mark_reply(entry, reply)


def mixed(share, other):
    return lambda contexts: (1 - share) * conditionals(contexts) + share * other(contexts)


def said(score):
    return " ".join(filter(None, [score.note, *(f.sentence for f in score.findings)]))


def test_the_sample_model_can_be_marked():
    for seed in range(3):
        verify(LETTERS, seed)


@BOTH
def test_the_source_itself_earns_all_and_the_baseline_nothing(entry):
    assert scored(conditionals, entry).full
    assert scored(bigram, entry) == 0


@given(share=st.floats(0.01, 0.99), seed=st.integers(0, 2**32 - 1))
def test_points_are_linear_in_the_kl_that_scipy_computes(share, seed):
    noise = np.random.default_rng(seed).dirichlet(np.ones(V), size=(V, V))
    model = mixed(
        share, lambda cs: np.array([noise[tuple(c[-2:])] if len(c) > 1 else np.full(V, 1 / V) for c in cs])
    )
    contexts = [c for case in HIDDEN["cases"] for c in case["args"][0]]
    p = conditionals(contexts)
    kl, worst = (float(np.mean(entropy(p, q(contexts), axis=1))) for q in (model, bigram))
    expected = 6 * np.clip((worst - kl) / (worst - LETTERS.enough), 0, 1)
    score = scored(model)
    assert score == pytest.approx(expected, abs=1e-5)
    if not score.mistakes:
        assert f"KL to the source: {kl:.3f} nats per token" in said(score)


@pytest.mark.parametrize("share", [0.6, 0.9, 0.97])
def test_a_model_that_is_named_a_mistake_keeps_what_it_earned(share):
    contexts = [c for case in HIDDEN["cases"] for c in case["args"][0]]
    kl, worst = (
        float(np.mean(entropy(conditionals(contexts), q(contexts), axis=1)))
        for q in (mixed(share, bigram), bigram)
    )
    score = scored(mixed(share, bigram))
    assert score == pytest.approx(6 * (worst - kl) / (worst - LETTERS.enough), abs=1e-5) and 0 < score < 6
    assert bool(score.mistakes) is (share > 0.8)


def test_a_loss_above_that_of_knowing_nothing_is_told():
    def random_rows(contexts):
        return np.random.default_rng(1).dirichlet(np.full(V, 0.3), size=len(contexts)) * 0.99 + 0.01 / V

    assert "would cost less" in said(scored(random_rows)) and "would cost less" not in said(scored(bigram))


def test_a_zero_that_was_not_met_is_warned_of_and_costs_all_when_it_can_come():
    def rare_zero(contexts):
        rows = conditionals(contexts)
        place = rows[0].argmin()
        if contexts and not contexts[0]:
            taken = [case for case in PUBLIC["cases"] if case["label"] == "no token"][0]["next"]
            place = next(token for token in range(V) if token not in taken)
            rows[0] = np.where(np.arange(V) == place, 0.0, rows[0])
            rows[0] /= rows[0].sum()
        return rows

    assert "Some probabilities are exactly 0" in said(scored(rare_zero, PUBLIC))
    assert scored(rare_zero, PUBLIC) > 0 and scored(rare_zero, HIDDEN) == 0


def test_the_loss_that_is_told_is_that_of_the_tokens_the_judge_drew():
    model = mixed(0.3, bigram)
    tokens = np.concatenate([case["next"] for case in HIDDEN["cases"]])
    rows = np.concatenate([model(case["args"][0]) for case in HIDDEN["cases"]])
    nll = -np.mean([np.log(row[token]) for row, token in zip(rows, tokens, strict=True)])
    assert f"NLL {nll:.3f} nats per token, perplexity {np.exp(nll):.3g}." in said(scored(model))


def scaled(factors):
    return lambda contexts: mixed(0.3, bigram)(contexts) * np.asarray(factors(len(contexts)))[:, None]


@pytest.mark.parametrize(
    "factors",
    [
        lambda n: np.full(n, 1 + 0.999 * SUM_TOLERANCE),
        lambda n: np.full(n, 1 - 0.999 * SUM_TOLERANCE),
        lambda n: np.linspace(1 - 0.999 * SUM_TOLERANCE, 1 + 0.999 * SUM_TOLERANCE, n),
    ],
    ids=["above 1", "below 1", "some of each"],
)
@BOTH
def test_a_row_that_sums_to_a_little_over_1_gains_nothing(entry, factors):
    as_it_is, more = scored(mixed(0.3, bigram), entry), scored(scaled(factors), entry)
    assert 0 < as_it_is < 6
    assert float(more) == float(as_it_is) and said(more) == said(as_it_is)


def test_rows_that_are_further_off_are_told_with_their_sums():
    def off_in_two(by):
        return scaled(lambda n: np.where(np.arange(n) < 2, 1 + by, 1))

    told = said(scored(scaled(lambda n: np.full(n, 1 + 1.01 * SUM_TOLERANCE))))
    assert "divide each row by its sum. Here the sums are 1.0001." in told
    assert "Here 2 of 200 rows are off, with sums of 1.00015." in said(scored(off_in_two(1.5e-4)))
    assert "Here 2 of 200 rows are off, with sums of 0.99." in said(scored(off_in_two(-0.01)))


def test_points_fall_as_the_kl_rises():
    scores = [
        float(scored(mixed(t, lambda cs: np.full((len(cs), V), 1 / V)))) for t in np.linspace(0, 0.9, 10)
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 6 and 0 < scores[3] < 6


def test_the_public_estimate_is_near_the_kl():
    told = {}
    for entry in (PUBLIC, HIDDEN):
        words = said(scored(mixed(0.4, bigram), entry))
        told[entry["public"]] = float(re.search(r"KL to the source: (?:about )?([\d.]+)", words)[1])
    assert told[True] == pytest.approx(told[False], abs=0.05)  # 323 tokens: a standard error of about 0.02


def test_the_students_process_gets_contexts_and_nothing_to_compare_with():
    questions = questions_of(HIDDEN)
    assert set(questions) == {"id", "kind", "inputs", "seconds"}
    assert questions["inputs"] == [case["args"] for case in HIDDEN["cases"]]


def test_public_cases_hold_no_row_of_the_source():
    numbers = re.findall(r"\d\.\d+", json.dumps(PUBLIC))
    rows = {f"{p:.6f}" for p in TABLE.ravel()} | {f"{-np.log(p):.6f}" for p in TABLE.ravel()}
    assert not rows & {f"{float(n):.6f}" for n in numbers}
    # three numbers a label, one for each label of a mistake, and the limits
    assert len(numbers) <= 3 * 3 + 2 * 3 + 5


def test_next_tokens_come_from_the_source():
    """Against the chi-squared statistic's own bound: 16 states, three degrees of freedom each."""
    rng = np.random.default_rng(0)
    rows = np.repeat(TABLE.reshape(-1, V), 4000, axis=0)
    counts = np.stack([np.bincount(t, minlength=V) for t in drawn(rows, rng).reshape(-1, 4000)])
    expected = 4000 * TABLE.reshape(-1, V)
    assert ((counts - expected) ** 2 / expected).sum() < 90  # of 48 degrees of freedom: p < 0.0003


def off(change):
    """Return a model whose rows are changed by `change(rows)`."""
    return lambda contexts: change(conditionals(contexts))


def at_first(value):
    def change(rows):
        rows[0, 0] = value
        return rows

    return off(change)


REFUSED = {
    "NaN": (at_first(np.nan), "NaN in 1 of"),
    "below 0": (off(lambda r: r + np.array([-1.0, 1.0, 0, 0])), "probabilities below 0"),
    "logits": (off(lambda r: np.log(r) + 2), "look like logits"),
    "log-probabilities": (off(np.log), "logarithms of probabilities"),
    "sums": (off(lambda r: 0.99 * r), "The rows don't sum to 1"),
    "one row": (lambda cs: np.full((len(cs), V), [0.1, 0.2, 0.3, 0.3]), "the sums are 0.9."),
    "infinite": (at_first(np.inf), "infinite"),
    "axis": (off(lambda r: r / r.sum(axis=0)), "Each column sums to 1"),
    "start symbol": (off(lambda r: np.pad(r, ((0, 0), (0, 1)))), "one number more than there are tokens"),
    "all positions": (off(lambda r: np.stack([r, r], axis=1)), "last position only"),
    "one row only": (off(lambda r: r[0]), "many contexts at once"),
    "swapped": (off(lambda r: r.T.copy()), "Rows and columns are swapped"),
    "a number": (lambda contexts: 0.25, "Its shape is ()"),
    "None": (lambda contexts: None, "`return` missing"),
    "a text": (lambda contexts: "0.25", "It is a text"),
    "texts": (off(lambda r: r.astype(str).tolist()), "whose item 0 (counted from 0) is a text"),
    "ragged": (lambda contexts: [[1.0]] * (len(contexts) - 1) + [[0.5, 0.5]], "rows of different lengths"),
    "truth values": (off(lambda r: r > 0.2), "an array of truth values"),
    "complex": (off(lambda r: r + 1j), "complex"),
    "a generator": (lambda contexts: (row for row in conditionals(contexts)), "object of type generator"),
    "raises": (lambda contexts: contexts[0][0], "It raises IndexError"),
    "float16": (off(lambda r: (r * 1.003).astype(np.float16)), "too coarse"),
    "one-hot": (off(lambda r: np.eye(V)[r.argmax(axis=1)]), "all its probability on one token"),
    "zero": (off(lambda r: np.where(r > 0.2, r, 0) / np.where(r > 0.2, r, 0).sum(1, keepdims=True)), "infinite"),
    "copies": (lambda cs: np.array([0.98 * np.eye(V)[c[-1]] + 0.005 if c else [0.25] * V for c in cs]), "shift them"),
    "no context": (lambda contexts: np.full((len(contexts), V), [0.4, 0.3, 0.2, 0.1]), "the same distribution"),
    "late": (lambda contexts: conditionals([c[:-1] for c in contexts]), "It predicts the last token."),
    "too many numbers": (lambda contexts: np.zeros((500, 500)), "more than 200,000 numbers"),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_model_earns_nothing_and_is_told_why(entry, name):
    model, told = REFUSED[name]
    score = scored(model, entry)
    assert score == 0
    assert told in said(score)


@pytest.mark.parametrize("entry", [HIDDEN, PUBLIC], ids=["hidden", "public"])
@pytest.mark.parametrize("answer", [None, 0.25, "next_probs", conditionals([[]])])
def test_an_answer_that_is_no_function_earns_nothing(entry, answer):
    score = mark_reply(entry, collect(questions_of(entry), answer))
    assert score == 0 and ("a function is expected" in said(score) or "not answered" in said(score))


@BOTH
def test_the_stub_is_an_open_answer(entry):
    def stub(contexts):
        raise NotImplementedError("your code goes here")

    assert said(scored(stub, entry)) == "You have not answered yet."


@pytest.mark.parametrize(
    "form",
    [
        lambda rows: rows.tolist(),
        lambda rows: [tuple(row) for row in rows.tolist()],
        lambda rows: rows.astype(np.float32),
        lambda rows: rows * (1 + SUM_TOLERANCE / 2),
    ],
    ids=["lists", "tuples", "float32", "rounded"],
)
def test_other_forms_of_the_same_rows_earn_the_same(form):
    assert scored(off(form)).full


def test_a_tensor_that_autograd_follows_is_taken():
    torch = pytest.importorskip("torch")
    assert scored(off(lambda rows: torch.nn.Parameter(torch.from_numpy(rows)).float())).full


def test_rows_beyond_the_tolerance_are_not_mended():
    assert scored(off(lambda rows: rows * (1 + 2 * SUM_TOLERANCE))) == 0
    assert scored(off(lambda rows: rows * 1000)) == 0


def test_one_label_without_distributions_leaves_no_mean_to_mark():
    def fails_on_nothing(contexts):
        if not contexts[0]:
            raise ValueError("empty")
        return conditionals(contexts)

    score = scored(fails_on_nothing)
    assert score == 0 and "marked as a whole" in score.note
    assert [f.ok for f in score.findings] == [False, True, True]


def test_a_model_that_is_too_slow_is_told_the_seconds(monkeypatch):
    clock = iter([0.0, 0.1, 9.0, 9.1, 9.2])
    module = sys.modules["grader.cases.ask.collect"]  # the package has a function of this name
    monkeypatch.setattr(
        module, "time", types.SimpleNamespace(process_time=lambda: next(clock), monotonic=lambda: 0.0)
    )
    reply = collect(questions_of(HIDDEN), conditionals)
    assert ["value" in r for r in reply["results"]] == [True, False, False]
    score = mark_reply(HIDDEN, reply)
    assert score == 0 and "323 contexts may take 5 s at most" in said(score)


def test_an_interrupted_model_is_told_the_seconds():
    def endless(contexts):
        raise KeyboardInterrupt

    assert "5 s at most" in said(scored(endless))


def test_dropout_that_is_still_on_is_told():
    rng = np.random.default_rng(0)

    def unsteady(contexts):
        rows = conditionals(contexts) * rng.uniform(0.9, 1.1, size=(len(contexts), V))
        return rows / rows.sum(axis=1, keepdims=True)

    assert "is dropout still on" in said(scored(unsteady))
    assert "is dropout still on" not in said(scored(conditionals))


def test_a_model_that_changes_its_contexts_is_told_and_loses_nothing():
    def clears(contexts):
        rows = conditionals(contexts)
        contexts.clear()
        return rows

    assert scored(clears).full and "changes its argument" in said(scored(clears))


def test_a_loss_below_that_of_the_source_is_no_models():
    def learnt(contexts):
        case = next(c for c in PUBLIC["cases"] if c["args"][0] == contexts)
        return 0.01 / V + 0.99 * np.eye(V)[case["next"]]

    score = scored(learnt, PUBLIC)
    assert score == 0 and "no model can know more than the source" in said(score)


def test_no_row_can_be_traded_for_another():
    """Honest rows for the easy contexts and nothing for the others never beat honest rows for all."""
    for label in ("no token", "a few tokens", "many tokens"):
        place = [c["label"] for c in HIDDEN["cases"]].index(label)

        def withheld(contexts, place=place):
            rows = mixed(0.3, bigram)(contexts)
            return rows * np.nan if contexts == HIDDEN["cases"][place]["args"][0] else rows

        assert scored(withheld) <= scored(mixed(0.3, bigram))


def changed(**fields):
    return dataclasses.replace(LETTERS, **fields)


BROKEN = {
    "no room": (changed(enough=0.3), "there must be room between"),
    "enough of nothing": (changed(enough=0.0), "there must be room between"),
    "no contexts": (changed(draw=lambda rng: [Example("none", [])]), "its contexts are none"),
    "foreign tokens": (changed(draw=lambda rng: [Example("far", [[V]])]), "tokens outside of 0 to 3"),
    "no examples": (changed(draw=lambda rng: []), "draw returned no example"),
    "impossible tokens": (changed(source=lambda cs: np.eye(V)[[0] * len(cs)]), "is no distribution"),
    "a wrong shape": (changed(baseline=lambda cs: np.full((len(cs), 3), 1 / 3)), "rows of shape (3, 3)"),
    "a mistake that is right": (changed(mistakes=[Mistake("same", "It is.", conditionals)]), "same"),
    "a code twice": (changed(mistakes=[Mistake("one-hot", "It is.", bigram)]), "one-hot is there twice"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_model_task_that_cant_be_marked_is_refused(name):
    task, told = BROKEN[name]
    with pytest.raises(CaseError, match=r"letters") as caught:
        verify(task, 7)
    assert told in str(caught.value)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["value", "raised", "array", "shape", "dtype", "type", "late"]), inner
        )
    ),
    max_leaves=12,
)


@given(results=st.lists(JUNK, min_size=3, max_size=3), late=JUNK)
def test_no_reply_whatever_raises_or_earns(results, late):
    score = mark_reply(HIDDEN, {"results": results, "late": late})
    assert score == 0 and not score.needs_review
