"""Are the gradients of scalar autograd those of Torch, and does the character model learn?"""

import math
import operator
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import SolutionsError, logits
from solutions.autograd import Value, dot, log_sum_exp, mean, nll_from_logits, topological_order
from solutions.character_model import TEXT, CharacterModel, train

torch = pytest.importorskip("torch")

CLOSE = {"rel": 1e-10, "abs": 1e-10}  # the same float64 operations in another order


def gradients(function, *inputs):
    """Return the value of a function of scalars and its gradient, by Values."""
    values = [Value(x) for x in inputs]
    result = function(*values)
    result.backward()
    return result.data, [value.grad for value in values]


def torch_gradients(function, *inputs):
    values = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    result = function(*values)
    result.backward()
    return result.item(), [0.0 if value.grad is None else value.grad.item() for value in values]


def assert_as_torch(function, *inputs, by_torch=None):
    data, grads = gradients(function, *inputs)
    expected, torch_grads = torch_gradients(by_torch or function, *inputs)
    assert data == pytest.approx(expected, **CLOSE)
    assert grads == pytest.approx(torch_grads, **CLOSE)


@pytest.mark.parametrize("inputs", [(0.7, -2.0), (-1.5, 0.25), (3.0, 3.0)])
@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_an_operation_of_two_values_has_torchs_gradient(operation, inputs):
    assert_as_torch(operation, *inputs)


@pytest.mark.parametrize(
    "operation",
    [
        operator.neg,
        lambda x: x + 2,
        lambda x: 2 + x,
        lambda x: x - 2,
        lambda x: 2 - x,
        lambda x: 3.5 * x,
        lambda x: x * 3.5,
        lambda x: x / 4,
        lambda x: 4 / x,
        lambda x: x**2,
        lambda x: x**-1.5,
        lambda x: x**0,
        lambda x: x.exp(),
        lambda x: x.log(),
        lambda x: x.tanh(),
        lambda x: x**0.5,
    ],
)
@pytest.mark.parametrize("x", [0.3, 1.0, 2.5])
def test_an_operation_of_one_value_has_torchs_gradient(operation, x):
    assert_as_torch(operation, x)


def test_powers_at_zero_and_of_negative_numbers_have_torchs_gradient():
    for base, exponent in [(0.0, 1), (0.0, 2), (-2.0, 3), (-2.0, -2), (0.0, 0)]:
        assert_as_torch(lambda x, n=exponent: x**n, base)


STEPS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 2 * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: (a * a + 1).log() * b,
    lambda a, b: (a.tanh() - b).exp(),
    lambda a, b: (b.tanh() ** 2 + a.tanh()).tanh(),
    lambda a, b: (1 + (-a).tanh() * 0.5) ** -1.5,
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.floats(-2, 2), min_size=2, max_size=4), st.integers(0, 2**32), st.integers(1, 25))
def test_a_random_expression_with_shared_parts_has_torchs_gradient(inputs, seed, length):
    def build(*values):
        rng, made = random.Random(seed), list(values)
        for _ in range(length):
            # Each new part uses two earlier ones, so most parts are used more than once.
            made.append(rng.choice(STEPS)(rng.choice(made), rng.choice(made)).tanh())
        return made[-1] * made[-1] + sum(made)

    assert_as_torch(build, *inputs)


@settings(deadline=None)
@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=6), st.sampled_from([0.0, 1e4, -1e4]))
def test_log_sum_exp_and_the_nll_have_torchs_gradient_at_any_size_of_logits(z, shift):
    z = [x + shift for x in z]
    y = len(z) // 2
    assert_as_torch(lambda *v: log_sum_exp(v), *z, by_torch=lambda *v: torch.logsumexp(torch.stack(v), 0))
    assert_as_torch(
        lambda *v: nll_from_logits(v, y) ** 2,
        *z,
        by_torch=lambda *v: torch.nn.functional.cross_entropy(torch.stack(v), torch.tensor(y)) ** 2,
    )


def test_masked_logits_have_the_numpy_references_values_and_no_gradient():
    z = [0.5, -math.inf, 2.0]
    for reference, function in [
        (logits.log_sum_exp(z), log_sum_exp),
        (logits.nll_from_logits(z, 2), lambda v: nll_from_logits(v, 2)),
    ]:
        data, grads = gradients(lambda *v, f=function: f(v), *z)
        assert data == pytest.approx(float(reference), **CLOSE)
        assert grads[1] == 0
    assert gradients(lambda *v: nll_from_logits(v, 2), *z)[1] == pytest.approx(
        logits.nll_gradient(z, 2).tolist(), **CLOSE
    )


def test_mean_and_dot_have_torchs_gradient():
    rng = random.Random(0)
    inputs = [rng.gauss(0, 1) for _ in range(8)]
    assert_as_torch(lambda *v: mean(v) ** 3, *inputs, by_torch=lambda *v: torch.stack(v).mean() ** 3)
    assert_as_torch(
        lambda *v: dot(v[:5], v[3:]).tanh(),
        *inputs,
        by_torch=lambda *v: torch.dot(torch.stack(v[:5]), torch.stack(v[3:])).tanh(),
    )


def test_a_batch_mean_of_losses_has_torchs_gradient():
    rng = random.Random(1)
    inputs, targets = [rng.gauss(0, 3) for _ in range(12)], [2, 0, 1]

    def by_values(*v):
        return mean([nll_from_logits(v[4 * row : 4 * row + 4], y) for row, y in enumerate(targets)])

    def by_torch(*v):
        return torch.nn.functional.cross_entropy(torch.stack(v).reshape(3, 4), torch.tensor(targets))

    assert_as_torch(by_values, *inputs, by_torch=by_torch)


def test_gradients_of_leaves_add_up_over_calls_and_those_of_inner_values_do_not():
    x = Value(3.0)
    square = x * x
    square.backward()
    (square * 2.0).backward()
    assert x.grad == 6.0 + 12.0
    assert square.grad == 2.0
    x.backward()  # a leaf is its own derivative
    assert x.grad == 6.0 + 12.0 + 1.0


def test_a_chain_of_a_hundred_thousand_values_meets_no_recursion_limit():
    x = Value(1.0)
    end = x
    for _ in range(100_000):
        end = end + 1e-5 * x
    end.backward()
    assert x.grad == pytest.approx(2.0, rel=1e-9)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_each_value_stands_once_and_after_its_inputs_in_the_topological_order(seed, length):
    rng, made = random.Random(seed), [Value(1.0), Value(2.0)]
    for _ in range(length):
        made.append(rng.choice(made) * rng.choice(made))
    order = topological_order(made[-1])
    place = {id(value): j for j, value in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is made[-1]
    for value in order:
        assert all(place[id(parent)] < place[id(value)] for parent, _ in value.edges)


def test_the_whole_character_model_has_torchs_loss_and_gradient():
    model = CharacterModel(TEXT, context=3, channels=4, hidden=16, seed=5)
    examples = model.examples(TEXT)[:40]
    loss = model.loss(examples)
    loss.backward()

    def tensor(rows):
        return torch.tensor([[v.data for v in row] for row in rows], dtype=torch.float64, requires_grad=True)

    embedding, hidden, output = tensor(model.embedding), tensor(model.hidden), tensor(model.output)
    contexts, targets = (torch.tensor(part) for part in zip(*examples, strict=True))
    ones = torch.ones(len(examples), 1, dtype=torch.float64)
    units = torch.tanh(torch.cat([embedding[contexts].flatten(1), ones], 1) @ hidden.T)
    expected = torch.nn.functional.cross_entropy(torch.cat([units, ones], 1) @ output.T, targets)
    expected.backward()

    assert loss.data == pytest.approx(expected.item(), **CLOSE)
    by_torch = torch.cat([part.grad.flatten() for part in (embedding, hidden, output)]).tolist()
    assert [v.grad for v in model.parameters()] == pytest.approx(by_torch, **CLOSE)
    assert sum(g != 0 for g in by_torch) > 300


def test_the_examples_are_the_text_and_each_context_what_stood_before():
    model = CharacterModel("cab", context=2)
    assert model.characters == ["a", "b", "c"]
    assert model.examples("cab") == [((3, 3), 2), ((3, 2), 0), ((2, 0), 1)]


def test_training_takes_the_loss_from_log_v_to_below_every_bigrams():
    model = CharacterModel(TEXT)
    examples = model.examples(TEXT)
    assert model.loss(examples).data == pytest.approx(math.log(model.start), abs=0.05)
    losses = train(model, examples)
    pairs, firsts = {}, {}
    for before, after in zip("\n" + TEXT, TEXT, strict=False):
        pairs[before, after] = pairs.get((before, after), 0) + 1
        firsts[before] = firsts.get(before, 0) + 1
    bigram = -sum(n * math.log(n / firsts[a]) for (a, _), n in pairs.items()) / len(TEXT)
    assert len(losses) == 600
    assert model.loss(examples).data < 0.45 < bigram


def test_the_same_seed_gives_the_same_model():
    def run():
        model = CharacterModel("abcb" * 5, context=1, hidden=3, seed=4)
        return train(model, model.examples("abcb" * 5), steps=5, seed=2)

    assert run() == run()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Value("1"), "was given '1'"),
        (lambda: Value(True), "give a real number"),
        (lambda: Value(1j), "give a real number"),
        (lambda: Value(1.0) + None, "was given None"),
        (lambda: Value(1.0) / 0, "divisor that is not 0"),
        (lambda: 1 / Value(0.0), "divisor that is not 0"),
        (lambda: Value(2.0) ** Value(2.0), "exponent is a Value"),
        (lambda: Value(-2.0) ** 0.5, "undefined"),
        (lambda: Value(0.0) ** -1, "undefined"),
        (lambda: Value(0.0) ** 0.5, "slope"),
        (lambda: Value(0.0).log(), "log\\(0\\) is undefined"),
        (lambda: Value(1000.0).exp(), "exp\\(1000\\) is undefined or overflows"),
        (lambda: mean([]), "at least one"),
        (lambda: dot([Value(1.0)], []), "a has 1 values and b has 0"),
        (lambda: log_sum_exp([]), "at least one"),
        (lambda: log_sum_exp([Value(math.nan)]), "-inf only to mask"),
        (lambda: log_sum_exp([Value(-math.inf)]), "-inf only to mask"),
        (lambda: nll_from_logits([Value(0.0)], 1), "0..0"),
        (lambda: nll_from_logits([Value(0.0)], 0.0), "integer in 0..0"),
        (lambda: nll_from_logits([Value(0.0), Value(-math.inf)], 1), "masked"),
        (lambda: CharacterModel(""), "text is empty"),
        (lambda: CharacterModel("a", hidden=0), "at least 1"),
        (lambda: CharacterModel("ab").examples("abc"), "\\['c'\\] are not among"),
    ],
)
def test_what_is_outside_the_domain_is_refused_with_its_reason(make, says):
    with pytest.raises(SolutionsError, match=says):
        make()
