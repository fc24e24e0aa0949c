"""Is a forbidden call seen while it runs, by whatever way it is made, and nothing else?"""

import _thread
import ast
import ctypes
import functools
import gc
import importlib
import json
import math
import os
import statistics
import subprocess
import sys
import threading

import numpy as np
import pytest

from grader.cases import collect, mark_reply, questions_of
from grader.cases.ask.guard import WATCH_TAKEN_DOWN, watched
from grader.cases.ask.references import held
from grader.cases.mark.doors import doors
from grader.cases.values import OUT_OF_SIGHT

# `grader.cases.ask` has a function of that name
collecting = importlib.import_module("grader.cases.ask.collect")

FORBIDDEN = [".fmean", "math.log", "sum"]


def mean(values):
    return statistics.fmean(values)


def fmean(values):
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


WAYS = {
    "by its name": (lambda: statistics.fmean([1.0]), [".fmean"]),
    "through a helper": (lambda: mean([1.0]), [".fmean"]),
    "by getattr": (lambda: getattr(statistics, "fm" + "ean")([1.0]), [".fmean"]),
    "by eval": (lambda: eval("statistics.fmean([1.0])"), [".fmean"]),  # noqa: S307
    "under an alias": (lambda log=math.log: log(2.0), ["math.log"]),
    "by map": (lambda: list(map(statistics.fmean, [[2.0]])), [".fmean"]),
    "a builtin": (lambda: sum([1, 2]), ["sum"]),
    "a builtin by exec": (lambda: exec("sum([1, 2])"), ["sum"]),  # noqa: S102
}
TORCH_WAYS = {
    "by map, from C to C": lambda torch, z: list(map(torch.logsumexp, [z], [-1])),
    "by a method": lambda torch, z: z.logsumexp(-1),
    "as an operator": lambda torch, z: torch.ops.aten.logsumexp(z, [-1]),
    "inside of a module": lambda torch, z: torch.nn.LogSoftmax(-1)(z),
    "inside of a distribution": lambda torch, z: torch.distributions.Categorical(logits=z),
}
OTHERS = {
    "a function of one's own": lambda: fmean([1.0]),
    "another library's": lambda: np.log(2.0),
    "a builtin that a library uses": lambda: statistics.mean([1, 2, 4]),
}


@pytest.mark.keeps(
    "grader.cases.ask.guard",
    "a call is seen by any name and by any way",
    "an alias, a helper in another cell, `getattr` and `eval`",
)
@pytest.mark.parametrize("way", WAYS)
def test_a_forbidden_call_is_seen(way):
    function, names = WAYS[way]
    with watched(FORBIDDEN) as used:
        function()
    assert used == names


@pytest.mark.keeps(
    "grader.cases.ask.guard",
    "Torch's functions, which tell it themselves",
    "a module that calls it inside (`nn.LogSoftmax`)",
)
@pytest.mark.parametrize("way", TORCH_WAYS)
def test_torchs_functions_are_seen_even_from_c(way):
    torch = pytest.importorskip("torch")
    z = torch.zeros(3)
    with watched([".logsumexp", "torch.nn.functional.log_softmax"]) as used:
        TORCH_WAYS[way](torch, z)
    assert len(used) == 1
    with watched([".logsumexp", "torch.nn.functional.log_softmax", ".grad"]) as used:
        torch.log(torch.exp(z).sum(-1)).item()
    assert used == []


@pytest.mark.parametrize("other", OTHERS)
def test_other_calls_are_not(other):
    with watched(FORBIDDEN) as used:
        OTHERS[other]()
    assert used == []


def test_the_profiler_before_is_put_back_whatever_happens():
    before = sys.getprofile()
    with pytest.raises(ZeroDivisionError), watched(FORBIDDEN):
        1 / 0  # noqa: B018
    assert sys.getprofile() is before


def test_the_line_of_the_student_that_led_to_the_call_is_kept():
    with watched(FORBIDDEN) as used:
        mean([1.0])
    line = mean.__code__.co_firstlineno + 1
    assert used.lines == {".fmean": (line, "return statistics.fmean(values)")}


def test_the_sentence_names_the_line_where_it_is_one_of_the_cells():
    source = (
        "import statistics\nfmean = vars(statistics)['fmean']\ndef mean(values):\n    return fmean(values)"
    )
    reply = {
        "results": [{"value": 1.5}],
        "used": [".fmean"],
        "lines": {".fmean": [4, "return fmean(values)"]},
    }
    told = mark_reply(ENTRY, reply, source=source, answer="mean").findings[0].sentence
    assert told.startswith("Line 4, `return fmean(values)`, uses a library's fmean.")
    forged = reply | {"lines": {".fmean": [4, "0.25, 0.75"]}}
    assert "0.25" not in mark_reply(ENTRY, forged, source=source, answer="mean").html()


def test_what_a_library_makes_and_what_a_module_holds_is_seen():
    import fractions
    import textwrap

    with watched(["fractions.Fraction", "textwrap.*"]) as used:
        fractions.Fraction(1, 3)
        textwrap.dedent(" x")
    assert used == ["fractions.Fraction", "textwrap.*"]


def test_a_ufunc_s_method_is_told_from_another_s():
    with watched(["numpy.logaddexp.reduce"]) as used:
        np.add.reduce([1.0, 2.0])
    assert used == []
    with watched(["numpy.logaddexp.reduce"]) as used:
        np.logaddexp.reduce([1.0, 2.0])
    assert used == ["numpy.logaddexp.reduce"]


@pytest.mark.keeps("grader.cases.ask.guard", "the watch that is taken down")
def test_a_watch_that_was_taken_down_is_told():
    with watched(FORBIDDEN) as used:
        sys.setprofile(None)
    assert used == [WATCH_TAKEN_DOWN]


ENTRY = {
    "id": "mean", "kind": "function", "points": 2.0, "public": False, "rtol": 1e-6, "atol": 0.0, "accepts": [],
    "forbidden": [".fmean"], "mistakes": [],
    "cases": [{"label": "two numbers", "args": [[1.0, 2.0]], "expected": {"value": 1.5}}],
}  # fmt: skip


def taken_down_and_put_back():
    watch = sys.getprofile()
    sys.setprofile(None)
    sys.setprofile(watch)


def forked():
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def in_a_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


UNSEEN = {
    "the watch put back": (taken_down_and_put_back, WATCH_TAKEN_DOWN),
    "from C to C": (lambda: list(map(sys.setprofile, [None])), WATCH_TAKEN_DOWN),
    "a trace function": (lambda: sys.settrace(None), WATCH_TAKEN_DOWN),
    "the collector's objects": (lambda: gc.get_objects() and None, WATCH_TAKEN_DOWN),
    "who refers to it": (lambda: list(map(gc.get_referrers, [FORBIDDEN])) and None, WATCH_TAKEN_DOWN),
    "a thread": (in_a_thread, OUT_OF_SIGHT),
    "the bare thread": (lambda: _thread.start_new_thread(int, ()), OUT_OF_SIGHT),
    "a fork": (forked, OUT_OF_SIGHT),
    "a program": (lambda: subprocess.run(["true"], check=True), OUT_OF_SIGHT),
    "a program by the shell": (lambda: os.system("true"), OUT_OF_SIGHT),
    "a C library": (lambda: ctypes.CDLL(None).abs(-1), OUT_OF_SIGHT),
}


@pytest.mark.keeps(
    "grader.cases.ask.guard",
    "where it can't see, it tells that somebody went there",
    "a thread or a process that is started",
    "and be it put back",
    "a trace function",
    "a C library's function by `ctypes`",
    "a look at the collector's objects",
)
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # it has threads, and forks
@pytest.mark.parametrize("way", UNSEEN)
def test_who_goes_where_nothing_is_seen_is_told(way):
    goes, told = UNSEEN[way]
    with watched(FORBIDDEN) as used:
        goes()
    assert told in used


@pytest.mark.keeps(
    "grader.cases.ask.guard", "an audit hook)", "who has taken the profiler down is heard all the same"
)
def test_an_audit_hook_of_ones_own_is_told_and_ours_hears_without_the_profiler():
    """In a process of its own, since a hook stays."""
    program = """
import subprocess, sys
from grader.cases.ask.guard import watched
with watched(["math.log"]) as deaf:
    list(map(sys.setprofile, [None]))
    subprocess.run(["true"])
with watched(["math.log"]) as during:
    sys.addaudithook(lambda *_: None)
with watched(["math.log"]) as after:
    pass
print(deaf, during, after, sep="\\n")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    deaf, during, after = map(ast.literal_eval, said.splitlines())
    assert OUT_OF_SIGHT in deaf and WATCH_TAKEN_DOWN in deaf
    assert after == [WATCH_TAKEN_DOWN]


@pytest.mark.keeps(
    "grader.cases.ask.guard",
    "the watch stands from before the inputs are known until the last result is plain data",
)
def test_the_watch_stands_while_inputs_are_read_and_results_are_encoded(monkeypatch):
    assert "used" not in collect(questions_of(ENTRY), fmean)
    for name in ("decode_value", "encode_value"):
        real = getattr(collecting, name)

        def calls(*args, real=real, **more):
            statistics.fmean([1.0])
            return real(*args, **more)

        with monkeypatch.context() as replaced:
            replaced.setattr(collecting, name, calls)
            assert collect(questions_of(ENTRY), fmean)["used"] == [".fmean"]


def test_a_right_answer_by_a_forbidden_call_earns_nothing():
    reply = json.loads(json.dumps(collect(questions_of(ENTRY), mean)))
    score = mark_reply(ENTRY, reply)
    assert score == 0 and score.mistakes == ("forbidden",) and "fmean" in score.findings[0].sentence
    assert mark_reply(ENTRY, collect(questions_of(ENTRY), fmean)).full


@pytest.mark.parametrize("used", [7, "all", ["x"], [[]], {".fmean": 1}, None])
def test_what_a_reply_says_of_its_calls_may_be_anything(used):
    assert mark_reply(ENTRY, {"results": [{"value": 1.5}], "used": used}).full


BELOW_PYTHON = {
    "an operator": lambda torch, z, y: torch.ops.aten.nll_loss_forward(z, y, None, 0, -100),
    "an operator with another ending": lambda torch, z, y: torch.ops.aten.cross_entropy_loss(z, y),
    "a function in C++": lambda torch, z, y: torch._C._nn.nll_loss_nd(z, y),
    "a module that inherits": lambda torch, z, y: type("Mine", (torch.nn.CrossEntropyLoss,), {})().forward(
        z, y
    ),
}


@pytest.mark.parametrize("way", BELOW_PYTHON)
def test_a_loss_below_python_is_seen(way):
    torch = pytest.importorskip("torch")
    z, y = torch.rand(2, 3), torch.tensor([0, 1])
    with watched(doors(["cross_entropy"])) as used:
        BELOW_PYTHON[way](torch, z, y)
    assert used
    with watched(doors(["cross_entropy"])) as used:
        torch.nn.functional.mse_loss(z, z)
        torch.log_softmax(z, -1).gather(-1, y[:, None])
    assert used == []


UFUNCS = {
    "by getattr": lambda scipy, p: getattr(scipy.special, "rel_" + "entr")(p, p),
    "by the module's dictionary": lambda scipy, p: vars(sys.modules["scipy.special"])["rel" + "_entr"](p, p),
}


@pytest.mark.keeps("grader.cases.ask.guard", "ufuncs and builtin functions that are found by their modules")
@pytest.mark.parametrize("way", UFUNCS)
def test_a_ufunc_is_seen_and_put_back(way):
    special = pytest.importorskip("scipy.special")
    before, p = special.rel_entr, np.array([0.5, 0.5])
    with watched(doors(["kl_divergence"])) as used:
        UFUNCS[way](sys.modules["scipy"], p)
        special.xlogy(p, p)
    assert used == ["scipy.special.rel_entr"]
    assert special.rel_entr is before


def test_what_an_answer_holds_is_found_and_what_stands_beside_it_is_not():
    special = pytest.importorskip("scipy.special")
    names, library = doors(["kl_divergence"]), special.rel_entr

    def uses(p, q):
        return library(p, q).sum()

    class Own:
        def __call__(self, p, q):
            return uses(p, q)

    class Innocent:
        def rel_entr(self, p):
            return p

        def __call__(self, p, q):
            return self.rel_entr(p)

    for answer in (uses, Own(), Own, functools.partial(library, 1.0), [library], Own().__call__):
        assert held(answer, names) == ["scipy.special.rel_entr"]
    for answer in (Innocent(), np.sum, special.xlogy, 3.0, None, lambda p: p.rel_entr):
        assert held(answer, names) == []
