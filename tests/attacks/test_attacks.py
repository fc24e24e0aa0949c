"""Does an attack ever earn what it did not answer, and does an honest notebook ever lose what it did?"""

import shutil
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox import ForkServer
from tests.attacks.arena import Attack, attacks, free_slot, mark_attack, warm_server

ALL = attacks()


@pytest.fixture(scope="session")
def warm(lacking: Callable[[str], None]) -> Iterator[ForkServer]:
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    with warm_server() as server:
        yield server


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.name)
def test_credit_is_exactly_what_was_earned(
    attack: Attack, warm: ForkServer, record_property: Callable[[str, object], None]
) -> None:
    marked = mark_attack(attack, warm.address, free_slot())
    assert not marked.gained, marked.explain()
    assert not marked.lost, marked.explain()
    assert marked.review == attack.review, marked.explain()
    if attack.header.get("says"):
        assert attack.header["says"] in " ".join(marked.verdict.problems), marked.explain()
