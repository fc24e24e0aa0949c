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
# # 07 · Autograd
#
# Nine small tasks on how a computer finds gradients. You work out the rule of each operation, pass
# gradients back through a graph, write a loss that survives large logits, check a gradient that you
# don't trust, and train a small language model. Chapter 7 of the book has the background. Nothing here
# needs Torch.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Two conventions.** Logarithms are natural, so losses are in **nats**. Code counts classes from
# **0**.
#
# **One class.** The next cell has a `Value`: a number that remembers what it was computed from. It does
# so by *edges*. An edge leads to an input and carries a *slope*, the derivative with respect to that
# input. For example, when `x` and `y` are Values, their product is
#
# ```
# Value(x.data * y.data, (x, y.data), (y, x.data))
#       the number       an edge to x and one to y, each with its slope
# ```
#
# It has no `+` and no `*` of its own. In this set, you say which edges there are.
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check


class Value:
    """A number that remembers what it was computed from.

    data: the number
    edges: pairs (input, slope), one for each value that it was computed from
    grad: where backward adds up the derivative of the result with respect to this value
    """

    def __init__(self, data, *edges):
        self.data, self.edges, self.grad = float(data), edges, 0.0

    def backward(self, grad=1.0):
        """Add the slopes along each path that leads from here, multiplied, to the grad at its end."""
        self.grad += grad
        for value, slope in self.edges:
            value.backward(grad * slope)

    def __repr__(self):
        return f"Value({self.data:g}, grad={self.grad:g})"

# %% [markdown]
# ## 1 · A gradient by hand (1 point)
#
# Start from $x = 3$ and $y = 2$, and compute
#
# ```
# a = x * y
# b = a + x
# L = a * b
# ```
#
# What are $\partial L / \partial x$ and $\partial L / \partial y$? Give both in a list, in this order.
# Go backwards from $L$, with paper and pencil. Look closely at what is used twice.

# %% nbgrader={"grade": false, "grade_id": "shared-by-hand", "locked": false, "schema_version": 3, "solution": true, "task": false}
gradient = None  # replace None by a list of two numbers: dL/dx, dL/dy

# %% nbgrader={"grade": true, "grade_id": "check-shared-by-hand", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("shared-by-hand", gradient)

# %% [markdown]
# ## 2 · One rule for each operation (2 points)
#
# An engine knows calculus only for single operations. Write these rules: for an operation, the numbers
# that go in and the number that comes out, return a list of the **derivatives of the output, one for
# each input**. (For one input it is a list of one number.)
#
# | `op` | `inputs` | `output` |
# |---|---|---|
# | `"+"` or `"-"` | `[x, y]` | $x + y$ or $x - y$ |
# | `"*"` or `"/"` | `[x, y]` | $x \, y$ or $x / y$ |
# | `"cube"` | `[x]` | $x^3$ |
# | `"exp"` or `"log"` | `[x]` | $e^x$ or $\log x$ |
# | `"tanh"` | `[x]` | $\tanh x$, whose derivative is $1 - \tanh^2 x$ |
#
# The output has been computed already, so use it where it saves you work.
#
# Examples: `local_derivatives("+", [3.0, 5.0], 8.0)` is `[1.0, 1.0]`, and
# `local_derivatives("cube", [2.0], 8.0)` is `[12.0]`

# %% nbgrader={"grade": false, "grade_id": "local-derivatives", "locked": false, "schema_version": 3, "solution": true, "task": false}
def local_derivatives(op, inputs, output):
    """Return the derivatives of the output, one for each input: a list as long as inputs."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-local-derivatives", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("local-derivatives", local_derivatives)

# %% [markdown]
# ## 3 · Why tanh is cheap (2 points)
#
# The rule of tanh was given to you. Now derive it from
#
# $$\tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$
#
# in **at least two steps**. The last line is in **$\tanh x$ alone**: no derivative, and no exponential
# any more. That is what makes it cheap. On its way back, the engine has the output already, and needs
# nothing else. Each line is marked by itself, against the line before it.
#
# A line counts when it brings the derivation on. One that says the same as before does not: another
# letter, a factor that is 1, a term that is 0. The answer alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $e^x$ and $e^{-x}$ | `up` and `down` |
# | $(e^x + e^{-x})^2$ | `(up + down)**2` |
# | $\tanh x$ | `tanh_x` |
# | a step | `steps.step("=", ..., because="the quotient rule")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-07", "locked": true, "schema_version": 3, "solution": false, "task": false}
import sympy
from sympy import Derivative

from grader.algebra import Derivation, real

x = real("x")
up, down, tanh_x = sympy.exp(x), sympy.exp(-x), sympy.tanh(x)

# %% nbgrader={"grade": false, "grade_id": "tanh-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-tanh-steps", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("tanh-steps", steps)

# %% [markdown]
# ## 4 · The backward pass (3 points)
#
# Now a whole graph. The method `backward` in the class follows **every path** by itself. That is right,
# but after forty doublings ($x + x$ and so on) there are a million million paths. And along a path it
# calls itself once for each value, which Python allows about a thousand times.
#
# Write a function `backward(output)` that uses **each edge once**. Afterwards, each value that `output`
# was computed from has in its `grad` the derivative of `output` with respect to it. Before, all `grad`
# are 0. The derivative of `output` with respect to itself is 1.
#
# - The order counts. A value may pass its `grad` on only when it is complete, that is, when all values
#   that were computed from it have passed theirs.
# - A graph may be thousands of values deep. Use a loop, not a function that calls itself.
#
# One way: visit every value once and count how many edges lead to it. Then start from the output. When
# a value passes its `grad` on along an edge, lower the count at the other end. At 0, that one is
# complete.
#
# The next cell is for the check. It builds a graph from a list, calls your function and reads the
# `grad` of each value. Try your function on small graphs with it. Here, value 1 has an edge to value 0
# with slope 2, and the output has edges to both, with slopes 3 and 5. The values in these graphs raise an
# error when a function goes along every path, uses its edges again and again, or calls itself hundreds of
# times.
#
# Example: `gradients_of(backward)([[], [[0, 2.0]], [[1, 3.0], [0, 5.0]]])` is `[11.0, 3.0, 1.0]`

# %% nbgrader={"grade": false, "grade_id": "graphs-07", "locked": true, "schema_version": 3, "solution": false, "task": false}
import sys


class Watched(Value):
    """A Value whose edges can be read often enough for any loop, and not from hundreds of calls inside each other."""

    def __init__(self, data, *edges):
        self.reads = self.grads = 0
        super().__init__(data, *edges)

    @property
    def edges(self):
        self.reads += 1
        if self.reads > 20_000:
            raise RuntimeError("one value was reached 20,000 times: once for each path, not once for each edge")
        try:
            sys._getframe(600)
        except ValueError:  # there are not so many calls
            return self._edges
        raise RecursionError("hundreds of calls inside each other; use a loop")

    @edges.setter
    def edges(self, edges):
        self._edges = edges

    @property
    def grad(self):
        self.grads += 1
        if self.grads > 500:
            raise RuntimeError("the grad of one value was read 500 times: its edges were used again and again")
        return self._grad

    @grad.setter
    def grad(self, grad):
        self._grad = grad


def gradients_of(backward):
    """Return the function that the check asks: from a graph as a list to the grad of each value in it."""

    def ask(graph, more=0):
        values = []
        for edges in graph:  # of one value: [number of an earlier value, slope]
            values.append(Watched(0.0, *((values[number], slope) for number, slope in edges)))
        output = values[-1]
        for _ in range(more):  # further values, each computed from the one before it
            output = Watched(0.0, (output, 1.0))
        backward(output)
        return [value.grad for value in values]

    return ask

# %% nbgrader={"grade": false, "grade_id": "backward-pass", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(output):
    """Leave in each value's grad the derivative of output with respect to it; return nothing."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-backward-pass", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("backward-pass", gradients_of(backward))

# %% [markdown]
# ## 5 · A loss that survives (2 points)
#
# Write the NLL of one token, $\log \sum_k e^{z_k} - z_y$ **in nats**, as a Value. `logits` is a list of
# Values, and `target` is the class $y$ that occurred, counted from 0. You need no graph of small
# operations: **one** new Value will do, with an edge to each logit. You know the slopes from chapter 5.
#
# Logits may be as large as 10,000 and as small as −10,000, and lie far apart. Both the loss and its
# slopes must survive that.
#
# The next cell is for the check. It turns numbers into Values, and back.
#
# Examples: `of_numbers(nll_from_logits)("loss", [0.0, 0.0], 1)` is `0.6931…`, and
# `of_numbers(nll_from_logits)("gradient", [0.0, 0.0], 1)` is `[0.5, -0.5]`

# %% nbgrader={"grade": false, "grade_id": "logits-07", "locked": true, "schema_version": 3, "solution": false, "task": false}
def of_numbers(nll_from_logits):
    """Return the function that the check asks: from plain logits to the loss or to its gradient."""

    def ask(what, logits, target):
        values = [Value(z) for z in logits]
        loss = nll_from_logits(values, target)
        if not isinstance(loss, Value):
            return None if loss is None else "no Value"
        loss.backward()
        return loss.data if what == "loss" else [z.grad for z in values]

    return ask

# %% nbgrader={"grade": false, "grade_id": "nll-of-values", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nll_from_logits(logits, target):
    """Return the NLL of the target, in nats, as a Value with an edge to each logit."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-nll-of-values", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("nll-of-values", of_numbers(nll_from_logits))

# %% [markdown]
# ## 6 · A gradient without calculus (2 points)
#
# How do you know that a backward pass is right? Compare it with a gradient that needs no rules: move
# **one** coordinate up and down by a small step $h$, and see how much the function changes,
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(\dots, x_i + h, \dots) - f(\dots, x_i - h, \dots)}{2h}.$$
#
# This is the *central difference*. `f` takes a list of numbers and returns a number. Return a list with
# one number for each coordinate of `x`.
#
# Example: `numerical_gradient(lambda x: x[0] ** 3, [2.0], 0.1)` is `[12.01]`, and the derivative itself
# is 12.

# %% nbgrader={"grade": false, "grade_id": "polynomials-07", "locked": true, "schema_version": 3, "solution": false, "task": false}
def of_polynomials(numerical_gradient):
    """Return the function that the check asks; a term [c, n_0, n_1] of f means c · x_0^n_0 · x_1^n_1."""

    def ask(terms, x, h):
        def f(x):
            return float(sum(c * np.prod(np.asarray(x) ** powers) for c, *powers in terms))

        return numerical_gradient(f, x, h)

    return ask

# %% nbgrader={"grade": false, "grade_id": "numerical-gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h):
    """Return the central difference of f at x in each coordinate, with step h: a list as long as x."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-numerical-gradient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("numerical-gradient", of_polynomials(numerical_gradient))

# %% [markdown]
# ## 7 · How close is close? (1 point)
#
# A friend compares the derivative of $\tanh x$ at $x = 1$, by the rule $1 - \tanh^2 x$, with the central
# difference:
#
# ```
# step h                 0.1        0.01       0.001      0.0001     ...    1e-10
# they differ by         1.0e-03    1.0e-05    1.0e-07    1.0e-09    ...    2.9e-07
# ```
#
# What do you conclude?
#
# - **a** · The rule has a bug: if it were right, the two would agree to the last digit.
# - **b** · The central difference has a bug: with a tenth of the step, its error must fall to a tenth.
# - **c** · Both are right. But the smaller the step, the better, so use 1e-15.
# - **d** · Both are right. The error falls with $h^2$, until rounding errors, which grow as $1/h$, take over.

# %% nbgrader={"grade": false, "grade_id": "gradient-check", "locked": false, "schema_version": 3, "solution": true, "task": false}
conclusion = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-gradient-check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("gradient-check", conclusion)

# %% [markdown]
# ## 8 · Train a language model (2 points)
#
# A language has two letters, 0 and 1. The model looks at the letter before, and has one parameter for
# each: the log-odds that a 1 comes next. In the next cell, `pair_loss` is its loss for one pair.
#
# Write the training loop. `parameters` is a list of two Values. `batches` is a list of batches, and a
# batch is a list of pairs `[before, after]`. For **each batch** in turn,
#
# 1. compute the **mean** loss over its pairs. As a Value, it has an edge to the loss of each pair; what
#    are the slopes?
# 2. find the gradient of this mean. The method `backward` of the class will do. It **adds** to `grad`.
# 3. take one step of gradient descent: lower each parameter's `data` by `learning_rate` times its
#    gradient.
#
# Return a list with the **perplexity** of each batch, as it was before its step.
#
# When both parameters are 0, the model tosses a coin, so the first perplexity is 2. The function
# `trained`, in the next cell, makes the two Values and calls yours.
#
# Examples: `trained(train)("perplexities", [0.0, 0.0], [[[0, 1]]], 1.0)` is `[2.0]`, and
# `trained(train)("parameters", [0.0, 0.0], [[[0, 1]]], 1.0)` is `[0.5, 0.0]`

# %% nbgrader={"grade": false, "grade_id": "letters-07", "locked": true, "schema_version": 3, "solution": false, "task": false}
def pair_loss(parameters, pair):
    """Return the NLL of the second letter given the first, in nats, as a Value."""
    before, after = pair
    z = parameters[before]
    p = 1 / (1 + np.exp(-z.data))  # what the model gives to a 1
    return Value(-np.log(p if after == 1 else 1 - p), (z, p - after))


def trained(train):
    """Return the function that the check asks: the perplexities, or the last parameters."""

    def ask(what, start, batches, learning_rate):
        parameters = [Value(z) for z in start]
        perplexities = train(parameters, batches, learning_rate)
        return perplexities if what == "perplexities" else [z.data for z in parameters]

    return ask

# %% nbgrader={"grade": false, "grade_id": "train-two-letters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(parameters, batches, learning_rate):
    """Take one step for each batch; return a list with each batch's perplexity before its step."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-train-two-letters", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("train-two-letters", trained(train))

# %% [markdown]
# ## 9 · Why backwards? (2 points)
#
# A model has ten million parameters and one loss. "I don't need your backward pass," says a friend.
# "For the gradient I use central differences. They are simple, and they can't have bugs." What do you
# answer? Write **two to five sentences**: what do the differences cost here, what does a backward pass
# cost and why, and what would you still use differences for? A person reads this one.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-backward", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. Rules, edges, one pass backwards: every deep-learning library does this, with arrays in
# place of numbers.
