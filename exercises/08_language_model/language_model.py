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
# # 08 · A language model
#
# Eight tasks, from a batch of tokens to a model of your own: shift inputs and targets, write the loss, take
# a step of training, measure a whole validation split, sample. The last task is worth as much as three
# others: you train a model, and it is marked by its **KL divergence to the source** of the text.
# Chapter 8 of the book has the background.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Conventions.** Losses are in **nats** unless a task says bits. Tokens are counted from 0. Shapes: `B`
# sequences in a batch, `T` tokens in each, `V` tokens in the vocabulary. Your functions get Torch tensors
# and may return tensors, NumPy arrays or plain numbers. (If Torch is missing: `pip install torch`.)
#
# Beside this notebook lies `letters.txt`, the text for the last task. Keep it there. Stuck? Leave a task
# and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import torch

from grader import check

device = "cuda" if torch.cuda.is_available() else "cpu"

# %% [markdown]
# ## 1 · Inputs and targets (2 points)
#
# A model reads tokens and predicts the next one, at every position at once. So the inputs are the targets,
# moved one place to the right, with a start symbol in front:
#
# ```
# tokens       h  e  l  l  o
# inputs      [S] h  e  l  l        [S] is the start symbol
# targets      h  e  l  l  o
# ```
#
# Write a function that returns `(inputs, targets)`, both of shape `(B, T)`, from `tokens`, an integer
# tensor of shape `(B, T)`, and the number `start` of the start symbol.
#
# Example: `inputs_and_targets(torch.tensor([[3, 1, 2]]), 4)[0].tolist()` is `[[4, 3, 1]]`

# %% nbgrader={"grade": false, "grade_id": "inputs-and-targets", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inputs_and_targets(tokens, start):
    """Return inputs and targets, each of shape (B, T), from tokens of shape (B, T)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-inputs-and-targets", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("inputs-and-targets", inputs_and_targets)

# %% [markdown]
# ## 2 · The loss of a batch (2 points)
#
# Write the mean loss **in bits per token** from `logits`, shape `(B, T, V)`, and `targets`, shape `(B, T)`:
#
# $$ -\frac{1}{B\,T} \sum_{b,\,t} \log_2 \hat y_{b,t,\,\mathrm{target}(b,t)}. $$
#
# Don't call Torch's finished losses (`cross_entropy`, `nll_loss` and their classes); they count in nats
# anyway. Logits can be large: `torch.log_softmax` or `torch.logsumexp` help.
#
# Example: `float(loss_of_batch(torch.zeros(2, 3, 16), torch.zeros(2, 3, dtype=torch.int64)))` is about `4.0`:
# a model that knows nothing needs 4 bits to name one of 16 letters.

# %% nbgrader={"grade": false, "grade_id": "loss-of-a-batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_of_batch(logits, targets):
    """Return the mean NLL in bits per token: logits (B, T, V), targets (B, T) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-loss-of-a-batch", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("loss-of-a-batch", loss_of_batch)

# %% [markdown]
# ## 3 · One step of training (2 points)
#
# The smallest model of all is a table: row `i` of `table`, shape `(V, V)`, holds the logits of the token
# that follows token `i`. `inputs` and `targets`, both of shape `(N,)`, are pairs of a token and the next
# one. Take **one step of gradient descent** on the mean loss of the pairs, with learning rate `lr`. Return
# two things: the loss **before** the step, and the table after it.
#
# The mean here is over the `N` pairs. You may use anything, autograd too. An input may come several times.
#
# Example: `round(float(sgd_step(torch.zeros(2, 2), torch.tensor([0]), torch.tensor([1]), 1.0)[0]), 4)` is
# `0.6931`, and the first row of the new table is `[-0.5, 0.5]`.

# %% nbgrader={"grade": false, "grade_id": "sgd-step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(table, inputs, targets, lr):
    """Return the mean loss in nats before the step, and the new table of logits, shape (V, V)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-sgd-step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("sgd-step", sgd_step)

# %% [markdown]
# ## 4 · The loss of a whole split (2 points)
#
# A validation split is read in batches, and these are uneven: the last one is smaller, and short sequences
# are filled up with padding. `batches` is a list of pairs `(losses, real)`: the losses of all positions in
# nats, shape `(B, T)`, and a tensor of truth values of the same shape that says which positions hold a real
# token. Write the mean loss **per real token** of the whole split.
#
# ```
# losses  [[1.0, 3.0],        real  [[ True,  True],        5 nats over 3 real tokens
#          [1.0, 9.0]]               [ True, False]]
# ```
#
# A batch may hold nothing but padding.

# %% nbgrader={"grade": false, "grade_id": "validation-nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
def validation_nll(batches):
    """Return the mean loss in nats per real token: a list of pairs (losses, real) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-validation-nll", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("validation-nll", validation_nll)

# %% [markdown]
# ## 5 · What to report (1 point)
#
# A text of `tokens` tokens and `characters` characters has a total loss of `nll` nats. Return two numbers:
# the perplexity **per token**, and the loss in **bits per character**.
#
# Example: `round(perplexity_and_bits(200.0, 100, 400)[0], 3)` is `7.389`

# %% nbgrader={"grade": false, "grade_id": "perplexity-and-bits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perplexity_and_bits(nll, tokens, characters):
    """Return the perplexity per token and the loss in bits per character, from a total loss in nats."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-perplexity-and-bits", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("perplexity-and-bits", perplexity_and_bits)

# %% [markdown]
# ## 6 · Sampling (2 points)
#
# A model writes by sampling. A number `u`, drawn evenly from 0 to 1, becomes a token like this: lay the
# probabilities side by side, in the order of the tokens, and take the one in which `u` falls.
#
# ```
# probabilities   |    0.5    |  0.2 |    0.3   |
# token           |     0     |   1  |     2    |          u = 0.6 falls into token 1
# cumulative      0          0.5    0.7         1
# ```
#
# The probabilities are the softmax of `logits / temperature`. Write the tokens for all numbers in `u`,
# shape `(n,)`, from `logits`, shape `(V,)`. Rounding can leave the sum of all probabilities a little below 1;
# what is left up to 1 belongs to the last token.
#
# Example: `sample(torch.log(torch.tensor([0.5, 0.2, 0.3])), 1.0, torch.tensor([0.1, 0.6, 0.9])).tolist()` is
# `[0, 1, 2]`

# %% nbgrader={"grade": false, "grade_id": "sampling-with-temperature", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(logits, temperature, u):
    """Return the tokens that the numbers u fall into: logits (V,), u (n,) -> whole numbers (n,)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-sampling-with-temperature", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("sampling-with-temperature", sample)

# %% [markdown]
# ## 7 · Too good (1 point)
#
# The text of a source has an entropy of 1.9 nats per token. A friend's model has a loss of **1.2 nats per
# token** on a long validation text of that source. What explains it?
#
# - **a** · The model is larger than yours, so it has learnt more.
# - **b** · The model can see the token that it is to predict, since inputs and targets are not shifted.
# - **c** · The learning rate was smaller, so the training came closer to the minimum.
# - **d** · There was more training text, so the model knows the source better.

# %% nbgrader={"grade": false, "grade_id": "below-the-entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
explanation = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-below-the-entropy", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("below-the-entropy", explanation)

# %% [markdown]
# ## 8 · A model of your own (6 points)
#
# `letters.txt` holds 100,000 letters from a source that uses 16 of them. Each letter depends on **a few
# letters before it**. How many, and in what way, is for your model to find out. The next cell reads the
# text into `tokens`: `a` is 0, `p` is 15.

# %% nbgrader={"grade": false, "grade_id": "letters", "locked": true, "schema_version": 3, "solution": false, "task": false}
V = 16
with open("letters.txt") as file:
    text = file.read().replace("\n", "")
tokens = torch.tensor([ord(letter) - ord("a") for letter in text])

# %% [markdown]
# Train whatever you like on it: a recurrent network, a Transformer, a few layers on the last letters, or
# counts. Then write `next_probs`: from a list of contexts, each a list of tokens, to an array or tensor of
# shape `(number of contexts, 16)`, whose rows are the distributions of the next letter.
#
# ```
# next_probs([[], [0, 15], [3, 3, 7, 1]])        the text may begin; after "ap"; after "ddhb"
#    →  [[0.06, 0.05, …, 0.08],                  16 probabilities that sum to 1
#        [0.21, 0.02, …, 0.01],
#        [0.02, 0.30, …, 0.03]]
# ```
#
# - **The mark.** Your function gets contexts only. The judge, who knows the source, computes the mean of
#   $\operatorname{KL}(p \,\|\, q)$ over the contexts, in nats per token. The best bigram earns nothing, a
#   KL of **0.05** or less earns everything, and between them the points rise in a straight line. Nothing
#   but the right probabilities helps: that is what makes the logarithm a proper score.
# - **The contexts.** Some are empty, some have hundreds of letters, some end in a pair that is rare in your
#   text. They come many at once, in lists of different lengths.
# - **What is refused.** Logits, numbers below 0, NaN, and rows that don't sum to 1 (to a ten-thousandth).
#   Nobody mends them for you, and one such row costs all points. A probability of 0 for a letter that can
#   come makes the loss infinite.
# - **Time.** At grading the cell below may take two minutes on one processor core, without a GPU. All calls
#   of `next_probs` together may take 20 seconds. A good model trains in about ten seconds.
# - **The check** estimates your KL from letters that lie beside this notebook. To choose between models,
#   hold back a part of `tokens` for validation, as in chapter 8.

# %% nbgrader={"grade": false, "grade_id": "letter-model", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Train your model here, on `device`; then write the function.


def next_probs(contexts):
    """Return the distributions of the next letter: N lists of tokens -> (N, 16)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-letter-model", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("letter-model", next_probs)

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom, so your model is trained once more.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. You have trained a language model, and you know how far it is from the truth, in nats.
