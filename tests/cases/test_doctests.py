"""Do the examples in the docstrings run?"""

import doctest
import importlib
import pkgutil

import pytest

import grader.cases

MODULES = sorted(m.name for m in pkgutil.walk_packages(grader.cases.__path__, "grader.cases."))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # `check` looks for cases in the current folder.
    assert doctest.testmod(importlib.import_module(name)).failed == 0
