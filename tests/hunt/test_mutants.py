"""Each rule of the prover and of the decisions around it, broken or switched off, is noticed."""

from collections.abc import Callable

import pytest

from grader.algebra import integers
from tests.hunt.faults import FAULTS, Fault
from tests.hunt.hunt import proof
from tests.hunt.letters import V, k
from tests.hunt.mutants import battery, curated, noticed, statement_of, witnesses_for
from tests.hunt.mutator import applied, mutant_with, mutants_of
from tests.hunt.shapes.registry import total

SLICES = 6


def test_without_a_fault_nothing_is_noticed() -> None:
    assert [difference for witness in battery() if (difference := witness.fault())] == []


@pytest.mark.parametrize("start", range(SLICES))
def test_every_fault_of_the_prover_is_noticed(
    start: int, record_property: Callable[[str, object], None]
) -> None:
    chosen = FAULTS[start::SLICES]
    missed = [str(fault) for fault in chosen if noticed(_mutant(fault)) is None]
    figure = (
        f"faults of the prover's rules, slice {start}: {len(chosen) - len(missed)} of {len(chosen)} noticed"
    )
    record_property("figure", figure)
    assert missed == []


def _mutant(fault: Fault):  # type: ignore[no-untyped-def]
    return mutant_with(fault.function, fault.old, fault.new)


def test_each_fault_is_somewhere_that_a_witness_comes_by() -> None:
    assert [str(mutant) for mutant in curated() if not witnesses_for(mutant)] == []


def test_a_fault_is_in_force_only_within_its_block() -> None:
    wrong = statement_of("", (total(1, k, V, 4), "=", 5 - V))
    fault = mutant_with("has_count", "at_least(high - low, -1)", "True")
    assert proof(wrong) is None
    with applied(fault):
        assert proof(wrong) is not None
    assert proof(wrong) is None


def test_a_fault_whose_source_has_changed_is_reported() -> None:
    with pytest.raises(ValueError, match="have once"):
        mutant_with("has_count", "no such piece", "True")


def test_the_mutator_changes_comparisons_conditions_and_numbers() -> None:
    changes = {mutant.change for mutant in mutants_of("integers") if mutant.function == "is_empty"}
    assert {"1  →  2", "1  →  0", "low - high  →  low + high", "returns None at once"} <= changes
    assert integers.is_empty.__doc__ and "no term" in integers.is_empty.__doc__
