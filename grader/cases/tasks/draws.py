"""Where random inputs come from."""

import hashlib

import numpy as np


def rng_for(seed: int, task_id: str, public: bool) -> np.random.Generator:
    """Return the generator of a task's inputs: a function of the three arguments, alike on every machine.

    seed: any integer. Public and hidden inputs are drawn apart even for the same seed, so that who knows the
    public ones does not know the hidden ones.

    >>> float(rng_for(1, "nll", True).random()) == float(rng_for(1, "nll", True).random())
    True
    """
    return _rng(f"{seed}/{task_id}/{'public' if public else 'hidden'}")


def rng_of_numbers(seed: int, task_id: str) -> np.random.Generator:
    """Return the generator of the numbers that a task's question states, apart from those of its cases.

    >>> float(rng_of_numbers(1, "nll").random()) == float(rng_for(1, "nll", True).random())
    False
    """
    return _rng(f"{seed}/{task_id}/numbers")


def _rng(text: str) -> np.random.Generator:
    # hash() of a string differs from one process to the next, SHA-256 doesn't.
    return np.random.default_rng(
        np.random.SeedSequence(int.from_bytes(hashlib.sha256(text.encode()).digest()))
    )
