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
# # 01 · Sequences and their likelihood
#
# Nine small tasks on the probability of a text: a product of one factor per token, and why everybody
# works with its logarithm. Chapter 1 of the book has the background.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Two conventions.** Logarithms are natural, so losses are in **nats**. The probability of a token,
# $p_j$, is always meant given the tokens before it:
#
# ```
#  x₁      x₂        x₃                    the text
#  p(x₁)   p(x₂|x₁)  p(x₃|x₁,x₂)           p₁, p₂, p₃: one factor each
# ```
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · Two sequences by hand (1 point)
#
# A model gave the three tokens of a sequence the log-probabilities **−1.8, −2.5, −1.2**. The tokens of
# "The cat sat" got **−1.5, −0.9, −1.2**. What are the total log-likelihoods of the two sequences, **in
# nats**? Give a list of two numbers, such as `[-1.0, -2.0]`.

# %% nbgrader={"grade": false, "grade_id": "total-log-likelihood", "locked": false, "schema_version": 3, "solution": true, "task": false}
log_likelihoods = None  # replace None by a list of two numbers, in nats

# %% nbgrader={"grade": true, "grade_id": "check-total-log-likelihood", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("total-log-likelihood", log_likelihoods)

# %% [markdown]
# ## 2 · The loss of a text (2 points)
#
# Write the NLL of a text, $-\log \prod_{j=1}^m p_j$, **in nats**. `probs` holds $p_1, \dots, p_m$, an
# array of shape `(m,)`.
#
# - A text may have one token or thousands. Beware of numbers too small for a float.
# - If a token had probability 0, the loss is `np.inf`. (A warning from NumPy costs nothing.)
#
# Example: `sequence_nll(np.array([0.5, 0.5]))` is `1.3862…`, which is 2 log 2.

# %% nbgrader={"grade": false, "grade_id": "sequence-nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sequence_nll(probs):
    """Return the NLL of a text in nats, from its tokens' probabilities: shape (m,) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-sequence-nll", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("sequence-nll", sequence_nll)

# %% [markdown]
# ## 3 · From a product to a sum (2 points)
#
# A network does not give probabilities, it gives scores. At position $j$ the token that occurred has the
# score $s_j$, and $Z_j$ is the sum of the exponentials of all scores there, so that $p_j = e^{s_j} /
# Z_j$. Show in **at least two steps** how the loss
#
# $$-\log \prod_{j=1}^m p_j$$
#
# becomes a **sum over positions** of scores and logarithms of the $Z_j$, without a product, and with no
# score left in a logarithm. Each line is marked by itself, against the line before it.
#
# A line counts when it brings the derivation on. One that says the same as before does not: another
# letter, a factor that is 1, a term that is 0. The answer alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $p_j$, $s_j$ and $Z_j$ | `p(j)`, `s[j]` and `Z[j]` |
# | $\prod_{j=1}^m p_j$ | `Product(p(j), (j, 1, m))` |
# | $\sum_{j=1}^m s_j$ | `Sum(s[j], (j, 1, m))` |
# | a step | `steps.step("=", ..., because="the logarithm of a quotient")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-01", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Product, Sum, exp, log

from grader.algebra import Derivation, define, index, positive, positives, probability, reals, size

m = size("m")  # how many tokens the text has
j = index("j", m)  # a position in the text, from 1 to m
s = reals("s", m)  # s[j] is the score of the token that occurred at position j
Z = positives("Z", m)  # Z[j] is the sum of the exponentials of all scores at position j
p = define("p_{%s}", lambda j: exp(s[j]) / Z[j])  # the token's probability

# %% nbgrader={"grade": false, "grade_id": "sequence-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-sequence-steps", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("sequence-steps", steps)

# %% [markdown]
# ## 4 · One unlikely token (1 point)
#
# A text has $m$ tokens. The model gives each of them the probability $p$, except for one, which gets
# only $p / c$. Write the NLL of the text, **in nats**, as an expression in the symbols below. (Then put
# in $m = 100$, $p = 1/2$ and $c = 10^{30}$, and see how much of the loss is due to that one token.)

# %% nbgrader={"grade": false, "grade_id": "symbols-01-token", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Product, Sum, exp, log

from grader.algebra import positive, probability, size

# Named anew, should an answer above have used one of these names for something else.
m = size("m")  # how many tokens the text has
prob = probability("p")  # the probability of an ordinary token
c = positive("c")  # how many times less likely the odd one is

# %% nbgrader={"grade": false, "grade_id": "one-unlikely-token", "locked": false, "schema_version": 3, "solution": true, "task": false}
nll_with_one_unlikely = None  # replace None by an expression in m, prob and c

# %% nbgrader={"grade": true, "grade_id": "check-one-unlikely-token", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("one-unlikely-token", nll_with_one_unlikely)

# %% [markdown]
# ## 5 · A padded batch (2 points)
#
# Sequences of different length share a table when the short ones are filled up with padding. Write the
# NLL of **each** sequence, **in nats**: shapes `(B, T)` and `(B, T)` give `(B,)`.
#
# ```
# log_probs                   mask                        result
# -1.8  -2.5  -1.2            True  True  True            5.5
# -1.0  -2.0  (pad)           True  True  False           3.0
# ```
#
# - `mask` is an array of truth values: `True` at a token, `False` at padding.
# - At a padded place `log_probs` may hold anything, `-np.inf` and `np.nan` included. It must not count.
# - Padding may stand at the end or in front, also in one batch.
# - A token may be impossible: its log-probability is `-np.inf`, and the loss of its sequence is `np.inf`.
#
# Example: `batch_nll(np.array([[-1.0, -2.0, -7.0]]), np.array([[True, True, False]]))` is `[3.0]`

# %% nbgrader={"grade": false, "grade_id": "batch-nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_nll(log_probs, mask):
    """Return the NLL of each sequence in nats: shapes (B, T) and (B, T) -> (B,)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-batch-nll", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("batch-nll", batch_nll)

# %% [markdown]
# ## 6 · Which factors change? (1 point)
#
# A text has five tokens, and its probability is $p_1 \, p_2 \, p_3 \, p_4 \, p_5$ with $p_j = p(x_j \mid
# x_1, \dots, x_{j-1})$. You replace the third token by another one. You know nothing else about the
# model. Which factors may change?
#
# - **a** · only $p_3$
# - **b** · $p_3$, $p_4$ and $p_5$
# - **c** · $p_4$ and $p_5$
# - **d** · all five, $p_1$ to $p_5$

# %% nbgrader={"grade": false, "grade_id": "changed-conditionals", "locked": false, "schema_version": 3, "solution": true, "task": false}
changed = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-changed-conditionals", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("changed-conditionals", changed)

# %% [markdown]
# ## 7 · Where the product ends (1 point)
#
# A model that knows nothing gives each token the probability $1/50{,}000$. Multiply these probabilities
# one after the other in float64, the numbers that Python and NumPy compute with. After how many tokens is
# the product **exactly 0**? A loop of three lines finds out. It may surprise you how soon it is.

# %% nbgrader={"grade": false, "grade_id": "underflow-length", "locked": false, "schema_version": 3, "solution": true, "task": false}
length = None  # replace None by a whole number, in tokens

# %% nbgrader={"grade": true, "grade_id": "check-underflow-length", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("underflow-length", length)

# %% [markdown]
# ## 8 · Three losses of one dataset (2 points)
#
# `log_probs` is a list of sequences, each a list of the log-probabilities of its tokens in nats. Return
# three losses as a tuple, **in this order**:
#
# 1. the total NLL, in nats
# 2. the NLL per token: the total over the number of all tokens
# 3. the NLL per sequence: the total over the number of sequences
#
# Example: `three_losses([[-1.0], [-2.0, -3.0]])` is `[6.0, 2.0, 3.0]` (a list or a tuple, both will do).

# %% nbgrader={"grade": false, "grade_id": "three-losses", "locked": false, "schema_version": 3, "solution": true, "task": false}
def three_losses(log_probs):
    """Return the NLL in total, per token and per sequence, from a list of lists of log-probabilities."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-three-losses", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("three-losses", three_losses)

# %% [markdown]
# ## 9 · Why the logarithm? (2 points)
#
# A model is trained to make the probability of its training texts as large as possible. Yet no program
# computes this probability; all of them compute its logarithm. Explain in **two to five sentences** why
# this gives the same best model, and why it is the better way to compute. A person reads this one.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-the-log", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. You can now score any text with any model, one factor at a time.
