"""Masked models in any order, in NumPy: one loss for each set of visible tokens, and the likelihood that they make.

Source: chapter 10 of the book; Uria, Murray & Larochelle (2014); Hoogeboom et al. (2022).
"""

import itertools
import math
from collections.abc import Callable

import numpy as np

from solutions import SolutionsError

Loss = Callable[[frozenset[int], int], float]

_LONGEST = 16  # tokens; there are 2ⁿ sets of visible ones


def masked_losses(length: int, loss: Loss) -> list[float]:
    """Return for k = 0 … n − 1 the mean loss of a masked token when k others are visible, in nats.

    The mean is over all sets of k visible places, and over the n − k masked places of each.

    Args:
        length: n, 1 … 16.
        loss: −log q(token at a place | the tokens at the visible places), for a set of visible places and a masked
            place, counted from 0.

    Raises:
        SolutionsError: for a length outside 1 … 16.

    Source: {eq}`any-order-share`.

    >>> masked_losses(2, lambda visible, place: 1.0 + len(visible))
    [1.0, 2.0]
    """
    if not 1 <= length <= _LONGEST:
        raise SolutionsError(f"{length} tokens; there are 2ⁿ sets of visible ones, give 1 to {_LONGEST}")
    means = []
    for count in range(length):
        sets = [frozenset(chosen) for chosen in itertools.combinations(range(length), count)]
        losses = [loss(seen, place) for seen in sets for place in range(length) if place not in seen]
        means.append(float(np.mean(losses)))
    return means


def any_order_nll(length: int, loss: Loss) -> float:
    """Return the mean over all orders of the NLL of a sequence that is filled in that order, in nats.

    It is the sum over k of `masked_losses`. For conditionals of one joint distribution every order gives −log q(x),
    and so does the mean; otherwise it is an upper bound of the NLL of the mixture over orders.

    Args, raises: as for `masked_losses`.

    Source: {eq}`any-order-share`, {eq}`any-order-bound`.

    >>> any_order_nll(2, lambda visible, place: 1.0 + len(visible))
    3.0
    """
    return math.fsum(masked_losses(length, loss))


def order_nll(order: tuple[int, ...], loss: Loss) -> float:
    """Return the NLL of a sequence that is filled in one order, in nats.

    Args:
        order: the places, counted from 0, each once.
        loss: as for `masked_losses`.

    Raises:
        SolutionsError: when a place is missing or stands there twice.

    >>> order_nll((1, 0), lambda visible, place: 10.0 * place + len(visible))
    11.0
    """
    if sorted(order) != list(range(len(order))):
        raise SolutionsError(f"the order {order} does not name each place from 0 once")
    return math.fsum(loss(frozenset(order[:k]), place) for k, place in enumerate(order))
