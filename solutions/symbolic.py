"""The quantities of `solutions.information` in SymPy, for a symbolic vocabulary size V and length m.

Indexed variables come in as `sympy.IndexedBase` (or anything that can be indexed), sizes and indices as
integer symbols; classes and positions are counted from 1, as in the book's formulas. Information is in nats
unless a name says bits. Sums run over a dummy index of their own, so an index passed in is never captured.
"""

from collections.abc import Callable

from sympy import Dummy, Expr, KroneckerDelta, Sum, exp, log


def _sum(term: Callable[[Expr], Expr], size: Expr) -> Expr:
    i = Dummy("i", integer=True, positive=True)
    return Sum(term(i), (i, 1, size))


def log_sum_exp(z, V) -> Expr:
    """Return LSE(z) = log Σ_i exp(z_i), in nats.

    >>> from sympy import IndexedBase
    >>> log_sum_exp(IndexedBase("z"), 2).doit()
    log(exp(z[1]) + exp(z[2]))
    """
    return log(_sum(lambda i: exp(z[i]), V))


def softmax(z, j, V, temperature=1) -> Expr:
    """Return ŷ_j = exp(z_j / T) / Σ_i exp(z_i / T).

    >>> from sympy import IndexedBase
    >>> softmax(IndexedBase("z"), 1, 2).doit()
    exp(z[1])/(exp(z[1]) + exp(z[2]))
    """
    return exp(z[j] / temperature) / _sum(lambda i: exp(z[i] / temperature), V)


def log_softmax(z, j, V) -> Expr:
    """Return log ŷ_j = z_j − LSE(z), in nats.

    >>> from sympy import IndexedBase
    >>> log_softmax(IndexedBase("z"), 1, 2).doit()
    -log(exp(z[1]) + exp(z[2])) + z[1]
    """
    return z[j] - log_sum_exp(z, V)


def nll_from_logits(z, y, V) -> Expr:
    """Return the NLL of class y, −log ŷ_y = LSE(z) − z_y, in nats.

    >>> from sympy import IndexedBase
    >>> nll_from_logits(IndexedBase("z"), 2, 2).doit()
    log(exp(z[1]) + exp(z[2])) - z[2]
    """
    return log_sum_exp(z, V) - z[y]


def nll_gradient(z, j, y, V) -> Expr:
    """Return ∂NLL/∂z_j = ŷ_j − δ_jy.

    >>> from sympy import IndexedBase
    >>> nll_gradient(IndexedBase("z"), 1, 2, 2).doit()
    exp(z[1])/(exp(z[1]) + exp(z[2]))
    """
    return softmax(z, j, V) - KroneckerDelta(j, y)


def nll_hessian(z, j, k, V) -> Expr:
    """Return ∂²NLL/∂z_j∂z_k = ŷ_j (δ_jk − ŷ_k).

    >>> from sympy import IndexedBase
    >>> nll_hessian(IndexedBase("z"), 1, 2, 2).doit()
    -exp(z[1])*exp(z[2])/(exp(z[1]) + exp(z[2]))**2
    """
    return softmax(z, j, V) * (KroneckerDelta(j, k) - softmax(z, k, V))


def surprisal(p) -> Expr:
    """Return −log p, in nats.

    >>> from sympy import Rational
    >>> surprisal(Rational(1, 2))
    log(2)
    """
    return -log(p)


def nll(p, m) -> Expr:
    """Return the NLL of a sequence of m tokens with probabilities p_1..p_m: −Σ_i log p_i, in nats.

    >>> from sympy import IndexedBase
    >>> nll(IndexedBase("p"), 2).doit()
    -log(p[1]) - log(p[2])
    """
    return _sum(lambda i: surprisal(p[i]), m)


def perplexity(nll, m=1) -> Expr:
    """Return PPL = exp(NLL / m), with the NLL of m tokens in nats.

    >>> perplexity(3 * log(50), 3)
    50
    """
    return exp(nll / m)


def entropy(p, V) -> Expr:
    """Return H(p) = −Σ_i p_i log p_i, in nats.

    >>> from sympy import IndexedBase
    >>> entropy(IndexedBase("p"), 2).doit()
    -log(p[1])*p[1] - log(p[2])*p[2]
    """
    return cross_entropy(p, p, V)


def cross_entropy(p, q, V) -> Expr:
    """Return H(p, q) = −Σ_i p_i log q_i, in nats.

    >>> from sympy import IndexedBase
    >>> cross_entropy(IndexedBase("p"), IndexedBase("q"), 2).doit()
    -log(q[1])*p[1] - log(q[2])*p[2]
    """
    return _sum(lambda i: -p[i] * log(q[i]), V)


def kl_divergence(p, q, V) -> Expr:
    """Return KL(p‖q) = Σ_i p_i log(p_i / q_i), in nats.

    >>> from sympy import IndexedBase
    >>> kl_divergence(IndexedBase("p"), IndexedBase("q"), 2).doit()
    log(p[1]/q[1])*p[1] + log(p[2]/q[2])*p[2]
    """
    return _sum(lambda i: p[i] * log(p[i] / q[i]), V)


def bits_from_nats(nats) -> Expr:
    """Return nats / log 2.

    >>> bits_from_nats(log(8))
    log(8)/log(2)
    """
    return nats / log(2)


def nats_from_bits(bits) -> Expr:
    """Return bits · log 2.

    >>> nats_from_bits(3)
    3*log(2)
    """
    return bits * log(2)
