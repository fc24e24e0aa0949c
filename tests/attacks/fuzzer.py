# ruff: noqa: E501
"""Makes random notebooks from a seed: answers that are right, wrong or no answers, among cells that do what they like."""

import json
import random
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import cell_of, checks, filled, own_cell, released

# None of these is a right answer to any task, in whatever cell it stands.
NO_ANSWERS = (
    "None", "3.14159", "float('nan')", "float('inf')", "-0.0", "'8.166'", "[]", "[1, [2, 3]]", "{'a': 1}", "object()", "print",
    "lambda *a: 3.14159", "lambda *a: a", "lambda *a: None", "lambda: 1", "10**400", "10**10**6", "1j", "b'x'", "...", "range(10)",
    "type('T', (float,), {'__eq__': lambda s, o: True})(2)", "np.zeros(3)", "np.array(['a'])", "np.array(None)", "exit", "np",
    "(x for x in ())", "memoryview(b'abc')", "NotImplemented", "Exception('x')", "lambda *a: exit()", "lambda *a: 1 / 0",
    "lambda *a: (_ for _ in ()).throw(KeyboardInterrupt)", "lambda *a: [a] * 3", "undefined_name", "[[[]]]", "{1, 2}", "set",
)  # fmt: skip
NOISE = (
    "1 / 0", "print('x' * 10_000)", "import sys; sys.exit()", "raise KeyboardInterrupt", "def f(:", "%matplotlib inline", "!false",
    "check = None", "del check", "np = None", "import sys; sys.stdout = None", "import sys; sys.stderr.close()", "%reset -f",
    "import os; os.chdir('/tmp')", "import os; os.remove('cases.json')", "from IPython.display import clear_output; clear_output()",
    "import gc; gc.disable()", "import warnings; warnings.simplefilter('error')", "import sys; sys.setrecursionlimit(60)",
    "import builtins; builtins.len = None", "import json; json.dumps = None", "get_ipython().user_ns.clear()", "exec('x' * 10**6)",
    "import sys; sys.modules.clear()", "import os; os.close(3)", "import os\nfor fd in range(50):\n    try: os.close(fd)\n    except OSError: pass",
    "import threading; threading.Thread(target=print, args=('x' * 9999,)).start()", "import os; os.fork()", "raise SystemExit(3)",
    "import sys; sys.settrace(lambda *a: None)", "import signal; signal.alarm(1)", "import faulthandler; faulthandler._sigsegv()",
    "get_ipython().run_cell = None", "import asyncio; asyncio.get_event_loop().stop()", "\x00", "'''", "\\", "?", "%%bash\nkill -9 $$",
    "class int(int): pass", "str = dict", "__name__ = 1", "__builtins__ = None", "In = Out = _ = None", "import random; random.seed()",
)  # fmt: skip


def random_notebook(name: str, seed: int) -> tuple[Submission, set[str]]:
    """Return a submission to a set, and the tasks that it may earn points for: those with the model's answer."""
    rng = random.Random(seed)
    notebook = filled(name, {}, "model")
    earned = set(released(name).entries)
    for task in sorted(earned):
        cell = cell_of(notebook, task)
        if cell["cell_type"] == "code" and rng.random() < 0.5:
            earned.discard(task)
            asked = cell_of(notebook, f"check-{task}")["source"]
            answer = asked.split(",", 1)[1].rsplit(")", 1)[0].strip()
            cell["source"] = f"{answer} = {rng.choice(NO_ANSWERS)}"
    for _ in range(rng.randrange(6)):
        notebook["cells"].insert(rng.randrange(len(notebook["cells"]) + 1), own_cell(rng.choice(NOISE)))
    for cell in checks(notebook):
        if rng.random() < 0.2:
            _damage(cell, rng)
    if rng.random() < 0.2:
        notebook["metadata"] = {
            "x": [{}] * rng.randrange(100),
            "nbgrader": rng.choice([None, 1, {"points": 1e9}]),
        }
    content = json.dumps(notebook).encode()
    if rng.random() < 0.1:
        place = rng.randrange(len(content))
        content = content[:place] + rng.randbytes(rng.randrange(1, 9)) + content[place + rng.randrange(9) :]
    return Submission(content), earned


def _damage(cell: dict[str, Any], rng: random.Random) -> None:
    meta = cell["metadata"]["nbgrader"]
    key = rng.choice(list(meta))
    meta[key] = rng.choice([None, 1e9, -1, "x", [], {}, True, False, float("nan")])
    if rng.random() < 0.5:
        cell["source"] = rng.choice(NOISE)
