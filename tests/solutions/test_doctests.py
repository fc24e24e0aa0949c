"""Do the examples in the references' docstrings give what they say?"""

import doctest
import importlib
import inspect

import pytest

MODULES = [
    "adversarial",
    "any_order",
    "audit",
    "autograd",
    "character_model",
    "decoding",
    "diffusion",
    "estimation",
    "flows",
    "gaussians",
    "information",
    "latent_variables",
    "letters",
    "logits",
    "ranking",
    "scoring",
    "sequences",
    "symbolic",
    "torch_information",
]


@pytest.mark.parametrize("name", MODULES)
def test_every_function_has_an_example_and_every_example_runs(name):
    module = importlib.import_module(f"solutions.{name}")
    functions = [
        function
        for public, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not public.startswith("_")
    ]
    assert functions
    assert [f.__name__ for f in functions if ">>>" not in (f.__doc__ or "")] == []
    result = doctest.testmod(module)
    assert result.attempted >= len(functions)
    assert result.failed == 0
