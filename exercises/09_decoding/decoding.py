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
# # 09 · Scoring, ranking and decoding
#
# Nine small tasks on what you do with a trained model: score an answer, check a table that somebody
# else made, rank candidates, search for a probable text. Chapter 9 of the book has the background.
# Nothing here needs a network or a fast computer.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Two conventions.** Logarithms are natural, so log-probabilities are in **nats**, unless a task says
# bits. Code counts tokens, places and candidates from **0**, formulas count from **1**.
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · The score of an answer (1 point)
#
# A model read a prompt of two tokens and an answer of three, the last of which is the end symbol. It
# gave the tokens these log-probabilities, each given all tokens before it:
#
# ```
#               prompt          answer
# token        x₁     x₂      y₁     y₂     y₃
# log q      -1.2   -0.4    -0.7   -2.1   -0.3
# ```
#
# What is the score of the answer, $\log q(y \mid x)$, **in nats**?

# %% nbgrader={"grade": false, "grade_id": "answer-score", "locked": false, "schema_version": 3, "solution": true, "task": false}
score = None  # replace None by your answer, in nats

# %% nbgrader={"grade": true, "grade_id": "check-answer-score", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("answer-score", score)

# %% [markdown]
# ## 2 · The same in code, from logits (3 points)
#
# A network read `tokens`, an array of `m` integers: a prompt of `prompt_length` tokens, and then the
# answer. It returned `logits` of shape `(m, V)`. **Row t is what it computed after reading tokens 0 to
# t**, so it is about the token that comes next. Write $\log q(\text{answer} \mid \text{prompt})$ in
# nats.
#
# ```
# place      0     1     2     3     4        prompt_length = 2
# token     x₁    x₂    y₁    y₂    y₃
# logits   row 0 row 1 row 2 row 3 row 4      the last row is about a token that is not there
# ```
#
# - The prompt has at least one token. The answer has at least one token, and may be long.
# - Logits may be as large as 10,000 and as small as −10,000. They are not normalised: each row has a
#   shift of its own.
# - A token of the answer may be masked, with a logit of `-np.inf`: then the score is `-np.inf`.
#
# Example: `answer_log_prob(np.zeros((3, 2)), np.array([0, 1, 1]), 1)` is `-1.3862…`: two tokens, like
# two tosses of a coin.

# %% nbgrader={"grade": false, "grade_id": "answer-log-prob", "locked": false, "schema_version": 3, "solution": true, "task": false}
def answer_log_prob(logits, tokens, prompt_length):
    """Return log q(answer | prompt) in nats: shapes (m, V) and (m,), and a whole number -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-answer-log-prob", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("answer-log-prob", answer_log_prob)

# %% [markdown]
# ## 3 · What are these numbers? (2 points)
#
# Somebody sends you a table. Each row is about one place of a text, each column is a token of the
# vocabulary. Say what the numbers are:
#
# - `"nats"`: natural logarithms of probabilities that sum to 1 in each row;
# - `"bits"`: the same with logarithms to base 2;
# - `"probabilities"`: the probabilities themselves;
# - `"not normalised"`: none of these, in at least one row. Logits are of this kind.
#
# Four tables, one of each kind, rounded:
#
# ```
# -0.11 -2.30     -0.15 -3.32     0.90 0.10     2.20  0.00
# -0.69 -0.69     -1.00 -1.00     0.50 0.50     1.00  1.00
# ```
#
# - A sum is 1 if it differs from 1 by less than 1e-6.
# - A token may be impossible: then a logarithm is `-np.inf`. In each row at least two tokens are
#   possible.
#
# Examples: `kind_of(np.log([[0.5, 0.5], [0.9, 0.1]]))` is `"nats"`,
# `kind_of(np.array([[0.5, 0.5], [0.9, 0.1]]))` is `"probabilities"`, and
# `kind_of(np.array([[2.2, 0.0], [1.0, 1.0]]))` is `"not normalised"`.

# %% nbgrader={"grade": false, "grade_id": "table-audit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kind_of(table):
    """Return "nats", "bits", "probabilities" or "not normalised": shape (m, V) -> a text."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-table-audit", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("table-audit", kind_of)

# %% [markdown]
# ## 4 · Another prompt (1 point)
#
# A prompt has four tokens, $x_1$ to $x_4$, the answer three, $y_1$ to $y_3$. The model sees all tokens
# before the one that it predicts. You replace $x_2$ by another token and want $\log q(y \mid x)$ again.
# Which log-probabilities must be computed anew, and enter the new score?
#
# - **a** · none: no token of the answer has changed
# - **b** · those of $x_2$, $x_3$, $x_4$, $y_1$, $y_2$ and $y_3$
# - **c** · that of $y_1$ only, which follows the prompt
# - **d** · those of $y_1$, $y_2$ and $y_3$

# %% nbgrader={"grade": false, "grade_id": "prompt-change", "locked": false, "schema_version": 3, "solution": true, "task": false}
changed = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-prompt-change", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("prompt-change", changed)

# %% [markdown]
# ## 5 · A ranking (2 points)
#
# `log_probs` is a list of candidates, each a list of the log-probabilities of its tokens, in nats.
# `texts` holds their texts, in the same order. Return the numbers of the candidates, counted from 0, as
# a list, **the best one first**. What is best says `rule`:
#
# - `"sum"`: the log-probability of the whole candidate;
# - `"token"`: its mean for each token;
# - `"byte"`: its mean for each byte of the text in UTF-8.
# - Candidates with equal scores keep their order.
#
# Example: for `[[-1.0, -1.0], [-1.5]]` with the texts `["abc", "d"]`, `"sum"` gives `[1, 0]`, since
# −1.5 is more than −2.0, and `"token"` gives `[0, 1]`.

# %% nbgrader={"grade": false, "grade_id": "rank-candidates", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rank(log_probs, texts, rule):
    """Return the candidates' numbers, the best first: lists of n lists, n texts, and a rule -> a list."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-rank-candidates", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("rank-candidates", rank)

# %% [markdown]
# ## 6 · What greedy loses (1 point)
#
# A text has two steps. In the first, token $a$ has the probability $p_a$ and token $b$ the smaller
# $p_b$. The best continuation has the probability $m_a$ after $a$ and $m_b$ after $b$. Greedy decoding
# takes $a$, although the best text goes over $b$. How much does it lose? Write the log-probability of
# the best text minus that of the greedy one, in nats, as an expression in the symbols below.

# %% nbgrader={"grade": false, "grade_id": "symbols-09-greedy", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import log

from grader.algebra import probability

p_a, p_b = probability("p_a"), probability("p_b")  # of the first token
m_a, m_b = probability("m_a"), probability("m_b")  # of the best continuation after it

# %% nbgrader={"grade": false, "grade_id": "greedy-regret", "locked": false, "schema_version": 3, "solution": true, "task": false}
lost = None  # replace None by an expression in p_a, p_b, m_a and m_b

# %% nbgrader={"grade": true, "grade_id": "check-greedy-regret", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("greedy-regret", lost)

# %% [markdown]
# ## 7 · Beam search with an end symbol (3 points)
#
# The next token depends on the last one only: `log_probs`, of shape `(V, V)`, has the log-probabilities
# of what follows token `s` in row `s`, in nats. **Token 0 is the end symbol**; its row is for the
# beginning of a text, when there is no token yet. Write beam search:
#
# - Begin with the empty text, which has the score 0.
# - At each step, continue every text of the beam **that has not ended** by every token. A text that has
#   ended stays as it is, and keeps its place if it is good enough.
# - Of all these, keep the `width` most probable: a score is the sum of a text's log-probabilities.
# - Stop when all texts have ended, or after `length` steps.
# - Return the most probable text of the beam, a list of tokens. If it has ended, its last token is 0.
#   If it was cut off, it stays as it is.
#
# Wherever a place in the beam is at stake, the scores differ, and every token is possible.
#
# Example: with `log_probs = np.log([[0.2, 0.5, 0.3], [0.9, 0.06, 0.04], [0.1, 0.1, 0.8]])`, a width of
# 2 and a length of 4, the result is `[1, 0]`, with a probability of 0.45.

# %% nbgrader={"grade": false, "grade_id": "beam-search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def beam_search(log_probs, width, length):
    """Return the most probable text of the last beam: shape (V, V) and two whole numbers -> a list of tokens."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-beam-search", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("beam-search", beam_search)

# %% [markdown]
# ## 8 · A total by hand (1 point)
#
# A dataset has two sequences, $(x_0, x_1)$ and $(y_0, y_1, y_2)$. The first token of each, $x_0$ and
# $y_0$, is the **start symbol**: it is given, not predicted. The model says
#
# ```
# q(x₁ | x₀) = 0.4     q(y₁ | y₀) = 0.25     q(y₂ | y₀, y₁) = 0.5     q(start symbol) = 0.2
# ```
#
# What is the log-likelihood of the dataset, the total over both sequences, **in nats**? Three decimals
# are enough.

# %% nbgrader={"grade": false, "grade_id": "two-sequences", "locked": false, "schema_version": 3, "solution": true, "task": false}
total = None  # replace None by your answer, in nats

# %% nbgrader={"grade": true, "grade_id": "check-two-sequences", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("two-sequences", total)

# %% [markdown]
# ## 9 · What scheduled sampling learns (3 points)
#
# Texts have two tokens. In training, the true first token is fed with probability $\varepsilon$, and
# otherwise one that the model drew; the target is the true second token in both cases. Look at the
# cases in which token $a$ was fed. In a share of $\varepsilon\, p_a$ it was the true one, and the
# target has the distribution $g$, which is $p(\cdot \mid a)$. In a share of $(1 - \varepsilon)\, q_a$
# the model drew it, and the target has the distribution $h$ of second tokens *in general*. The loss of
# these cases is
#
# $$- \varepsilon\, p_a \sum_{k=1}^V g_k \log \hat y_k \; - \; (1 - \varepsilon)\, q_a \sum_{k=1}^V h_k \log \hat y_k ,
# \qquad \hat y_j = \frac{e^{z_j}}{\sum_{k=1}^V e^{z_k}} .$$
#
# The next cell calls it `loss`. Derive its derivative with respect to the logit $z_j$, in **at least
# two steps**. The last line holds no derivative and no logarithm any more. (Where it is 0 for every
# $j$, you can read off what the model learns: a mixture of $g$ and $h$, and not $g$.) Each line is
# marked by itself, against the line before it. A line counts when it brings the derivation on. One that
# says the same as before does not: another letter, a factor that is 1, a term that is 0. The answer
# alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $z_j$ and $\hat y_j$ | `z[j]` and `y_hat(j)` |
# | $\varepsilon$, $p_a$, $q_a$ | `eps`, `p_a`, `q_a` |
# | $\sum_{k=1}^V g_k \log \hat y_k$ | `Sum(g[k] * log(y_hat(k)), (k, 1, V))` |
# | $\frac{\partial}{\partial z_j} f$ | `Derivative(f, z[j])` |
# | $\delta_{jk}$: 1 if $j = k$, otherwise 0 | `KroneckerDelta(j, k)` |
# | a step | `steps.step("=", ..., because="the chain rule")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-09", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Derivative, KroneckerDelta, Sum, exp, log

from grader.algebra import Derivation, define, index, probability, reals, simplex, size

V = size("V")  # how many tokens there are
i, j, k = (index(name, V) for name in "ijk")  # tokens, from 1 to V
z = reals("z", V)  # the logits after the fed token
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))  # the softmax
g, h = simplex("g", V), simplex("h", V)  # distributions of the second token: given a, and in general
eps, p_a, q_a = probability("varepsilon"), probability("p_a"), probability("q_a")
after_true, after_drawn = (Sum(target[k] * log(y_hat(k)), (k, 1, V)) for target in (g, h))
loss = -eps * p_a * after_true - (1 - eps) * q_a * after_drawn

# %% nbgrader={"grade": false, "grade_id": "scheduled-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-scheduled-steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("scheduled-steps", steps)

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. From now on, when a tool prints a score, you know what to ask of it.
