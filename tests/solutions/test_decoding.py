"""Do the searches find what a search through all texts finds, and do they say what they can't know?"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import SolutionsError
from solutions.decoding import beam_search, best_first, chain_mode, greedy, table_model

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=40, deadline=None)


def drawn(seed: int, V: int = 3, sharp: float = 0.7) -> np.ndarray:
    return np.log(np.random.default_rng(seed).dirichlet(np.full(V, sharp), size=V))


def all_texts(table: np.ndarray, start: int, length: int, end: int | None) -> dict[tuple, float]:
    """Every whole text with its log-probability: this is the slow and obvious way."""
    V, found = table.shape[1], {}
    lengths = [length] if end is None else range(1, length + 1)
    for m in lengths:
        for text in itertools.product(range(V), repeat=m):
            if end is None or (text[-1] == end and end not in text[:-1]):
                found[text] = sum(table[a, b] for a, b in zip((start, *text), text, strict=False))
    return found


@few
@given(seeds, st.sampled_from([None, 0]))
def test_best_first_and_a_beam_of_all_texts_find_the_most_probable_one(seed, end):
    table = drawn(seed)
    texts = all_texts(table, 1, 5, end)
    best = max(texts.values())
    found = best_first(table_model(table, 1), 5, end=end)
    assert texts[found.tokens] == pytest.approx(best, abs=1e-12)
    assert found.log_prob == pytest.approx(best, abs=1e-12)
    assert found.is_the_mode
    widest = beam_search(table_model(table, 1), 3**5, 5, end=end)
    assert next(f for f in widest if f.ended).log_prob == pytest.approx(best, abs=1e-12)


@few
@given(seeds, st.sampled_from([None, 0]))
def test_a_greedy_text_with_its_certificate_is_the_mode(seed, end):
    table = drawn(seed, sharp=0.3)
    found = greedy(table_model(table, 1), 5, end=end)
    texts = all_texts(table, 1, 5, end)
    others = [log_prob for text, log_prob in texts.items() if text != found.tokens]
    assert max(others) <= found.others_at_most + 1e-12
    leaving = [
        sum(table[x, y] for x, y in zip((1, *start), start, strict=False))
        for place in range(len(found.tokens))
        for token in range(3)
        if (start := (*found.tokens[:place], token)) != found.tokens[: place + 1]
    ]
    assert found.others_at_most == pytest.approx(max(leaving), abs=1e-12)  # no looser than the argument
    if found.is_the_mode:
        assert texts[found.tokens] == pytest.approx(max(texts.values()), abs=1e-12)


def test_both_verdicts_of_the_certificate_occur():
    certain = {greedy(table_model(drawn(seed, sharp=0.3), 1), 3).is_the_mode for seed in range(20)}
    assert certain == {True, False}


@few
@given(seeds, st.sampled_from([None, 0]))
def test_a_beam_of_one_is_greedy(seed, end):
    model = table_model(drawn(seed), 1)
    (narrow,) = beam_search(model, 1, 6, end=end)
    found = greedy(model, 6, end=end)
    assert (narrow.tokens, narrow.log_prob, narrow.ended, narrow.asked) == (
        found.tokens, found.log_prob, found.ended, found.asked,
    )  # fmt: skip


@few
@given(seeds, st.integers(1, 3))
def test_dynamic_programming_finds_the_mode_of_a_chain_of_any_order(seed, order):
    V, length = 3, 5
    rng = np.random.default_rng(seed)
    start, rows = rng.dirichlet(np.ones(V**order)), rng.dirichlet(np.full(V, 0.5), size=V**order)

    def log_prob(text):
        states = [
            sum(t * V ** (order - 1 - n) for n, t in enumerate(text[i : i + order]))
            for i in range(length - order + 1)
        ]
        steps = [np.log(rows[s, text[order + i]]) for i, s in enumerate(states[:-1])]
        return np.log(start[states[0]]) + sum(steps)

    best = max(itertools.product(range(V), repeat=length), key=log_prob)
    found = chain_mode(start, rows, length)
    assert found.log_prob == pytest.approx(log_prob(best), abs=1e-10)
    assert log_prob(found.tokens) == pytest.approx(found.log_prob, abs=1e-10)


def test_a_wider_beam_can_be_worse():
    """Two beginnings push the greedy one out, and neither of them goes on well."""
    rows = {
        (): [0.5, 0.49, 0.01],
        (0,): [0.34, 0.33, 0.33],
        (1,): [0.5, 0.49, 0.01],
        (0, 0): [0.98, 0.01, 0.01],
    }

    def model(prefixes):
        return np.log([rows.get(prefix, [0.34, 0.33, 0.33]) for prefix in prefixes])

    narrow, wide, widest = (beam_search(model, width, 3)[0] for width in (1, 2, 27))
    assert narrow.tokens == widest.tokens == best_first(model, 3).tokens == (0, 0, 0)
    assert wide.log_prob < narrow.log_prob - 0.5


def test_a_prompt_is_read_and_not_scored():
    table = drawn(3)
    after, alone = table_model(table, 0), table_model(table, 2)
    for search in (greedy, best_first):
        assert search(after, 4, prompt=(1, 2)).log_prob == search(alone, 4).log_prob
    assert beam_search(after, 2, 4, prompt=(1, 2)) == beam_search(alone, 2, 4)


def test_a_text_that_did_not_end_is_no_whole_text():
    never = table_model(np.log([[0.1, 0.9], [0.1, 0.9]]), 1)
    cut = greedy(never, 3, end=0)
    assert (cut.tokens, cut.ended, cut.is_the_mode) == ((1, 1, 1), False, False)
    assert best_first(never, 3, end=0).tokens == (
        0,
    )  # with a constant end probability the empty text is the mode


def test_what_no_search_can_settle_is_said():
    even = table_model(np.log(np.full((2, 2), 0.5)), 0)
    with pytest.raises(SolutionsError, match="7 prefixes did not settle it"):
        best_first(even, 12, limit=7)
    with np.errstate(divide="ignore"):
        endless = table_model(np.log([[1.0, 0.0], [0.0, 1.0]]), 1)
    with pytest.raises(SolutionsError, match="no text of at most 3 tokens ends"):
        best_first(endless, 3, end=0)
    for bad in (
        lambda: greedy(even, 0),
        lambda: beam_search(even, 0, 3),
        lambda: chain_mode([1.0], [[0.5, 0.5]], 2),
    ):
        with pytest.raises(SolutionsError):
            bad()
    with pytest.raises(SolutionsError, match="log-probabilities, at most 0"):
        greedy(lambda prefixes: np.array([[0.5, 0.5]] * len(prefixes)), 2)
