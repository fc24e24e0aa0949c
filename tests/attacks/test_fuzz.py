"""Does the judge give a verdict on any notebook, and points for no task that was not answered?"""

from dataclasses import replace

import pytest

from grader.judge.verdict import judge
from grader.judge.walled import WalledExecutor
from grader.sandbox import ForkServer
from tests.attacks.arena import LIMITS, SEED, WALLS, free_slot, released
from tests.attacks.fuzzer import random_notebook


@pytest.mark.parametrize("seed", range(16))
def test_a_random_notebook_gets_a_verdict_and_earns_only_what_it_answers(warm: ForkServer, seed: int) -> None:
    name = ("05_softmax_gradient", "06_perplexity")[seed % 2]
    submission, earned = random_notebook(name, seed)
    limits = replace(LIMITS, cell_seconds=3.0, notebook_seconds=12.0)
    verdict = judge(
        submission, released(name), SEED, limits, WalledExecutor(warm.address, WALLS, free_slot())
    )
    assert all(float(score) == 0 for task, score in verdict.scores.items() if task not in earned), (
        verdict.to_json()
    )
    assert len(verdict.scores) == sum(
        entry["kind"] != "free-text" for entry in released(name).entries.values()
    )
