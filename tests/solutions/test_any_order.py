"""Is the sum of masked losses the mean over all orders, and the NLL where the conditionals belong together?"""

import itertools
import math

import numpy as np
import pytest

from solutions import SolutionsError
from solutions.any_order import any_order_nll, masked_losses, order_nll

JOINT = np.random.default_rng(0).dirichlet(np.ones(24)).reshape(2, 3, 4)
TEXT = (1, 2, 0)


def of_joint(seen: frozenset[int], place: int) -> float:
    """−log of a conditional of one joint distribution."""

    def marginal(kept: frozenset[int]) -> float:
        index = tuple(TEXT[axis] if axis in kept else slice(None) for axis in range(3))
        return float(JOINT[index].sum())

    return -math.log(marginal(seen | {place}) / marginal(seen))


def careless(seen: frozenset[int], place: int) -> float:
    """Conditionals that belong to no joint distribution."""
    return 0.1 + math.sin(7 * place + 3 * sum(seen) + len(seen)) ** 2


@pytest.mark.parametrize("loss", [of_joint, careless])
def test_the_sum_of_masked_losses_is_the_mean_over_all_orders(loss):
    orders = list(itertools.permutations(range(3)))
    assert any_order_nll(3, loss) == pytest.approx(np.mean([order_nll(order, loss) for order in orders]))


def test_with_conditionals_of_one_distribution_every_order_gives_the_nll():
    for order in itertools.permutations(range(3)):
        assert order_nll(order, of_joint) == pytest.approx(-math.log(JOINT[TEXT]))
    assert any_order_nll(3, of_joint) == pytest.approx(-math.log(JOINT[TEXT]))


def test_otherwise_it_bounds_the_nll_of_the_mixture_over_orders():
    nlls = [order_nll(order, careless) for order in itertools.permutations(range(3))]
    mixture = -math.log(np.mean(np.exp(-np.array(nlls))))
    assert any_order_nll(3, careless) > mixture + 1e-3


def test_each_loss_counts_once_in_the_mean_with_k_visible():
    assert masked_losses(3, lambda seen, place: float(len(seen) == 1 and place == 2)) == pytest.approx(
        [0, 2 / 6, 0]
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: masked_losses(0, careless),
        lambda: any_order_nll(40, careless),
        lambda: order_nll((0, 0), careless),
        lambda: order_nll((1, 2), careless),
    ],
)
def test_what_is_no_order_is_refused(call):
    with pytest.raises(SolutionsError):
        call()
