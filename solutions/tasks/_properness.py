"""Set 04's task properness: scores whose verdict hangs on one pair of forecasts, and wrong ways to a verdict.

How to make a score with one pair that decides: the log score pays the honest forecast KL(q_t‖q_i) more than forecast
i. A bonus of this size for forecast i makes a tie for the truth t, and for it alone, when no other truth is nearer to
i. A bigger bonus makes it a violation, a smaller one leaves the score strictly proper.
"""

import numpy as np

from grader.cases import Example
from solutions import information
from solutions.scoring import TIES, accuracy_score, linear_score, log_score, properness, quadratic_score

# --- the scores ----------------------------------------------------------------------------------------------------


def draw_scores(rng: np.random.Generator) -> list[Example]:
    """Return forecasts and their scores, each of shape (n, V)."""

    def decided_at(n: int, V: int, *pairs: tuple[int, int, float]) -> tuple[np.ndarray, np.ndarray]:
        return score_decided_at(rng, n, V, *pairs)

    def near(low: float, high: float) -> float:
        return float(10 ** rng.uniform(np.log10(low), np.log10(high)))

    known = [
        Example("scores of the chapter", q, score(q))
        for score in (log_score, quadratic_score, accuracy_score, linear_score)
        for q in (draw_forecasts(rng, 5, 2), draw_forecasts(rng, 7, 4))
    ]
    q, two = draw_forecasts(rng, 6, 3), np.array([[0.9, 0.1], [0.6, 0.4]])
    more, as_much, both = "one that earns more", "one that earns as much", "one as much, and one more"
    close = "averages that nearly agree"
    tie = near(1e-13, 1e-11)  # never 0: how an exact tie is rounded depends on the order of the sums
    return [
        *known,
        Example("scores of the chapter", two, np.log(two)),
        Example("scores of the chapter", two, two.copy()),
        Example("scores of the chapter", q, np.tile(rng.normal(size=3), (6, 1))),
        Example(more, *decided_at(6, 3, (0, 5, 0.01))),
        Example(more, *decided_at(6, 3, (5, 0, 0.01))),
        Example(more, *decided_at(7, 2, (int(rng.integers(3, 5)), 1, 0.01))),
        Example(more, *decided_at(7, 4, (2, int(rng.integers(4, 7)), 0.01))),
        Example(more, *decided_at(7, 4, (2, 6, -0.01))),
        Example(as_much, *decided_at(6, 3, (0, int(rng.integers(2, 6)), tie))),
        Example(as_much, *decided_at(6, 3, (int(rng.integers(2, 6)), 0, -tie))),
        Example(as_much, *decided_at(7, 2, (3, 5, tie))),
        Example(as_much, *decided_at(6, 3, (4, 1, -0.01))),
        Example(both, *decided_at(8, 4, (1, 3, tie), (6, 4, 0.01))),
        Example(both, *decided_at(8, 4, (6, 3, tie), (0, 7, 0.01))),
        Example(both, *decided_at(8, 4, (7, 2, -tie), (4, 6, -0.01))),
        Example(close, *decided_at(5, 3, (1, 4, 8e-10))),
        Example(close, *decided_at(5, 3, (3, 0, -8e-10))),
        Example(close, *decided_at(5, 3, (0, 3, 4e-9))),
        Example(close, *decided_at(5, 3, (4, 1, near(1e-8, 1e-5)))),
        Example(close, *decided_at(5, 3, (2, 4, -4e-9))),
        Example(close, *decided_at(5, 3, (4, 2, -near(1e-8, 1e-5)))),
    ]


def draw_forecasts(rng: np.random.Generator, n: int, V: int) -> np.ndarray:
    """Return n different distributions: the first is the most certain, and two put the same outcome first."""
    first = np.full((1, V), 0.01)
    first[0, 0] = 1 - 0.01 * (V - 1)
    while True:
        others = rng.integers(2, 20, size=(n - 1, V)).astype(float)
        others[:2, 1] = 30.0 + rng.integers(9)
        q = np.vstack([first, others / others.sum(axis=-1, keepdims=True)])
        if len(np.unique(q.round(6), axis=0)) == len(q):
            return q


def score_decided_at(
    rng: np.random.Generator, n: int, V: int, *pairs: tuple[int, int, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return forecasts and scores, (n, V) both, that hang on the given pairs.

    pairs: (t, i, gain): forecast i earns by `gain` more than the honest one if forecast t is the truth. No pair has a
    member of another one, and all others lose by more than 0.01.
    """
    chosen: list[tuple[int, int]] = []
    while not chosen:
        q = rng.permutation(draw_forecasts(rng, n, V))
        divergences = information.kl_divergence(q[:, None], q[None])
        np.fill_diagonal(divergences, np.inf)
        nearest, second = np.sort(divergences, axis=0)[:2]
        clear = [int(i) for i in rng.permutation(n) if second[i] - nearest[i] > 0.02]
        chosen = _disjoint([(int(divergences[:, i].argmin()), i) for i in clear], len(pairs))
    order, bonus = np.full(n, -1), np.zeros(n)
    for (t, i, gain), (truth, forecast) in zip(pairs, chosen, strict=True):
        order[t], order[i] = truth, forecast
        bonus[i] = divergences[truth, forecast] + gain
    order[order < 0] = sorted(set(range(n)) - set(order.tolist()))
    q = q[order]
    scores = log_score(q) + bonus[:, None]
    # What the honest forecast earns is a number with two decimals, so that whoever rounds averages before comparing
    # them makes 0.8e-9 too much and 4e-9 too little, with every seed.
    honest = q[pairs[0][0]] @ scores[pairs[0][0]]
    return q, scores - (honest - round(honest, 2))


def _disjoint(pairs, number):
    """Return so many pairs without a common member, or []."""
    chosen = []
    for pair in pairs:
        if not any(set(pair) & set(other) for other in chosen):
            chosen.append(pair)
        if len(chosen) == number:
            return chosen
    return []


# --- wrong ways to a verdict ---------------------------------------------------------------------------------------


def expected_scores(forecasts, scores):
    """Return what each forecast (column) earns on average under each truth (row)."""
    return np.asarray(forecasts) @ np.asarray(scores).T


def losses_of_others(forecasts, scores):
    """Return (n, n): by how much less each forecast (column) earns than the honest one, for each truth (row)."""
    expected = expected_scores(forecasts, scores)
    return np.diag(expected)[:, None] - expected


def pairs_that_gain(forecasts, scores, low, high):
    """Return the pairs (truth, forecast) for which a dishonest forecast earns by `low` to `high` more."""
    gains = -losses_of_others(forecasts, scores)
    np.fill_diagonal(gains, np.nan)
    return [(int(t), int(i)) for t, i in np.argwhere((gains > low) & (gains < high))]


def verdict(others, ties=TIES):
    """Return the verdict from how much less other forecasts earn than the honest one: any shape."""
    if (others > ties).all():
        return "strictly proper"
    return "proper" if (others >= -ties).all() else "not proper"


def of_pairs(compared, ties=TIES):
    """Return a properness that compares only those pairs (truth, forecast), for which `compared(t, i, n)` is true."""

    def answer(forecasts, scores):
        loses = losses_of_others(forecasts, scores)
        t, i = np.indices(loses.shape)
        return verdict(loses[compared(t, i, len(loses)) & (t != i)], ties)

    return answer


def in_share(rtol, atol):
    """Return a properness that takes numbers for equal as np.isclose does."""

    def answer(forecasts, scores):
        expected = expected_scores(forecasts, scores)
        honest, others = np.diag(expected)[:, None], ~np.eye(len(expected), dtype=bool)
        equal = np.isclose(expected, honest, rtol=rtol, atol=atol)
        if (others & (expected > honest) & ~equal).any():
            return "not proper"
        return "proper" if (others & equal).any() else "strictly proper"

    return answer


def compared_along_truths(forecasts, scores):
    expected = expected_scores(forecasts, scores)
    loses = np.diag(expected) - expected
    return verdict(loses[~np.eye(len(loses), dtype=bool)])


def with_ties_as_wins(forecasts, scores):
    loses = losses_of_others(forecasts, scores)
    return "strictly proper" if (loses >= -TIES).all() else "not proper"


def with_the_first_of_the_best(forecasts, scores):
    expected = expected_scores(forecasts, scores)
    honest = expected.argmax(axis=1) == np.arange(len(expected))
    return "strictly proper" if honest.all() else "not proper"


def with_the_first_tie_as_verdict(forecasts, scores):
    loses = losses_of_others(forecasts, scores)
    for lost in loses[~np.eye(len(loses), dtype=bool)]:
        if abs(lost) <= TIES:
            return "proper"
        if lost < 0:
            return "not proper"
    return "strictly proper"


def with_a_tie_for_every_truth(forecasts, scores):
    loses = losses_of_others(forecasts, scores)
    np.fill_diagonal(loses, np.inf)
    if (loses < -TIES).any():
        return "not proper"
    return "proper" if (loses.min(axis=1) <= TIES).all() else "strictly proper"


def with_ties_refused(forecasts, scores):
    found = properness(forecasts, scores)
    return "not proper" if found == "proper" else found


def with_itself_among_the_others(forecasts, scores):
    found = properness(forecasts, scores)
    return "proper" if found == "strictly proper" else found


def with_any_tie_as_proper(forecasts, scores):
    loses = losses_of_others(forecasts, scores)
    others = loses[~np.eye(len(loses), dtype=bool)]
    return "proper" if (abs(others) <= TIES).any() else verdict(others)


def with_ties_everywhere(forecasts, scores):
    loses = losses_of_others(forecasts, scores)
    others = loses[~np.eye(len(loses), dtype=bool)]
    if (others < -TIES).any():
        return "not proper"
    return "proper" if (others <= TIES).all() else "strictly proper"


def against_the_mean(forecasts, scores):
    loses = losses_of_others(forecasts, scores)
    return verdict(loses.sum(axis=1) / (len(loses) - 1))  # the honest one loses nothing to itself
