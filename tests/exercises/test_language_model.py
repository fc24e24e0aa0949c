"""Is set 08 what it says: its text from its source, its levels measured, its contexts no help to each other?"""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.cases import CaseFile, collect, mark_reply, questions_of, rng_for
from grader.pipeline.answers import read_answers
from grader.pipeline.course import Course
from solutions import letters
from solutions.tasks import language_model as set_08

SET = Course(Path(__file__).parents[2]).set_named("08_language_model")
TEXT = (SET.source.parent / "letters.txt").read_text()
TASK = set_08.LETTER_MODEL
SEEDS = (3, 4, 5)  # others than those with which every answer is marked


def entry(seed: int, public: bool) -> dict:
    return CaseFile.of(SET.name, [TASK], seed, public).tasks[TASK.id]


def by_hand(context: list[int]) -> np.ndarray:
    """Return the next letter's distribution by adding up the probabilities of all triples that the context allows."""
    triples = letters.source().block_probs(3).numpy()
    allowed = np.zeros_like(triples)
    tail = context[-2:]
    place = (slice(None),) * (2 - len(tail)) + tuple(tail)
    allowed[place] = triples[place]
    weights = allowed.sum(axis=(0, 1))
    return weights / weights.sum()


def kl_of(model, contexts: list[list[int]]) -> float:
    p, q = (np.array(rows(contexts)) for rows in (lambda cs: [by_hand(c) for c in cs], model))
    return float(
        np.mean(
            [sum(a * math.log(a / b) for a, b in zip(x, y, strict=True)) for x, y in zip(p, q, strict=True)]
        )
    )


def test_the_students_text_is_that_of_the_source():
    assert TEXT == letters.training_text()
    assert len(TEXT.replace("\n", "")) == 100_000 and set(TEXT) == {*letters.LETTERS, "\n"}


def test_the_conditionals_are_those_of_the_source():
    contexts = [[], [3], [0, 15], [7, 7, 7], [1, 2, 3, 4, 5]]
    np.testing.assert_allclose(letters.conditionals(contexts), [by_hand(c) for c in contexts], rtol=1e-12)
    np.testing.assert_allclose(TASK.baseline(contexts), [by_hand(c[-1:]) for c in contexts], rtol=1e-12)


def test_the_text_has_the_sources_pairs_as_often_as_they_should_come():
    tokens = np.array([ord(c) - ord("a") for c in TEXT.replace("\n", "")])
    pairs = np.bincount(tokens[:-1] * 16 + tokens[1:], minlength=256) / (len(tokens) - 1)
    np.testing.assert_allclose(pairs, letters.source().block_probs(2).numpy().ravel(), atol=0.004)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bigrams_level_is_what_the_bigram_costs(seed):
    cases = entry(seed, public=False)["cases"]
    for case in cases:
        contexts = case["args"][0]
        kl = kl_of(lambda cs: [by_hand(c[-1:]) for c in cs], contexts)
        assert case["baseline_kl"] == pytest.approx(kl, abs=1e-9)
    long = [
        case["baseline_kl"] for case in cases if case["label"] in ("a few letters", "some dozens of letters")
    ]
    source = letters.source()
    assert np.mean(long) == pytest.approx(source.conditional_entropy(1) - source.entropy_rate(), abs=0.05)


@pytest.fixture(scope="module")
def models() -> dict:
    """The course's own models, trained once."""
    found = {}
    for name in ("model", "right_counts", "right_windows"):
        cell = read_answers(SET.answers / f"{name}.py", [task.id for task in set_08.TASKS])[TASK.id]
        tokens = torch.tensor([ord(c) - ord("a") for c in TEXT.replace("\n", "")])
        namespace = {"np": np, "torch": torch, "device": "cpu", "V": 16, "tokens": tokens}
        exec(cell.source, namespace)  # noqa: S102 - the course's own answers
        found[name] = namespace["next_probs"]
    return found


def test_every_model_of_the_course_reaches_what_is_enough(models, record_property):
    """The measurement that ENOUGH stands on: room of a third above the worst of them, over seeds."""
    measured = {}
    for name, model in models.items():
        kls = []
        for seed in SEEDS:
            contexts = [c for case in entry(seed, False)["cases"] for c in case["args"][0]]
            kls.append(kl_of(lambda cs, model=model: np.asarray(model(cs), dtype=float), contexts))
        measured[name] = max(kls)
        score = mark_reply(entry(SEEDS[0], False), collect(questions_of(entry(SEEDS[0], False)), model))
        assert score.full and f"KL to the source: {kls[0]:.3f} nats per token" in score.text()
    told = ", ".join(f"{name} {kl:.3f}" for name, kl in measured.items())
    record_property(
        "figure", f"08_language_model: KL to the source in nats per letter: {told}; {TASK.enough} is enough"
    )
    assert max(measured.values()) < 0.75 * TASK.enough


def test_half_way_between_earns_a_part(models):
    model = models["right_counts"]
    half = entry(SEEDS[0], False)
    mixed = lambda cs: 0.7 * model(cs) + 0.3 * np.array([by_hand(c[-1:]) for c in cs])  # noqa: E731
    score = mark_reply(half, collect(questions_of(half), mixed))
    assert 0.5 * TASK.points < score < TASK.points and not score.mistakes


@pytest.mark.parametrize("public", [True, False])
def test_no_context_tells_what_follows_another(public):
    """Whoever looks for a longer context that begins alike finds the judge's token no more often than by chance."""
    hits, chance = [], []
    for seed in SEEDS:
        cases = entry(seed, public)["cases"]
        contexts = [tuple(c) for case in cases for c in case["args"][0]]
        tokens = [token for case in cases for token in case["next"]]
        follows: dict[tuple[int, ...], set[int]] = {}
        for context in contexts:
            for cut in range(4, len(context)):
                follows.setdefault(context[:cut], set()).add(context[cut])
        for context, token in zip(contexts, tokens, strict=True):
            if len(context) >= 4 and context in follows:
                hits.append(token in follows[context])
                chance.append(sum(by_hand(list(context))[t] for t in follows[context]))
    spread = math.sqrt(sum(p * (1 - p) for p in chance)) + 1e-9
    assert abs(sum(hits) - sum(chance)) < 4 * spread + 1


def test_draws_have_contexts_of_every_kind():
    drawn = {e.label: e.args[0] for e in set_08.draw_contexts(rng_for(1, TASK.id, False))}
    lengths = {label: (min(map(len, cs)), max(map(len, cs))) for label, cs in drawn.items()}
    assert lengths["no letter"] == (0, 0) and lengths["one letter"] == (1, 1)
    assert lengths["hundreds of letters"][1] > 200
    pairs = letters.source().block_probs(2).numpy()
    common = np.quantile(pairs, 0.25)
    assert all(pairs[c[-2], c[-1]] <= common for c in drawn["a rare pair at the end"])
