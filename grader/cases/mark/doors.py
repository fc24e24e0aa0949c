"""The doors by which a library gives an idea away: one table, by idea and by library.

A task that asks for an idea names it (`forbidden=("logsumexp",)`), and every function here under that name is
forbidden with it, by whatever alias it is called. A name with dots is a library's function or method. What ends in
".*" is everything in a module. A name that begins with a dot is any library's function or method of that name.
"""

from collections.abc import Iterable

_LOG_SUM_EXP = (
    "torch.logsumexp",
    "torch.logcumsumexp",
    "torch.special.logsumexp",
    "torch.Tensor.logsumexp",
    "torch.Tensor.logcumsumexp",
    "scipy.special.logsumexp",
    "jax.nn.logsumexp",
    "jax.scipy.special.logsumexp",
    "tensorflow.reduce_logsumexp",
)
_LOG_ADD_EXP = ("numpy.logaddexp.reduce", "numpy.logaddexp.accumulate")
"""Not among the above: log(e^a + e^b) is NumPy's own building block, and to fold it over an axis is an idea."""

_LOG_SOFTMAX = (
    "torch.log_softmax",
    "torch.special.log_softmax",
    "torch.Tensor.log_softmax",
    "torch.nn.functional.log_softmax",
    "torch.nn.LogSoftmax",
    "torch.distributions.Categorical",
    "torch.distributions.OneHotCategorical",
    "torch.distributions.Multinomial",
    "scipy.special.log_softmax",
    "jax.nn.log_softmax",
    "tensorflow.nn.log_softmax",
)
_SOFTMAX = (
    "torch.softmax",
    "torch.special.softmax",
    "torch.Tensor.softmax",
    "torch.nn.functional.softmax",
    "torch.nn.functional.softmin",
    "torch.nn.functional.gumbel_softmax",
    "torch.nn.Softmax",
    "torch.nn.Softmin",
    "scipy.special.softmax",
    "jax.nn.softmax",
    "tensorflow.nn.softmax",
)
_FINISHED_LOSS = (
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.nn.functional.linear_cross_entropy",
    "torch.nn.functional.kl_div",
    "torch.nn.CrossEntropyLoss",
    "torch.nn.NLLLoss",
    "torch.nn.NLLLoss2d",
    "torch.nn.KLDivLoss",
    "torch.nn.AdaptiveLogSoftmaxWithLoss",
    "torch.ops.aten.cross_entropy_loss",
    "torch.ops.aten.nll_loss_forward",
    "torch.ops.aten.nll_loss_nd",
    "torch.ops.aten.nll_loss2d",
    "torch.ops.aten.nll_loss2d_forward",
    "sklearn.metrics.log_loss",
)
_CROSS_ENTROPY = (
    *_FINISHED_LOSS,
    "torch.nn.functional.binary_cross_entropy",
    "torch.nn.functional.binary_cross_entropy_with_logits",
    "torch.nn.BCELoss",
    "torch.nn.BCEWithLogitsLoss",
    "torch.distributions.Categorical",
    "torch.distributions.OneHotCategorical",
    "torch.distributions.Multinomial",
    "jax.nn.losses.*",
    "optax.*",
    "tensorflow.nn.softmax_cross_entropy_with_logits",
    "tensorflow.nn.sparse_softmax_cross_entropy_with_logits",
)
_ENTROPY = (
    "scipy.stats.entropy",
    "scipy.stats.differential_entropy",
    "scipy.special.entr",
    "torch.special.entr",
    "torch.distributions.Categorical.entropy",
    "torch.distributions.Distribution.entropy",
    "skimage.measure.shannon_entropy",
)
_KL_DIVERGENCE = (
    *_ENTROPY,
    "scipy.special.rel_entr",
    "scipy.special.kl_div",
    "scipy.spatial.distance.jensenshannon",
    "torch.nn.functional.kl_div",
    "torch.nn.KLDivLoss",
    "torch.distributions.kl_divergence",
    "torch.distributions.kl.kl_divergence",
    "sklearn.metrics.mutual_info_score",
    "jax.scipy.special.rel_entr",
    "jax.scipy.special.kl_div",
)
_AUTOGRAD = (
    "torch.Tensor.backward",
    "torch.Tensor.grad",
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.autograd.functional.*",
    "torch.autograd.forward_ad.*",
    "torch.autograd.gradcheck",
    "torch.func.grad",
    "torch.func.grad_and_value",
    "torch.func.jacfwd",
    "torch.func.jacrev",
    "torch.func.hessian",
    "torch.func.jvp",
    "torch.func.vjp",
    "torch.func.linearize",
    "functorch.*",
    "jax.grad",
    "jax.value_and_grad",
    "jax.jacfwd",
    "jax.jacrev",
    "jax.hessian",
    "jax.jvp",
    "jax.vjp",
    "jax.linearize",
    "autograd.*",
    "tensorflow.GradientTape",
)
_DERIVATIVE = (
    *_AUTOGRAD,
    "sympy.diff",
    "sympy.Derivative",
    "sympy.Expr.diff",
    "sympy.series",
    "sympy.limit",
    "sympy.hessian",
    "scipy.differentiate.*",
    "scipy.optimize.approx_fprime",
    "numpy.gradient",
    "numdifftools.*",
)
_LOG_GAMMA = (
    "math.lgamma",
    "math.gamma",
    "math.factorial",
    "math.comb",
    "math.perm",
    "scipy.special.gammaln",
    "scipy.special.loggamma",
    "scipy.special.gamma",
    "scipy.special.factorial",
    "scipy.special.comb",
    "scipy.special.binom",
    "scipy.stats.multinomial",
    "torch.lgamma",
    "torch.special.gammaln",
    "torch.Tensor.lgamma",
    "sympy.loggamma",
    "sympy.gamma",
    "sympy.factorial",
    "sympy.binomial",
)

DOORS: dict[str, tuple[str, ...]] = {
    "logsumexp": _LOG_SUM_EXP,
    "logaddexp": _LOG_ADD_EXP,
    "log_softmax": _LOG_SOFTMAX,
    "softmax": _SOFTMAX,
    "cross_entropy": _CROSS_ENTROPY,
    "finished_loss": _FINISHED_LOSS,
    "entropy": _ENTROPY,
    "kl_divergence": _KL_DIVERGENCE,
    "autograd": _AUTOGRAD,
    "derivative": _DERIVATIVE,
    "log_gamma": _LOG_GAMMA,
}
"""From an idea to the library functions that give it away."""


def doors(forbidden: Iterable[str]) -> list[str]:
    """Return the names of functions that are forbidden by ideas and names, each once.

    >>> doors(["entropy", "math.log"])[:2], doors(["math.log"])
    (['scipy.stats.entropy', 'scipy.stats.differential_entropy'], ['math.log'])
    """
    return list(dict.fromkeys(name for each in forbidden for name in DOORS.get(each, (each,))))
