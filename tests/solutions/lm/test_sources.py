"""Do the sources' conditionals, blocks and entropies agree with slow sums over every sequence and every hidden path?"""

import itertools
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from solutions.lm import LMError  # noqa: E402  (after the skip)
from solutions.lm.chains import cumulative, draw  # noqa: E402
from solutions.lm.sources import SOURCES, HiddenMarkovSource, MarkovSource, default, hidden  # noqa: E402

EXACT = {"rtol": 1e-10, "atol": 1e-12}
TRANSITIONS = np.array([[0.7, 0.3, 0.0], [0.1, 0.6, 0.3], [0.4, 0.1, 0.5]])
EMISSIONS = np.array([[0.8, 0.2], [0.5, 0.5], [0.05, 0.95]])
HIDDEN = HiddenMarkovSource(TRANSITIONS, EMISSIONS)


def markov_sequence_probs(order, vocabulary, seed, length):
    """p of every sequence by the definition, with the stationary start from a matrix power, on a source's own rows."""
    source = MarkovSource.random(order, vocabulary, seed)
    table = np.random.default_rng(seed).gamma(1.0, size=(vocabulary**order, vocabulary))
    table /= table.sum(axis=1, keepdims=True)
    grams = list(itertools.product(range(vocabulary), repeat=order))
    step = np.zeros((len(grams), len(grams)))
    for s, gram in enumerate(grams):
        for x in range(vocabulary):
            step[s, grams.index((*gram, x)[1:])] += table[s, x]
    start = np.linalg.matrix_power(step, 4096).mean(axis=0)
    probs = {}
    for sequence in itertools.product(range(vocabulary), repeat=length):
        p = start[grams.index(sequence[:order])]
        for t in range(order, length):
            p *= table[grams.index(sequence[t - order : t]), sequence[t]]
        probs[sequence] = p
    return source, probs


def hidden_sequence_probs(length):
    """p of every sequence that HIDDEN can make, as the sum over all hidden paths."""
    A, E = TRANSITIONS, EMISSIONS
    start = np.linalg.matrix_power(A, 4096)[0]
    probs = dict.fromkeys(itertools.product(range(E.shape[1]), repeat=length), 0.0)
    for path in itertools.product(range(len(A)), repeat=length):
        weight = start[path[0]] * math.prod(A[a, b] for a, b in itertools.pairwise(path))
        for sequence in probs:
            probs[sequence] += weight * math.prod(E[s, x] for s, x in zip(path, sequence, strict=True))
    return probs


def conditionals(probs, sequence, vocabulary):
    """p(x_{t+1} | x_1..x_t) for t = 0..T−1 as quotients of sums over all sequences with that prefix."""

    def prefix(tokens):
        return sum(p for other, p in probs.items() if other[: len(tokens)] == tokens)

    rows = range(len(sequence))
    return [[prefix((*sequence[:t], x)) / prefix(sequence[:t]) for x in range(vocabulary)] for t in rows]


@pytest.mark.parametrize(("order", "vocabulary", "length"), [(1, 3, 4), (2, 2, 5), (2, 3, 4), (3, 2, 6)])
def test_markov_conditionals_agree_with_sums_over_all_sequences(order, vocabulary, length):
    source, probs = markov_sequence_probs(order, vocabulary, 7, length)
    assert sum(probs.values()) == pytest.approx(1, rel=1e-10)
    for sequence in list(probs)[:: max(1, len(probs) // 10)]:
        ours = source.next_probs(torch.tensor([sequence]))
        assert ours.shape == (1, length + 1, vocabulary)
        expected = conditionals(probs, sequence, vocabulary)
        np.testing.assert_allclose(ours[0, :length], expected, **EXACT)


def test_hidden_markov_conditionals_agree_with_sums_over_all_hidden_paths():
    probs = hidden_sequence_probs(5)
    sequences = list(probs)
    ours = HIDDEN.next_probs(torch.tensor(sequences))
    for sequence, rows in zip(sequences, ours, strict=True):
        np.testing.assert_allclose(rows[:5], conditionals(probs, sequence, 2), **EXACT)


@pytest.mark.parametrize("order", [1, 2])
def test_blocks_are_the_probabilities_of_all_sequences(order):
    source, probs = markov_sequence_probs(order, 3, 3, 4)
    np.testing.assert_allclose(source.block_probs(4).flatten(), list(probs.values()), **EXACT)
    np.testing.assert_allclose(source.block_probs(1), source.block_probs(4).sum(dim=(0, 1, 2)), **EXACT)
    hidden = hidden_sequence_probs(4)
    np.testing.assert_allclose(HIDDEN.block_probs(4).flatten(), list(hidden.values()), **EXACT)


def test_rows_of_next_probs_are_distributions_and_a_shorter_prefix_gives_the_same_rows():
    for source in (MarkovSource.random(3, 5, 1), HIDDEN, MarkovSource.random(0, 4, 0)):
        tokens = source.sample(6, 9, 0)
        probs = source.next_probs(tokens)
        torch.testing.assert_close(probs.sum(-1), torch.ones(6, 10, dtype=torch.float64), rtol=0, atol=1e-12)
        for T in range(9):
            torch.testing.assert_close(
                source.next_probs(tokens[:, :T]), probs[:, : T + 1], rtol=0, atol=1e-15
            )


@pytest.mark.parametrize("order", [1, 2])
def test_the_entropy_rate_is_what_blocks_gain_by_one_more_token(order):
    source, probs = markov_sequence_probs(order, 3, 5, order + 2)
    entropy = -sum(p * math.log(p) for p in probs.values())
    shorter = source.block_probs(order + 1).flatten().numpy()
    assert source.entropy_rate() == pytest.approx(entropy + (shorter * np.log(shorter)).sum(), rel=1e-10)
    # The chain rule: the blocks' entropy is the sum of the tokens' conditional entropies.
    total = sum(source.conditional_entropy(n) for n in range(order + 2))
    assert total == pytest.approx(entropy, rel=1e-10)


def test_entropies_fall_with_the_context_from_log_v_to_the_rate():
    for source in (default(), HIDDEN, MarkovSource.random(2, 6, 0, 0.3)):
        losses = [source.conditional_entropy(n) for n in range(4)]
        assert losses[0] <= math.log(source.vocabulary) + 1e-12
        assert all(a >= b - 1e-12 for a, b in itertools.pairwise(losses))
        assert losses[-1] >= source.entropy_rate() - 4e-3  # the hidden source's rate is an estimate
    uniform = MarkovSource(1, np.full((4, 4), 0.25))
    assert uniform.entropy_rate() == pytest.approx(math.log(4), abs=1e-12)


@pytest.mark.parametrize("T", [1, 2, 3, 6])
def test_the_entropy_of_sequences_is_the_floor_of_their_mean_loss(T):
    source = MarkovSource.random(2, 3, 5)
    blocks = source.block_probs(T).flatten().numpy()
    assert source.entropy_per_token(T) == pytest.approx(-(blocks * np.log(blocks)).sum() / T, rel=1e-10)
    blocks = HIDDEN.block_probs(T).flatten().numpy()
    error = HIDDEN.entropy_estimate(B=4096, T=T, burn_in=0).standard_error
    expected = -(blocks * np.log(blocks)).sum() / T
    assert abs(HIDDEN.entropy_per_token(T) - expected) <= 4 * error + 1e-12
    assert error < 2e-3


def test_the_two_state_chain_has_the_textbook_rate():
    a, b = 0.1, 0.4  # Cover & Thomas, example 4.1.1 and the rate that follows it

    def h(p):
        return -p * math.log(p) - (1 - p) * math.log(1 - p)

    source = MarkovSource(1, [[1 - a, a], [b, 1 - b]])
    np.testing.assert_allclose(source.unigram(), [b / (a + b), a / (a + b)], **EXACT)
    assert source.entropy_rate() == pytest.approx((b * h(a) + a * h(b)) / (a + b), rel=1e-12)


def test_a_hidden_source_that_shows_its_state_is_a_markov_source():
    rows = torch.tensor([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3], [0.3, 0.3, 0.4]], dtype=torch.float64)
    hidden, markov = HiddenMarkovSource(rows, torch.eye(3)), MarkovSource(1, rows)
    tokens = markov.sample(20, 15, 0)
    torch.testing.assert_close(hidden.next_probs(tokens), markov.next_probs(tokens), rtol=0, atol=1e-12)
    low, high = hidden.entropy_bounds(3)
    assert (low, high) == pytest.approx((markov.entropy_rate(), markov.entropy_rate()), rel=1e-10)


def test_the_hidden_rate_lies_between_bounds_that_close_in():
    widths = []
    for n in range(1, 11):
        low, high = HIDDEN.entropy_bounds(n)
        estimate = HIDDEN.entropy_estimate()
        assert low - 4 * estimate.standard_error <= estimate.nats <= high + 4 * estimate.standard_error
        widths.append(high - low)
    assert all(a > b > 0 for a, b in itertools.pairwise(widths))
    assert widths[-1] < 1e-4
    assert HIDDEN.entropy_rate() == HIDDEN.entropy_estimate().nats


def test_the_lower_bound_is_the_entropy_given_the_first_state():
    A, E = TRANSITIONS, EMISSIONS
    start = np.linalg.matrix_power(A, 4096)[0]
    # n = 2, by hand: X_2 depends on X_1 and S_1 through S_1 alone, as X_1 says nothing more about S_2.
    rows = A @ E
    expected = -(start[:, None] * rows * np.log(rows)).sum()
    assert HIDDEN.entropy_bounds(2)[0] == pytest.approx(expected, rel=1e-10)


def test_the_standard_error_is_the_spread_of_repeated_estimates():
    estimates = [HIDDEN.entropy_estimate(B=64, T=300, burn_in=50, seed=seed) for seed in range(40)]
    spread = np.std([estimate.nats for estimate in estimates], ddof=1)
    claimed = np.mean([estimate.standard_error for estimate in estimates])
    assert spread == pytest.approx(
        claimed, rel=0.35
    )  # 40 estimates know their spread to 11 %; this is 3 of those


@pytest.mark.parametrize("source", [MarkovSource.random(2, 3, 0), HIDDEN], ids=["markov", "hidden"])
def test_frequencies_of_samples_tend_to_the_block_probabilities(source):
    B, n = 200_000, 4
    tokens = source.sample(B, 6, 1)
    assert tokens.dtype == torch.int64
    assert tokens.shape == (B, 6)
    for first in (0, 2):  # from the start on, and later: the sequences are stationary
        blocks = tokens[:, first : first + n] @ source.vocabulary ** torch.arange(n - 1, -1, -1)
        counts = torch.bincount(blocks, minlength=source.vocabulary**n).double()
        expected = source.block_probs(n).flatten() * B
        # χ² has mean d and variance 2d for d degrees of freedom; 4 standard deviations.
        degrees = len(expected) - 1
        chi_squared = float(((counts - expected) ** 2 / expected).sum())
        assert chi_squared < degrees + 4 * math.sqrt(2 * degrees)


def test_a_seed_fixes_the_sample_and_a_generator_moves_on():
    source = MarkovSource.random(2, 4, 0)
    assert source.sample(3, 20, 5).equal(source.sample(3, 20, torch.Generator().manual_seed(5)))
    assert not source.sample(3, 20, 5).equal(source.sample(3, 20, 6))
    generator = torch.Generator().manual_seed(5)
    assert not source.sample(3, 20, generator).equal(source.sample(3, 20, generator))
    assert [tuple(source.sample(2, T, 0).shape) for T in (0, 1, 2)] == [(2, 0), (2, 1), (2, 2)]


def test_a_token_of_probability_zero_is_never_drawn():
    rows = cumulative(np.array([[0.0, 0.1, 0.2, 0.3, 0.4, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]]))
    ends = torch.tensor([0.0, 0.0, 1 - 2**-53, 1 - 2**-53], dtype=torch.float64)
    assert draw(rows[[0, 1, 0, 1]], ends).tolist() == [1, 2, 4, 2]
    tenths = np.array([0.1] * 10 + [0.0])
    assert tenths.cumsum()[-1] <= ends[2]  # rounding left a gap below 1
    assert draw(cumulative(tenths), ends[2]) == 9


def test_a_periodic_chain_is_handled_and_keeps_its_period():
    source = MarkovSource(1, [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(source.unigram(), [1 / 3] * 3, **EXACT)
    assert source.entropy_rate() == pytest.approx(0, abs=1e-12)
    assert source.conditional_entropy(0) == pytest.approx(math.log(3), rel=1e-12)
    tokens = source.sample(50, 9, 0)
    assert ((tokens[:, 1:] - tokens[:, :-1]) % 3 == 1).all()


def test_states_that_are_left_for_ever_have_no_weight():
    source = MarkovSource(1, [[0.5, 0.25, 0.25], [0.0, 0.5, 0.5], [0.0, 1.0, 0.0]])
    np.testing.assert_allclose(source.unigram(), [0, 2 / 3, 1 / 3], **EXACT)
    assert source.sample(1000, 3, 0).min() == 1
    np.testing.assert_allclose(source.bigram()[0], [1 / 3] * 3, **EXACT)


def test_large_and_small_chains_come_to_rest_at_the_same_place():
    from solutions.lm import chains

    periodic = np.array([[0.0, 1.0, 0.0], [0.25, 0.0, 0.75], [0.0, 1.0, 0.0]])
    for table in (MarkovSource.random(3, 5, 2)._table, periodic):
        np.testing.assert_allclose(chains._iterate(table), chains._solve(table), rtol=0, atol=1e-11)


def test_the_default_source_is_what_the_course_says_of_it():
    source = default()
    rate, bigram = source.entropy_rate(), source.conditional_entropy(1)
    assert rate < math.log(source.vocabulary) - 0.5
    assert bigram - rate > 0.2
    assert source.conditional_entropy(2) - rate > 0.1
    assert source.conditional_entropy(3) == pytest.approx(rate, abs=1e-9)
    assert source.unigram().min() > 0.01
    # What a trained model is compared with must not change from one machine to another.
    assert source.sample(1, 8, 0).tolist() == default().sample(1, 8, 0).tolist()
    assert rate == pytest.approx(2.0048, abs=5e-5)
    assert bigram - rate == pytest.approx(0.4267, abs=5e-5)


def test_the_hidden_source_needs_more_than_a_few_tokens_of_the_past():
    source = hidden()
    estimate = source.entropy_estimate()
    low, high = source.entropy_bounds(4)
    assert low < estimate.nats < high
    # One token is worth less than half of what the whole past is worth, and three leave a part of it.
    unigram, bigram = source.conditional_entropy(0), source.conditional_entropy(1)
    assert unigram - bigram < 0.5 * (unigram - estimate.nats)
    assert source.conditional_entropy(3) - estimate.nats > 0.05 > 20 * estimate.standard_error
    assert SOURCES == {"markov": default, "hidden": hidden}


def test_a_log_bilinear_source_adds_what_each_past_token_says():
    logits = torch.log(MarkovSource.log_bilinear(2, 4, seed=0, rank=3, weights=(1.0, 0.5))._probs).reshape(
        4, 4, 4
    )
    # Whatever is added up can be taken apart again: mixed differences over both past tokens and the next vanish.
    over_past = logits - logits[:1] - logits[:, :1] + logits[:1, :1]
    torch.testing.assert_close(over_past, over_past[..., :1].expand(4, 4, 4), rtol=0, atol=1e-12)
    assert MarkovSource.log_bilinear(0, 4, seed=0).entropy_rate() == pytest.approx(math.log(4))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: MarkovSource(1, [[0.5, 0.6], [0.5, 0.5]]), "sums to 1.1"),
        (lambda: MarkovSource(1, [[1.5, -0.5], [0.5, 0.5]]), "negative"),
        (lambda: MarkovSource(1, [[math.nan, 1.0], [0.5, 0.5]]), "NaN"),
        (lambda: MarkovSource(1, [0.5, 0.5]), "order 1 needs 2 axes"),
        (lambda: MarkovSource(2, np.full((2, 3, 2), 0.5)), "order 2 needs 3 axes"),
        (lambda: MarkovSource(-1, [0.5, 0.5]), "order -1"),
        (lambda: MarkovSource(0, []), "shape"),
        (lambda: MarkovSource(1, [["a", "b"]]), "real numbers"),
        (lambda: MarkovSource(1, np.eye(2)), "never reach"),
        (lambda: MarkovSource(1, [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0]]), "never reach"),
        (lambda: MarkovSource.random(20, 20, 0), "order 20 over 20"),
        (lambda: MarkovSource.random(1, 2, 0, -1.0), "concentration is -1.0"),
        (lambda: MarkovSource.log_bilinear(2, 3, 0, weights=(1.0,)), "needs 2 weights"),
        (lambda: HiddenMarkovSource(np.eye(2), np.full((2, 3), 1 / 3)), "never reach"),
        (lambda: HiddenMarkovSource(np.full((2, 2), 0.5), np.full((3, 2), 0.5)), r"\(S, S\) and \(S, V\)"),
        (lambda: HIDDEN.entropy_estimate(T=10, burn_in=10), "burn_in < T"),
        (lambda: HIDDEN.entropy_estimate(B=4), "give B ≥ 5"),
        (lambda: HIDDEN.block_probs(40), "blocks of 40"),
        (lambda: default().block_probs(0), "n ≥ 1"),
        (lambda: default().conditional_entropy(-1), "n is -1"),
        (lambda: default().sample(0, 3, 0), "at least one sequence"),
        (lambda: default().sample(1, 3, "seed"), "integer seed"),
        (lambda: default().sample(1, 3, 2**32), "from 0 to 4294967295"),
        (lambda: default().sample(1, 3, -1), "from 0 to 4294967295"),
        (lambda: default().entropy_per_token(0), "T is 0"),
        (lambda: default().next_probs(torch.tensor([[20]])), "20 tokens"),
        (lambda: default().next_probs(torch.tensor([[-1]])), "from -1"),
        (lambda: default().next_probs(torch.tensor([1])), r"\(B, T\)"),
        (lambda: default().next_probs(torch.tensor([[1.0]])), "float32"),
        (lambda: MarkovSource(1, [[0, 1], [0.5, 0.5]]).next_probs(torch.tensor([[0, 0]])), "probability 0"),
        (
            lambda: HiddenMarkovSource([[0, 1], [1, 0]], np.eye(2)).next_probs(torch.tensor([[1, 1]])),
            "probability 0",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call, says):
    with pytest.raises(LMError, match=says):
        call()
