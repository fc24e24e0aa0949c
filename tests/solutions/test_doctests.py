"""Do the examples in the references' docstrings give what they say?"""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["information", "logits", "symbolic", "torch_information"])
def test_every_example_in_a_docstring_runs(name):
    result = doctest.testmod(importlib.import_module(f"solutions.{name}"))
    assert result.attempted >= 5
    assert result.failed == 0
