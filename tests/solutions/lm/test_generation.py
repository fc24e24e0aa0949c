"""Are tokens drawn from the distribution that temperature, top-k and top-p ask for, with and without a cache?"""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from solutions import information  # noqa: E402
from solutions.lm import LMError  # noqa: E402
from solutions.lm.generation import Reader, choice_probs, first_visible, generate  # noqa: E402
from solutions.lm.sources import MarkovSource  # noqa: E402
from tests.solutions.lm.known_models import CachedSourceModel, SourceModel  # noqa: E402  (after the skip)

SOURCE = MarkovSource.random(2, 3, seed=1)
logit_rows = st.lists(st.floats(-8, 8), min_size=1, max_size=7)
temperatures = st.floats(0.05, 5)


def slow_choice(logits, temperature, k, p):
    """The specification, one token at a time."""
    probs = [math.exp(z / temperature) for z in logits]
    probs = [x / sum(probs) for x in probs]
    ranking = sorted(range(len(probs)), key=lambda j: (-logits[j], j))
    ranking = ranking[:k]
    total = sum(probs[j] for j in ranking)
    kept, sofar = [], 0.0
    for j in ranking:
        kept.append(j)
        sofar += probs[j] / total
        assume(abs(sofar - p) > 1e-9)  # on the edge, rounding decides
        if sofar >= p:
            break
    weight = sum(probs[j] for j in kept)
    return [probs[j] / weight if j in kept else 0.0 for j in range(len(probs))]


@given(logit_rows, temperatures, st.integers(1, 8), st.floats(0.01, 0.99))
def test_choices_follow_the_slow_specification(logits, temperature, k, p):
    ours = choice_probs(torch.tensor(logits, dtype=torch.float64), temperature, top_k=k, top_p=p)
    np.testing.assert_allclose(ours, slow_choice(logits, temperature, k, p), rtol=1e-9, atol=1e-300)


@given(logit_rows, temperatures)
def test_without_a_cut_it_is_the_softmax_at_that_temperature(logits, temperature):
    z = torch.tensor(logits, dtype=torch.float64)
    softmax = information.softmax(logits, temperature)
    for cuts in ({}, {"top_p": 1.0}, {"top_k": len(logits)}, {"top_k": 99, "top_p": 1.0}):
        np.testing.assert_allclose(choice_probs(z, temperature, **cuts), softmax, rtol=1e-10, atol=1e-300)


@given(logit_rows)
def test_greedy_is_the_limit_of_small_temperatures(logits):
    z = torch.tensor(logits, dtype=torch.float64)
    greedy = choice_probs(z, temperature=0.0)
    assert greedy.tolist() == [float(j == int(np.argmax(logits))) for j in range(len(logits))]
    ranked = sorted(logits, reverse=True)
    assume(len(ranked) == 1 or ranked[0] - ranked[1] > 1e-3)
    torch.testing.assert_close(choice_probs(z, temperature=1e-5), greedy, rtol=0, atol=1e-12)
    torch.testing.assert_close(choice_probs(z, temperature=1e-300), greedy, rtol=0, atol=0)
    torch.testing.assert_close(choice_probs(z, top_k=1), greedy, rtol=0, atol=0)
    torch.testing.assert_close(choice_probs(z, top_p=1e-12), greedy, rtol=0, atol=0)


def test_between_equal_logits_the_smaller_token_comes_first():
    z = torch.zeros(5000)
    z[::2] = 1.0
    assert choice_probs(z, temperature=0.0).argmax() == 0
    assert choice_probs(z, top_k=3).nonzero().flatten().tolist() == [0, 2, 4]


def test_top_p_keeps_the_smallest_set_though_sums_are_rounded():
    for V in range(2, 18):
        for k in range(1, V + 1):
            kept = choice_probs(torch.zeros(V), top_p=k / V)
            assert int((kept > 0).sum()) == k, (V, k)


def test_rows_of_a_batch_are_cut_one_by_one():
    z = torch.randn(4, 3, 6, generator=torch.Generator().manual_seed(0))
    z[0, 0, :5] = -torch.inf
    batch = choice_probs(z, 0.7, 3, 0.8)
    for row, ours in zip(z.reshape(-1, 6), batch.reshape(-1, 6), strict=True):
        torch.testing.assert_close(choice_probs(row, 0.7, 3, 0.8), ours)
    assert batch[0, 0].tolist() == [0, 0, 0, 0, 0, 1]


def chi_squared_is_small(counts, probs):
    """χ² has mean d and variance 2d for d degrees of freedom; 4 standard deviations, at a fixed seed."""
    assert counts[probs == 0].sum() == 0
    counts, expected = counts[probs > 0], probs[probs > 0] * counts.sum()
    degrees = len(expected) - 1
    assert ((counts - expected) ** 2 / expected).sum() < degrees + 4 * math.sqrt(2 * degrees)


@pytest.mark.parametrize("cached", [True, False])
def test_what_a_source_generates_is_distributed_as_the_source_past_the_context_too(cached):
    # A window of 8 keeps 4 tokens when it slides, and this source looks 2 back: nothing may be lost.
    model = CachedSourceModel(SOURCE, context=8)
    tokens = generate(model, 23, 0, prompt=torch.zeros(5000, 0, dtype=torch.int64), cached=cached)
    blocks = SOURCE.block_probs(4).flatten().numpy()
    for first in (0, 6, 19):
        numbers = tokens[:, first : first + 4] @ 3 ** torch.arange(3, -1, -1)
        chi_squared_is_small(np.bincount(numbers, minlength=81), blocks)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"temperature": 0.5}, 6),
        ({"top_k": 3}, 3),
        ({"top_p": 0.8}, 3),
        ({"temperature": 3.0, "top_k": 4, "top_p": 0.7}, 3),
    ],
)
def test_frequencies_are_those_of_the_cut_distribution(options, kept):
    source = MarkovSource.random(1, 6, seed=0)
    prompt = torch.full((20_000, 1), 2)
    drawn = generate(SourceModel(source), 1, 3, prompt=prompt, cached=False, **options)[:, 1]
    probs = choice_probs(source.bigram()[2].log(), **options).numpy()
    assert (probs > 0).sum() == kept
    chi_squared_is_small(np.bincount(drawn, minlength=6), probs)


def test_the_prompt_stays_in_front_and_the_length_is_kept():
    model = CachedSourceModel(SOURCE, context=8)
    for P, length in [(0, 0), (3, 0), (0, 5), (3, 5), (20, 5)]:
        prompt = SOURCE.sample(4, P, 0)
        tokens = generate(model, length, 0, prompt=prompt)
        assert tokens.shape == (4, P + length)
        assert tokens.dtype == torch.int64
        assert tokens[:, :P].equal(prompt)
    assert generate(model, 7, 0).shape == (1, 7)


def test_a_seed_fixes_what_is_drawn_with_and_without_a_cache():
    model = CachedSourceModel(SOURCE, context=8)
    cached, anew = generate(model, 30, 5), generate(model, 30, 5, cached=False)
    assert cached.equal(anew)
    assert cached.equal(generate(model, 30, torch.Generator().manual_seed(5)))
    assert not cached.equal(generate(model, 30, 6))


def test_greedy_sequences_take_the_most_probable_token_every_time():
    tokens = generate(CachedSourceModel(SOURCE), 10, 0, prompt=torch.tensor([[0, 1]]), temperature=0.0)
    for t in range(2, 12):
        assert tokens[0, t] == SOURCE.next_probs(tokens[:, :t])[0, -1].argmax()


@pytest.mark.parametrize("context", [1, 2, 3, 4, 7, 8, 64])
def test_the_window_slides_by_whole_steps_and_always_fits(context):
    places = [first_visible(n, context) for n in range(200)]
    assert all(first == 0 for first in places[:context])
    for n, first in enumerate(places):
        assert n - first + 1 <= context
        assert n - first >= min(n, context // 2)
    moves = [n for n in range(1, 200) if places[n] != places[n - 1]]
    assert moves == list(range(context, 200, context - context // 2))


def test_with_a_cache_a_token_is_read_once_until_the_window_slides():
    model = CachedSourceModel(SOURCE, context=8)
    generate(model, 16, 0)
    # The start symbol alone, seven tokens one by one, then at 8 and 12 tokens the start symbol and the last 4 again.
    assert [rows.shape[1] for rows in model.fed] == [1] + [1] * 7 + [5, 1, 1, 1] * 2
    model.fed.clear()
    generate(model, 3, 0, prompt=SOURCE.sample(2, 6, 0))
    assert [rows.shape[1] for rows in model.fed] == [7, 1, 5]


def test_a_reader_may_be_asked_twice_and_about_several_new_tokens():
    model = CachedSourceModel(SOURCE, context=8)
    tokens, reader = SOURCE.sample(2, 20, 0), Reader(model)
    model.eval()
    with torch.no_grad():
        for n in (0, 0, 3, 4, 4, 9, 20, 20):
            expected = SOURCE.next_probs(tokens[:, :n])[:, -1].log()
            torch.testing.assert_close(reader.logits(tokens[:, :n]), expected)


def test_the_model_is_left_as_it_was():
    model = CachedSourceModel(SOURCE)
    model.train()
    generate(model, 2, 0)
    assert model.training
    with pytest.raises(LMError):
        generate(model, 2, 0, temperature=-1)
    assert model.training


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"temperature": -0.1}, "temperature is -0.1"),
        ({"temperature": math.nan}, "temperature is nan"),
        ({"temperature": math.inf}, "temperature is inf"),
        ({"top_k": 0}, "top_k is 0"),
        ({"top_p": 0.0}, "top_p is 0.0"),
        ({"top_p": 1.1}, "top_p is 1.1"),
        ({"top_p": math.nan}, "top_p is nan"),
        ({"length": -1}, "length -1"),
        ({"generator": 2**32}, "from 0 to 4294967295"),
        ({"prompt": torch.tensor([1])}, r"\(B, P\)"),
        ({"prompt": torch.tensor([[1.0]])}, "float32"),
        ({"prompt": torch.tensor([[3]])}, "0..2"),
        ({"prompt": torch.zeros(0, 2, dtype=torch.int64)}, r"\(B, P\)"),
    ],
)
def test_what_makes_no_sense_is_refused(options, says):
    with pytest.raises(LMError, match=says):
        generate(CachedSourceModel(SOURCE), **{"length": 2, "generator": 0, **options})


@pytest.mark.parametrize("bad", [[math.nan, 0.0], [math.inf, 0.0], [-math.inf, -math.inf]])
def test_logits_that_are_no_distribution_are_refused(bad):
    with pytest.raises(LMError, match="logits hold"):
        choice_probs(torch.tensor([[0.0, 0.0], bad]))
