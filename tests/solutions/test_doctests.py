"""Do the examples in the references' docstrings give what they say?"""

import doctest
import importlib

import pytest

MODULES = ["estimation", "information", "logits", "sequences", "symbolic", "torch_information"]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_runs(name):
    result = doctest.testmod(importlib.import_module(f"solutions.{name}"))
    assert result.attempted >= 3
    assert result.failed == 0
