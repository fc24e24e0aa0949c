"""Do the examples in the docstrings of the language model give what they say?"""

import doctest
import importlib

import pytest

pytest.importorskip("torch")

WITH_EXAMPLES = [
    "chains",
    "evaluation",
    "generation",
    "hidden_markov",
    "markov",
    "model",
    "reports",
    "scores",
    "sources",
    "text",
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_every_example_runs(name):
    result = doctest.testmod(importlib.import_module(f"solutions.lm.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
