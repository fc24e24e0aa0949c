"""Does a limit count all that a cell starts, and does it end all of it?"""

import shutil
from collections.abc import Callable, Iterator

import pytest

from grader.judge.execute import Step
from grader.judge.limits import Limits
from grader.judge.walled import WalledExecutor
from grader.sandbox import ForkServer, Walls

LIMITS = Limits(cell_seconds=1.0, notebook_seconds=30.0, grace_seconds=20.0)
WALLS = Walls(memory_bytes=512 << 20, processes=32)
CROWD = """
import os
for _ in range(8):
    if os.fork() == 0:
        while True:
            pass
"""


@pytest.fixture(scope="module", params=[True, False], ids=["grouped", "ungrouped"])
def walled(request: pytest.FixtureRequest, lacking: Callable[[str], None]) -> Iterator[WalledExecutor]:
    """An executor whose rooms have a control group where they can, and one whose rooms have none."""
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    modules = "IPython.core.interactiveshell", "grader.judge.kernel"
    with ForkServer(modules, grouped=request.param) as server:
        yield WalledExecutor(server.address, WALLS)


def test_a_cell_that_waits_for_what_it_started_is_stopped_by_their_time_together(
    walled: WalledExecutor,
) -> None:
    stopped, after = walled([Step(f"{CROWD}\nos.wait()"), Step("print('on')")], {}, LIMITS)
    assert stopped.trouble == "was stopped after 1 s, the limit for a cell"
    assert after.outputs[0]["text"] == "on\n"
    assert after.usage is not None
    assert 0.5 < after.usage["cpu_seconds"] < 4.0


def test_what_an_earlier_cell_left_uses_the_notebooks_time(walled: WalledExecutor) -> None:
    limits = Limits(cell_seconds=30.0, notebook_seconds=2.0, grace_seconds=20.0)
    left, waits = walled([Step(CROWD), Step("os.wait()")], {}, limits)
    assert left.trouble is None
    assert waits.trouble == "was stopped: the notebook had used its 2 s"


def test_a_fork_bomb_costs_its_own_cell_only(walled: WalledExecutor) -> None:
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    again = "import subprocess\nprint(subprocess.run(['true']).returncode)"
    stopped, after = walled([Step(bomb), Step(again)], {}, LIMITS)
    assert stopped.trouble == "was stopped after 1 s, the limit for a cell"
    assert after.outputs[0]["text"] == "0\n"


@pytest.mark.keeps("grader.sandbox", "ends a room that met it")
def test_memory_costs_a_cell_if_one_process_takes_it_and_the_notebook_if_many_do(
    walled: WalledExecutor,
) -> None:
    limits = Limits(cell_seconds=60.0)
    alone = Step("a = []\nwhile True:\n    a.append(bytes(10**6))")
    many = Step("""
import os, time
for _ in range(6):
    if os.fork() == 0:
        b = [bytearray(b"x" * 10**6) for _ in range(300)]
        time.sleep(1000)
time.sleep(1000)
""")
    steps = [alone, Step("a.clear()"), many, Step("print('on')")]
    error, fine, ended, after = walled(steps, {}, limits)
    assert error.trouble == "ran out of memory: the limit is 384 MB"
    assert fine.trouble is None
    assert ended.trouble == "used more than 512 MB of memory and was ended"
    assert not after.ran
