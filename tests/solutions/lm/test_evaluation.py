"""Are a model's loss, its KL to a source and its calibration what they are known to be for known models?"""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from solutions.lm import LMError, evaluation  # noqa: E402
from solutions.lm.sources import HiddenMarkovSource, MarkovSource  # noqa: E402
from tests.solutions.lm.known_models import BigramModel, SourceModel  # noqa: E402  (after the skip)

SOURCE = MarkovSource.random(2, 4, seed=3)
HIDDEN = HiddenMarkovSource([[0.9, 0.1], [0.2, 0.8]], [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])


def slow_nlls(tokens, window, score_first):
    """−log p of every scored token of a split, from a prefix built for that token alone."""
    losses, first = {}, 0
    while first < len(tokens):
        read = 0 if score_first else 1
        for place in range(first + read, min(first + read + window, len(tokens))):
            prefix = torch.tensor([tokens[first:place]], dtype=torch.int64)
            losses[place] = -math.log(SOURCE.next_probs(prefix)[0, -1, tokens[place]])
        first += window
    return losses


@pytest.mark.parametrize("length", [1, 2, 7, 15, 16, 17, 40, 61])
@pytest.mark.parametrize(("window", "score_first"), [(None, True), (5, True), (None, False), (5, False)])
def test_each_token_of_a_split_is_scored_once(length, window, score_first):
    model, tokens = SourceModel(SOURCE), SOURCE.sample(1, length, 0)[0]
    if length == 1 and not score_first:
        with pytest.raises(LMError, match="no token to score"):
            evaluation.nll(model, tokens, window=window, score_first=False)
        return
    loss = evaluation.nll(model, tokens, window=window, score_first=score_first, batch=2)
    fits = 16 if score_first else 15
    slow = slow_nlls(tokens.tolist(), window or fits, score_first)
    assert sorted(slow) == list(range(0 if score_first else 1, length))
    assert loss.tokens == len(slow)
    assert loss.nll == pytest.approx(np.mean(list(slow.values())), rel=1e-10)


def test_windows_that_are_read_before_they_are_scored_see_what_the_usual_evaluation_shows():
    model, tokens = SourceModel(SOURCE, context=6), SOURCE.sample(1, 12, 0)[0]
    evaluation.nll(model, tokens, score_first=False, window=5)
    fed = [row.tolist() for rows in model.fed for row in rows]
    start, x = [SOURCE.vocabulary], tokens.tolist()
    assert fed == [start + x[0:5], start + x[5:10], start + x[10:11]]


def test_the_loss_does_not_depend_on_the_batch():
    model, tokens = SourceModel(SOURCE), SOURCE.sample(1, 500, 0)[0]
    one, many = (evaluation.nll(model, tokens, batch=batch) for batch in (1, 64))
    assert one.nll == pytest.approx(many.nll, rel=1e-12)
    assert one.standard_error == pytest.approx(many.standard_error, rel=1e-9)


def test_the_loss_of_the_source_itself_tends_to_its_entropy():
    model = SourceModel(SOURCE, context=64)
    loss = evaluation.nll(model, SOURCE.sample(1, 64_000, 0)[0])
    # Windows begin without the tokens before them: their first two tokens cost the entropies of shorter prefixes.
    expected = (sum(SOURCE.conditional_entropy(n) for n in (0, 1)) + 62 * SOURCE.entropy_rate()) / 64
    assert abs(loss.nll - expected) < 4 * loss.standard_error
    assert loss.standard_error < 0.01


def test_the_standard_error_of_the_loss_is_the_spread_of_repeated_losses():
    model = SourceModel(HIDDEN, context=20)
    losses = [evaluation.nll(model, HIDDEN.sample(1, 1010, seed)[0]) for seed in range(100)]
    spread = np.std([loss.nll for loss in losses], ddof=1)
    claimed = np.mean([loss.standard_error for loss in losses])
    assert spread == pytest.approx(
        claimed, rel=0.3
    )  # 100 losses know their spread to 7 %, each claim to 10 %
    assert math.isnan(evaluation.nll(model, HIDDEN.sample(1, 20, 0)[0]).standard_error)


def test_the_standard_error_is_that_of_a_mean_over_windows_and_of_a_ratio_when_they_differ():
    model, tokens = SourceModel(SOURCE, context=10), SOURCE.sample(1, 60, 0)[0]
    whole = [-float(x) for x in evaluation.sequence_log_probs(model, tokens.reshape(6, 10).tolist())]
    expected = np.std(whole, ddof=1) / math.sqrt(6) / 10
    assert evaluation.nll(model, tokens).standard_error == pytest.approx(expected, rel=1e-9)
    # The jackknife, a second way to the error of a ratio, agrees with it to O(1/n).
    totals, counts = whole * 20 + [5.0] * 20, [10.0] * 120 + [5.0] * 20
    left_out = [(sum(totals) - t) / (sum(counts) - c) for t, c in zip(totals, counts, strict=True)]
    jackknife = math.sqrt((len(totals) - 1) * np.var(left_out))
    ours = evaluation._ratio(torch.tensor(totals).double(), torch.tensor(counts).double())
    assert ours == pytest.approx((sum(totals) / sum(counts), jackknife), rel=0.02)


def test_one_loss_has_one_value_in_every_unit():
    loss = evaluation.Loss(tokens=5, nll=2 * math.log(2), standard_error=0.1)
    assert loss.perplexity == pytest.approx(4)
    assert loss.bits == pytest.approx(2)
    assert loss.bits_per_character("naïve") == pytest.approx(2)
    assert loss.bits_per_byte("naïve") == pytest.approx(10 / 6)
    assert json.loads(json.dumps(asdict(loss))) == {"tokens": 5, "nll": loss.nll, "standard_error": 0.1}


@pytest.mark.parametrize("source", [SOURCE, HIDDEN], ids=["markov", "hidden"])
def test_the_source_has_no_kl_to_itself(source):
    found = evaluation.kl_to_source(SourceModel(source), source, source.sample(50, 16, 0), batch=7)
    assert found.tokens == 800
    assert found.kl == pytest.approx(0, abs=1e-12)
    assert found.standard_error == pytest.approx(0, abs=1e-12)


def test_the_bigram_has_the_kl_of_the_closed_form():
    T = 12
    found = evaluation.kl_to_source(BigramModel(SOURCE), SOURCE, SOURCE.sample(4000, T, 0))
    entropy = SOURCE.conditional_entropy
    expected = sum(entropy(min(t, 1)) - entropy(min(t, 2)) for t in range(T)) / T
    assert abs(found.kl - expected) < 4 * found.standard_error
    assert found.standard_error < 0.01 * expected


def test_kl_is_a_difference_of_mean_losses():
    tokens = SOURCE.sample(4000, 12, 1)
    model, truth = SourceModel(SOURCE, sharpness=2.0), SourceModel(SOURCE)
    found = evaluation.kl_to_source(model, SOURCE, tokens)
    worse, best = (-evaluation.sequence_log_probs(m, tokens.tolist()) / 12 for m in (model, truth))
    difference = worse - best
    assert abs(found.kl - float(difference.mean())) < 4 * float(difference.std()) / math.sqrt(4000)
    assert found.standard_error < float(difference.std()) / math.sqrt(4000)


def test_a_zero_costs_nothing_where_the_source_gives_zero_and_everything_where_it_does_not():
    source = MarkovSource(1, [[0.0, 1.0], [0.5, 0.5]])
    tokens = source.sample(20, 8, 0)
    assert evaluation.kl_to_source(BigramModel(source), source, tokens).kl == pytest.approx(0, abs=1e-12)
    other = MarkovSource(1, [[0.5, 0.5], [1.0, 0.0]])
    assert evaluation.kl_to_source(BigramModel(other), source, tokens).kl == math.inf


@pytest.mark.parametrize("sharpness", [1.0, 3.0])
def test_calibration_agrees_with_a_loop_over_tokens(sharpness):
    model, tokens = SourceModel(SOURCE, sharpness=sharpness), SOURCE.sample(1, 333, 0)[0]
    found = evaluation.calibration(model, tokens, bins=7)
    table = [[] for _ in range(7)]
    for place, token in enumerate(tokens.tolist()):
        prefix = tokens[place - place % 16 : place][None]
        probs = SOURCE.next_probs(prefix)[0, -1] ** sharpness
        probs = probs / probs.sum()
        best = int(probs.argmax())
        table[min(6, int(probs[best] * 7))].append((float(probs[best]), best == token))
    assert found.counts == [len(entries) for entries in table]
    ece = 0.0
    for entries, confidence, accuracy in zip(table, found.confidence, found.accuracy, strict=True):
        if not entries:
            assert math.isnan(confidence)
            assert math.isnan(accuracy)
            continue
        mean_confidence, mean_accuracy = np.mean(entries, axis=0)
        assert (confidence, accuracy) == pytest.approx((mean_confidence, mean_accuracy), rel=1e-10)
        ece += len(entries) / 333 * abs(mean_accuracy - mean_confidence)
    assert found.ece == pytest.approx(ece, rel=1e-10)


def test_the_source_is_calibrated_and_a_sharpened_one_is_too_sure():
    tokens = SOURCE.sample(1, 64_000, 0)[0]
    good = evaluation.calibration(SourceModel(SOURCE), tokens)
    sure = evaluation.calibration(SourceModel(SOURCE, sharpness=3.0), tokens)
    assert good.ece < 0.01  # each of ten bins is off by about 1/(2√(count)), 0.006 for 6,400 tokens
    assert sure.ece > 0.1
    assert np.nanmean(np.array(sure.confidence) - np.array(sure.accuracy)) > 0.1


def test_sequence_log_probs_are_those_of_the_source_whatever_the_lengths():
    model = SourceModel(SOURCE, context=6)
    sequences = [[0, 1, 2], [], [3], [1, 1, 1, 1, 1, 1], [2, 0]]
    found = evaluation.sequence_log_probs(model, sequences, batch=2)
    expected = [math.log(SOURCE.block_probs(len(s))[tuple(s)]) if s else 0.0 for s in sequences]
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    assert evaluation.sequence_log_prob(model, [3]) == pytest.approx(expected[2], rel=1e-10)
    assert evaluation.sequence_log_prob(model, []) == 0.0
    assert len(evaluation.sequence_log_probs(model, [])) == 0


def test_next_probs_are_the_conditionals_of_contexts_of_any_length():
    model = SourceModel(SOURCE, context=6)
    contexts = [[], [1], [0, 1, 2, 3, 0], SOURCE.sample(1, 30, 0)[0].tolist()]
    found = evaluation.next_probs(model, contexts, batch=3)
    for row, context in zip(found, contexts, strict=True):
        seen = torch.tensor([context[-5:]], dtype=torch.int64)
        np.testing.assert_allclose(row, SOURCE.next_probs(seen)[0, -1], rtol=1e-12)


def test_the_model_is_left_as_it_was_after_an_error_too():
    model, tokens = SourceModel(SOURCE), SOURCE.sample(4, 16, 0)
    for training in (True, False):
        model.train(training)
        evaluation.nll(model, tokens[0])
        evaluation.kl_to_source(model, SOURCE, tokens)
        evaluation.calibration(model, tokens[0])
        evaluation.sequence_log_probs(model, tokens.tolist())
        assert model.training is training
        model.weight.data[:] = math.nan
        with pytest.raises(LMError, match="NaN"):
            evaluation.nll(model, tokens[0])
        model.weight.data[:] = 0
        assert model.training is training
        assert torch.is_grad_enabled()


MODEL = SourceModel(SOURCE)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: evaluation.nll(MODEL, torch.tensor([], dtype=torch.int64)), "at least one token"),
        (lambda: evaluation.nll(MODEL, torch.tensor([[1]])), r"int64 \(N,\)"),
        (lambda: evaluation.nll(MODEL, torch.tensor([1.0])), "float32"),
        (lambda: evaluation.nll(MODEL, torch.tensor([4])), "0..3"),
        (lambda: evaluation.nll(MODEL, torch.tensor([1, 2]), window=17), "1 to 16"),
        (lambda: evaluation.nll(MODEL, torch.tensor([1, 2]), window=16, score_first=False), "1 to 15"),
        (lambda: evaluation.nll(MODEL, torch.tensor([1, 2]), window=0), "1 to 16"),
        (lambda: evaluation.nll(SourceModel(SOURCE, 1), torch.tensor([1, 2]), score_first=False), "no room"),
        (lambda: evaluation.kl_to_source(MODEL, HIDDEN, torch.tensor([[1]])), "3 tokens and the model 4"),
        (lambda: evaluation.kl_to_source(MODEL, SOURCE, SOURCE.sample(1, 17, 0)), "context is 16"),
        (lambda: evaluation.calibration(MODEL, torch.tensor([1]), bins=0), "bins is 0"),
        (lambda: evaluation.sequence_log_probs(MODEL, [[1] * 17]), "context is 16"),
        (lambda: evaluation.sequence_log_probs(MODEL, [[4]]), "0..3"),
        (lambda: evaluation.next_probs(MODEL, [[1], [-1]]), "from -1"),
    ],
)
def test_what_makes_no_sense_is_refused(call, says):
    with pytest.raises(LMError, match=says):
        call()
