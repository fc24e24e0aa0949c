"""Exercise set 07, autograd: local rules, the backward pass, a stable loss, a gradient check, a training loop.

Students write functions of Values; what is asked and compared is numbers. The references use the engine of
`solutions.autograd`; the longer ones and the mistakes stand in `_autograd.py`.

Losses are in nats. Classes and letters are counted from 0.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from sympy import Derivative, Integer, exp, tanh

from grader.algebra import real
from grader.cases import Choice, DerivationTask, Example, Form, FreeText, Function, Milestone, Mistake, Value
from solutions import autograd
from solutions.autograd import nll_from_logits
from solutions.tasks._autograd import (
    again_for_each_path,
    all_at_once,
    along_every_path,
    along_every_path_by_recursion,
    by_recursion,
    counting_edges,
    counting_values,
    descend,
    differences,
    each_pair_as_a_batch,
    from_powers,
    gradients_of,
    in_plain_python,
    in_the_order_met,
    leaves_only,
    log_of_sum_less_logit,
    minus_log_of_share,
    moves_equal_ones,
    moves_the_first,
    never_goes_back,
    of_clipped,
    of_numbers,
    of_polynomials,
    one_edge_for_each_value,
    one_step_only,
    one_step_with_a_seed,
    overwriting,
    pair_by_pair,
    slopes_alone,
    steps_at_the_end,
    sweeping,
    times,
    two_letters,
    with_slopes,
    with_step,
    without_a_seed,
    without_its_own,
    without_the_chain_rule,
)
from solutions.tasks._slips import quietly


def rounded(number: float) -> float:
    """Return an input with two decimals: feedback on a public case shows it."""
    return round(float(number), 2)


# --- 1 · shared-by-hand ----------------------------------------------------------------------------------------------


def shared_by_hand(x: float, y: float) -> list[float]:
    """Return the derivatives of L = a · b with a = x · y and b = a + x, by the engine."""
    inputs = autograd.Value(x), autograd.Value(y)
    a = inputs[0] * inputs[1]
    (a * (a + inputs[0])).backward()
    return [value.grad for value in inputs]


X, Y = 3.0, 2.0
A, B = X * Y, X * Y + X

SHARED_BY_HAND = Value(
    "shared-by-hand",
    points=1,
    answer=shared_by_hand(X, Y),
    within=(-1000, 1000),
    rtol=0.0,
    atol=1e-3,
    unit="",
    mistakes=(
        Mistake(
            "one-path-only",
            "For a you counted only the path straight from L. L also depends on a through b, and paths add up.",
            [B * Y + A, B * X],
        ),
        Mistake(
            "forgets-the-direct-edge",
            "For x you counted only the path through a. Look at b: x stands there once more.",
            [(A + B) * Y, (A + B) * X],
        ),
        Mistake(
            "overwrites",
            "Where two paths meet you kept the one that came last. What arrives along another path is added.",
            [A * Y, A * X],
        ),
        Mistake(
            "swapped-factors",
            "You swapped the factors: the derivative of x · y with respect to x is y.",
            [(A + B) * X + B, (A + B) * Y],
        ),
        Mistake(
            "stops-at-a",
            "These are the derivatives of a. Multiply by that of L with respect to a, and add the other paths.",
            [Y, X],
        ),
        Mistake(
            "swapped-order",
            "You have the two derivatives the other way round. The one with respect to x comes first.",
            shared_by_hand(X, Y)[::-1],
        ),
    ),
)

# --- 2 · local-derivatives -------------------------------------------------------------------------------------------

OPERATIONS: dict[str, Callable[..., autograd.Value]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "cube": lambda x: x**3,
    "exp": autograd.Value.exp,
    "log": autograd.Value.log,
    "tanh": autograd.Value.tanh,
}


def draw_operations(rng: np.random.Generator) -> list[Example]:
    """Return an operation, its inputs and its output."""

    def example(label: str, op: str, *inputs: float) -> Example:
        numbers = [rounded(x) for x in inputs]
        return Example(label, op, numbers, OPERATIONS[op](*map(autograd.Value, numbers)).data)

    def positive() -> float:
        return float(rng.uniform(1.5, 4.0))

    def large() -> float:
        """Return a number that float32 does not hold, and whose cube tells so."""
        return float(rng.integers(40, 60)) + 0.37

    return [
        example("a sum and a difference", "+", 3.0, 5.0),
        example("a sum and a difference", "+", rng.normal(), rng.normal()),
        example("a sum and a difference", "-", rng.normal(), rng.normal()),
        example("a product", "*", positive(), -positive()),
        example("a product", "*", -positive(), rng.normal()),
        # A factor so small that its product has few digits left: dividing by it does not give the other one.
        Example("a product", "*", [1e-323, 2.3], 1e-323 * 2.3),
        example("a quotient", "/", positive(), -positive()),
        example("a quotient", "/", -positive(), 0.5 * positive()),
        example("a cube", "cube", 2.0),
        example("a cube", "cube", -positive()),
        example("a cube", "cube", large()),
        example("exp and log", "exp", -positive()),
        example("exp and log", "exp", positive()),
        example("exp and log", "log", positive()),
        example("exp and log", "log", 0.1 * positive()),
        example("tanh", "tanh", 0.2 * positive()),
        example("tanh", "tanh", -positive()),
    ]


def local_derivatives(op, inputs, output):
    values = [autograd.Value(x) for x in inputs]
    OPERATIONS[op](*values).backward()
    return [value.grad for value in values]


def with_rule(of: str, rule: Callable[..., list[float]]) -> Callable[..., list[float]]:
    """Return the right rules, but this one for the operation `of`; it is given the output and the inputs."""
    return lambda op, inputs, output: (
        rule(output, *inputs) if op == of else local_derivatives(op, inputs, output)
    )


LOCAL_DERIVATIVES = Function(
    "local-derivatives",
    points=2,
    reference=local_derivatives,
    draw=draw_operations,
    promises={
        '`"+"` or `"-"`': lambda op, inputs, output: op == "-",
        '`"*"` or `"/"`': lambda op, inputs, output: op == "/",
        "$x \\, y$": lambda op, inputs, output: op == "*" and 0 < inputs[0] < 1e-300,
        '`"cube"`': lambda op, inputs, output: op == "cube" and inputs[0] < 0,
        '`"exp"` or `"log"`': lambda op, inputs, output: op == "log" and output < 0,
        "$e^x$": lambda op, inputs, output: op == "exp" and output < 1,
        '`"tanh"`': lambda op, inputs, output: op == "tanh" and output < 0,
        '`local_derivatives("+", [3.0, 5.0], 8.0)`': lambda *args: args == ("+", [3.0, 5.0], 8.0),
        '`local_derivatives("cube", [2.0], 8.0)`': lambda *args: args == ("cube", [2.0], 8.0),
    },
    mistakes=(
        Mistake(
            "swapped-factors",
            "You swapped the factors of the product. With respect to x, the derivative of x · y is the other one.",
            with_rule("*", lambda output, x, y: [x, y]),
        ),
        Mistake(
            "sum-for-difference",
            "Both derivatives of x − y are positive in your rule. When y grows, x − y falls.",
            with_rule("-", lambda output, x, y: [1.0, 1.0]),
        ),
        Mistake(
            "quotient-without-minus",
            "The derivative of x / y with respect to y has the wrong sign. When the divisor grows, 3 / y falls.",
            with_rule("/", lambda output, x, y: [1 / y, x / y**2]),
        ),
        Mistake(
            "quotient-not-squared",
            "The derivative of x / y with respect to y lacks a power: 1 / y is y to the −1, and its exponent falls.",
            with_rule("/", lambda output, x, y: [1 / y, -x / y]),
        ),
        Mistake(
            "forgets-the-exponent",
            "In the rule of the cube the exponent comes down as a factor, and you left it out.",
            with_rule("cube", lambda output, x: [x**2]),
        ),
        Mistake(
            "keeps-the-exponent",
            "In the rule of the cube the exponent falls by one, to 2.",
            answers=(
                with_rule("cube", lambda output, x: [3 * x]),
                with_rule("cube", lambda output, x: [3 * output]),
            ),
        ),
        Mistake(
            "exp-twice",
            "You took exp of the output, so exp twice. The output is e to the x already.",
            with_rule("exp", lambda output, x: [math.exp(output)]),
        ),
        Mistake(
            "log-of-the-output",
            "You divided by the output of log. The derivative belongs to the input.",
            with_rule("log", lambda output, x: [1 / output]),
        ),
        Mistake(
            "tanh-of-the-input",
            "In the rule of tanh you squared the input. The rule squares the output, tanh x.",
            with_rule("tanh", lambda output, x: [1 - x**2]),
        ),
        Mistake(
            "tanh-twice",
            "You took tanh of the output, so tanh twice. The output is tanh x already.",
            with_rule("tanh", lambda output, x: [1 - math.tanh(output) ** 2]),
        ),
        Mistake(
            "tanh-not-squared",
            "In the rule of tanh the square is missing.",
            with_rule("tanh", lambda output, x: [1 - output]),
        ),
    ),
)

# --- 3 · tanh-steps --------------------------------------------------------------------------------------------------

x = real("x")
PLUS, MINUS = exp(x) + exp(-x), exp(x) - exp(-x)

TANH_STEPS = DerivationTask(
    "tanh-steps",
    points=2,
    start=Derivative(MINUS / PLUS, x),
    goal=1 - tanh(x) ** 2,
    milestones=(
        Milestone(
            "quotient-rule",
            "the quotient has been differentiated, and exponentials are still there",
            forms=(Form(free_of=("Derivative>fraction", "Derivative>tanh")),),
        ),
    ),
    symbols=(x,),
    mistakes=(
        Mistake(
            "plus-for-minus",
            "In the numerator of the quotient rule the two products are subtracted, not added.",
            (PLUS**2 + MINUS**2) / PLUS**2,
        ),
        Mistake(
            "denominator-not-squared",
            "The denominator of the quotient rule is squared.",
            (PLUS**2 - MINUS**2) / PLUS,
        ),
        Mistake(
            "term-by-term",
            "You differentiated numerator and denominator each for itself. A quotient needs the quotient rule.",
            PLUS / MINUS,
        ),
        Mistake(
            "forgets-the-inner-minus",
            "The derivative of exp(−x) is −exp(−x). Without that minus, numerator and denominator stay as they "
            "are, and all cancels.",
            Integer(0),
        ),
        Mistake(
            "flipped-sign",
            "All signs are turned round: tanh would fall. It rises, so its derivative is positive.",
            tanh(x) ** 2 - 1,
        ),
        Mistake("forgets-the-square", "The square is gone. Try x = 0 and a large x.", 1 - tanh(x)),
    ),
    form=Form(
        free_of=("Derivative",),
        inside=(("x", "tanh"),),
        says="The last line must be in tanh x alone: no derivative, no exponential and no other function of x.",
    ),
)

# --- 4 · backward-pass -----------------------------------------------------------------------------------------------

DEPTH = 4000  # more than the nested calls that Python allows, 1,000 by default


def draw_graphs(rng: np.random.Generator) -> list[Example]:
    """Return graphs: for each value its edges [number of an earlier value, slope]; the last value is the output.

    A number after the graph is that of further values, each computed from the one before it, the last the output.
    """

    def graph(*inputs: tuple[int, ...]) -> list[list[list[float]]]:
        return [[[n, rounded(rng.choice([-1, 1]) * rng.uniform(0.5, 2.0))] for n in each] for each in inputs]

    def with_slopes_in(low: float, high: float, *inputs: tuple[int, ...]) -> list[list[list[float]]]:
        return [[[n, rounded(rng.uniform(low, high))] for n in each] for each in inputs]

    # Each from the two before it. Of one sign, so that the sum over hundreds of paths loses no digits.
    many = with_slopes_in(0.5, 1.5, (), *((max(n - 1, 0), max(n - 2, 0)) for n in range(1, 13)))
    doublings = [[], *([[n, 1.0], [n, 1.0]] for n in range(40))]
    # Twenty times two ways from one value to the next.
    diamonds = with_slopes_in(
        0.5, 1.5, (), *(way for n in range(0, 60, 3) for way in ((n,), (n,), (n + 1, n + 2)))
    )
    # 1 is used twice by 2 and once more, later, by 3: it counts three edges, not two values.
    square = (), (0,), (1, 1), (1,), (3,)
    return [
        Example("a chain", [[]]),  # the output itself
        Example("a chain", graph((), (0,))),
        Example("a chain", graph((), (0,), (1,), (2,))),
        # with a leaf that the output does not depend on, and a value that no other depends on
        Example("a chain", graph((), (), (0, 1), (0,), (3,))),
        Example("a value used twice", [[], [[0, 2.0]], [[1, 3.0], [0, 5.0]]]),
        Example("a value used twice", graph((), (), (0, 1), (0,), (2, 3))),
        Example("a value used twice", graph((), (0, 0))),
        # What arrives at 1 is 0 in all, and passing that on is no reason to forget the edge.
        Example("a value used twice", [[], [[0, 2.0]], [[1, 1.5]], [[1, -1.5], [2, 1.0], [0, 0.5]]]),
        # The same where it blocks the way: 1 waits for what comes from 2, which is 0 in all.
        Example(
            "a value used twice", [[], [[0, 2.0]], [[1, 3.0]], [[2, 1.5]], [[2, -1.5], [3, 1.0], [1, 0.5]]]
        ),
        # An edge of slope 0 carries nothing, but counts: without it 1 has a grad of 0, and still passes it on.
        Example("a slope of 0", [[], [[0, 2.0]], [[1, 5.0]], [[2, 0.0], [1, 1.0]]]),
        Example("a slope of 0", [[], [[0, 2.0]], [[1, 5.0]], [[1, 1.0], [2, 0.0]]]),
        Example("a slope of 0", [[], [[0, 3.0]], [[1, 2.0], [0, 1.0]], [[2, 0.0], [0, 1.0]]]),
        Example("a slope of 0", [[], [[0, 0.0]], [[1, 3.0]], [[1, 1.0], [2, 0.5]]]),
        # Both orders of the output's edges: one of them traps whoever passes on too early.
        Example("paths of different lengths", graph((), (0,), (1, 0), (2,), (1, 3))),
        Example("paths of different lengths", graph((), (0,), (1, 0), (2,), (3, 1))),
        Example("paths of different lengths", graph((), (), (0, 1), (2, 0), (3, 2), (1, 4, 2))),
        Example("paths of different lengths", graph(*square, (2, 4))),
        Example("paths of different lengths", graph(*square, (4, 2))),
        Example("hundreds of paths", many),
        Example("forty doublings", doublings),
        Example("forty doublings", diamonds),
        Example("thousands of values deep", graph((), (), (0, 1)), DEPTH),
    ]


def has_repeated_edge(graph: list) -> bool:
    return any(len({number for number, _ in edges}) < len(edges) for edges in graph)


TOO_EARLY = "A value passes its grad on before all that were computed from it have passed theirs; "

BACKWARD_PASS = Function(
    "backward-pass",
    points=3,
    reference=gradients_of(autograd.Value.backward),
    draw=draw_graphs,
    promises={
        "after forty doublings": lambda graph, more=0: len(graph) == 41 and has_repeated_edge(graph),
        "a million million paths": lambda graph, more=0: len(graph) == 61,
        "each value that `output` was computed from": lambda graph, more=0: len(graph) > 10 and more == 0,
        "with respect to itself is 1": lambda graph, more=0: graph == [[]],
        "A value may pass its `grad` on only when it is complete": lambda graph, more=0: (
            has_repeated_edge(graph) and len(graph) == 6
        ),
        "A graph may be thousands of values deep": lambda graph, more=0: more > 3000,
        "`gradients_of(backward)([[], [[0, 2.0]], [[1, 3.0], [0, 5.0]]])`": lambda graph, more=0: (
            graph == [[], [[0, 2.0]], [[1, 3.0], [0, 5.0]]]
        ),
    },
    mistakes=(
        Mistake(
            "overwrites",
            "You set a grad where you should add to it. When a value is used twice, the second path wipes out "
            "the first.",
            gradients_of(overwriting),
        ),
        Mistake(
            "breadth-first",
            f"{TOO_EARLY}you take them in the order in which you meet them. Where one path is longer, its part "
            "comes too late.",
            gradients_of(in_the_order_met),
        ),
        Mistake(
            "depth-first",
            f"{TOO_EARLY}you follow one path down to its end before you look at the next.",
            gradients_of(partial(in_the_order_met, next_one=-1)),
        ),
        Mistake(
            "visits-again",
            "You visit a value once for each path, and each time pass on all that it has, the part that it "
            "passed on before as well.",
            gradients_of(again_for_each_path),
        ),
        Mistake(
            "recursion",
            "Your function calls itself once for each value along a path, and Python stops that after about a "
            "thousand. Keep a list of what is still to do instead.",
            gradients_of(by_recursion),
        ),
        Mistake(
            "every-path",
            "You follow every path by itself. After forty doublings there are a million million: use each edge "
            "once.",
            answers=(gradients_of(along_every_path), gradients_of(along_every_path_by_recursion)),
        ),
        Mistake(
            "leaves-only",
            "Only leaves have a grad in the end. Each value that the output was computed from should keep its own.",
            gradients_of(leaves_only),
        ),
        Mistake(
            "counts-values",
            "You count the values that were computed from one, and count down for each edge. In x + x there are two "
            "edges: count edges.",
            gradients_of(counting_values),
        ),
        Mistake(
            "stops-at-zero",
            "A value whose grad is 0 passes nothing on, and those after it wait for ever. It passes on 0, "
            "which counts.",
            gradients_of(partial(counting_edges, passes=lambda value: value.grad != 0)),
        ),
        Mistake(
            "forgets-slopes-of-zero",
            "You don't count an edge whose slope is 0. Nothing comes along it, but it has to be waited for "
            "like any other.",
            answers=tuple(
                gradients_of(partial(counting_edges, counts=bool, next_one=next_one)) for next_one in (-1, 0)
            ),
        ),
        Mistake(
            "sweeps",
            "You go over all edges until nothing changes, so an edge is used thousands of times. Find an order in "
            "which each is used once.",
            gradients_of(sweeping),
        ),
        Mistake(
            "one-edge-for-each-input",
            "Two edges from one value to the same input count as one. In x + x both are needed.",
            gradients_of(one_edge_for_each_value),
        ),
        Mistake(
            "output-without-grad",
            "The grad of the output itself is 0 in the end. Its derivative with respect to itself is 1.",
            gradients_of(without_its_own),
        ),
        Mistake(
            "forgets-the-start",
            "Every grad is 0, because the output's own is. Begin with the derivative of the output with respect "
            "to itself.",
            gradients_of(without_a_seed),
        ),
        Mistake(
            "forgets-the-chain-rule",
            "You add the slopes alone. The chain rule multiplies each slope by the grad of the value that it "
            "comes from.",
            answers=(gradients_of(without_the_chain_rule), gradients_of(slopes_alone)),
        ),
        Mistake(
            "one-step-only",
            "You stop after the output's own inputs. They were computed from something, too.",
            answers=(gradients_of(one_step_only), gradients_of(one_step_with_a_seed)),
        ),
    ),
)

# --- 5 · nll-of-values -----------------------------------------------------------------------------------------------


def draw_losses(rng: np.random.Generator) -> list[Example]:
    """Return what is asked ("loss" or "gradient"), plain logits, and the class that occurred."""

    def floats(logits: np.ndarray) -> list[float]:
        return [rounded(z) for z in logits]

    ordinary = [(floats(2 * rng.normal(size=V)), int(rng.integers(1, V))) for V in (2, 4, 5)]
    ordinary += [
        ([0.0, 0.0], 1),
        (floats(2 * rng.normal(size=3)), 0),
        ([0.0, *floats(rng.normal(1, 0.3, size=2))], 1),
    ]
    large = [(floats(1e4 + rng.normal(size=4)), int(rng.integers(1, 4))) for _ in range(2)]
    low = [(floats(-1e4 + rng.normal(size=3)), int(rng.integers(1, 3)))]
    apart = [
        (floats(np.array([0.0, -900.0, 850.0]) + rng.normal(size=3)), 1),
        (floats(np.array([1e4, 0.0, -1e4]) + rng.normal(size=3)), 2),
        (floats(np.array([-1e4, 1e4]) + rng.normal(size=2)), 0),
    ]
    groups = {
        "at ordinary logits": ordinary,
        "at large logits": large,
        "at very negative logits": low,
        "at logits far apart": apart,
    }
    return [
        Example(f"{what} {name}", what, logits, target)
        for what in ("loss", "gradient")
        for name, group in groups.items()
        for logits, target in group
    ]


NO_SHIFT = (
    "Your exponentials overflow or vanish: exp(800) is more than a float can hold, and exp(-800) is 0. Take the "
    "largest logit out first."
)

NLL_OF_VALUES = Function(
    "nll-of-values",
    points=2,
    reference=of_numbers(nll_from_logits),
    draw=draw_losses,
    promises={
        "counted from 0": lambda what, logits, target: target == 0,
        "an edge to each logit": lambda what, logits, target: what == "gradient" and len(logits) > 3,
        "as large as 10,000": lambda what, logits, target: min(logits) > 9_990,
        "as small as −10,000": lambda what, logits, target: max(logits) < -9_990,
        "and lie far apart": lambda what, logits, target: max(logits) - logits[target] > 19_990,
        "Both the loss and its slopes": lambda what, logits, target: (
            what == "gradient" and max(logits) > 9_990
        ),
        '`of_numbers(nll_from_logits)("loss", [0.0, 0.0], 1)`': lambda *args: args == ("loss", [0.0, 0.0], 1),
        '`of_numbers(nll_from_logits)("gradient", [0.0, 0.0], 1)`': lambda *args: (
            args == ("gradient", [0.0, 0.0], 1)
        ),
    },
    mistakes=(
        Mistake("no-max-shift", NO_SHIFT, from_powers(log_of_sum_less_logit, shifted=False)),
        Mistake("softmax-without-shift", NO_SHIFT, from_powers(minus_log_of_share, shifted=False)),
        Mistake("overflows", NO_SHIFT, of_numbers(in_plain_python)),
        Mistake(
            "log-of-softmax",
            "You take the logarithm of a probability that was rounded to 0. Stay with logarithms: subtract the "
            "logit from the log-sum-exp.",
            answers=(
                from_powers(minus_log_of_share, shifted=True),
                quietly(from_powers(minus_log_of_share, shifted=True)),
            ),
        ),
        Mistake(
            "clipped-logits",
            "You cut off large logits, and with them large losses. Logits of 10,000 are ordinary numbers in log space.",
            answers=tuple(of_clipped(most) for most in (20.0, 30.0, 50.0, 88.0, 100.0, 500.0, 700.0, 709.0)),
        ),
        Mistake(
            "forgets-one-hot",
            "Your slopes are the prediction alone. The loss also holds minus the target's logit, so the slopes "
            "sum to 0.",
            with_slopes(lambda slope, occurred: slope + occurred),
        ),
        Mistake(
            "flipped-sign",
            "Your slopes are target minus prediction. A larger logit at the target must make the loss smaller.",
            with_slopes(lambda slope, occurred: -slope),
        ),
        Mistake(
            "target-only",
            "Only the target's logit gets a slope. Every logit is in the sum, so the loss changes with each.",
            with_slopes(lambda slope, occurred: slope if occurred else 0.0),
        ),
        Mistake(
            "no-edges",
            "The number is there, but no edge leads back to the logits: no gradient arrives. Give the Value its "
            "edges.",
            of_numbers(lambda logits, target: autograd.Value(nll_from_logits(logits, target).data)),
        ),
        Mistake(
            "plain-number",
            "What comes back is a plain number. Make it a Value: a number together with its edges.",
            lambda what, logits, target: "no Value",  # what the notebook then answers, so that it has a name
        ),
        Mistake(
            "missing-minus",
            "This is the log-likelihood, which is never above 0. A loss is its negative.",
            times(-1.0),
        ),
        Mistake(
            "counts-from-one",
            "You took the class one place too early. Classes are counted from 0: class 2 is the third logit.",
            of_numbers(lambda logits, target: nll_from_logits(logits, (target - 1) % len(logits))),
        ),
        Mistake(
            "base-2",
            "This is in bits: your logarithm has base 2. The loss is asked for in nats.",
            times(1 / math.log(2)),
        ),
    ),
)

# --- 6 · numerical-gradient ------------------------------------------------------------------------------------------


def draw_polynomials(rng: np.random.Generator) -> list[Example]:
    """Return terms [c, n_0, n_1, ...], which stand for c · x_0^n_0 · x_1^n_1 ···, then x, then the step h."""

    def of(*powers: tuple[int, ...]) -> list[list[float]]:
        return [[rounded(rng.uniform(0.5, 2.0)), *each] for each in powers]

    def point(n: int) -> list[float]:
        return [rounded(u) for u in rng.uniform(0.5, 2.0, size=n) * rng.choice([-1, 1], size=n)]

    far = float(rng.integers(20, 40)) + 0.37  # float32 does not hold it
    below, above = (rounded(u) for u in rng.uniform(0.5, 2.0, size=2) * [-1, 1])
    return [
        Example("one variable", [[1.0, 3]], [2.0], 0.1),
        Example("one variable", of((3,), (1,)), point(1), 0.1),
        Example("one variable", of((3,)), [far], 0.1),
        Example("one variable", of((2,), (3,)), point(1), 0.01),
        Example("several variables", of((3, 0), (0, 2), (2, 1)), point(2), 0.1),
        Example("several variables", of((2, 1, 0), (0, 1, 2), (1, 0, 3)), point(3), 0.01),
        # two coordinates are equal, and in the third f falls
        Example("several variables", of((2, 0, 0), (1, 2, 0), (0, 1, 1)), [below, above, below], 0.1),
        Example("a large step", of((3, 0), (1, 3), (2, 2)), point(2), 0.4),
        Example("a small step", of((3, 0), (1, 2)), point(2), 1e-4),
    ]


NUMERICAL_GRADIENT = Function(
    "numerical-gradient",
    points=2,
    reference=of_polynomials(differences),
    draw=draw_polynomials,
    promises={
        "move **one** coordinate up and down": lambda terms, x, h: len(set(x)) < len(x) == 3,
        "by a small step $h$": lambda terms, x, h: h < 1e-3,
        "one number for each coordinate": lambda terms, x, h: len(x) == 1,
        "`numerical_gradient(lambda x: x[0] ** 3, [2.0], 0.1)`": lambda *args: (
            args == ([[1.0, 3]], [2.0], 0.1)
        ),
    },
    mistakes=(
        Mistake(
            "forward-difference",
            "You step up only. This is the forward difference, whose error falls with h; that of the central one "
            "falls with h squared.",
            of_polynomials(partial(differences, down=0.0, width=1.0)),
        ),
        Mistake(
            "backward-difference",
            "You step down only. The central difference takes one step up and one step down.",
            of_polynomials(partial(differences, up=0.0, width=1.0)),
        ),
        Mistake(
            "divides-by-h",
            "You divided by h. From one step below to one step above, the distance is another.",
            of_polynomials(partial(differences, width=1.0)),
        ),
        Mistake(
            "all-at-once",
            "You move all coordinates together, so each entry is the change along all of them. Move one at a time.",
            of_polynomials(all_at_once),
        ),
        Mistake(
            "goes-by-the-value",
            "Two coordinates may have the same value. You find a coordinate by its value, so the wrong ones move, or "
            "one too many: go by its place in the list.",
            answers=(of_polynomials(moves_equal_ones), of_polynomials(moves_the_first)),
        ),
        Mistake(
            "never-goes-back",
            "You don't take a coordinate back to where it was before you move the next. Work on a fresh copy.",
            of_polynomials(never_goes_back),
        ),
        Mistake(
            "no-copy",
            "f sees the same list twice, so nothing changes. `y = x` only gives the list a second name; "
            "`y = list(x)` copies it.",
            of_polynomials(lambda f, x, h: [0.0] * len(x)),
        ),
        Mistake(
            "forgets-to-divide",
            "This is the change of f. A derivative is a change for each unit of x: divide by the distance.",
            of_polynomials(lambda f, x, h: [2 * h * d for d in differences(f, x, h)]),
        ),
        Mistake(
            "multiplies-by-h",
            "`/ 2 * h` divides by 2 and multiplies by h. Write `/ (2 * h)`.",
            of_polynomials(lambda f, x, h: [d * h * h for d in differences(f, x, h)]),
        ),
        Mistake(
            "half-a-step",
            "You move by h/2 up and down. One step is h, so that the distance is 2h.",
            of_polynomials(partial(differences, up=0.5, down=0.5, width=1.0)),
        ),
        Mistake(
            "ignores-h",
            "It is nearer to the derivative than a step of h allows. Is the step h, and the formula the one above?",
            answers=tuple(with_step(10.0**-n) for n in range(4, 9)),
        ),
    ),
)

# --- 7 · gradient-check ----------------------------------------------------------------------------------------------

GRADIENT_CHECK = Choice(
    "gradient-check",
    points=1,
    options={
        "a": "The rule has a bug: if it were right, the two would agree to the last digit.",
        "b": "The central difference has a bug: with a tenth of the step, its error must fall to a tenth.",
        "c": "Both are right. But the smaller the step, the better, so use 1e-15.",
        "d": "Both are right. The error falls with h squared, until rounding errors, which grow as 1/h, take over.",
    },
    answer="d",
    mistakes=(
        Mistake(
            "expects-no-error",
            "A difference with a finite step is only close to the derivative. A bug in the rule would leave an "
            "error that does not fall with h.",
            "a",
        ),
        Mistake(
            "expects-first-order",
            "That is so for the forward difference. In the central one the errors of first order cancel.",
            "b",
        ),
        Mistake(
            "smaller-is-better",
            "Look at the last column. f(x + h) and f(x − h) then share nearly all digits, and few are left in "
            "the difference.",
            "c",
        ),
    ),
)

# --- 8 · train-two-letters -------------------------------------------------------------------------------------------


def draw_batches(rng: np.random.Generator) -> list[Example]:
    """Return what is asked ("perplexities" or "parameters"), both parameters, batches of pairs, a learning rate."""
    language = ((0.8, 0.2), (0.3, 0.7))  # what comes after 0, and after 1

    def batch(size: int) -> list[list[int]]:
        before = [0, 1, *rng.integers(0, 2, size=size - 2)]  # both letters occur, so both parameters move
        return [[int(b), int(rng.choice(2, p=language[b]))] for b in before]

    def start() -> list[float]:
        return [rounded(z) for z in rng.uniform(0.5, 1.5, size=2) * rng.choice([-1, 1], size=2)]

    runs = {
        "one batch": [(start(), [batch(5)], 0.7), ([0.0, 0.0], [[[0, 1]]], 1.0)],
        # in the second and third only one of the letters comes before
        "several batches": [
            (start(), [batch(4) for _ in range(3)], 0.5),
            (start(), [batch(4), [[0, 1], [0, 0], [0, 1]], [[1, 1]]], 0.4),
        ],
        "batches of different sizes": [(start(), [batch(n) for n in (2, 9, 4, 16)], 0.6)],
        "fifty steps": [([0.0, 0.0], [batch(6) for _ in range(50)], 0.5)],
    }
    return [
        Example(f"{what} {'in' if what == 'perplexities' else 'after'} {name}", what, *run)
        for name, group in runs.items()
        for what in ("perplexities", "parameters")
        for run in group
    ]


TRAIN_TWO_LETTERS = Function(
    "train-two-letters",
    points=2,
    reference=two_letters,
    draw=draw_batches,
    promises={
        "For **each batch** in turn": lambda what, start, batches, rate: len(batches) > 10,
        "the **mean** loss over its pairs": lambda what, start, batches, rate: (
            len({len(b) for b in batches}) > 2
        ),
        "It **adds** to `grad`": lambda what, start, batches, rate: (
            {before for before, _ in batches[-1]} == {1}
        ),
        "take one step of gradient descent": lambda what, start, batches, rate: (
            what == "parameters" and rate < 0.5
        ),
        "the **perplexity** of each batch": lambda what, start, batches, rate: (
            what == "perplexities" and batches[1:]
        ),
        "When both parameters are 0": lambda what, start, batches, rate: start == [0.0, 0.0],
        '`trained(train)("perplexities", [0.0, 0.0], [[[0, 1]]], 1.0)`': lambda *args: (
            args == ("perplexities", [0.0, 0.0], [[[0, 1]]], 1.0)
        ),
        '`trained(train)("parameters", [0.0, 0.0], [[[0, 1]]], 1.0)`': lambda *args: (
            args == ("parameters", [0.0, 0.0], [[[0, 1]]], 1.0)
        ),
    },
    mistakes=(
        Mistake(
            "forgets-to-clear",
            "The gradients of earlier batches are still in grad, since backward adds to it. Set it to 0 before "
            "each batch.",
            partial(two_letters, step=partial(descend, cleared=False)),
        ),
        Mistake(
            "sum-for-mean",
            "Your step follows the gradient of the total loss, so it grows with the batch. The mean is asked for.",
            partial(two_letters, step=partial(descend, total=True)),
        ),
        Mistake(
            "ascends",
            "Your step goes uphill: the loss grows. Descent subtracts the gradient.",
            partial(two_letters, step=lambda parameters, batch, rate: descend(parameters, batch, -rate)),
        ),
        Mistake(
            "never-steps",
            "The parameters stay where they were. Is grad cleared between the backward pass and the step, or "
            "data never changed?",
            partial(two_letters, step=lambda parameters, batch, rate: None),
        ),
        Mistake(
            "pair-by-pair",
            "You take a step after each pair. All gradients of a batch belong to the same parameters: one step "
            "a batch.",
            answers=(partial(two_letters, step=pair_by_pair), each_pair_as_a_batch),
        ),
        Mistake(
            "steps-at-the-end",
            "You take one step, after all batches. Each batch has a step of its own, and the next sees its result.",
            answers=(steps_at_the_end, partial(steps_at_the_end, times=lambda batches: 1.0)),
        ),
        Mistake(
            "after-the-step",
            "Your perplexities are those after the step. Compute the loss before the parameters change.",
            partial(two_letters, later=True),
        ),
        Mistake(
            "returns-losses",
            "Your list holds the mean losses, in nats. A perplexity is exp of that.",
            partial(two_letters, report=lambda nlls: math.fsum(nlls) / len(nlls)),
        ),
        Mistake(
            "exp-of-total",
            "You took exp of the total loss of the batch. A perplexity is per letter: take the mean first.",
            partial(two_letters, report=lambda nlls: math.exp(math.fsum(nlls))),
        ),
        Mistake(
            "averages-perplexities",
            "You averaged the perplexities of the pairs. Average the losses, then take exp once.",
            partial(two_letters, report=lambda nlls: math.fsum(map(math.exp, nlls)) / len(nlls)),
        ),
        Mistake(
            "base-2",
            "You raised 2 to a loss in nats. Two is the base for bits; the base for nats is e.",
            partial(two_letters, report=lambda nlls: 2 ** (math.fsum(nlls) / len(nlls))),
        ),
    ),
)

# --- 9 · why-backward ------------------------------------------------------------------------------------------------

WHY_BACKWARD = FreeText(
    "why-backward",
    points=2,
    scheme=(
        (1, "Compares the costs: central differences need two evaluations of the loss for each parameter, twenty "
            "million here; a backward pass finds all derivatives for the cost of a few evaluations, because it "
            "starts from the one loss and uses each edge once, so that what is shared is computed once."),
        (1, "Keeps the differences for what they are good for: they check a backward pass on a small model or a "
            "few parameters; or says why they are not enough: their error never vanishes, since a small step "
            "means rounding errors."),
    ),
)  # fmt: skip

TASKS = (
    SHARED_BY_HAND,
    LOCAL_DERIVATIVES,
    TANH_STEPS,
    BACKWARD_PASS,
    NLL_OF_VALUES,
    NUMERICAL_GRADIENT,
    GRADIENT_CHECK,
    TRAIN_TWO_LETTERS,
    WHY_BACKWARD,
)
