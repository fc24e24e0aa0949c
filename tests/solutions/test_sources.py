"""Do the references' docstrings name equations that the book has?"""

import inspect
import re
from pathlib import Path

import pytest

from solutions import (
    autograd,
    estimation,
    gaussians,
    information,
    logits,
    scoring,
    sequences,
    symbolic,
    torch_information,
)

ROOT = Path(__file__).parents[2]
BOOK = "\n".join(chapter.read_text() for chapter in (ROOT / "book").glob("*.md"))


CITING = (autograd, estimation, gaussians, information, logits, scoring, sequences)


@pytest.mark.parametrize("module", CITING, ids=lambda m: m.__name__)
def test_every_equation_that_a_docstring_cites_stands_in_the_book(module):
    cited = re.findall(r"\{eq\}`([^`]+)`", inspect.getsource(module))
    assert cited
    missing = [label for label in cited if not re.search(rf'["(]{label}[")]', BOOK)]
    assert missing == []


def test_a_quantity_has_one_name_in_numpy_sympy_and_torch():
    def names(module):
        members = inspect.getmembers(module, inspect.isfunction)
        return {name for name, _ in members if not name.startswith("_")}

    # Characters and bytes are counted, not computed: texts are no expressions and no tensors.
    counted = {"bits_per_byte", "bits_per_character"}
    assert names(torch_information) == set(information.__all__) - counted
    assert names(symbolic) == set(information.__all__) - counted - {"corpus_perplexity"}
