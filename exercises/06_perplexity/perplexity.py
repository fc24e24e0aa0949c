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
# # 06 · Perplexity
#
# Nine small tasks on one number: how many equally likely tokens a model hesitates between. You compute
# it, derive it, pool it over a corpus, change its units, and learn when two of them may be compared.
# Chapter 6 of the book has the background.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **One convention.** Logarithms are natural, so losses are in **nats**, unless a task says bits. In
# short:
#
# ```
#  probabilities      loss of the text      mean loss        perplexity
#   p₁, …, p_m    →   NLL = −Σ log p_j  →   NLL / m     →    exp(NLL / m)
# ```
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · From a loss to a perplexity (1 point)
#
# A model has a mean loss of **2.1 nats per token** on a text. What is its perplexity? Three digits are
# enough.

# %% nbgrader={"grade": false, "grade_id": "perplexity-of-mean-nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
ppl = None  # replace None by your answer

# %% nbgrader={"grade": true, "grade_id": "check-perplexity-of-mean-nll", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("perplexity-of-mean-nll", ppl)

# %% [markdown]
# ## 2 · From token probabilities (2 points)
#
# A model gave the tokens of a text the probabilities `probs`, an array of shape `(m,)`. Write the
# perplexity of the text.
#
# - A text may have one token or thousands. Beware of numbers too small for a float.
# - If a token had probability 0, the perplexity is `np.inf`. (A warning from NumPy costs nothing.)
#
# Example: `perplexity_from_probs(np.array([0.5, 0.5, 0.5]))` is `2.0`: like a coin at every token.

# %% nbgrader={"grade": false, "grade_id": "perplexity-from-probs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perplexity_from_probs(probs):
    """Return the perplexity of a text from its tokens' probabilities: shape (m,) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-perplexity-from-probs", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("perplexity-from-probs", perplexity_from_probs)

# %% [markdown]
# ## 3 · Product, sum, mean, exp (2 points)
#
# Perplexity is the geometric mean of the inverse probabilities, $\Big( \prod_{j=1}^m p_j \Big)^{-1/m}$.
# Show in **at least two steps** that it can be written **without a product**, as an exponential of a
# mean of logarithms. That is the form in which everybody computes it. Each line is marked by itself,
# against the line before it.
#
# A line counts when it brings the derivation on. One that says the same as before does not: another
# letter, a factor that is 1, a term that is 0. The answer alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $p_j$ | `p[j]` |
# | $\prod_{j=1}^m p_j$ | `Product(p[j], (j, 1, m))` |
# | $\sum_{j=1}^m \log p_j$ | `Sum(log(p[j]), (j, 1, m))` |
# | a step | `steps.step("=", ..., because="the logarithm of a power")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-06", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Product, Sum, exp, log

from grader.algebra import Derivation, index, positive, probabilities, size

m = size("m")  # how many tokens the text has
j = index("j", m)  # a position in the text, from 1 to m
p = probabilities("p", m)  # p[j] is what the model gave token j

# %% nbgrader={"grade": false, "grade_id": "perplexity-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-perplexity-steps", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("perplexity-steps", steps)

# %% [markdown]
# ## 4 · Two sentences, one perplexity (1 point)
#
# A corpus has two sentences. The first has $m_1$ tokens and a total loss of $L_1$ nats, the second
# $m_2$ tokens and $L_2$ nats. Every token counts the same. Write the perplexity of the corpus as an
# expression in the symbols below.

# %% nbgrader={"grade": false, "grade_id": "symbols-06-corpus", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Product, Sum, exp, log

from grader.algebra import positive, size

# exp and log are named anew, should an answer above have used one of these names for something else.
L_1, L_2 = positive("L_1"), positive("L_2")  # total losses, in nats
m_1, m_2 = size("m_1"), size("m_2")  # numbers of tokens

# %% nbgrader={"grade": false, "grade_id": "two-sentences", "locked": false, "schema_version": 3, "solution": true, "task": false}
ppl_of_both = None  # replace None by an expression in L_1, L_2, m_1 and m_2

# %% nbgrader={"grade": true, "grade_id": "check-two-sentences", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("two-sentences", ppl_of_both)

# %% [markdown]
# ## 5 · A whole corpus (2 points)
#
# `log_probs` is a list of sentences. Each sentence is a list of the natural log-probabilities of its
# tokens, and sentences have different lengths. Write the perplexity of the corpus.
#
# ```
# log_probs = [[-0.7, -1.2],                  a sentence of 2 tokens
#              [-2.3, -0.1, -0.4, -1.5]]      a sentence of 4 tokens
# ```
#
# Example: for this corpus `corpus_perplexity(log_probs)` is `2.81…`.

# %% nbgrader={"grade": false, "grade_id": "corpus-perplexity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def corpus_perplexity(log_probs):
    """Return the perplexity of a corpus: a list of lists of log-probabilities in nats -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-corpus-perplexity", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("corpus-perplexity", corpus_perplexity)

# %% [markdown]
# ## 6 · Why not the average? (2 points)
#
# One sentence has 2 tokens and a mean loss of 3 nats per token. Another has 8 tokens and a mean loss of
# 1 nat per token. A friend reports the average of the two perplexities, $(e^3 + e^1)/2 \approx 11.4$.
# Give the number that you would report, and explain in **two to five sentences** what is wrong with the
# friend's. A person reads this one.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-not-average", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## 7 · Nats and bits (1 point)
#
# How much is a loss of **2.1 nats** in **bits**? Three digits are enough. Ask yourself first which unit
# is the smaller one.

# %% nbgrader={"grade": false, "grade_id": "bits-of-nats", "locked": false, "schema_version": 3, "solution": true, "task": false}
bits = None  # replace None by your answer, in bits

# %% nbgrader={"grade": true, "grade_id": "check-bits-of-nats", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("bits-of-nats", bits)

# %% [markdown]
# ## 8 · Bits per byte (2 points)
#
# Models that cut a text into different tokens can still be compared by the bits they need for a
# **byte** of it. Write this number from the total loss of a text, `nll` **in nats**, and the text
# itself, a `str`. Its bytes are those of its UTF-8 encoding.
#
# ```
# c  a  f  é             4 characters
# 63 61 66 c3 a9         5 bytes
# ```
#
# Example: `bits_per_byte(5 * np.log(2), "café")` is `1.0`

# %% nbgrader={"grade": false, "grade_id": "bits-per-byte", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bits_per_byte(nll, text):
    """Return the loss in bits per byte, from a total loss in nats and the text."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-bits-per-byte", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("bits-per-byte", bits_per_byte)

# %% [markdown]
# ## 9 · Which may be compared? (1 point)
#
# In which case do the two perplexities show that model A predicts better?
#
# - **a** · Model A: 21 per token, with a vocabulary of 32,000 tokens. Model B: 24 per token on the same
#   text, with one of 50,000.
# - **b** · Model A: 21 per token on news. Model B: 24 per token on novels. Both use the same tokens.
# - **c** · Model A: 21 per token on the test text. Model B: 24 per token on the same text, the same
#   tokens and contexts.
# - **d** · Model A: 21, which is 2 to the power of its mean loss in nats. Model B: 24, which is e to
#   that power.

# %% nbgrader={"grade": false, "grade_id": "comparable-perplexities", "locked": false, "schema_version": 3, "solution": true, "task": false}
comparable = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-comparable-perplexities", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("comparable-perplexities", comparable)

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. From now on, when a paper prints a perplexity, you know what to ask of it.
