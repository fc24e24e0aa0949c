"""Are texts scored as a prefix built for each token alone would score them, in windows and after a prompt?"""

import math

import pytest

torch = pytest.importorskip("torch")

from solutions.decoding import beam_search, best_first, greedy  # noqa: E402
from solutions.lm import LMError  # noqa: E402
from solutions.lm.scores import prefix_model, score, token_log_probs  # noqa: E402
from solutions.lm.sources import HiddenMarkovSource, MarkovSource  # noqa: E402
from tests.solutions.lm.known_models import SourceModel  # noqa: E402

SOURCE = MarkovSource.random(2, 4, seed=3)
HIDDEN = HiddenMarkovSource([[0.95, 0.05], [0.05, 0.95]], [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
CONTEXT = 8


def by_hand(source, tokens, stride):
    """log q of each token, from the window in which it is new, built for it alone; and how many tokens it saw."""
    told, seen, first = [], [], 0
    while len(told) < len(tokens):
        last = max(len(tokens) - CONTEXT, 0)
        first = min(first, last)
        for place in range(len(told), min(first + CONTEXT, len(tokens))):
            prefix = torch.tensor([tokens[first:place]], dtype=torch.int64)
            told.append(math.log(source.next_probs(prefix)[0, -1, tokens[place]]))
            seen.append(place - first)
        first += stride
    return told, seen


@pytest.mark.parametrize("length", [1, 2, 7, 8, 9, 12, 13, 16, 17, 40])
@pytest.mark.parametrize("stride", [1, 3, 4, 7, 8])
def test_every_token_is_scored_once_and_sees_what_its_window_shows(length, stride):
    model, tokens = SourceModel(HIDDEN, context=CONTEXT), HIDDEN.sample(1, length, length)[0]
    told, seen = by_hand(HIDDEN, tokens.tolist(), stride)
    found = token_log_probs(model, tokens, stride=stride, batch=3)
    assert found.tolist() == pytest.approx(told, abs=1e-10)
    assert min(seen[CONTEXT:], default=CONTEXT - stride) >= CONTEXT - stride


def test_a_smaller_stride_scores_a_long_memory_better():
    model, tokens = SourceModel(HIDDEN, context=CONTEXT), HIDDEN.sample(1, 3000, 1)[0]
    means = [token_log_probs(model, tokens, stride=stride).mean().item() for stride in (8, 4, 1)]
    assert means[0] < means[1] < means[2]


def test_an_answer_is_scored_given_its_prompt_and_nothing_else():
    model = SourceModel(SOURCE, context=16)
    prompt, answer = SOURCE.sample(1, 9, 0)[0].split([4, 5])
    both = token_log_probs(model, torch.cat([prompt, answer]))
    assert score(model, prompt, answer, "abcde").log_prob == pytest.approx(float(both[4:].sum()), abs=1e-12)
    alone = token_log_probs(model, prompt).sum() + score(model, prompt, answer, "").log_prob
    assert float(alone) == pytest.approx(float(both.sum()), abs=1e-10)
    empty = score(model, prompt, answer[:0], "")
    assert empty.log_prob == 0 and math.isnan(empty.per_token) and math.isnan(empty.per_byte)


@pytest.mark.parametrize("stride", [0, 9, -1])
def test_a_stride_that_leaves_tokens_out_is_refused(stride):
    with pytest.raises(LMError, match="give 1 to 8"):
        token_log_probs(
            SourceModel(SOURCE, context=CONTEXT), torch.zeros(3, dtype=torch.int64), stride=stride
        )


def test_searches_ask_the_model_for_the_source_that_it_is():
    asked = prefix_model(SourceModel(SOURCE, context=16))
    mode = best_first(asked, 5, prompt=(1, 2))
    wide = beam_search(asked, 4**5, 5, prompt=(1, 2))[0]
    assert mode.tokens == wide.tokens
    assert mode.log_prob == pytest.approx(wide.log_prob, abs=1e-10)
    assert greedy(asked, 5, prompt=(1, 2)).log_prob <= mode.log_prob + 1e-10
    text = torch.tensor([(1, 2, *mode.tokens)])
    told = SOURCE.next_probs(text)[0, 2:-1].gather(-1, text[0, 2:, None]).log().sum()
    assert mode.log_prob == pytest.approx(float(told), abs=1e-6)
