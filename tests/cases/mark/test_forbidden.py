"""Is a forbidden use found under any alias, and only a use of the answer?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cases import forbidden_in
from grader.cases.mark.doors import DOORS, doors
from grader.cases.mark.forbidden import Use, uses_in

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
        "def f(z, y):\n    from torch.nn.functional import cross_entropy\n    return cross_entropy(z, y)",
        "%matplotlib inline\n!ls\nimport torch.nn.functional as F\nl = F.cross_entropy(z, y)",
        "import torch.nn.functional as F\nl = [F.cross_entropy(a, b) for a, b in pairs]",
        "import torch.nn.functional as F\nif (f := F.cross_entropy):\n    l = f(z, y)",
        "import torch.nn.functional as F\ntry:\n    l = F.cross_entropy(z, y)\nexcept ValueError:\n    l = 0",
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
        "class Loss:\n    def cross_entropy(self, z): return z\nl = Loss().cross_entropy(z)",
        "l = self.cross_entropy",
        "not python at all (",
        "",
    ],
)
def test_what_is_no_use_is_not_found(source):
    assert forbidden_in(source, [NAME, ".cross_entropy"]) == []


ANSWERS = {
    "a test beside it": (
        "import scipy.special\ndef lse(z): return max(z)\nassert lse([1]) == scipy.special.logsumexp([1])",
        [],
    ),
    "a function that tests it": (
        "from scipy.special import logsumexp\ndef lse(z): return max(z)\ndef test(): return logsumexp([1])",
        [],
    ),
    "a name imported and then redefined": (
        "from scipy.special import logsumexp\ndef logsumexp(z): return max(z)\ndef lse(z): return logsumexp(z)",
        [],
    ),
    "a name redefined and then imported": (
        "def logsumexp(z): return max(z)\nfrom scipy.special import logsumexp\ndef lse(z): return logsumexp(z)",
        [".logsumexp"],
    ),
    "a class with a method of this name": (
        "class Lse:\n def logsumexp(self, z): return max(z)\n"
        " def __call__(self, z): return self.logsumexp(z)\nlse = Lse()",
        [],
    ),
    "a class that uses it": (
        "import scipy.special as s\nclass Lse:\n def __call__(self, z): return s.logsumexp(z)\nlse = Lse()",
        [".logsumexp"],
    ),
    "a helper": (
        "import torch\ndef h(z): return torch.logsumexp(z, 0)\ndef lse(z): return h(z)",
        [".logsumexp"],
    ),
    "an alias": ("import torch\nt = torch.logsumexp\nlse = lambda z: t(z, 0)", [".logsumexp"]),
    "the function itself": ("from scipy.special import logsumexp as lse", [".logsumexp"]),
    "a partial": ("import functools, torch\nlse = functools.partial(torch.logsumexp, dim=0)", [".logsumexp"]),
    "a default": ("import torch\ndef lse(z, f=torch.logsumexp): return f(z, 0)", [".logsumexp"]),
    "a decorator": ("import torch\n@torch.logsumexp\ndef lse(z): return z", [".logsumexp"]),
    "a local name": ("import torch\ndef lse(z):\n torch = mine(z)\n return torch.logsumexp", []),
}


@pytest.mark.parametrize("way", ANSWERS)
def test_what_the_answer_refers_to_counts_and_nothing_beside_it(way):
    source, found = ANSWERS[way]
    assert forbidden_in(source, [".logsumexp"], [source], "lse") == found
    assert forbidden_in("x = 1", [".logsumexp"], [source, "x = 1"], "lse") == found


def test_imports_in_other_cells_hold_but_their_uses_do_not_count():
    cells = ["import torch.nn.functional as F", "x = F.cross_entropy(z, y)", "broken ("]
    assert forbidden_in("l = F.cross_entropy(z, y)", [NAME], cells) == [NAME]
    assert forbidden_in("l = F.softmax(z)", [NAME], cells) == []
    assert forbidden_in("l = lse(z)", [".logsumexp"], ["from scipy.special import logsumexp as lse"]) == [
        ".logsumexp"
    ]


def test_the_last_cell_that_binds_a_name_counts():
    first = "from scipy.special import logsumexp\ndef f(z): return logsumexp(z)"
    second = "def logsumexp(z): return max(z)"
    assert forbidden_in(first, [".logsumexp"], [first, second], "f") == []
    assert forbidden_in(first, [".logsumexp"], [second, first], "f") == [".logsumexp"]


def test_ones_own_function_is_not_taken_for_what_another_cell_imports():
    source = "def logsumexp(z):\n    return max(z)\nl = logsumexp(z)"
    assert forbidden_in(source, [".logsumexp"], ["from scipy.special import logsumexp"]) == []


def test_a_builtin_is_found_unless_it_is_ones_own():
    assert forbidden_in("from scipy.special import logsumexp", [".logsumexp"]) == [".logsumexp"]
    assert forbidden_in("sum(z)", ["sum"]) == ["sum"]
    assert forbidden_in("def sum(z): return 0\nsum(z)", ["sum"]) == []


def test_the_line_is_named():
    source = "import torch\n\ndef lse(z):\n    return torch.logsumexp(z, -1)  # quick"
    assert uses_in(source, ["torch.logsumexp"], [source], "lse") == [
        Use("torch.logsumexp", 4, "return torch.logsumexp(z, -1)  # quick")
    ]


@pytest.mark.parametrize(
    ("idea", "source"),
    [
        ("logsumexp", "import torch\nf = lambda z: torch.logcumsumexp(z, -1)[..., -1]"),
        ("logaddexp", "import numpy as np\nf = lambda z: np.logaddexp.reduce(z)"),
        ("logsumexp", "from scipy.special._logsumexp import logsumexp\nf = logsumexp"),
        ("autograd", "import torch\nf = lambda z: torch.func.jacfwd(g)(z)"),
        ("autograd", "import torch.autograd.forward_ad as fwAD\nf = lambda z: fwAD.make_dual(z, z)"),
        (
            "autograd",
            "from torch.autograd import forward_ad\ndef f(z):\n    with forward_ad.dual_level(): return z",
        ),
        (
            "cross_entropy",
            "from torch.distributions import Categorical\nf = lambda q, y: -Categorical(q).log_prob(y)",
        ),
        ("kl_divergence", "from scipy.special import rel_entr\nf = lambda p, q: rel_entr(p, q).sum()"),
        ("kl_divergence", "from scipy import stats\nf = lambda p, q: stats.entropy(p, q)"),
        ("log_gamma", "from math import lgamma\nf = lambda n: lgamma(n)"),
    ],
)
def test_an_idea_has_many_doors(idea, source):
    assert forbidden_in(source, doors([idea]), [source], "f")


@pytest.mark.parametrize("idea", DOORS)
def test_honest_code_uses_no_door(idea):
    source = (
        "import math\nimport numpy as np\nimport torch\n"
        "def f(z, y):\n    m = np.max(z)\n    e = np.exp(z - m)\n    t = torch.as_tensor(z).log().sum()\n"
        "    with torch.no_grad():\n        t = t.reshape(-1).gather(0, y)\n"
        "    return m + np.log(np.add.reduce(e)) + math.log(2) + float(t)"
    )
    assert forbidden_in(source, doors([idea]), [source], "f") == []


@given(st.text())
def test_any_text_can_be_read(source):
    forbidden_in(source, [NAME, ".x", "sum"], [source], source)


def test_a_source_nested_without_end_is_read_within_limits():
    for source in ("(" * 10**5, "a" + ".b" * 10**5, "x = " + "-" * 10**5 + "1", "\0"):
        assert forbidden_in(source, [NAME]) == []
