"""Is a forbidden use found under any alias, and only a use?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cases import forbidden_in

NAME = "torch.nn.functional.cross_entropy"


@pytest.mark.parametrize(
    "source",
    [
        "import torch\nl = torch.nn.functional.cross_entropy(z, y)",
        "import torch as t\nl = t.nn.functional.cross_entropy(z, y)",
        "import torch.nn.functional as F\nl = F.cross_entropy(z, y)",
        "from torch.nn import functional\nl = functional.cross_entropy(z, y)",
        "from torch.nn import functional as G\nl = G.cross_entropy(z, y)",
        "from torch.nn.functional import cross_entropy\nl = cross_entropy(z, y)",
        "from torch.nn.functional import cross_entropy as ce\nl = ce(z, y)",
        "from torch.nn.functional import *\nl = cross_entropy(z, y)",
        "import torch\nF = torch.nn.functional\nl = F.cross_entropy(z, y)",
        "import torch.nn.functional as F\nf = F.cross_entropy\nl = f(z, y)",
        "import torch.nn.functional as F\nl = getattr(F, 'cross_entropy')(z, y)",
        "import importlib\nl = importlib.import_module('torch.nn.functional').cross_entropy(z, y)",
        "def f(z, y):\n    import torch.nn.functional as F\n    return F.cross_entropy(z, y)",
        "%matplotlib inline\n!ls\nimport torch.nn.functional as F\nl = F.cross_entropy(z, y)",
    ],
)
def test_every_way_to_use_it_is_found(source):
    assert forbidden_in(source, [NAME]) == [NAME]
    assert forbidden_in(source, [".cross_entropy"]) == [".cross_entropy"]


@pytest.mark.parametrize(
    "source",
    [
        "def cross_entropy(z, y):\n    return z\nl = cross_entropy(z, y)",
        "# torch.nn.functional.cross_entropy\nl = 'F.cross_entropy(z, y)'",
        "from mine import other\nl = other(z)",
        "import torch.nn.functional as F\nl = F.log_softmax(z)",
        "not python at all (",
        "",
    ],
)
def test_what_is_no_use_is_not_found(source):
    assert forbidden_in(source, [NAME, ".cross_entropy"]) == []


def test_imports_in_other_cells_hold_but_their_uses_do_not_count():
    cells = ["import torch.nn.functional as F", "x = F.cross_entropy(z, y)", "broken ("]
    assert forbidden_in("l = F.cross_entropy(z, y)", [NAME], cells) == [NAME]
    assert forbidden_in("l = F.softmax(z)", [NAME], cells) == []
    assert forbidden_in("l = lse(z)", [".logsumexp"], ["from scipy.special import logsumexp as lse"]) == [
        ".logsumexp"
    ]


def test_ones_own_function_is_not_taken_for_what_another_cell_imports():
    source = "def logsumexp(z):\n    return max(z)\nl = logsumexp(z)"
    assert forbidden_in(source, [".logsumexp"], ["from scipy.special import logsumexp"]) == []


def test_a_method_is_found_by_its_name_and_a_builtin_unless_it_is_ones_own():
    assert forbidden_in("z.logsumexp(-1)", [".logsumexp"]) == [".logsumexp"]
    assert forbidden_in("from scipy.special import logsumexp", [".logsumexp"]) == [".logsumexp"]
    assert forbidden_in("sum(z)", ["sum"]) == ["sum"]
    assert forbidden_in("def sum(z): return 0\nsum(z)", ["sum"]) == []


@given(st.text())
def test_any_text_can_be_read(source):
    forbidden_in(source, [NAME, ".x", "sum"], [source])


def test_a_source_nested_without_end_is_read_within_limits():
    for source in ("(" * 10**5, "a" + ".b" * 10**5, "x = " + "-" * 10**5 + "1", "\0"):
        assert forbidden_in(source, [NAME]) == []
