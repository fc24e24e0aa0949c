"""Does a check cell show exactly the score, whatever the student's code does?"""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from grader.cases import CaseFile, check
from tests.cases.sample_tasks import TASKS

RIGHT = "-np.log(p).mean()"
SETUP = "import math, os, sys, threading, warnings, logging\nimport numpy as np\nfrom grader import check"
# name -> (what the student writes, the check cell, the mark it must get)
CELLS = {
    "plain": (f"def f(p): return {RIGHT}", "check('mean-nll', f)", 3.0),
    "warns": (
        f"def f(p):\n    warnings.warn('mind')\n    np.log(np.zeros(1))\n    return {RIGHT}",
        "check('mean-nll', f)",
        3.0,
    ),
    "prints to stderr": (
        f"def f(p):\n    print('x', file=sys.stderr)\n    return {RIGHT}",
        "check('mean-nll', f)",
        3.0,
    ),
    "logs": (f"def f(p):\n    logging.error('x')\n    return {RIGHT}", "check('mean-nll', f)", 3.0),
    "logs by an old handler": (
        f"handler = logging.StreamHandler(sys.stderr)\nlogging.getLogger('s').addHandler(handler)\n"
        f"def f(p):\n    logging.getLogger('s').error('x')\n    return {RIGHT}",
        "check('mean-nll', f)",
        3.0,
    ),
    "writes to a descriptor": (
        f"def f(p):\n    os.write(2, b'x')\n    return {RIGHT}",
        "check('mean-nll', f)",
        3.0,
    ),
    "displays numbers": (
        f"def f(p):\n    display(0.0)\n    sys.displayhook(0.5)\n    return {RIGHT}",
        "check('mean-nll', f)",
        3.0,
    ),
    "leaves the streams replaced": (
        f"def f(p):\n    sys.stdout = sys.stderr = None\n    return {RIGHT}",
        "check('mean-nll', f)",
        3.0,
    ),
    "prints precisely": (f"%precision 1\ndef f(p): return {RIGHT}", "check('mean-nll', f)", 3.0),
    "underflows": ("def f(p): return -np.log(np.prod(p)) / len(p)", "check('mean-nll', f)", 2.0),
    "exits": ("def f(p): sys.exit(0)", "check('mean-nll', f)", 0.0),
    "is the stub": ("def f(p): raise NotImplementedError", "check('mean-nll', f)", 0.0),
    "calls what is forbidden": (
        f"if 0:\n    import torch.nn.functional as F\ndef f(p): return {RIGHT} if p[0] else F.cross_entropy(p)",
        "check('mean-nll', f)",
        0.0,
    ),
    "has an own method of this name": (
        "class F:\n    def cross_entropy(self, p): return -np.log(p).mean()\n"
        "    def __call__(self, p): return self.cross_entropy(p)\nf = F()",
        "check('mean-nll', f)",
        3.0,
    ),
    "a class that calls what is forbidden": (
        f"if 0:\n    import torch.nn.functional as F\nclass G:\n"
        f"    def __call__(self, p): return {RIGHT} if p[0] else F.cross_entropy(p)\nf = G()",
        "check('mean-nll', f)",
        0.0,
    ),
    "compares with what is forbidden": (
        f"if 0:\n    import torch.nn.functional as F\ndef f(p): return {RIGHT}\n"
        "assert f(np.ones(1)) == 0 or F.cross_entropy(1)",
        "check('mean-nll', f)",
        3.0,
    ),
    "leaves its folder": (f"os.chdir('/')\ndef f(p): return {RIGHT}", "check('mean-nll', f)", 3.0),
    "a value": ("ppl = math.exp(2.1)", "check('ppl', ppl)", 2.0),
    "no answer": ("ppl = None", "check('ppl', ppl)", 0.0),
    "an impostor": (
        "class Equal(float):\n    __eq__ = __ge__ = __le__ = lambda *_: True\nppl = Equal(0.5)",
        "check('ppl', ppl)",
        0.0,
    ),
    "an unknown task": ("", "check('no-such-task', 1.0)", 0.0),
}


def run(folder, root, extra=None):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SETUP)])
    for name, (answer, call, _) in CELLS.items():
        notebook.cells.append(nbformat.v4.new_code_cell(answer))
        cell = nbformat.v4.new_code_cell(call, metadata={"name": name})
        cell.metadata["nbgrader"] = {
            "grade": True,
            "solution": False,
            "points": 3,
            "grade_id": "c",
            "schema_version": 3,
        }
        notebook.cells.append(cell)
    env = {**os.environ, "PYTHONPATH": str(root)} | (extra or {})
    client = NotebookClient(
        notebook, timeout=60, resources={"metadata": {"path": str(folder)}}, allow_errors=True
    )
    client.execute(env=env)
    return {c.metadata["name"]: c for c in notebook.cells if "name" in c.metadata}


@pytest.fixture(scope="module")
def ran(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("set")
    CaseFile.of("99_test", TASKS, 7, public=True).save(folder / "cases.json")
    return run(folder, root)


@pytest.mark.parametrize("name", CELLS)
def test_nbgrader_reads_the_mark_of_the_cell(ran, name):
    assert determine_grade(ran[name]) == (CELLS[name][2], 3.0)


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_shows_the_score_and_nothing_else(ran, name):
    (output,) = ran[name].outputs
    assert output.output_type == "execute_result"
    assert float(output.data["text/plain"]) == CELLS[name][2]
    assert "surprisal-feedback" in output.data["text/html"]


def test_the_feedback_says_what_to_do_about_an_unknown_task(ran):
    html = ran["an unknown task"].outputs[0].data["text/html"]
    assert "There is no task &quot;no-such-task&quot; in 99_test" in html


def test_with_hidden_cases_the_hidden_answer_counts(tmp_path, root):
    student, hidden = tmp_path / "student", tmp_path / "hidden"
    student.mkdir()
    hidden.mkdir()
    CaseFile.of("99_test", TASKS, 7, public=True).save(student / "cases.json")
    CaseFile.of("99_test", TASKS, 7, public=False).save(hidden / "99_test.json")
    cells = run(student, root, {"GRADER_CASES": str(hidden)})
    for name, cell in cells.items():
        assert determine_grade(cell) == (CELLS[name][2], 3.0)


def test_without_cases_the_score_is_zero_and_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    score = check("ppl", 8.17)
    assert score == 0.0
    assert "cases.json is not in" in score.note
    (tmp_path / "cases.json").write_text("{")
    assert "Put the cases.json of the released set back" in check("ppl", 8.17).note


@pytest.mark.parametrize("task", [None, 3, [], {}, "x" * 10**6, object()])
def test_no_first_argument_makes_it_raise(task, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    CaseFile.of("99_test", TASKS, 7, public=True).save(tmp_path / "cases.json")
    assert check(task, 1.0) == 0.0
    assert len(check(task, 1.0).html()) < 3_000


def test_a_damaged_entry_gives_a_sentence_and_no_traceback(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cases = CaseFile.of("99_test", TASKS, 7, public=True)
    entry = dict(cases.tasks["mean-nll"]) | {"cases": [{"label": "a"}]}
    CaseFile("99_test", {"mean-nll": entry}).save(tmp_path / "cases.json")
    score = check("mean-nll", lambda p: 1.0)
    assert score == 0.0
    assert score.needs_review


def test_a_check_of_a_number_loads_neither_sympy_nor_torch_nor_ipython(root):
    code = "import sys; from grader import check; check(1, 1); print({'sympy', 'torch', 'IPython'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
