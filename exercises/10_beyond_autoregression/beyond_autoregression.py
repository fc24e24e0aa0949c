# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Beyond autoregression
#
# Nine small tasks on models that don't predict one token after the other: flows, latent variables,
# diffusion, and generators that are trained against a discriminator. In each you ask the same question:
# is this number a likelihood, a bound of one, or neither? Chapter 10 of the book has the background.
# Nothing here needs a network or a fast computer.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **One convention.** Logarithms are natural, so log-likelihoods are in **nats**, unless a task says bits.
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · A density is stretched and turned round (1 point)
#
# A number $u$ has the Gumbel density $p_U(u) = e^{-u - e^{-u}}$. A model stretches it, turns it round
# and moves it: $x = b - a\,u$, with a factor $a > 0$. Write the density $p_X(x)$ as an expression in
# $x$, $a$ and $b$.

# %% nbgrader={"grade": false, "grade_id": "symbols-10-affine", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import exp, log

from grader.algebra import positive, real

x, b = real("x"), real("b")
a = positive("a")  # the factor is -a, so that large u give small x

# %% nbgrader={"grade": false, "grade_id": "affine-density", "locked": false, "schema_version": 3, "solution": true, "task": false}
density = None  # replace None by an expression in x, a and b

# %% nbgrader={"grade": true, "grade_id": "check-affine-density", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("affine-density", density)

# %% [markdown]
# ## 2 · A coupling layer and its log-determinant (2 points)
#
# A coupling layer makes $x$ from noise $u$ with $D$ numbers. The first $\lfloor D/2 \rfloor$ of them, $u_1$,
# stay as they are. They decide how the others, $u_2$, are stretched and moved:
#
# $$x_1 = u_1, \qquad x_2 = u_2 \cdot e^{s} + t, \qquad s = u_1 S, \quad t = u_1 T$$
#
# with two matrices, $S$ and $T$. `u` has shape `(N, D)`, and each row is a point. Return `x`, of shape
# `(N, D)`, and $\log \left| \det \frac{\partial x}{\partial u} \right|$ of each row, of shape `(N,)`: a
# tuple of the two.
#
# - Each row has a log-determinant of its own, in nats.
# - If $D$ is odd, the second part has one number more than the first. `S` and `T` have the shape that
#   fits: `(D // 2, D - D // 2)`.
# - A factor may be as small as $e^{-800}$, which is 0 as a float. Its logarithm is not.
# - A row may have hundreds of numbers.
#
# Example: `coupling(np.array([[2.0, 5.0]]), np.array([[0.0]]), np.array([[3.0]]))` gives
# `[[2.0, 11.0]]` and `[0.0]`: nothing is stretched.

# %% nbgrader={"grade": false, "grade_id": "coupling-log-det", "locked": false, "schema_version": 3, "solution": true, "task": false}
def coupling(u, S, T):
    """Return x and the log-determinants in nats: (N, D) and twice (D // 2, D - D // 2) -> (N, D) and (N,)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-coupling-log-det", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("coupling-log-det", coupling)

# %% [markdown]
# ## 3 · The ELBO from a table, and its gap (2 points)
#
# A hidden cause $z$ has $K$ values. A table has for each of them the prior $p(z)$, the logarithm
# $\log p(x \mid z)$ for the text $x$ that was observed, and a guess $q(z)$ after seeing $x$. Return two
# numbers, in this order and **in nats**: the ELBO,
#
# $$\mathbb E_q [\log p(x \mid z)] - \operatorname{KL}(q(z) \,\|\, p(z)) ,$$
#
# and by how much $\log p(x)$ is larger: the gap. All three arrays have shape `(K,)`; `prior` and `q`
# sum to 1.
#
# - A guess may be 0 for some $z$. Such a term is 0, whatever the other numbers are.
# - A long text has log-likelihoods such as −5,000, and the likelihood is 0 as a float.
# - The prior may be 0 for some $z$. If $q(z) > 0$ there, the ELBO is `-np.inf` and the gap `np.inf`.
# - If $q$ is the posterior $p(z \mid x)$, there is no gap.
#
# Example: `elbo_and_gap(np.array([0.5, 0.5]), np.array([-3.0, -3.0]), np.array([0.5, 0.5]))` is
# `[-3.0, 0.0]` (a list or a tuple, both will do).

# %% nbgrader={"grade": false, "grade_id": "elbo-from-table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elbo_and_gap(prior, log_likelihood, q):
    """Return the ELBO and log p(x) - ELBO, in nats: shapes (K,) three times -> two numbers."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-elbo-from-table", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("elbo-from-table", elbo_and_gap)

# %% [markdown]
# ## 4 · Bits per dimension (1 point)
#
# Images of 32 × 32 pixels have three colours each, with whole numbers from 0 to 255. To each number, noise
# from [0, 1) was added, and the sum was divided by 256. A flow gives the resulting images a mean NLL of
# **−9,500 nats per image**: it is a density, so it may be negative. What does this say in **bits per
# dimension** of the images with whole numbers? Three decimals are enough.

# %% nbgrader={"grade": false, "grade_id": "bits-per-dimension", "locked": false, "schema_version": 3, "solution": true, "task": false}
bits_per_dimension = None  # replace None by your answer, in bits

# %% nbgrader={"grade": true, "grade_id": "check-bits-per-dimension", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("bits-per-dimension", bits_per_dimension)

# %% [markdown]
# ## 5 · One step back (2 points)
#
# Diffusion adds noise in steps: $x_t = \sqrt{1 - \beta_t}\, x_{t-1} + \sqrt{\beta_t}\, \varepsilon_t$,
# with independent standard normal $\varepsilon_t$ and each $\beta_t$ between 0 and 1. Who knows $x_0$ and
# $x_t$ knows the distribution of the number one step back, $x_{t-1}$: it is normal. Return three numbers,
# in this order: $\bar\alpha_t = \prod_{i=1}^t (1 - \beta_i)$, and the **mean** and the **variance** of
# $x_{t-1}$ given $x_0$ and $x_t$. `beta` holds $\beta_1, \dots, \beta_T$.
#
# - Steps are counted from 1: `beta[0]` is $\beta_1$. What comes after step `t` plays no part.
# - At `t = 1` nothing is left to guess: $x_{t-1}$ is $x_0$.
# - There may be a thousand steps.
#
# Example: `one_step_back(2.0, 1.0, 1, np.array([0.5, 0.25]))` is `[0.5, 2.0, 0.0]` (a list or a tuple,
# both will do).

# %% nbgrader={"grade": false, "grade_id": "diffusion-posterior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_step_back(x_0, x_t, t, beta):
    """Return alpha-bar, mean and variance: two numbers, a whole number and shape (T,) -> three numbers."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-diffusion-posterior", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("diffusion-posterior", one_step_back)

# %% [markdown]
# ## 6 · The best discriminator (1 point)
#
# There are three outcomes. The data have the probabilities $p = (0.6, 0.4, 0)$, a generator makes them
# with $g = (0.2, 0.4, 0.4)$. Both are shown equally often. A discriminator says for each outcome with which
# probability it comes from the data, $D = (D_1, D_2, D_3)$. It maximises
#
# $$\mathbb E_p [\log D] + \mathbb E_g [\log (1 - D)].$$
#
# Give a list of four numbers: $D_1$, $D_2$ and $D_3$ of the best discriminator, and then the value that
# it reaches, **in nats**. Three decimals are enough.

# %% nbgrader={"grade": false, "grade_id": "best-discriminator", "locked": false, "schema_version": 3, "solution": true, "task": false}
discriminator = None  # replace None by a list of four numbers

# %% nbgrader={"grade": true, "grade_id": "check-best-discriminator", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("best-discriminator", discriminator)

# %% [markdown]
# ## 7 · Which numbers may be compared? (1 point)
#
# Two models, M and N, were tested on the same images. In which case do the numbers show that M gives
# them the higher likelihood?
#
# - **a** · M, autoregressive: an exact NLL of 3.1 bits per dimension. N, a VAE: a negative ELBO of 3.3.
# - **b** · M, a VAE: a negative ELBO of 3.1 bits per dimension. N, autoregressive: an exact NLL of 3.3.
# - **c** · M, a flow on pixels from 0 to 1: −2.0 nats per dimension. N, a flow on pixels from 0 to 255:
#   3.2 nats.
# - **d** · M, a generator of a GAN: 3.1, from narrow Gaussian kernels around 10,000 of its samples. N, a
#   flow: 3.3.

# %% nbgrader={"grade": false, "grade_id": "which-pairs", "locked": false, "schema_version": 3, "solution": true, "task": false}
pair = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-which-pairs", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("which-pairs", pair)

# %% [markdown]
# ## 8 · The NLL of a flow (3 points)
#
# An autoregressive flow makes a point of $D$ numbers from noise, one number after the other:
#
# $$x_i = m_i + e^{s_i}\, u_i, \qquad u_i \sim \mathcal N(0, 1), \qquad
# m_i = \sum_{j < i} A_{ij}\, x_j, \quad s_i = \sum_{j < i} B_{ij}\, x_j .$$
#
# `A` and `B`, of shape `(D, D)`, are 0 on and above the diagonal, and `x`, of shape `(D,)`, is a point.
# Find the noise that it was made from, and return the NLL of the point, $-\log p(x)$, **in nats**.
#
# - It is an NLL of a density, so it may be negative.
# - A scale $e^{s_i}$ may be as small as $e^{-60}$.
# - A scale may be as large as $e^{800}$, which is infinite as a float. Its logarithm is not.
# - With many dimensions the density itself may be 0 or infinite as a float.
#
# Write it with `log`, `exp`, `sum` and the like. A library's normal distribution (from `scipy.stats`,
# `torch.distributions`, `statistics`) is not accepted.
#
# Example: `flow_nll(np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2)))` is `1.8378…`, which is log 2π.

# %% nbgrader={"grade": false, "grade_id": "flow-nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flow_nll(x, A, B):
    """Return -log p(x) in nats: shapes (D,), (D, D) and (D, D) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-flow-nll", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("flow-nll", flow_nll)

# %% [markdown]
# ## 9 · A bound from below (3 points)
#
# A model has a hidden cause with $K$ values: the prior $\pi_k$, and $\ell_k = p(x \mid z = k)$, the
# likelihood of what was observed. So $p(x) = \sum_{k=1}^K \pi_k \ell_k$. Whatever distribution $q$ you
# choose, the ELBO is never above $\log p(x)$. Prove it: start from the ELBO as a VAE computes it, the
# mean of $\log \ell$ under $q$ less the divergence from $q$ to the prior,
#
# $$\sum_{k=1}^K q_k \log \ell_k - \sum_{k=1}^K q_k \log \frac{q_k}{\pi_k} ,$$
#
# and arrive at $\log \sum_k \pi_k \ell_k$, with no $q$ left, in **at least two steps**. There are two
# roads, and both earn everything: **Jensen's inequality**, or the ELBO as $\log p(x)$ less the
# **divergence from $q$ to the posterior** $\pi_k \ell_k / p(x)$, of which you know that it is never negative
# (Gibbs' inequality, chapter 3).
#
# Each line is marked by itself, against the line before it. A step may be `"="` or `"≤"`; copy the sign
# from here. First bring prior and likelihood together in **one logarithm**, so that one can see what the
# inequality is used on. The end alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $\pi_k$, $\ell_k$ and $q_k$ | `prior[k]`, `lik[k]` and `q[k]` |
# | $\log p(x)$ | `log(Sum(prior[j] * lik[j], (j, 1, K)))` |
# | an inequality | `steps.step("≤", ..., because="the logarithm is concave")` |
# | an equality | `steps.step("=", ..., because="q sums to 1")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-10", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Sum, exp, log

from grader.algebra import Derivation, index, probabilities, simplex, size

K = size("K")  # how many values the hidden cause has
j, k = (index(name, K) for name in "jk")  # values, from 1 to K
prior, q = simplex("pi", K), simplex("q", K)  # distributions of the hidden cause: all positive, with sum 1
lik = probabilities("ell", K)  # the probability of what was observed, for each value
elbo = Sum(q[k] * log(lik[k]), (k, 1, K)) - Sum(q[k] * log(q[k] / prior[k]), (k, 1, K))

# %% nbgrader={"grade": false, "grade_id": "elbo-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-elbo-steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("elbo-steps", steps)

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. From now on, when two models are compared by a number, you know what to ask: of what is it the
# likelihood, and is it a bound?
