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
# # 11 · A mock exam
#
# Nine questions on the whole course, **20 points**. **Time: 90 minutes.** Nobody enforces the time: note
# when you begin, and stop when it is over, if you want to know where you stand. Allowed are pen, paper, this
# notebook and the cheat sheet of chapter 11.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each question has a cell for your answer and,
# below it, a cell with `check`. A check says whether an answer can be read, and which known mistake it is; of
# single numbers and choices it does not tell whether they are right. That you see when your work is marked.
#
# **Points.** A list of numbers is marked as a whole: with one wrong or missing number it earns nothing, so look
# at each of them. The derivation is marked line by line, the function by kinds of cases, question 9 by a scheme.
#
# **The numbers** were drawn. A cell above each answer holds those of its question, so you may compute with
# them by name. Don't change these cells: your answer is marked by the numbers that you were given.
#
# **Two conventions.** Logarithms are natural, so losses are in **nats**, unless a question says bits. Code
# counts from **0**, formulas count from **1**.

# %% nbgrader={"grade": false, "grade_id": "setup-11", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · A text with its two ends (2 points)
#
# A bigram model knows two words, 1 and 2. Token 0 marks the ends of a text: at the beginning it is **given**,
# at the end it is **predicted** like a word. `follows[s][t]` is the probability that token `t` comes after
# token `s`. Row 0 is for the beginning of a text.
#
# What does the model give to `text`? Answer with two numbers, as a list: its **log-probability**, and its
# **mean NLL per predicted token**, both **in nats**. Three decimals are enough.

# %% nbgrader={"grade": false, "grade_id": "given-exam-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
follows = {{follows}}
text = {{text}}

# %% nbgrader={"grade": false, "grade_id": "exam-text", "locked": false, "schema_version": 3, "solution": true, "task": false}
text_scores = None  # replace None by a list of two numbers: log-probability, mean NLL

# %% nbgrader={"grade": true, "grade_id": "check-exam-text", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam-text", text_scores)

# %% [markdown]
# ## 2 · Perplexity and bits (2 points)
#
# A model reads a file of **{{bytes_read}} bytes**, which it cuts into **{{tokens_read}} tokens**. The NLL of
# the whole file is **{{total_nll}} nats**. Answer with three numbers, as a list: the model's **perplexity**
# (per token), its loss in **bits per token**, and its loss in **bits per byte**. Three decimals are enough.

# %% nbgrader={"grade": false, "grade_id": "given-exam-units", "locked": true, "schema_version": 3, "solution": false, "task": false}
total_nll = {{total_nll}}
tokens_read = {{tokens_read}}
bytes_read = {{bytes_read}}

# %% nbgrader={"grade": false, "grade_id": "exam-units", "locked": false, "schema_version": 3, "solution": true, "task": false}
in_units = None  # replace None by a list of three numbers: perplexity, bits per token, bits per byte

# %% nbgrader={"grade": true, "grade_id": "check-exam-units", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam-units", in_units)

# %% [markdown]
# ## 3 · The KL divergence, both ways (2 points)
#
# Two distributions of three outcomes stand in the next cell. Compute
# $D_{\mathrm{KL}}(p \,\|\, q)$ and $D_{\mathrm{KL}}(q \,\|\, p)$ **in nats**, with `p_true` for $p$ and
# `q_model` for $q$. Answer with a list of the two, in this order. Three decimals are enough.

# %% nbgrader={"grade": false, "grade_id": "given-exam-kl", "locked": true, "schema_version": 3, "solution": false, "task": false}
p_true = {{p_true}}
q_model = {{q_model}}

# %% nbgrader={"grade": false, "grade_id": "exam-kl", "locked": false, "schema_version": 3, "solution": true, "task": false}
both_ways = None  # replace None by a list of two numbers: KL(p || q), KL(q || p)

# %% nbgrader={"grade": true, "grade_id": "check-exam-kl", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam-kl", both_ways)

# %% [markdown]
# ## 4 · How far from the best? (2 points)
#
# Texts come from a source whose entropy rate is known: **{{entropy_rate}} nats per token**. On many of them a
# model has a mean loss of **{{loss_in_bits}} bits per token**: nats and bits, look twice. Answer with two
# numbers, as a list: the **KL divergence** of the model from the source **in nats per token**, and the
# **factor** by which the model's perplexity lies above the lowest that any model can have. Three decimals are
# enough.

# %% nbgrader={"grade": false, "grade_id": "given-exam-gap", "locked": true, "schema_version": 3, "solution": false, "task": false}
entropy_rate = {{entropy_rate}}
loss_in_bits = {{loss_in_bits}}

# %% nbgrader={"grade": false, "grade_id": "exam-gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
gap = None  # replace None by a list of two numbers: KL in nats, factor

# %% nbgrader={"grade": true, "grade_id": "check-exam-gap", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("exam-gap", gap)

# %% [markdown]
# ## 5 · A gradient with numbers (3 points)
#
# A model gives three classes, 0, 1 and 2, the logits of the next cell, and class **{{observed}}** occurred.
# Give the three derivatives of the NLL (in nats) with respect to the logits, in order, as a list such as
# `[0.1, 0.2, 0.3]`. Three decimals are enough.

# %% nbgrader={"grade": false, "grade_id": "given-exam-gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
three_logits = {{three_logits}}
observed = {{observed}}

# %% nbgrader={"grade": false, "grade_id": "exam-gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
slopes = None  # replace None by a list of three numbers

# %% nbgrader={"grade": true, "grade_id": "check-exam-gradient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("exam-gradient", slopes)

# %% [markdown]
# ## 6 · The gradient of a divergence (3 points)
#
# Now with letters. A model is trained to a given distribution $p$ over $V$ classes, with every $p_k > 0$.
# Derive
#
# $$\frac{\partial}{\partial z_j} \sum_{k=1}^V p_k \log \frac{p_k}{\hat y_k} ,
# \qquad \hat y_j = \frac{e^{z_j}}{\sum_{k=1}^V e^{z_k}} ,$$
#
# in **at least two steps**. The last line holds no derivative and no logarithm any more. Each line is marked
# by itself, against the line before it. A line counts when it brings the derivation on. One that says the
# same as before does not: another letter, a factor that is 1, a term that is 0. The answer alone, in one
# line, earns a third.
#
# | you want | you write |
# |---|---|
# | $z_j$, $p_k$ and $\hat y_j$ | `z[j]`, `p[k]` and `y_hat(j)` |
# | $\sum_{k=1}^V p_k \log \hat y_k$ | `Sum(p[k] * log(y_hat(k)), (k, 1, V))` |
# | $\frac{\partial}{\partial z_j} f$ | `Derivative(f, z[j])` |
# | $\delta_{jk}$: 1 if $j = k$, otherwise 0 | `KroneckerDelta(j, k)` |
# | a step | `steps.step("=", ..., because="the chain rule")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-11", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Derivative, KroneckerDelta, Sum, exp, log

from grader.algebra import Derivation, define, index, reals, simplex, size

V = size("V")  # how many classes there are
i, j, k = (index(name, V) for name in "ijk")  # classes, from 1 to V
z = reals("z", V)  # the logits
p = simplex("p", V)  # the given distribution: its entries sum to 1
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))  # the softmax
divergence = Sum(p[k] * log(p[k] / y_hat(k)), (k, 1, V))

# %% nbgrader={"grade": false, "grade_id": "exam-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-exam-steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("exam-steps", steps)

# %% [markdown]
# ## 7 · The loss of a batch (3 points)
#
# Write the loss that a training loop reports: the mean NLL, in nats, of all labels of a batch **that count**.
# `logits` has the shape `(B, T, V)`, `labels` the shape `(B, T)`. A label of −100 does not count: it stands
# where a text is shorter than its row.
#
# - At least one label of the batch counts. Rows may have different numbers of them, and a row may have none.
# - Logits may be as large as 10,000 and as small as −10,000. They are not normalised: each place has a
#   shift of its own.
# - A label that counts is a class, from 0 to V − 1. There may be more than a hundred classes.
# - A class may be impossible, with a logit of `-np.inf`: as a label it has an infinite loss.
#
# Examples: `batch_loss(np.zeros((1, 2, 4)), np.array([[3, -100]]))` is `1.3862…`,
# `batch_loss(np.zeros((2, 1, 2)), np.array([[0], [1]]))` is `0.6931…`, and
# `batch_loss(np.array([[[0.0, 1000.0]]]), np.array([[0]]))` is `1000.0`

# %% nbgrader={"grade": false, "grade_id": "exam-batch-loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_loss(logits, labels):
    """Return the mean NLL in nats of the labels that count: shapes (B, T, V) and (B, T) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-exam-batch-loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("exam-batch-loss", batch_loss)

# %% [markdown]
# ## 8 · What does the log show? (1 point)
#
# A program evaluates a model on texts of 500 tokens each. Its log says: mean loss **{{logged_loss}} nats per
# token**, perplexity **{{logged_perplexity}}**. The loss is right. What went wrong with the perplexity?
#
# - **a** · it is the mean of the texts' perplexities
# - **b** · the start symbol of each text was counted as a token, so the sum was divided by 501
# - **c** · it is 2 to the power of the loss
# - **d** · it is exp of the loss of a whole text

# %% nbgrader={"grade": false, "grade_id": "given-exam-log", "locked": true, "schema_version": 3, "solution": false, "task": false}
logged_loss = {{logged_loss}}
logged_perplexity = {{logged_perplexity}}

# %% nbgrader={"grade": false, "grade_id": "exam-log", "locked": false, "schema_version": 3, "solution": true, "task": false}
fault = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-exam-log", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("exam-log", fault)

# %% [markdown]
# ## 9 · Which model is better? (2 points)
#
# Three models were trained on the same images of 256 grey levels, and are tried on the same new ones. A, an
# autoregressive model, has an NLL of 3.20 bits per dimension. B, a VAE over the same grey levels, reports a
# negative ELBO of 3.05 bits per dimension. C is a GAN, and its pictures look best.
#
# Which of the three has the highest likelihood on these images, as far as that can be known? Say for each pair
# what follows from the numbers, and why. What could you say of A and B if B had reported 3.30 instead of 3.05?
# Write three to six sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "exam-paradigms", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Replace this line by your answer.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A question that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. Chapter 11 shows what an examiner gives points for, and has more questions of every kind.
