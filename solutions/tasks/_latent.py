"""Set 10's tasks on hidden causes in code: the ELBO of a table with its gap, and one step back of a diffusion."""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.cases import Example, Function, Mistake
from solutions import diffusion
from solutions.logits import log_sum_exp
from solutions.tasks._slips import EPSILONS, quietly

# --- 3 · elbo-from-table ---------------------------------------------------------------------------------------------


def log_of(probs):
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(probs, dtype=float))


def log_evidence(prior, log_likelihood):
    return float(log_sum_exp(log_of(prior) + log_likelihood))


def elbo_and_gap(prior, log_likelihood, q):
    """Return the ELBO and the gap to log p(x), both in nats: shapes (K,) three times -> two numbers."""
    used = q > 0
    bound = float(q[used] @ (log_of(prior)[used] + log_likelihood[used] - np.log(q[used])))
    return bound, log_evidence(prior, log_likelihood) - bound


def draw_tables(rng: np.random.Generator) -> list[Example]:
    """Return prior, log-likelihoods and q, of shape (K,) each."""

    def distribution(K: int) -> np.ndarray:
        weights = rng.integers(1, 20, size=K).astype(float)
        return weights / weights.sum()

    def table(K: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return distribution(K), -rng.uniform(0.2, 4.0, size=K), distribution(K)

    def with_zeros(
        table_of: tuple[Any, ...], *, prior: int | None = None, q: int | None = None
    ) -> tuple[Any, ...]:
        given = [np.array(each) for each in table_of]
        for number, place in ((0, prior), (2, q)):
            if place is not None:
                given[number][place] = 0.0
                given[number] /= given[number].sum()
        return tuple(given)

    def exact(K: int, level: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        prior, log_likelihood, _ = table(K)
        joint = prior * np.exp(log_likelihood)
        return prior, log_likelihood + level, joint / joint.sum()

    def long_text(K: int, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return distribution(K), -5000 - rng.uniform(0, spread, size=K), distribution(K)

    return [
        Example("a small table", np.array([0.5, 0.5]), np.array([-3.0, -3.0]), np.array([0.5, 0.5])),
        Example("a small table", *table(2)),
        Example("a small table", *table(3)),
        Example("a larger table", *table(40)),
        Example("a larger table", *table(300)),
        Example("a guess of 0", *with_zeros(table(4), q=int(rng.integers(4)))),
        Example("a guess of 0", *with_zeros(table(2), q=1)),
        Example("a guess of 0", *with_zeros(table(5), q=2, prior=2)),
        Example("a long text", *long_text(3, 5.0)),
        Example("a long text", *long_text(4, 3000.0)),
        Example("a long text", *with_zeros(long_text(4, 50.0), q=0)),
        Example("a prior of 0", *with_zeros(table(4), prior=1)),
        Example("a prior of 0", *with_zeros(table(3), prior=0)),
        Example("a prior of 0", *with_zeros(table(3), prior=0, q=0)),  # so that not all here is infinite
        Example("the posterior", *exact(3)),
        Example("the posterior", *exact(6)),
        Example("the posterior", *exact(4, -3000.0)),
    ]


Bound = Callable[[Any, Any, Any], Any]


def with_elbo(elbo: Bound) -> Bound:
    """Return the answer with another ELBO, and the gap to it."""

    def answer(prior, log_likelihood, q):
        bound = elbo(prior, log_likelihood, q)
        return bound, log_evidence(prior, log_likelihood) - bound

    return answer


def with_gap(gap: Bound) -> Bound:
    """Return the answer with another gap."""
    return lambda prior, log_likelihood, q: (
        elbo_and_gap(prior, log_likelihood, q)[0],
        gap(prior, log_likelihood, q),
    )


def divergence(p, q):
    """Return KL(p‖q), inf where q is 0 and p is not."""
    used = np.asarray(p) > 0
    return float(np.asarray(p)[used] @ (log_of(p) - log_of(q))[used])


def posterior(prior, log_likelihood):
    return np.exp(log_of(prior) + log_likelihood - log_evidence(prior, log_likelihood))


def reconstruction(prior, log_likelihood, q):
    return float(q @ log_likelihood)


def naively(prior, log_likelihood, q):
    bound = np.sum(q * (np.log(prior) + log_likelihood - np.log(q)))
    top = log_likelihood.max()
    return bound, top + np.log(np.sum(prior * np.exp(log_likelihood - top))) - bound


def through_the_likelihood(prior, log_likelihood, q):
    bound = elbo_and_gap(prior, log_likelihood, q)[0]
    return bound, np.log(np.sum(prior * np.exp(log_likelihood))) - bound


def through_the_joint(prior, log_likelihood, q):
    used = q > 0
    bound = np.sum(q[used] * np.log(prior * np.exp(log_likelihood) / np.where(used, q, 1))[used])
    return bound, np.log(np.sum(prior * np.exp(log_likelihood))) - bound


def with_epsilon(epsilon: float) -> Bound:
    return with_elbo(
        lambda prior, log_likelihood, q: float(
            q @ (np.log(prior + epsilon) + log_likelihood - np.log(q + epsilon))
        )
    )


def hiding_infinity(prior, log_likelihood, q):
    bound = np.nan_to_num(q * (np.log(prior) + log_likelihood - np.log(q))).sum()
    return bound, log_evidence(prior, log_likelihood) - bound


def bounding_infinity(prior, log_likelihood, q):
    return tuple(np.nan_to_num(elbo_and_gap(prior, log_likelihood, q)))


def leaving_out_zeros_of_the_prior(prior, log_likelihood, q):
    used = (prior > 0) & (q > 0)
    bound = float(q[used] @ (np.log(prior[used]) + log_likelihood[used] - np.log(q[used])))
    return bound, log_evidence(prior, log_likelihood) - bound


ELBO_FROM_TABLE = Function(
    "elbo-from-table",
    points=2,
    reference=elbo_and_gap,
    accepts=("float32",),
    draw=draw_tables,
    promises={
        "A guess may be 0 for some $z$": lambda prior, ll, q: 0 in q and 0 not in prior,
        "whatever the other numbers are": lambda prior, ll, q: ((q == 0) & (prior == 0)).any(),
        "log-likelihoods such as −5,000": lambda prior, ll, q: ll.max() < -4000,
        "The prior may be 0 for some $z$": lambda prior, ll, q: 0 in prior,
        "the ELBO is `-np.inf` and the gap `np.inf`": lambda prior, ll, q: (
            elbo_and_gap(prior, ll, q) == (-np.inf, np.inf)
        ),
        "there is no gap": lambda prior, ll, q: np.ptp(ll) > 0 and abs(elbo_and_gap(prior, ll, q)[1]) < 1e-9,
        "`elbo_and_gap(np.array([0.5, 0.5]), np.array([-3.0, -3.0]), np.array([0.5, 0.5]))`": lambda p, ll, q: (
            ll.tolist() == [-3.0, -3.0]
        ),
    },
    mistakes=(
        Mistake(
            "negative-elbo",
            "Your first number is minus the ELBO, the loss that a VAE minimises.",
            answers=(
                lambda *table: (-elbo_and_gap(*table)[0], elbo_and_gap(*table)[1]),
                with_elbo(lambda *table: -elbo_and_gap(*table)[0]),
            ),
        ),
        Mistake(
            "reconstruction-only",
            "Your ELBO is the mean log-likelihood alone. The divergence from q to the prior is still to be taken away.",
            answers=(
                with_elbo(reconstruction),
                lambda *table: (reconstruction(*table), elbo_and_gap(*table)[1]),
            ),
        ),
        Mistake(
            "adds-the-divergence",
            "You added the divergence to the prior. It is the price of a guess, so it makes the ELBO smaller.",
            with_elbo(lambda prior, ll, q: float(q @ ll) + divergence(q, prior)),
        ),
        Mistake(
            "reverse-divergence",
            "Your divergence to the prior is weighted by the prior. In the ELBO everything is a mean under q.",
            with_elbo(lambda prior, ll, q: float(q @ ll) - divergence(prior, q)),
        ),
        Mistake(
            "mean-under-the-prior",
            "Your mean log-likelihood is weighted by the prior. In the ELBO everything is a mean under q.",
            with_elbo(lambda prior, ll, q: float(prior @ ll) - divergence(q, prior)),
        ),
        Mistake(
            "forgets-the-prior",
            "The prior is missing in your ELBO: this is the mean log-likelihood plus the entropy of q.",
            with_elbo(lambda prior, ll, q: float(q @ ll) - divergence(q, np.ones_like(q))),
        ),
        Mistake(
            "forgets-the-entropy",
            "The logarithm of q is missing in your ELBO: this is the mean of log p(x, z) alone.",
            answers=(
                with_elbo(lambda prior, ll, q: float(q[q > 0] @ (log_of(prior) + ll)[q > 0])),
                lambda prior, ll, q: (
                    float(q[q > 0] @ (log_of(prior) + ll)[q > 0]),
                    elbo_and_gap(prior, ll, q)[1],
                ),
            ),
        ),
        Mistake(
            "gap-to-the-prior",
            "Your gap is the divergence from q to the prior. The gap is that to the posterior: it is 0 if q is the "
            "posterior.",
            with_gap(lambda prior, ll, q: divergence(q, prior)),
        ),
        Mistake(
            "reverse-gap",
            "Your gap is the divergence from the posterior to q. The other direction is what is missing to log p(x).",
            with_gap(lambda prior, ll, q: divergence(posterior(prior, ll), q)),
        ),
        Mistake(
            "flipped-gap",
            "Your gap has the other sign. The ELBO lies below log p(x), so the gap is never negative.",
            with_gap(lambda *table: -elbo_and_gap(*table)[1]),
        ),
        Mistake(
            "evidence-for-gap",
            "Your second number is log p(x). The gap is by how much that is larger than the ELBO.",
            with_gap(lambda prior, ll, q: log_evidence(prior, ll)),
        ),
        Mistake(
            "evidence-for-elbo",
            "Your first number is log p(x). The ELBO is that only if q is the posterior.",
            answers=(
                lambda prior, ll, q: (log_evidence(prior, ll), 0.0),
                lambda prior, ll, q: (log_evidence(prior, ll), elbo_and_gap(prior, ll, q)[1]),
            ),
        ),
        Mistake(
            "largest-term-only",
            "Your log p(x) is its largest term. Add all of them up, with the maximum taken out.",
            with_gap(lambda prior, ll, q: float(max(log_of(prior) + ll)) - elbo_and_gap(prior, ll, q)[0]),
        ),
        Mistake(
            "evidence-where-q-is",
            "You left out of p(x) what q calls impossible. All values of z that the prior allows belong to it.",
            with_gap(
                lambda prior, ll, q: (
                    log_evidence(prior[q > 0], ll[q > 0]) - elbo_and_gap(prior, ll, q)[0]
                    if prior[q > 0].any()
                    else np.inf
                )
            ),
        ),
        Mistake(
            "hides-infinity",
            "`np.nan_to_num` turns −inf into a huge number. Where q is above 0 and the prior is 0, the ELBO is −inf.",
            answers=(hiding_infinity, quietly(hiding_infinity), bounding_infinity),
        ),
        Mistake(
            "swapped-order",
            "You gave the gap first. The ELBO comes first.",
            lambda *table: elbo_and_gap(*table)[::-1],
        ),
        Mistake(
            "unweighted-evidence",
            "Your p(x) is a mean under q, or under nothing. It is the mean of the likelihood under the prior.",
            answers=(
                with_gap(lambda prior, ll, q: log_evidence(q, ll) - elbo_and_gap(prior, ll, q)[0]),
                with_gap(
                    lambda prior, ll, q: log_evidence(np.ones_like(q), ll) - elbo_and_gap(prior, ll, q)[0]
                ),
                with_gap(
                    lambda prior, ll, q: (
                        log_evidence(np.full_like(q, 1 / len(q)), ll) - elbo_and_gap(prior, ll, q)[0]
                    )
                ),
            ),
        ),
        Mistake(
            "zero-times-infinity",
            "Where q is 0 you compute 0 · log 0, which is nan. Such a term is 0: leave it out.",
            answers=(naively, quietly(naively)),
        ),
        Mistake(
            "underflows",
            "The likelihood of a long text is 0 as a float, and so is p(x). Add the logarithms, and take out their "
            "maximum before exp.",
            answers=tuple(
                change(each)
                for each in (through_the_likelihood, through_the_joint)
                for change in (lambda f: f, quietly)
            ),
        ),
        Mistake(
            "adds-epsilon",
            "You added a little to the probabilities, so an infinite ELBO is finite. Leave out the terms with q = 0.",
            answers=tuple(map(with_epsilon, EPSILONS)),
        ),
        Mistake(
            "leaves-out-zeros-of-the-prior",
            "You left out what the prior rules out. If q has something there, the ELBO is −inf; leave out q = 0 only.",
            leaving_out_zeros_of_the_prior,
        ),
        Mistake(
            "in-bits",
            "These are in bits. In nats the logarithm is the natural one.",
            lambda *table: tuple(np.array(elbo_and_gap(*table)) / np.log(2)),
        ),
    ),
)

# --- 5 · diffusion-posterior -----------------------------------------------------------------------------------------


def one_step_back(x_0, x_t, t, beta):
    """Return ᾱ_t, and mean and variance of x_{t−1} given x_0 and x_t."""
    mean, variance = diffusion.diffusion_posterior(x_0, x_t, int(t), beta)
    return float(diffusion.alpha_bar(beta)[int(t) - 1]), float(mean), variance


def draw_steps(rng: np.random.Generator) -> list[Example]:
    """Return x_0, x_t, t and beta of shape (T,)."""

    def steps(T: int, t: int, low: float = 0.05, high: float = 0.6) -> tuple[float, float, int, np.ndarray]:
        x_0, x_t = rng.normal(size=2) * 2
        return float(x_0), float(x_t), t, rng.uniform(low, high, size=T)

    return [
        Example("the first step", 2.0, 1.0, 1, np.array([0.5, 0.25])),
        Example("the first step", *steps(5, 1)),
        Example("the first step", *steps(1, 1)),
        Example("the second step", *steps(2, 2)),
        Example("the second step", *steps(6, 2)),
        Example("a step in the middle", *steps(8, 5)),
        Example("a step in the middle", *steps(7, 3)),
        Example("a step in the middle", *steps(9, 4, 0.3, 0.9)),
        Example("the last step", *steps(4, 4)),
        Example("the last step", *steps(9, 9)),
        Example("a thousand steps", *steps(1000, 400, 1e-4, 0.02)),
        Example("a thousand steps", *steps(1000, 1000, 1e-4, 0.02)),
        Example("a thousand steps", *steps(1200, 60, 0.001, 0.01)),
    ]


Back = Callable[[Any, Any, Any, Any], Any]


def bars_around(t, beta):
    """Return ᾱ before and after step t, and β_t."""
    bars = np.concatenate([[1.0], np.cumprod(1 - np.asarray(beta, dtype=float))])
    return bars[t - 1], bars[t], float(beta[t - 1])


def with_mean(mean: Callable[..., float]) -> Back:
    """Return the answer with another mean, a function of x_0, x_t, ᾱ before, ᾱ after and β."""
    return lambda x_0, x_t, t, beta: (
        one_step_back(x_0, x_t, t, beta)[0],
        mean(x_0, x_t, *bars_around(t, beta)),
        one_step_back(x_0, x_t, t, beta)[2],
    )


def with_variance(variance: Callable[..., float]) -> Back:
    """Return the answer with another variance, a function of ᾱ before, ᾱ after and β."""
    return lambda x_0, x_t, t, beta: (
        *one_step_back(x_0, x_t, t, beta)[:2],
        variance(*bars_around(t, beta)),
    )


def from_bars(before: float, after: float, b: float, x_0: float, x_t: float) -> tuple[float, float, float]:
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return after, mean, b * (1 - before) / (1 - after)


def counted_from_0(x_0, x_t, t, beta):
    """Return the answer of step t + 1; after the last there is none."""
    bars = np.cumprod(1 - beta)
    return from_bars(bars[t - 1], bars[t], beta[t], x_0, x_t)


def last_for_none(x_0, x_t, t, beta):
    bars = np.cumprod(1 - beta)
    return from_bars(bars[t - 2], bars[t - 1], beta[t - 1], x_0, x_t)


def variance_of(before, after, b):
    return b * (1 - before) / (1 - after)


def of_all_steps(x_0, x_t, t, beta):
    _, *others = one_step_back(x_0, x_t, t, beta)
    return (float(np.prod(1 - beta)), *others)


def with_shifted_beta(x_0, x_t, t, beta):
    before, after, _ = bars_around(t, beta)
    return from_bars(before, after, float(beta[t]), x_0, x_t)


def with_bars_up_to_before(x_0, x_t, t, beta):
    """Return the answer whose product ends one step too early."""
    before, _, b = bars_around(t, beta)
    earlier = before / (1 - float(beta[t - 2])) if t > 1 else 1.0
    return from_bars(earlier, before, b, x_0, x_t)


def with_sums(x_0, x_t, t, beta):
    before, after = 1 - np.sum(beta[: t - 1]), 1 - np.sum(beta[:t])
    return from_bars(before, after, float(beta[t - 1]), x_0, x_t)


def of_betas(x_0, x_t, t, beta):
    return (float(np.prod(beta[:t])), *one_step_back(x_0, x_t, t, beta)[1:])


def with_power(x_0, x_t, t, beta):
    """Return the answer as if all steps were like step t."""
    b = float(beta[t - 1])
    return from_bars((1 - b) ** (t - 1), (1 - b) ** t, b, x_0, x_t)


def rooted_bars(x_0, x_t, t, beta):
    found = one_step_back(x_0, x_t, t, beta)
    return (float(np.sqrt(found[0])), *found[1:])


DIFFUSION_POSTERIOR = Function(
    "diffusion-posterior",
    points=2,
    reference=one_step_back,
    accepts=("float32",),
    draw=draw_steps,
    promises={
        "Steps are counted from 1": lambda x_0, x_t, t, beta: 1 < t < len(beta),
        "What comes after step `t` plays no part": lambda x_0, x_t, t, beta: t < len(beta) / 2,
        "At `t = 1` nothing is left to guess": lambda x_0, x_t, t, beta: t == 1,
        "a thousand steps": lambda x_0, x_t, t, beta: t == 1000,
        "`one_step_back(2.0, 1.0, 1, np.array([0.5, 0.25]))`": lambda x_0, x_t, t, beta: (
            (x_0, x_t, t) == (2.0, 1.0, 1)
        ),
    },
    mistakes=(
        Mistake(
            "counts-from-0",
            "You took `beta[t]` for step t. Steps are counted from 1, entries from 0: step t's is `beta[t - 1]`.",
            answers=(counted_from_0, with_shifted_beta),
        ),
        Mistake(
            "last-for-none",
            "At t = 1 your index is −1, which is the last entry. Before the first step nothing is lost: ᾱ is 1 there.",
            last_for_none,
        ),
        Mistake(
            "noise-at-the-first-step",
            "At t = 1 you gave β₁ for the variance. Who knows x₀ has nothing left to guess: it is 0.",
            lambda *given: (
                one_step_back(*given) if given[2] > 1 else (*one_step_back(*given)[:2], given[3][0])
            ),
        ),
        Mistake(
            "log-variance",
            "Your third number is the logarithm of the variance. The variance itself is asked.",
            answers=(
                with_variance(lambda *bars: np.log(np.float64(variance_of(*bars)))),
                quietly(with_variance(lambda *bars: np.log(np.float64(variance_of(*bars))))),
            ),
        ),
        Mistake(
            "beta-for-its-root",
            "You took β for a standard deviation and squared it. It is the variance of the noise.",
            lambda x_0, x_t, t, beta: one_step_back(x_0, x_t, t, beta**2),
        ),
        Mistake(
            "one-step-too-few",
            "Your product ends one step too early. It goes up to step t, that one included.",
            answers=(
                with_bars_up_to_before,
                lambda *given: (bars_around(*given[2:])[0], *one_step_back(*given)[1:]),
            ),
        ),
        Mistake(
            "all-steps",
            "Your product goes over all of beta. What comes after step t plays no part.",
            of_all_steps,
        ),
        Mistake(
            "product-of-betas",
            "You multiplied the β. What is left after a step is 1 − β.",
            of_betas,
        ),
        Mistake(
            "sum-for-product",
            "You added up the β. What is left after two steps is the product of what each leaves.",
            with_sums,
        ),
        Mistake(
            "one-beta-for-all",
            "You raised one step's 1 − β to a power. Each step has a β of its own.",
            answers=(
                with_power,
                lambda *given: (with_power(*given)[0], *one_step_back(*given)[1:]),
            ),
        ),
        Mistake(
            "root-of-alpha-bar",
            "Your first number is the root of ᾱ, the factor of x₀. ᾱ itself is asked.",
            rooted_bars,
        ),
        Mistake(
            "noise-of-the-step",
            "Your variance is β_t, that of the step forward. Who knows x₀ as well knows more: it is smaller.",
            with_variance(lambda before, after, b: b),
        ),
        Mistake(
            "standard-deviation",
            "Your third number is the standard deviation. The variance is asked.",
            with_variance(lambda before, after, b: np.sqrt(b * (1 - before) / (1 - after))),
        ),
        Mistake(
            "turned-variance",
            "In your variance 1 − ᾱ before and after the step have changed places. At t = 1 nothing is left to guess.",
            answers=(
                with_variance(
                    lambda before, after, b: np.divide(b * (1 - after), 1 - before) if before < 1 else np.inf
                ),
                quietly(
                    with_variance(
                        lambda before, after, b: np.float64(b * (1 - after)) / np.float64(1 - before)
                    )
                ),
            ),
        ),
        Mistake(
            "variance-of-x",
            "Your variance is that of xₜ₋₁ given x₀ alone, or of xₜ. Both ends are known.",
            answers=(
                with_variance(lambda before, after, b: 1 - before),
                with_variance(lambda before, after, b: 1 - after),
            ),
        ),
        Mistake(
            "weights-exchanged",
            "In your mean the weights of x₀ and xₜ have changed places. At t = 1 the mean is x₀.",
            with_mean(lambda x_0, x_t, before, after, b: from_bars(before, after, b, x_t, x_0)[1]),
        ),
        Mistake(
            "forgets-the-roots",
            "In your mean a root is missing: variances shrink by α, and the numbers themselves by its root.",
            answers=(
                with_mean(
                    lambda x_0, x_t, before, after, b: (
                        (before * b * x_0 + (1 - b) * (1 - before) * x_t) / (1 - after)
                    )
                ),
                with_mean(lambda x_0, x_t, before, after, b: (b * x_0 + (1 - before) * x_t) / (1 - after)),
                with_mean(
                    lambda x_0, x_t, before, after, b: (
                        (np.sqrt(before) * b * x_0 + (1 - b) * (1 - before) * x_t) / (1 - after)
                    )
                ),
                with_mean(
                    lambda x_0, x_t, before, after, b: (
                        (before * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
                    )
                ),
            ),
        ),
        Mistake(
            "root-of-the-wrong-bar",
            "In your mean x₀ has the root of ᾱ after step t. What xₜ₋₁ keeps of x₀ is ᾱ of the step before.",
            with_mean(
                lambda x_0, x_t, before, after, b: (
                    (np.sqrt(after) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
                )
            ),
        ),
        Mistake(
            "mean-without-x-t",
            "Your mean is that of xₜ₋₁ given x₀ alone. xₜ tells something, too.",
            with_mean(lambda x_0, x_t, before, after, b: np.sqrt(before) * x_0),
        ),
        Mistake(
            "mean-without-x-0",
            "Your mean undoes the step without x₀. Part of xₜ is noise, and x₀ says how much.",
            answers=(
                with_mean(lambda x_0, x_t, before, after, b: x_t / np.sqrt(1 - b)),
                with_mean(lambda x_0, x_t, before, after, b: x_t * np.sqrt(1 - b)),
            ),
        ),
        Mistake(
            "swapped-order",
            "You have the numbers in another order. It is ᾱ, then the mean, then the variance.",
            answers=(
                lambda *given: one_step_back(*given)[1:] + one_step_back(*given)[:1],
                lambda *given: tuple(np.array(one_step_back(*given))[[0, 2, 1]]),
            ),
        ),
    ),
)
