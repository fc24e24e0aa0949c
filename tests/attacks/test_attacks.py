"""Does an attack ever earn what it did not answer, and does an honest notebook ever lose what it did?"""

from collections.abc import Callable

import pytest

from grader.sandbox import ForkServer
from tests.attacks.arena import Attack, attacks, free_slot, mark_attack

ALL = attacks()
HONEST = sum(attack.honest for attack in ALL)
FIGURES = (
    f"of {len(ALL) - HONEST} attacks, those whose test passes gained no credit that they did not earn; "
    f"of {HONEST} honest notebooks, those whose test passes lost none"
)


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.name)
def test_credit_is_exactly_what_was_earned(
    attack: Attack, warm: ForkServer, record_property: Callable[[str, object], None]
) -> None:
    marked = mark_attack(attack, warm.address, free_slot())
    record_property("figure", FIGURES)
    assert not marked.gained, marked.explain()
    assert not marked.lost, marked.explain()
    assert not marked.leaked, marked.explain()
    assert marked.as_told, marked.explain()


def test_there_are_attacks_of_every_class() -> None:
    classes = {attack.name.split("/")[0] for attack in ALL}
    assert len(ALL) - HONEST >= 130 and HONEST >= 25
    assert len(classes) >= 20
