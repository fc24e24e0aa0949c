"""Exercise set 09, scoring, ranking and decoding: what a trained model's numbers are, and what one finds with them.

Scores are sums of log-probabilities in nats; the answer's, given its prompt.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from sympy import Derivative, Sum, exp, log

from grader.algebra import define, index, probability, reals, simplex, size
from grader.cases import (
    Choice,
    DerivationTask,
    Example,
    Expression,
    Form,
    Function,
    Milestone,
    Mistake,
    Value,
)
from solutions import decoding, ranking
from solutions.logits import log_softmax, log_sum_exp
from solutions.tasks._slips import quietly

# --- 1 · answer-score ------------------------------------------------------------------------------------------------

PROMPT, ANSWER = np.array([-1.2, -0.4]), np.array([-0.7, -2.1, -0.3])

ANSWER_SCORE = Value(
    "answer-score",
    points=1,
    answer=float(ANSWER.sum()),
    within=(-20, 20),
    rtol=0.0,
    atol=1e-6,
    unit="nats",
    mistakes=(
        Mistake(
            "scores-the-prompt",
            "This is the log-probability of prompt and answer together. Given the prompt, its tokens cost nothing.",
            float(PROMPT.sum() + ANSWER.sum()),
        ),
        Mistake(
            "prompt-only",
            "This is the score of the prompt. What is asked is the answer's.",
            float(PROMPT.sum()),
        ),
        Mistake(
            "mean-for-sum",
            "This is a mean per token. A score is the log-probability of the whole answer.",
            answers=(float(ANSWER.mean()), float(ANSWER.sum() / 5)),
        ),
        Mistake(
            "flipped-sign",
            "A log-probability is never above 0. With the minus in front it is a loss.",
            float(-ANSWER.sum()),
        ),
        Mistake(
            "leaves-out-the-end",
            "The end symbol is a token of the answer, too: it says that the answer is complete.",
            float(ANSWER[:-1].sum()),
        ),
        Mistake(
            "starts-too-early",
            "The last token of the prompt is in your sum. The answer begins after it.",
            float(PROMPT[-1] + ANSWER.sum()),
        ),
        Mistake(
            "starts-too-late",
            "The first token of the answer is missing. It is scored, given the prompt.",
            float(ANSWER[1:].sum()),
        ),
        Mistake(
            "gives-the-probability",
            "This is the probability. Its logarithm is asked.",
            float(np.exp(ANSWER.sum())),
        ),
        Mistake("in-bits", "You divided by log 2: this is in bits.", float(ANSWER.sum() / np.log(2))),
    ),
)

# --- 2 · answer-log-prob ---------------------------------------------------------------------------------------------


def draw_logits(rng: np.random.Generator) -> list[Example]:
    """Return logits (m, V), tokens (m,) and the length of the prompt."""

    def case(prompt: int, answer: int, V: int = 5, scale: float = 2.0) -> tuple[np.ndarray, np.ndarray, int]:
        m = prompt + answer
        logits = scale * rng.normal(size=(m, V)) + scale * 5 * rng.normal(size=(m, 1))
        return logits, rng.integers(V, size=m), prompt

    def far(prompt: int, answer: int) -> tuple[np.ndarray, np.ndarray, int]:
        logits, tokens, _ = case(prompt, answer)
        logits = np.sign(logits) * rng.uniform(9000, 10_000, size=logits.shape)
        logits[rng.integers(len(logits))] -= 8000
        # among the rows that score: one whose token has no probability in floats, one far below the table's maximum
        unlikely, low = rng.choice(np.arange(prompt - 1, len(tokens) - 1), size=2, replace=False)
        logits[unlikely] = np.abs(logits[unlikely])
        logits[unlikely, tokens[unlikely + 1]] *= -1
        logits[low] = -np.abs(logits[low])
        return np.clip(logits, -10_000, 10_000), tokens, prompt

    def masked(prompt: int, answer: int, at_answer: bool) -> tuple[np.ndarray, np.ndarray, int]:
        logits, tokens, _ = case(prompt, answer)
        rows = np.arange(prompt - 1, len(tokens) - 1)
        others = (tokens[1:] + 1) % 5
        logits[rows, others[rows]] = -np.inf  # of another token: no harm
        if at_answer:
            place = int(rng.integers(prompt, len(tokens)))
            logits[place - 1, tokens[place]] = -np.inf
        else:
            logits[-1, tokens[0]] = -np.inf  # the last row scores nothing
        return logits, tokens, prompt

    return [
        Example("a prompt and an answer", np.zeros((3, 2)), np.array([0, 1, 1]), 1),
        Example("a prompt and an answer", *case(3, 4)),
        Example("a prompt and an answer", *case(5, 2, V=9)),
        Example("a prompt of one token", *case(1, 3)),
        Example("an answer of one token", *case(4, 1)),
        Example("an answer of one token", *case(1, 1)),
        Example("a long answer", *case(6, 300)),
        Example("as many places as tokens", *case(2, 3)),  # a square table, where axes can be mixed up
        Example("large logits", *far(2, 5)),
        Example("large logits", *far(3, 8)),
        Example("masked tokens", *masked(2, 4, True)),
        Example("masked tokens", *masked(3, 3, False)),
    ]


Scores = Callable[[Any, Any, Any], Any]


def of_rows(first: int, last: int, by: int) -> Scores:
    """Return the sum over the places prompt_length + first … m + last, each from the row `by` places away."""

    def score(logits, tokens, prompt_length):
        places = np.arange(prompt_length + first, len(tokens) + last)
        rows = places + by
        inside = (rows >= 0) & (rows < len(tokens))
        return log_softmax(logits)[rows[inside], tokens[places[inside]]].sum()

    return score


def terms(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    return log_softmax(logits[places - 1])[np.arange(len(places)), tokens[places]]


def over_the_wrong_axis(logits, tokens, prompt_length):
    about = log_softmax(np.asarray(logits).T).T
    places = np.arange(prompt_length, len(tokens))
    return about[places - 1, tokens[places]].sum()


def over_the_answers_rows(logits, tokens, prompt_length):
    """Return the score with a softmax over the places of the answer."""
    places = np.arange(prompt_length, len(tokens))
    about = log_softmax(np.asarray(logits)[places - 1].T).T
    return about[np.arange(len(places)), tokens[places]].sum()


def raw_logits(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    return logits[places - 1, tokens[places]].sum()


def without_a_maximum(logits, tokens, prompt_length):
    probs = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    places = np.arange(prompt_length, len(tokens))
    return np.log(probs[places - 1, tokens[places]]).sum()


def through_probabilities(logits, tokens, prompt_length):
    """Return the score by the logarithm of a stable softmax, which loses what is below the smallest float."""
    return np.log(np.exp(terms(logits, tokens, prompt_length))).sum()


def with_one_maximum(logits, tokens, prompt_length):
    """Return the score with the largest logit of the whole table taken out of each row."""
    shifted = logits - logits.max()
    about = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    places = np.arange(prompt_length, len(tokens))
    return about[places - 1, tokens[places]].sum()


def with_a_floor(epsilon: float, floor: Callable[[Any, float], Any]) -> Scores:
    """Return the score of probabilities that are kept off 0."""
    return lambda z, y, n: np.log(floor(np.exp(terms(z, y, n)), epsilon)).sum()


def skipping_the_impossible(logits, tokens, prompt_length):
    each = terms(logits, tokens, prompt_length)
    return each[np.isfinite(each)].sum()


def through_the_product(logits, tokens, prompt_length):
    return np.log(np.prod(np.exp(terms(logits, tokens, prompt_length))))


def of_the_best_tokens(logits, tokens, prompt_length):
    return log_softmax(logits)[prompt_length - 1 : -1].max(axis=-1).sum()


def softmax_twice(logits, tokens, prompt_length):
    probs = np.exp(log_softmax(logits))
    return ranking.answer_log_prob(probs, tokens, prompt_length)


ANSWER_LOG_PROB = Function(
    "answer-log-prob",
    points=3,
    reference=ranking.answer_log_prob,
    accepts=("float32",),
    draw=draw_logits,
    promises={
        "The prompt has at least one token": lambda z, y, n: n == 1,
        "The answer has at least one token": lambda z, y, n: n == len(y) - 1,
        "and may be long": lambda z, y, n: len(y) - n > 200,
        "as large as 10,000": lambda z, y, n: z.max() > 8000,
        "as small as −10,000": lambda z, y, n: z.min() < -8000 and np.isfinite(z).all(),
        "each row has a shift of its own": lambda z, y, n: np.ptp(log_sum_exp(z)) > 1,
        "with a logit of `-np.inf`": lambda z, y, n: (
            n < len(y) and np.isneginf(z[np.arange(n - 1, len(y) - 1), y[n:]]).any()
        ),
        "A token of the answer may be masked": lambda z, y, n: (
            np.isneginf(z).any() and np.isfinite(ranking.answer_log_prob(z, y, n))
        ),
        "`answer_log_prob(np.zeros((3, 2)), np.array([0, 1, 1]), 1)`": lambda z, y, n: (
            z.shape == (3, 2) and not z.any()
        ),
    },
    mistakes=(
        Mistake(
            "row-of-the-token-itself",
            "You take the row that was computed after reading a token for that token itself. It is about the next one: "
            "look one row earlier.",
            answers=(of_rows(0, 0, 0), quietly(of_rows(0, 0, 0))),
        ),
        Mistake(
            "row-too-early",
            "You look two rows back. The row just before a token is about it.",
            of_rows(0, 0, -2),
        ),
        Mistake(
            "scores-the-prompt",
            "The prompt's tokens are in your sum as well. Given the prompt, they cost nothing.",
            answers=(of_rows(-(10**6), 0, -1), lambda z, y, n: ranking.answer_log_prob(z, y, 1)),
        ),
        Mistake(
            "starts-too-late",
            "You left out the first token of the answer: the row of the prompt's last token is about it.",
            of_rows(1, 0, -1),
        ),
        Mistake(
            "starts-too-early",
            "Your sum begins one place too early: the last token of the prompt is in it.",
            answers=(
                of_rows(-1, 0, -1),
                lambda z, y, n: (
                    ranking.answer_log_prob(z, y, n - 1) if n > 1 else ranking.answer_log_prob(z, y, n)
                ),
            ),
        ),
        Mistake("leaves-out-the-last", "The last token of the answer is missing.", of_rows(0, -1, -1)),
        Mistake(
            "raw-logits",
            "You added up logits. They are no log-probabilities: subtract the log-sum-exp of each whole row.",
            raw_logits,
        ),
        Mistake(
            "wrong-axis",
            "Your softmax runs over the places of the text. It belongs over the vocabulary, the last axis.",
            answers=(over_the_wrong_axis, quietly(over_the_wrong_axis), over_the_answers_rows),
        ),
        Mistake(
            "overflows",
            "The exponential of a large logit is infinite, that of a very negative one 0. Take out each row's maximum "
            "first, and don't go over probabilities.",
            answers=(
                without_a_maximum,
                quietly(without_a_maximum),
                through_probabilities,
                quietly(through_probabilities),
                with_one_maximum,
                quietly(with_one_maximum),
            ),
        ),
        Mistake(
            "floors-probabilities",
            "You keep probabilities off 0 by a small number. It changes the score: log-softmax needs none, and an "
            "impossible token costs −∞.",
            answers=tuple(
                with_a_floor(epsilon, floor)
                for epsilon in (1e-300, 1e-20, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
                for floor in (np.add, np.maximum)
            ),
        ),
        Mistake(
            "skips-the-impossible",
            "You leave tokens out that the model calls impossible. One of them makes the whole answer impossible: −∞.",
            answers=(skipping_the_impossible, quietly(skipping_the_impossible)),
        ),
        Mistake(
            "multiplies-first",
            "You multiply the probabilities first. Of a long answer the product is rounded to 0: add logarithms.",
            answers=(through_the_product, quietly(through_the_product)),
        ),
        Mistake(
            "best-token",
            "You took the most probable token of each row, not the one that stands there.",
            of_the_best_tokens,
        ),
        Mistake(
            "softmax-twice",
            "You took a softmax of probabilities. One is enough.",
            softmax_twice,
        ),
        Mistake(
            "mean-for-sum",
            "You divided by a number of tokens. A score is the log-probability of the whole answer.",
            answers=(
                lambda z, y, n: ranking.answer_log_prob(z, y, n) / (len(y) - n),
                lambda z, y, n: ranking.answer_log_prob(z, y, n) / len(y),
            ),
        ),
        Mistake(
            "flipped-sign",
            "A log-probability is never above 0. With the minus in front it is a loss.",
            lambda z, y, n: -ranking.answer_log_prob(z, y, n),
        ),
        Mistake(
            "in-bits",
            "Your logarithm has base 2. In nats it is the natural one.",
            lambda z, y, n: ranking.answer_log_prob(z, y, n) / np.log(2),
        ),
        Mistake(
            "gives-the-probability",
            "This is the probability of the answer. Its logarithm is asked.",
            lambda z, y, n: np.exp(ranking.answer_log_prob(z, y, n)),
        ),
    ),
)

# --- 3 · table-audit -------------------------------------------------------------------------------------------------

SUM_TOLERANCE = 1e-6


def kind_of(table):
    """Return what the numbers of a table are, shape (m, V) -> a text."""
    kinds = {"nats": np.exp, "bits": np.exp2, "probabilities": lambda x: np.where(x >= 0, x, np.nan)}
    with np.errstate(over="ignore"):
        for kind, undo in kinds.items():
            if (abs(undo(np.asarray(table, dtype=float)).sum(axis=1) - 1) < SUM_TOLERANCE).all():
                return kind
    return "not normalised"


def draw_tables(rng: np.random.Generator) -> list[Example]:
    """Return tables of shape (m, V)."""

    def probs(m: int, V: int) -> np.ndarray:
        return rng.dirichlet(np.full(V, 0.8), size=m) * 0.98 + 0.02 / V

    def with_zeros(m: int, V: int) -> np.ndarray:
        rows = probs(m, V)
        rows[np.arange(m), rng.integers(V, size=m)] = 0.0
        return rows / rows.sum(axis=1, keepdims=True)

    def logs(rows: np.ndarray, base: float = np.e) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.log(rows) / np.log(base)

    def row_off(row: int, table: np.ndarray, by: float) -> np.ndarray:
        changed = table.copy()
        changed[row, -1] += by
        return changed

    last_row_off, first_row_off = partial(row_off, -1), partial(row_off, 0)

    def summing_together(m: int, V: int) -> np.ndarray:
        """Rows that sum to 1 on average and not each."""
        rows = probs(m, V)
        rows[0] *= 1.3
        rows[1] *= 0.7
        return rows

    square = probs(5, 5)
    with_negative = probs(4, 4)
    with_negative[1, :2] = [-0.2, with_negative[1, 0] + with_negative[1, 1] + 0.2]
    mixed = np.concatenate([logs(probs(2, 4)), logs(probs(2, 4), 2.0)])
    return [
        Example("natural logarithms", np.log([[0.5, 0.5], [0.9, 0.1]])),
        Example("natural logarithms", logs(probs(6, 7))),
        Example("natural logarithms", logs(with_zeros(5, 4))),
        Example("natural logarithms", logs(probs(1, 3))),
        Example("logarithms to base 2", logs(probs(6, 7), 2.0)),
        Example("logarithms to base 2", logs(with_zeros(5, 6), 2.0)),
        Example("logarithms to base 2", np.array([[-1.0, -1.0], [-1.0, -1.0]])),
        Example("probabilities", np.array([[0.5, 0.5], [0.9, 0.1]])),
        Example("probabilities", probs(6, 7)),
        Example("probabilities", with_zeros(4, 5)),
        Example("probabilities", square),
        Example("none of them", np.array([[2.2, 0.0], [1.0, 1.0]])),
        Example("none of them", rng.normal(size=(5, 6)) * 3 - 2),
        Example("none of them", rng.normal(size=(4, 5)) * 3000),
        Example("none of them", -rng.uniform(1, 9, size=(4, 5))),  # negative, as logarithms are
        Example("in every row", last_row_off(logs(probs(5, 6)), 0.7)),
        Example("in every row", last_row_off(logs(probs(5, 6), 2.0), 0.7)),
        Example("in every row", last_row_off(probs(5, 6), 0.01)),
        Example("in every row", first_row_off(logs(probs(5, 6)), -0.7)),
        Example("in every row", first_row_off(logs(probs(5, 6), 2.0), -0.7)),
        Example("in every row", first_row_off(probs(5, 6), 0.01)),
        Example("in every row", mixed),
        Example("in every row", summing_together(4, 6)),
        Example("in every row", logs(summing_together(4, 6))),
        Example("in every row", logs(summing_together(4, 6), 2.0)),
        Example("in every row", with_negative),
        Example("the sum of a row", square.T),
        Example("the sum of a row", logs(square.T)),
        Example("the sum of a row", logs(square.T, 2.0)),
        Example("how exact a sum is", last_row_off(probs(4, 3), 2e-6)),
        Example("how exact a sum is", last_row_off(probs(4, 3), -5e-7)),
        Example("how exact a sum is", last_row_off(logs(np.full((3, 4), 0.25)), 1e-5)),
        Example("how exact a sum is", last_row_off(logs(np.full((3, 4), 0.25), 2.0), 1e-6)),
    ]


def looking_at(
    sums: Callable[[np.ndarray], Any], tolerance: float = SUM_TOLERANCE, order: str = "nbp"
) -> Callable[..., str]:
    """Return the audit that looks at other sums of the table, or in another order of the kinds."""
    kinds = {
        "n": ("nats", np.exp),
        "b": ("bits", np.exp2),
        "p": ("probabilities", lambda x: np.where(x >= 0, x, np.nan)),
    }

    def answer(table):
        with np.errstate(over="ignore", invalid="ignore"):
            for letter in order:
                name, undo = kinds[letter]
                if np.all(abs(sums(undo(np.asarray(table, dtype=float))) - 1) < tolerance):
                    return name
        return "not normalised"

    return answer


def by_signs(table):
    """Return the kind by the signs, and never ask for the base."""
    found = kind_of(table)
    return "nats" if found == "bits" else found


def with_negative_probabilities(table):
    rows = np.asarray(table, dtype=float)
    found = kind_of(rows)
    sums_to_one = bool((abs(rows.sum(axis=1) - 1) < SUM_TOLERANCE).all())
    return "probabilities" if found == "not normalised" and sums_to_one else found


def negative_is_a_logarithm(table):
    rows = np.asarray(table, dtype=float)
    return "nats" if kind_of(rows) == "not normalised" and (rows <= 0).all() else kind_of(rows)


def finite_only(table):
    rows = np.asarray(table, dtype=float)
    return kind_of(rows) if np.isfinite(rows).all() else "not normalised"


def kind_of_the_first_row(table):
    """Return the first row's kind when every row has one, whichever it is."""
    kinds = [kind_of(row[None]) for row in np.asarray(table, dtype=float)]
    return "not normalised" if "not normalised" in kinds else kinds[0]


def between_0_and_1(table):
    rows = np.asarray(table, dtype=float)
    return "probabilities" if ((rows >= 0) & (rows <= 1)).all() else kind_of(rows)


TABLE_AUDIT = Function(
    "table-audit",
    points=2,
    reference=kind_of,
    draw=draw_tables,
    promises={
        "natural logarithms of probabilities that sum to 1": lambda t: kind_of(t) == "nats" and len(t) > 5,
        "the same with logarithms to base 2": lambda t: kind_of(t) == "bits" and len(t) > 5,
        "the probabilities themselves": lambda t: kind_of(t) == "probabilities" and 0 in t,
        "none of these, in at least one row": lambda t: (
            kind_of(t) == "not normalised" and kind_of(t[:-1]) != "not normalised"
        ),
        "Logits are of this kind": lambda t: kind_of(t) == "not normalised" and abs(t).max() > 1000,
        "if it differs from 1 by less than 1e-6": lambda t: 1e-7 < abs(t.sum(axis=1) - 1).max() < 1e-6,
        "then a logarithm is `-np.inf`": lambda t: np.isneginf(t).any(),
        "`kind_of(np.log([[0.5, 0.5], [0.9, 0.1]]))`": lambda t: np.array_equal(
            t, np.log([[0.5, 0.5], [0.9, 0.1]])
        ),
        "`kind_of(np.array([[0.5, 0.5], [0.9, 0.1]]))`": lambda t: np.array_equal(
            t, [[0.5, 0.5], [0.9, 0.1]]
        ),
        "`kind_of(np.array([[2.2, 0.0], [1.0, 1.0]]))`": lambda t: np.array_equal(
            t, [[2.2, 0.0], [1.0, 1.0]]
        ),
    },
    mistakes=(
        Mistake(
            "columns-for-rows",
            "You sum over the columns, the places of the text. A distribution stands in a row.",
            looking_at(lambda x: x.sum(axis=0)),
        ),
        Mistake(
            "first-row-only",
            "You looked at one row only. Every row has to be normalised.",
            answers=(
                looking_at(lambda x: x.sum(axis=1)[0]),
                looking_at(lambda x: x.sum(axis=1)[-1]),
                lambda t: next(
                    (k for row in np.asarray(t) if (k := kind_of(row[None])) != "not normalised"),
                    "not normalised",
                ),
            ),
        ),
        Mistake(
            "sums-of-all",
            "You summed the whole table, or averaged the rows' sums. Each row has to sum to 1 by itself.",
            answers=(
                looking_at(lambda x: x.sum(axis=1).mean()),
                looking_at(lambda x: x.sum() - len(x) + 1),
            ),
        ),
        Mistake(
            "a-kind-for-each-row",
            "You look for a kind in each row by itself. A table is of one kind, and all of its rows have to be of it.",
            kind_of_the_first_row,
        ),
        Mistake(
            "bits-for-nats",
            "You call nats bits, and bits nats. Bits belong to base 2, nats to base e.",
            lambda t: {"nats": "bits", "bits": "nats"}.get(found := kind_of(t), found),
        ),
        Mistake(
            "between-0-and-1",
            "Numbers between 0 and 1 need not be probabilities of a distribution. Look at the sums of their rows.",
            between_0_and_1,
        ),
        Mistake(
            "never-base-2",
            "A table in bits is something else for you. Try powers of 2 as well.",
            answers=(by_signs, looking_at(lambda x: x.sum(axis=1), order="np")),
        ),
        Mistake(
            "negative-probabilities",
            "A row that sums to 1 holds a negative number. That is no probability.",
            with_negative_probabilities,
        ),
        Mistake(
            "negative-is-a-logarithm",
            "Negative numbers alone are no log-probabilities: logits may be negative. Look at the sums.",
            negative_is_a_logarithm,
        ),
        Mistake(
            "no-impossible-tokens",
            "A logarithm of −∞ is a token of probability 0. The rest of its row may sum to 1.",
            finite_only,
        ),
        Mistake(
            "wide-tolerance",
            "You take sums for 1 that differ from it by more than 1e-6. `np.isclose` allows 1e-5 of the number unless "
            "you set `rtol=0`.",
            answers=tuple(
                looking_at(lambda x: x.sum(axis=1), tolerance)
                for tolerance in (1e-2, 1e-3, 1e-4, 1e-5, 1.001e-5, 1e-5 + 1e-8)
            ),
        ),
        Mistake(
            "no-tolerance",
            "For you, sums are not 1 that differ from it by less than 1e-6. `==` is too strict, also after rounding.",
            answers=tuple(
                looking_at(lambda x: x.sum(axis=1), tolerance)
                for tolerance in (1e-7, 1e-8, 1e-9, 1e-12, 1e-16)
            ),
        ),
    ),
)

# --- 4 · prompt-change -----------------------------------------------------------------------------------------------

PROMPT_CHANGE = Choice(
    "prompt-change",
    points=1,
    options={
        "a": "none: no token of the answer has changed",
        "b": "those of $x_2$, $x_3$, $x_4$, $y_1$, $y_2$ and $y_3$",
        "c": "that of $y_1$ only, which follows the prompt",
        "d": "those of $y_1$, $y_2$ and $y_3$",
    },
    answer="d",
    mistakes=(
        Mistake(
            "tokens-for-conditions",
            "The answer's tokens are the same, but each is conditioned on all tokens before it, the changed one "
            "included.",
            "a",
        ),
        Mistake(
            "scores-the-prompt",
            "These do change. But the score is conditioned on the prompt: its tokens' terms do not enter.",
            "b",
        ),
        Mistake(
            "bigram-thinking",
            "That would be so if a token depended on its neighbour only. Here it depends on everything before it.",
            "c",
        ),
    ),
)

# --- 5 · rank-candidates ---------------------------------------------------------------------------------------------

Texts = Sequence[str]


def rank(log_probs, texts, rule):
    """Return the order of the candidates by a rule, the best first."""
    score = ranking.RULES[rule]
    return ranking.rank([score(each, text) for each, text in zip(log_probs, texts, strict=True)])


def draw_candidates(rng: np.random.Generator) -> list[Example]:
    """Return candidates' log-probabilities, their texts and a rule."""
    words = ["a", "an owl", "naïve", "dog", "où", "Straße", "猫", "the cat", "I", "señor", "垫子", "x" * 12]

    def candidates(n: int) -> tuple[list[list[float]], list[str]]:
        lengths = rng.integers(1, 8, size=n)
        texts = [str(word) for word in rng.choice(words, size=n, replace=False)]
        return [[float(-x) for x in rng.uniform(0.1, 3.0, size=m)] for m in lengths], texts

    def that_differ(rule: str, others: Sequence[Callable[..., list[int]]]) -> tuple[Any, ...]:
        """Candidates that every other rule ranks in another order, and its best one elsewhere."""
        while True:
            given = (*candidates(6), rule)
            right = rank(*given)
            if all(other(*given)[0] != right[0] and other(*given)[-1] != right[-1] for other in others):
                return given

    def eighths(n: int) -> list[float]:
        return [-float(x) / 8 for x in rng.integers(1, 9, size=n)]

    def tied(rule: str) -> tuple[Any, ...]:
        """Candidates of which several share their score, exactly: sums and means of eighths, by powers of 2."""
        pair = eighths(2)
        doubled = {"sum": [[pair[0]], [pair[1]], [pair[0] / 2, pair[0] / 2], [pair[1] / 2] * 2]}
        doubled["token"] = [[pair[0]], [pair[1]], [pair[0]] * 2, [pair[1]] * 4]
        doubled["byte"] = [[pair[0]], [pair[1]], [pair[0]] * 2, [pair[1]] * 2]
        texts = {"sum": ["ab", "c", "é", "d"], "token": ["ab", "c", "é", "d"], "byte": ["a", "b", "é", "cd"]}[
            rule
        ]
        log_probs = [*doubled[rule], [-9.0]]
        order = [int(place) for place in rng.permutation(5)]
        return [log_probs[n] for n in order], [[*texts, "zz"][n] for n in order], rule

    by = {name: (lambda p, t, _, name=name: rank(p, t, name)) for name in ranking.RULES}
    return [
        Example("by sum", [[-1.0, -1.0], [-1.5]], ["abc", "d"], "sum"),
        Example("by sum", *that_differ("sum", [by["token"], by["byte"], by_characters, by_products])),
        Example("by sum", *that_differ("sum", [by["token"], by["byte"], by_characters, by_products])),
        Example("by token", [[-1.0, -1.0], [-1.5]], ["abc", "d"], "token"),
        Example("by token", *that_differ("token", [by["sum"], by["byte"], by_characters, by_products])),
        Example("by token", *that_differ("token", [by["sum"], by["byte"], by_characters, by_products])),
        Example("by byte", *that_differ("byte", [by["sum"], by["token"], by_characters, by_words])),
        Example("by byte", *that_differ("byte", [by["sum"], by["token"], by_characters, by_words])),
        Example("equal scores", *tied("sum")),
        Example("equal scores", *tied("token")),
        Example("equal scores", *tied("byte")),
        Example("by byte", [[-0.5, -0.25]], ["a"], "byte"),
    ]


def ranked_by(score: Callable[[Sequence[float], str], float]) -> Callable[..., list[int]]:
    """Return the ranking by another score, whatever the rule."""
    return lambda log_probs, texts, rule: ranking.rank(
        [score(p, t) for p, t in zip(log_probs, texts, strict=True)]
    )


by_characters = ranked_by(lambda log_probs, text: sum(log_probs) / len(text))
by_words = ranked_by(lambda log_probs, text: sum(log_probs) / len(text.split()))
by_products = ranked_by(lambda log_probs, text: float(np.mean(np.exp(log_probs))))


def where(rule: str, other: Callable[..., list[int]]) -> Callable[..., list[int]]:
    """Return the ranking that goes by another score under one rule."""
    return lambda log_probs, texts, asked: (
        other(log_probs, texts, asked) if asked == rule else rank(log_probs, texts, asked)
    )


def scores_of(log_probs, texts, rule):
    return [ranking.RULES[rule](p, t) for p, t in zip(log_probs, texts, strict=True)]


def one_of_equals(log_probs, texts, rule):
    """Return the ranking by a dictionary of scores, in which equals overwrite each other."""
    by_score = {score: n for n, score in enumerate(scores_of(log_probs, texts, rule))}
    return [by_score[score] for score in sorted(by_score, reverse=True)]


def first_of_equals(log_probs, texts, rule):
    """Return the ranking by the first place of each score."""
    scores = scores_of(log_probs, texts, rule)
    return [scores.index(score) for score in sorted(scores, reverse=True)]


def reversed_ties(log_probs, texts, rule):
    scores = scores_of(log_probs, texts, rule)
    return sorted(range(len(scores)), key=lambda n: scores[n])[::-1]


RANK_CANDIDATES = Function(
    "rank-candidates",
    points=2,
    reference=rank,
    draw=draw_candidates,
    promises={
        "the log-probability of the whole candidate": lambda p, t, rule: (
            rule == "sum" and rank(p, t, "sum")[0] not in (rank(p, t, "token")[0], rank(p, t, "byte")[0])
        ),
        "its mean for each token": lambda p, t, rule: (
            rule == "token" and rank(p, t, "token")[0] not in (rank(p, t, "sum")[0], rank(p, t, "byte")[0])
        ),
        "its mean for each byte of the text in UTF-8": lambda p, t, rule: (
            rule == "byte" and rank(p, t, "byte") != by_characters(p, t, rule)
        ),
        "Candidates with equal scores keep their order": lambda p, t, rule: (
            rank(p, t, rule) != reversed_ties(p, t, rule)
        ),
        "`rule`": lambda p, t, rule: len(p) == 1,
        "`[[-1.0, -1.0], [-1.5]]`": lambda p, t, rule: p == [[-1.0, -1.0], [-1.5]] and rule == "token",
    },
    mistakes=(
        Mistake(
            "worst-first",
            "Your list begins with the worst candidate. A log-probability is better when it is larger.",
            answers=(
                lambda p, t, rule: rank(p, t, rule)[::-1],
                lambda p, t, rule: sorted(range(len(p)), key=lambda n: ranking.RULES[rule](p[n], t[n])),
            ),
        ),
        Mistake(
            "always-the-sum",
            "You go by the sum whatever the rule says.",
            answers=(lambda p, t, rule: rank(p, t, "sum"), where("token", lambda p, t, _: rank(p, t, "sum"))),
        ),
        Mistake(
            "always-the-mean",
            "You go by the mean per token whatever the rule says.",
            answers=(
                lambda p, t, rule: rank(p, t, "token"),
                where("sum", lambda p, t, _: rank(p, t, "token")),
            ),
        ),
        Mistake(
            "characters-for-bytes",
            "You divide by characters. In UTF-8 an é takes 2 bytes and a 猫 takes 3: encode the text.",
            where("byte", by_characters),
        ),
        Mistake(
            "mean-of-probabilities",
            "You averaged probabilities. The rules are about log-probabilities.",
            answers=(by_products, where("token", by_products)),
        ),
        Mistake(
            "ranks-for-order",
            "You give the place of each candidate. Asked is which candidate comes first, which second, and so on.",
            lambda p, t, rule: [rank(p, t, rule).index(n) for n in range(len(p))],
        ),
        Mistake(
            "counts-from-1",
            "You count the candidates from 1. In code they are counted from 0.",
            lambda p, t, rule: [n + 1 for n in rank(p, t, rule)],
        ),
        Mistake(
            "ties-turned-round",
            "Candidates with equal scores change their order. Sort by minus the score: don't turn a sorted list round.",
            reversed_ties,
        ),
        Mistake(
            "equals-for-one",
            "Of candidates with equal scores you know one only. Sort the candidates' numbers, not their scores.",
            answers=(one_of_equals, first_of_equals),
        ),
        Mistake(
            "best-only",
            "You give the best candidate only. The list has to hold all of them.",
            answers=(lambda p, t, rule: rank(p, t, rule)[:1], lambda p, t, rule: rank(p, t, rule)[0]),
        ),
        Mistake(
            "scores-for-numbers",
            "You give the sorted scores. What is asked are the candidates' numbers.",
            lambda p, t, rule: [ranking.RULES[rule](p[n], t[n]) for n in rank(p, t, rule)],
        ),
    ),
)

# --- 6 · greedy-regret -----------------------------------------------------------------------------------------------

p_a, p_b, m_a, m_b = (probability(name) for name in ("p_a", "p_b", "m_a", "m_b"))

GREEDY_REGRET = Expression(
    "greedy-regret",
    points=1,
    answer=log(p_b * m_b) - log(p_a * m_a),
    symbols=(p_a, p_b, m_a, m_b),
    mistakes=(
        Mistake(
            "flipped-sign",
            "This is the greedy text minus the best one. A loss comes out positive.",
            log(p_a * m_a) - log(p_b * m_b),
        ),
        Mistake(
            "first-step-only",
            "This compares the first step. What can follow belongs to a text's probability, too.",
            log(p_b) - log(p_a),
        ),
        Mistake(
            "second-step-only",
            "This compares the second step. The first one belongs to a text's probability, too.",
            log(m_b) - log(m_a),
        ),
        Mistake(
            "no-logarithm",
            "This is a difference of probabilities. In nats it is the difference of their logarithms.",
            p_b * m_b - p_a * m_a,
        ),
        Mistake(
            "ratio",
            "This is the quotient of the two probabilities. In nats it is its logarithm.",
            p_b * m_b / (p_a * m_a),
        ),
        Mistake(
            "crossed",
            "You combined a first token with the continuation of the other one.",
            log(p_b * m_a) - log(p_a * m_b),
        ),
        Mistake("in-bits", "This is in bits.", (log(p_b * m_b) - log(p_a * m_a)) / log(2)),
        Mistake(
            "base-10",
            "Your logarithm has base 10. In nats it is the natural one.",
            (log(p_b * m_b) - log(p_a * m_a)) / log(10),
        ),
        Mistake(
            "bracket-missing",
            "Only one of the greedy text's two factors is divided by: `a / b * c` is `(a / b) * c`.",
            log(p_b * m_b / p_a * m_a),
        ),
        Mistake(
            "quotient-of-logarithms",
            "This is a quotient of logarithms. The logarithm of a quotient is a difference.",
            log(p_b * m_b) / log(p_a * m_a),
        ),
        Mistake(
            "products-for-sums",
            "You multiplied logarithms. Where probabilities are multiplied, their logarithms are added.",
            log(p_b) * log(m_b) - log(p_a) * log(m_a),
        ),
    ),
)

# --- 7 · beam-search -------------------------------------------------------------------------------------------------

END = 0
CLEARLY = 1e-6  # nats; two texts of the same steps in another order differ by rounding only


def beam_search(log_probs, width, length):
    """Return the most probable text of the last beam."""
    model = decoding.table_model(log_probs, start=END)
    return list(decoding.beam_search(model, int(width), int(length), end=END)[0].tokens)


def searched(
    *,
    stops: str = "all",
    ended: str = "compete",
    score: Callable[[float, list[int]], float] = lambda total, tokens: total,
    choose: str = "best",
    rows: str = "last",
) -> Callable[..., list[int]]:
    """Return beam search with a slip.

    stops: "all" (when all have ended), "first" (when one has), "never" (ended texts go on).
    ended: "compete" for places, "aside" (they leave the beam and take no place), "lost" (they are dropped).
    score: what texts are ranked by. choose: "best", or "ended" (one that has ended, if there is one).
    rows: "last", or "column" (the table is read the other way round).
    """

    def answer(log_probs, width, length):
        table = np.asarray(log_probs, dtype=float)
        table = table.T if rows == "column" else table
        beam: list[tuple[float, list[int]]] = [(0.0, [])]
        finished: list[tuple[float, list[int]]] = []

        def has_ended(tokens: list[int]) -> bool:
            return stops != "never" and tokens[-1:] == [END]

        def best_of(found: list[tuple[float, list[int]]]) -> list[tuple[float, list[int]]]:
            return sorted(found, key=lambda each: -score(*each))

        for _ in range(length):
            going = [each for each in beam if not has_ended(each[1])]
            if not going or (stops == "first" and len(going) < len(beam)):
                break
            continued = [
                (total + float(step), [*tokens, token])
                for total, tokens in going
                for token, step in enumerate(table[tokens[-1] if tokens else END])
            ]
            old = [each for each in beam if has_ended(each[1])]
            beam = best_of(continued + old)[:width]
            if ended != "compete":
                finished += [each for each in beam if has_ended(each[1])] if ended == "aside" else []
                beam = [each for each in beam if not has_ended(each[1])] or beam[:1]
        last = best_of(beam + [each for each in finished if each not in beam])
        whole = [each for each in last if each[1][-1:] == [END]]
        return (whole[0] if choose == "ended" and whole else last[0])[1]

    return answer


never_ending = searched(stops="never")
stopping_at_the_first = searched(stops="first")
setting_aside = searched(ended="aside")
by_the_mean = searched(score=lambda total, tokens: total / max(len(tokens), 1))
preferring_ended = searched(choose="ended")
reading_columns = searched(rows="column")
losing_ended = searched(ended="lost")


def keeping_ended_beside(log_probs, width, length):
    """Return the search with a beam of texts that go on, and every ended text kept beside it."""
    table, beam, done = np.asarray(log_probs, dtype=float), [(0.0, [])], []
    for _ in range(length):
        continued = [
            (total + float(step), [*tokens, token])
            for total, tokens in beam
            for token, step in enumerate(table[tokens[-1] if tokens else END])
        ]
        done += [each for each in continued if each[1][-1] == END]
        beam = sorted((each for each in continued if each[1][-1] != END), key=lambda each: -each[0])[:width]
    return max(done + beam, key=lambda each: each[0])[1]


def of_the_last_place(log_probs, width, length):
    model = decoding.table_model(log_probs, start=END)
    return list(decoding.beam_search(model, int(width), int(length), end=END)[-1].tokens)


def greedily(log_probs, width, length):
    return beam_search(log_probs, 1, length)


def widely(log_probs, width, length):
    return beam_search(log_probs, 300, length)


SLIPS = {
    "greedy": greedily,
    "never ending": never_ending,
    "stopping at the first": stopping_at_the_first,
    "by the mean": by_the_mean,
    "preferring ended": preferring_ended,
    "reading columns": reading_columns,
    "losing ended": losing_ended,
    "setting aside": setting_aside,
    "keeping ended beside": keeping_ended_beside,
    "exact": widely,
    "one more": lambda p, w, n: beam_search(p, w + 1, n),
    "one less": lambda p, w, n: beam_search(p, max(w - 1, 1), n),
    "longer": lambda p, w, n: beam_search(p, w, n + 1),
    "shorter": lambda p, w, n: beam_search(p, w, max(n - 1, 1)),
}


def is_clear(log_probs: np.ndarray, width: int, length: int) -> bool:
    """Whether no tie decides: neither who keeps the last place of a beam nor who comes first in the end."""
    table, beam = np.asarray(log_probs), [(0.0, [])]
    for _ in range(length):
        found = [
            each
            for total, tokens in beam
            for each in (
                [(total, tokens)]
                if tokens[-1:] == [END]
                else [
                    (total + step, [*tokens, n])
                    for n, step in enumerate(table[tokens[-1] if tokens else END])
                ]
            )
        ]
        found.sort(key=lambda each: -each[0])
        if len(found) > width and found[width - 1][0] - found[width][0] < CLEARLY:
            return False
        beam = found[:width]
    return len(beam) == 1 or beam[0][0] - beam[1][0] > CLEARLY


def draw_beams(rng: np.random.Generator) -> list[Example]:
    """Return a table of log-probabilities, a width and a length."""

    def table(V: int) -> np.ndarray:
        rows = rng.dirichlet(np.full(V, 0.8), size=V) * 0.94 + 0.06 / V
        rows[:, END] *= 0.5
        return np.log(rows / rows.sum(axis=1, keepdims=True))

    def unlike(
        *slips: str,
        width: Sequence[int] = (2, 3),
        length: int = 5,
        ends: bool | None = None,
        apart: Sequence[str] = (),
    ) -> tuple[Any, ...]:
        """A case in which each of these slips finds another text, and no two of those `apart` find the same."""
        while True:
            given = table(int(rng.integers(4, 7))), int(rng.choice(width)), length
            found = beam_search(*given)
            if ends is not None and (found[-1] == END) is not ends:
                continue
            texts = {tuple(SLIPS[slip](*given)) for slip in apart}
            if len(texts) < len(apart) or not is_clear(*given):
                continue
            if all(SLIPS[slip](*given) != found for slip in slips):
                return given

    example = np.log([[0.2, 0.5, 0.3], [0.9, 0.06, 0.04], [0.1, 0.1, 0.8]])
    return [
        Example("a beam of one", *unlike("never ending", "reading columns", width=(1,), ends=True)),
        Example("a beam of one", *unlike("longer", "shorter", "one more", width=(1,), ends=False)),
        Example("wider than greedy", example, 2, 4),
        Example("wider than greedy", *unlike("greedy", "by the mean", "one less")),
        Example("wider than greedy", *unlike("greedy", "exact", "one more", length=6)),
        Example("wider than greedy", *unlike("greedy", "one less", width=(3, 4), length=6)),
        Example("texts that have ended", *unlike("stopping at the first", ends=True)),
        Example("texts that have ended", *unlike("stopping at the first", ends=False)),
        Example("texts that have ended", *unlike("losing ended", "never ending", ends=True)),
        Example("texts that have ended", *unlike("setting aside", length=6)),
        Example("texts that have ended", *unlike("setting aside", length=5)),
        Example(
            "texts that have ended", *unlike(width=(2,), length=6, apart=("keeping ended beside", "exact"))
        ),
        Example("cut off by the limit", *unlike("preferring ended", ends=False)),
        Example("cut off by the limit", *unlike("longer", "shorter", width=(2,), length=3, ends=False)),
        Example("cut off by the limit", *unlike(width=(2,), length=1)),
        Example("wider than all texts", *unlike("greedy", width=(60,), length=2, ends=False)),
        Example("wider than all texts", *unlike("greedy", width=(400,), length=3, ends=True)),
    ]


BEAM_SEARCH = Function(
    "beam-search",
    points=3,
    reference=beam_search,
    draw=draw_beams,
    promises={
        "Begin with the empty text": lambda p, w, n: n == 1,
        "**that has not ended**": lambda p, w, n: never_ending(p, w, n) != beam_search(p, w, n),
        "keeps its place if it is good enough": lambda p, w, n: (
            setting_aside(p, w, n) != beam_search(p, w, n)
        ),
        "keep the `width` most probable": lambda p, w, n: (
            greedily(p, w, n) != beam_search(p, w, n) != widely(p, w, n)
        ),
        "Stop when all texts have ended": lambda p, w, n: (
            stopping_at_the_first(p, w, n) != beam_search(p, w, n)
        ),
        "Return the most probable text of the beam": lambda p, w, n: (
            preferring_ended(p, w, n) != beam_search(p, w, n)
        ),
        "it was cut off": lambda p, w, n: len(beam_search(p, w, n)) == n and beam_search(p, w, n)[-1] != END,
        "a width of 2 and a length of 4": lambda p, w, n: len(p) == 3 and (w, n) == (2, 4),
    },
    mistakes=(
        Mistake("greedy", "You keep one text only. The beam holds `width` of them.", greedily),
        Mistake(
            "never-ends",
            "You continue texts that have ended. After the end symbol nothing follows.",
            never_ending,
        ),
        Mistake(
            "stops-at-the-first-end",
            "You stop as soon as one text has ended. Others may still become more probable.",
            stopping_at_the_first,
        ),
        Mistake(
            "ended-texts-take-no-place",
            "Texts that have ended take no place in your beam, so it keeps more. Here they stay in it while they are "
            "good enough.",
            answers=(setting_aside, keeping_ended_beside),
        ),
        Mistake(
            "loses-ended-texts",
            "Texts that have ended vanish from your beam. They stay as they are.",
            losing_ended,
        ),
        Mistake(
            "by-the-mean",
            "You rank texts by the mean of their log-probabilities. A score is their sum.",
            by_the_mean,
        ),
        Mistake(
            "prefers-ended-texts",
            "You prefer a text that has ended. The most probable text of the beam may be one that was cut off.",
            preferring_ended,
        ),
        Mistake(
            "columns-for-rows",
            "You read the table the other way round: row s is about what follows token s.",
            reading_columns,
        ),
        Mistake(
            "drops-the-end",
            "The end symbol is missing at the end of your text. It is one of its tokens.",
            lambda p, w, n: found[:-1] if (found := beam_search(p, w, n))[-1] == END else found,
        ),
        Mistake(
            "keeps-the-beginning",
            "Your text begins with a token that stands for the beginning. No token stands there.",
            lambda p, w, n: [END, *beam_search(p, w, n)],
        ),
        Mistake(
            "one-step-less",
            "You made one step too few, or too many. There are `length` of them.",
            answers=(SLIPS["shorter"], SLIPS["longer"]),
        ),
        Mistake(
            "last-of-the-beam",
            "You return the least probable text of the beam. The best one is asked.",
            of_the_last_place,
        ),
        Mistake("searches-everything", "You keep all texts. The beam has `width` places only.", widely),
    ),
)

# --- 8 · two-sequences -----------------------------------------------------------------------------------------------

FACTORS, OF_START = np.array([0.4, 0.25, 0.5]), 0.2
TOTAL = float(np.log(FACTORS).sum())

TWO_SEQUENCES = Value(
    "two-sequences",
    points=1,
    answer=TOTAL,
    within=(-20, 20),
    rtol=0.0,
    atol=1e-3,
    unit="nats",
    mistakes=(
        Mistake(
            "counts-the-start",
            "The start symbols are in your sum. They are given, so they have no factor.",
            answers=(TOTAL + 2 * float(np.log(OF_START)), TOTAL + float(np.log(OF_START))),
        ),
        Mistake(
            "mean-for-sum",
            "You divided by a number of tokens or of sequences. The total is asked.",
            answers=(TOTAL / 3, TOTAL / 5, TOTAL / 2, float((np.log(0.4) + np.log(0.125) / 2) / 2)),
        ),
        Mistake(
            "flipped-sign", "A log-likelihood is never above 0. With the minus in front it is a loss.", -TOTAL
        ),
        Mistake("no-logarithm", "This is the likelihood. Its logarithm is asked.", float(FACTORS.prod())),
        Mistake(
            "log-of-sum",
            "You took the logarithm of a sum. Probabilities are multiplied, also those of two sequences.",
            answers=(float(np.log(FACTORS.sum())), float(np.log(0.4 + 0.25 * 0.5))),
        ),
        Mistake(
            "one-sequence",
            "This is one of the two sequences.",
            answers=(float(np.log(0.4)), float(np.log(0.125))),
        ),
        Mistake(
            "leaves-out-a-token",
            "A factor is missing. The second sequence has two tokens that are predicted.",
            answers=(float(np.log(0.4 * 0.25)), float(np.log(0.4 * 0.5))),
        ),
        Mistake(
            "base-2", "Your logarithm has base 2. In nats it is the natural one.", TOTAL / float(np.log(2))
        ),
        Mistake(
            "base-10", "Your logarithm has base 10. In nats it is the natural one.", TOTAL / float(np.log(10))
        ),
    ),
)

# --- 9 · scheduled-steps ---------------------------------------------------------------------------------------------

V = size("V")
i, j, k = (index(name, V) for name in "ijk")
z = reals("z", V)
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))
g, h = simplex("g", V), simplex("h", V)
eps, p_first, q_first = probability("varepsilon"), probability("p_a"), probability("q_a")
TRUE, DRAWN = eps * p_first, (1 - eps) * q_first


def scheduled_loss(next_true, next_drawn):
    return -TRUE * next_true - DRAWN * next_drawn


SCHEDULED_STEPS = DerivationTask(
    "scheduled-steps",
    points=3,
    start=Derivative(
        scheduled_loss(Sum(g[k] * log(y_hat(k)), (k, 1, V)), Sum(h[k] * log(y_hat(k)), (k, 1, V))), z[j]
    ),
    goal=(TRUE + DRAWN) * y_hat(j) - TRUE * g[j] - DRAWN * h[j],
    milestones=(
        Milestone(
            "logarithm-apart",
            "the logarithm of the softmax is taken apart, or the chain rule is used",
            forms=(
                Form(
                    holds=("Derivative",),
                    free_of=("Derivative>log>inverse",),
                    says="no logarithm of a quotient is left under the derivative",
                ),
                Form(
                    # a delta alone only picks g_j, which is another dress of the answer
                    holds=("Sum>KroneckerDelta",),
                    product=("g", "Add>KroneckerDelta"),
                    free_of=("Derivative", "log"),
                    says="the chain rule is used, with the derivative of the softmax",
                    written=True,
                ),
            ),
        ),
    ),
    symbols=(V, i, j, k, z, g, h, eps, p_first, q_first),
    names={"varepsilon": "eps"},
    mistakes=(
        Mistake(
            "forgets-the-softmax",
            "Only the targets are left. All logits are in the sum of the softmax: its logarithm has a derivative, too.",
            -TRUE * g[j] - DRAWN * h[j],
        ),
        Mistake(
            "flipped-sign",
            "All signs of this line are turned round. Look again at the minus in front of the sums.",
            TRUE * g[j] + DRAWN * h[j] - (TRUE + DRAWN) * y_hat(j),
        ),
        Mistake(
            "weights-dropped",
            "The model's probability stands here without its weight: it belongs to both kinds, with their shares.",
            y_hat(j) - TRUE * g[j] - DRAWN * h[j],
        ),
        Mistake(
            "true-token-only",
            "Only the cases with the true token are left. The others count, too.",
            TRUE * (y_hat(j) - g[j]),
        ),
        Mistake(
            "forgets-the-chain-rule",
            "The derivative of log u is u'/u. A target over a probability is a derivative by that probability.",
            -TRUE * g[j] / y_hat(j) - DRAWN * h[j] / y_hat(j),
        ),
        Mistake(
            "same-target",
            "Both kinds of cases have the target g here. When the model drew the token, the target is h.",
            (TRUE + DRAWN) * (y_hat(j) - g[j]),
        ),
        Mistake(
            "plus-for-minus",
            "Prediction and targets are added here. The logarithm of a quotient is a difference.",
            (TRUE + DRAWN) * y_hat(j) + TRUE * g[j] + DRAWN * h[j],
        ),
    ),
    form=Form(
        free_of=("Derivative", "log"),
        says="The last line must hold no derivative and no logarithm.",
    ),
)

TASKS = (
    ANSWER_SCORE,
    ANSWER_LOG_PROB,
    TABLE_AUDIT,
    PROMPT_CHANGE,
    RANK_CANDIDATES,
    GREEDY_REGRET,
    BEAM_SEARCH,
    TWO_SEQUENCES,
    SCHEDULED_STEPS,
)
