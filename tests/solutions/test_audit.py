"""Does an audit name what was done to a table, whatever its numbers, and find nothing in a sound one?"""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from solutions import SolutionsError
from solutions.audit import audit

SEEDS = range(8)


def sound(seed: int, m: int = 40, V: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """A table of a model that knows its text well, and the text."""
    rng = np.random.default_rng(seed)
    logits, tokens = rng.normal(size=(m, V)), rng.integers(V, size=m)
    logits[np.arange(m), tokens] += 3.0
    return log_softmax(logits, axis=1), tokens


def own(table: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    return table[np.arange(len(tokens)), tokens]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sound_table_has_no_findings(seed):
    table, tokens = sound(seed)
    found = audit(table, tokens, own(table, tokens))
    assert (found.kind, found.shift, found.findings) == ("nats", 0, ())
    assert found.nll == pytest.approx(-own(table, tokens).mean(), rel=1e-9)


SPOILT = {
    "bits": (lambda t: t / np.log(2), "bits"),
    "base 10": (lambda t: t / np.log(10), "base 10"),
    "probabilities": (np.exp, "probabilities"),
    "logits": (lambda t: t + np.linspace(0, 5, len(t))[:, None], "not normalised"),
    "wrong axis": (lambda t: log_softmax(t, axis=0), "normalised over places"),
    "wrong axis, no logarithm": (lambda t: softmax(t, axis=0), "normalised over places"),
    "a part of the vocabulary": (lambda t: t[:, :-3], "not normalised"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_was_done_to_the_numbers_is_named(name):
    spoil, kind = SPOILT[name]
    for seed in SEEDS:
        table, _ = sound(seed)
        found = audit(spoil(table))
        assert found.kind == kind
        assert len(found.findings) == 1


@pytest.mark.parametrize("name", ["bits", "base 10", "probabilities", "logits"])
def test_the_loss_is_that_of_the_table_before_it_was_spoilt(name):
    table, tokens = sound(0)
    assert audit(SPOILT[name][0](table), tokens).nll == pytest.approx(-own(table, tokens).mean(), rel=1e-9)


def test_a_softmax_that_was_taken_twice_is_suspected():
    table, tokens = sound(1)
    twice = audit(log_softmax(np.exp(table), axis=1), tokens)
    assert twice.kind == "nats"
    assert any("taken twice" in finding for finding in twice.findings)
    assert audit(np.log(np.full((3, 4), 0.25))).findings == ()  # nothing is known, and that is no mistake


@pytest.mark.parametrize("by", [1, -1])
def test_rows_that_are_about_a_neighbour_are_named(by):
    for seed in SEEDS:
        table, tokens = sound(seed)
        moved = np.roll(table, -by, axis=0)
        found = audit(moved, tokens)
        assert found.shift == by
        assert found.nll == pytest.approx(
            -own(table, tokens)[1:].mean() if by == 1 else -own(table, tokens)[:-1].mean(), rel=1e-9
        )


def test_scores_of_other_entries_are_named():
    table, tokens = sound(2)
    tokens[5] = (tokens[5] + 1) % table.shape[1]  # so that one token is not the most probable one
    place, others = np.arange(len(tokens)), (tokens + 1) % table.shape[1]
    cases = {
        "most probable": table.max(axis=1),
        "row before": np.append(0.0, table[place[:-1], tokens[1:]]),
        "one place later": np.append(table[place[:-1], tokens[1:]], 0.0),
        "not the table's entries": table[place, others],
    }
    for said, scores in cases.items():
        found = audit(table, tokens, scores).findings
        assert len(found) == 1, said
        assert said in found[0]


def test_a_start_symbol_is_given_and_not_predicted():
    table, tokens = sound(3)
    tokens[tokens == 11] = 4
    tokens[:2] = 11
    scores = own(table, tokens)
    said = " ".join(audit(table, tokens, scores, start=11).findings)
    assert "twice" in said and "has a score" in said
    assert "no start symbol" in audit(table, np.where(tokens == 11, 4, tokens), start=11).findings[0]
    once = tokens.copy()
    once[1] = 4
    found = audit(table, once, start=11)
    assert found.findings == ()
    assert found.nll == pytest.approx(-own(table, once)[1:].mean(), rel=1e-9)


def test_a_text_with_an_impossible_token_is_told_why_its_loss_is_infinite():
    table, tokens = sound(4)
    table[7, tokens[7]] = -np.inf
    found = audit(log_softmax(table, axis=1), tokens)
    assert found.nll == np.inf
    assert "1 of 40 tokens have probability 0, the first at place 7" in found.findings[0]
    other = (tokens[7] + 1) % table.shape[1]  # impossible, too, and not in the text
    table, tokens = sound(4)
    table[7, other] = -np.inf
    assert audit(log_softmax(table, axis=1), tokens).findings == ()


def test_a_single_score_is_not_said_to_come_from_a_neighbour():
    (finding,) = audit(np.log([[0.9, 0.1]]), [0], [-5.0]).findings
    assert "not the table's entry" in finding


@pytest.mark.filterwarnings("error")
def test_numbers_as_large_as_floats_become_are_no_difficulty():
    found = audit([[1e308, -1e308], [-1.7e308, 1.7e308]], [0, 1])
    assert (found.kind, found.nll) == ("not normalised", 0.0)
    tenths = audit([[0.0, -1.5e308], [np.log10(0.5)] * 2], [0, 1])
    assert (tenths.kind, tenths.nll) == ("base 10", pytest.approx(np.log(2) / 2))


ONE = [[0.0, 0.0]]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (([[0.0]],), "at least one row of two numbers"),
        (([],), "at least one row of two numbers"),
        (([[0.0, 0.0], [0.0]],), "different lengths"),
        (([[0.0, np.nan]],), "row 0 holds nan for token 1"),
        (([[np.inf, 0.0]],), "row 0 holds inf for token 0"),
        (([["-0.7", "-0.7"]],), "give numbers only"),
        (([[True, False]],), "give numbers only"),
        (([[None, 0.0]],), "give numbers only"),
        (([[10**400, 0]],), "give numbers only"),
        ((ONE, [2]), r"tokens: 2; give integers in 0\.\.1"),
        ((ONE, [0, 1]), r"tokens have shape \(2,\)"),
        ((ONE, [0.5]), "tokens: 0.5; give integers"),
        ((ONE, ["a"]), "tokens: a; give integers"),
        ((ONE, [0], ["a"]), "not all of the scores are numbers"),
        ((ONE, None, [0.0]), "give the tokens, too"),
        ((ONE, None, None, 0), "give the tokens, too"),
        ((ONE, [0], None, 2), "the start symbol: 2; give integers"),
        ((ONE, [0], None, "<s>"), "the start symbol: <s>; give integers"),
        ((ONE, [0], None, [0]), r"shape \(1,\); give one token"),
    ],
)
def test_what_is_no_table_or_no_text_of_it_is_refused_with_its_reason(given, says):
    with pytest.raises(SolutionsError, match=says):
        audit(*given[:3], start=given[3] if len(given) > 3 else None)
