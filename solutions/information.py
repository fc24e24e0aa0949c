"""Likelihoods, entropies and perplexity, in NumPy: the reference for every number in the course.

Information is in nats unless a name says bits. A distribution has shape ``(..., V)``: the last axis is the
vocabulary, the axes before it are a batch of any shape. Whatever comes in is computed in float64.

What starts from logits stands in `solutions.logits` and is importable from here as well. `solutions.symbolic`
and `solutions.torch_information` hold the same quantities under the same names.

Source: Shannon (1948); Kullback & Leibler (1951); Jelinek, Mercer, Bahl & Baker (1977) for perplexity.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.logits import (
    log_softmax,
    log_sum_exp,
    nll_from_logits,
    nll_gradient,
    nll_hessian,
    plain,
    softmax,
)

__all__ = [
    "bits_from_nats", "bits_per_byte", "bits_per_character", "corpus_perplexity", "cross_entropy", "entropy",
    "kl_divergence", "log_softmax", "log_sum_exp", "nats_from_bits", "nll", "nll_from_logits", "nll_gradient",
    "nll_hessian", "perplexity", "softmax", "surprisal",
]  # fmt: skip

Array = NDArray[np.float64]

SUM_TOLERANCE = 1e-5  # a softmax computed in float32 over a large vocabulary sums to 1 within about this


def surprisal(probs: ArrayLike) -> Array:
    """Return −log p of each probability.

    Args:
        probs: any shape, each in [0, 1].

    Returns:
        The same shape, in nats, each ≥ 0; inf for probability 0.

    Raises:
        SolutionsError: for anything that is no probability.

    Source: Shannon (1948).

    >>> surprisal([1.0, 0.5, 0.0])
    array([0.        , 0.69314718,        inf])
    """
    p = _numbers("probs", probs)
    if ((p < 0) | (p > 1)).any():
        raise SolutionsError(f"probs run from {p.min()} to {p.max()}; probabilities lie between 0 and 1")
    with np.errstate(divide="ignore"):  # probability 0 has infinite surprisal
        return plain(0.0 - np.log(p))


def nll(probs: ArrayLike) -> Array:
    """Return the NLL of a sequence, −Σ_j log p_j, from the probabilities that the model gave to its tokens.

    Args:
        probs: shape ``(..., m)``, each in [0, 1]: p_j is the probability of token j
            given the tokens before it.

    Returns:
        Shape ``(...)``, the total in nats, ≥ 0; inf when one token has probability 0.

    Raises:
        SolutionsError: for anything that is no probability, and for a sequence without tokens.

    Source: {eq}`log-product`.

    >>> round(float(nll([0.5, 0.25])), 4)
    2.0794
    """
    losses = surprisal(probs)
    if losses.ndim == 0 or losses.shape[-1] == 0:
        raise SolutionsError(f"probs have shape {losses.shape}; give (..., m) with at least one token")
    return plain(losses.sum(axis=-1))


def perplexity(nll: ArrayLike, m: ArrayLike = 1) -> Array:
    """Return PPL = exp(NLL / m).

    Args:
        nll: the NLL of m tokens in nats, ≥ 0, any shape. With m left at 1 it is the mean NLL per token.
        m: the number of tokens, ≥ 1, of a shape that broadcasts with that of `nll`.

    Returns:
        A pure number ≥ 1, of the broadcast shape; inf for an infinite NLL, and above 709 nats a token,
        where float64 ends.

    Raises:
        SolutionsError: for a negative NLL or fewer than one token.

    Source: {eq}`perplexity`; Jelinek et al. (1977).

    >>> round(float(perplexity(2.1)), 2)
    8.17
    >>> round(float(perplexity(3 * 2.1, m=3)), 2)
    8.17
    """
    total, tokens = _numbers("nll", nll), _numbers("m", m)
    if (total < 0).any():
        raise SolutionsError(f"nll is {total.min()}; an NLL is at least 0: is a minus missing?")
    if (tokens < 1).any():
        raise SolutionsError(f"m is {tokens.min()}; give the number of tokens, at least 1")
    with np.errstate(over="ignore"):  # inf is the honest float64 answer
        return plain(np.exp(total / tokens))


def corpus_perplexity(nlls: ArrayLike, lengths: ArrayLike) -> Array:
    """Return the perplexity of a corpus, exp(Σ_s NLL_s / Σ_s m_s).

    Every token counts the same: losses are averaged over tokens, never perplexities over sentences.

    Args:
        nlls: shape ``(n,)``, the total NLL of each sentence in nats, ≥ 0.
        lengths: shape ``(n,)``, the number of tokens of each sentence, ≥ 1.

    Returns:
        One pure number ≥ 1.

    Raises:
        SolutionsError: as `perplexity`, and for shapes that differ or are empty.

    Source: {eq}`corpus-perplexity`.

    >>> round(float(corpus_perplexity([2.0, 30.0], [2, 10])), 2)
    14.39
    """
    total, tokens = _numbers("nlls", nlls), _numbers("lengths", lengths)
    if total.ndim != 1 or total.shape != tokens.shape or total.size == 0:
        raise SolutionsError(f"nlls have shape {total.shape}, lengths {tokens.shape}; give both per sentence")
    if (total < 0).any() or (tokens < 1).any():
        raise SolutionsError("a sentence has a negative NLL or no token; give NLLs ≥ 0 and lengths ≥ 1")
    return perplexity(total.sum(), tokens.sum())


def entropy(p: ArrayLike) -> Array:
    """Return H(p) = −Σ_j p_j log p_j over the last axis, with 0 log 0 = 0.

    Args:
        p: shape ``(..., V)``, each in [0, 1], each row sums to 1.

    Returns:
        Shape ``(...)``, in nats, between 0 and log V.

    Raises:
        SolutionsError: when p is no distribution.

    Source: Shannon (1948), section 6.

    >>> print(entropy([0.5, 0.5, 0.0]))
    0.6931471805599453
    """
    return cross_entropy(p, p)


def cross_entropy(p: ArrayLike, q: ArrayLike) -> Array:
    """Return H(p, q) = −Σ_j p_j log q_j over the last axis: the mean NLL of the model q on data from p.

    Args:
        p: shape ``(..., V)``, the data's distribution: each in [0, 1], each row sums to 1.
        q: the model's distribution, of a shape that broadcasts with that of `p`.

    Returns:
        Shape ``(...)``, in nats, ≥ H(p); inf when q gives 0 to something that p does not.

    Raises:
        SolutionsError: when p or q is no distribution or the shapes don't fit.

    Source: Kerridge (1961); Good (1952) for its use as a score.

    >>> print(cross_entropy([0.0, 1.0], [0.5, 0.5]))
    0.6931471805599453
    >>> print(cross_entropy([0.5, 0.5], [1.0, 0.0]))
    inf
    """
    p, q = _distributions(p, q)
    return plain(0.0 + _weighted(p, 0.0 - _log(q)))


def kl_divergence(p: ArrayLike, q: ArrayLike) -> Array:
    """Return KL(p‖q) = Σ_j p_j log(p_j / q_j) over the last axis: what it costs to believe q when p is true.

    Args:
        p: shape ``(..., V)``, the data's distribution: each in [0, 1], each row sums to 1.
        q: the model's distribution, of a shape that broadcasts with that of `p`.

    Returns:
        Shape ``(...)``, in nats, ≥ 0 (what rounding puts below 0 is cut off); inf when q gives 0 to
        something that p does not.

    Raises:
        SolutionsError: when p or q is no distribution or the shapes don't fit.

    Source: Kullback & Leibler (1951).

    >>> round(float(kl_divergence([0.5, 0.5], [0.7, 0.3])), 3)
    0.087
    """
    p, q = _distributions(p, q)
    with np.errstate(invalid="ignore"):  # -inf - -inf, where p is 0 and the term does not count
        return plain(np.maximum(_weighted(p, _log(p) - _log(q)), 0.0))


def bits_from_nats(nats: ArrayLike) -> Array:
    """Return an amount of information in bits, given it in nats: bits = nats / log 2.

    Raises SolutionsError for what is no real number. Source: {eq}`bits-nats`.

    >>> round(float(bits_from_nats(1.0)), 4)
    1.4427
    """
    return plain(_numbers("nats", nats) / np.log(2))


def nats_from_bits(bits: ArrayLike) -> Array:
    """Return an amount of information in nats, given it in bits: nats = bits · log 2.

    Raises SolutionsError for what is no real number. Source: {eq}`bits-nats`.

    >>> round(float(nats_from_bits(1.0)), 4)
    0.6931
    """
    return plain(_numbers("bits", bits) * np.log(2))


def bits_per_character(nll: ArrayLike, text: str) -> Array:
    """Return NLL / (log 2 · number of characters).

    Unlike a loss per token it does not depend on how the text was cut into tokens.

    Args:
        nll: the NLL of the whole text in nats, ≥ 0.
        text: the text; its characters are Unicode code points.

    Raises SolutionsError for an empty text or a negative NLL. Source: {eq}`bits-per-character`.

    >>> round(float(bits_per_character(4.0, "naïve")), 3)
    1.154
    """
    return _bits_per(nll, len(text))


def bits_per_byte(nll: ArrayLike, text: str) -> Array:
    """Return NLL / (log 2 · number of bytes of the text in UTF-8); otherwise as `bits_per_character`.

    Raises SolutionsError for an empty text or a negative NLL. Source: {eq}`bits-per-byte`.

    >>> round(float(bits_per_byte(4.0, "naïve")), 3)
    0.962
    """
    return _bits_per(nll, len(text.encode("utf-8")))


def _bits_per(nll: ArrayLike, units: int) -> Array:
    total = _numbers("nll", nll)
    if units == 0 or (total < 0).any():
        raise SolutionsError(f"nll is {total} over {units} units; give an NLL ≥ 0 and a text")
    return plain(bits_from_nats(total) / units)


def _numbers(name: str, values: ArrayLike) -> Array:
    """Return real numbers in float64, +inf allowed."""
    x = np.asarray(values)
    if x.dtype.kind not in "iufb" or np.isnan(x).any() or np.isneginf(x).any():
        raise SolutionsError(f"{name} holds NaN, -inf or what is no number ({x.dtype}); give real numbers")
    return x.astype(np.float64)


def _distributions(p: ArrayLike, q: ArrayLike) -> tuple[Array, Array]:
    """Return p and q in float64, broadcast against each other, each row checked to be a distribution."""
    arrays = {"p": _numbers("p", p), "q": _numbers("q", q)}
    for name, x in arrays.items():
        if x.ndim == 0 or x.shape[-1] == 0:
            raise SolutionsError(f"{name} has shape {x.shape}; give (..., V) with V ≥ 1")
        if (x < 0).any() or (abs(x.sum(axis=-1) - 1) > SUM_TOLERANCE).any():
            raise SolutionsError(f"{name} is no distribution (logits?); give entries ≥ 0 that sum to 1")
    a, b = arrays["p"], arrays["q"]
    if a.shape[-1] != b.shape[-1]:
        raise SolutionsError(f"p has {a.shape[-1]} outcomes, q has {b.shape[-1]}; give both the same number")
    try:
        a, b = np.broadcast_arrays(a, b)
    except ValueError as error:
        raise SolutionsError(f"p {a.shape} and q {b.shape} do not broadcast; give equal batches") from error
    return a, b


def _log(x: Array) -> Array:
    with np.errstate(divide="ignore"):  # log 0 = -inf, handled by the caller
        return plain(np.log(x))


def _weighted(p: Array, values: Array) -> Array:
    """Return Σ_j p_j values_j over the last axis, where a term with p_j = 0 is 0 whatever its value."""
    return plain((p * np.where(p > 0, values, 0.0)).sum(axis=-1))
