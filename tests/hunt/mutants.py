"""Is every fault of the prover noticed? The faults are put in one at a time, and the witnesses are asked again.

python -m tests.hunt.mutants [--all] [--module NAME ...] [--from N] [--count N]

Without --all: the curated faults, one or more for each rule. With it: every small change that :mod:`tests.hunt.mutator`
knows, in each function that decides proofs. What nothing notices is printed.
"""

import argparse
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import FrameType
from typing import Any

from sympy import S

from grader.algebra.proof import Proof
from tests.hunt.decisions import DECISIONS, Decision
from tests.hunt.faults import FAULTS
from tests.hunt.hunt import contradicted, proof
from tests.hunt.mutator import Mutant, applied, mutant_with, mutants_of
from tests.hunt.shapes.registry import Sides
from tests.hunt.statements import Statement
from tests.hunt.witnesses import CONDITIONS, FALSE, NOWHERE, TRUE

MODULES = (
    "integers", "ranges", "bound", "placement", "closed_forms", "factorials", "requirements", "normal", "atoms",
    "signs",
    "polynomial",
    "moments", "expectations", "curves", "determinants",
    "derivatives", "limits", "calculus", "inequalities", "proof",
)  # fmt: skip
_SECONDS = 20  # of processor time for one witness; a fault may make the prover run on


@dataclass(frozen=True)
class Witness:
    """A statement, and what the prover must say: the conditions of a proof, or None for no proof."""

    statement: Statement
    conditions: frozenset[str] | None

    def ask(self) -> Proof | None:
        """Return what the prover says."""
        return proof(self.statement)

    def fault(self) -> str | None:
        """Return in what the prover differs; None where it says what it must."""
        found = self.ask()
        stated = None if found is None else frozenset(map(str, found.conditions))
        if self.conditions is None and found is not None and stated:
            return (
                None
                if contradicted(self.statement, found.conditions, 1) is None
                else f"proved: {self.statement}"
            )
        if stated == self.conditions:
            return None
        said = "not proved" if stated is None else f"proved if {', '.join(stated) or 'nothing else'}"
        return f"{said}: {self.statement}"


@lru_cache
def battery() -> tuple[Witness | Decision, ...]:
    """Return the witnesses: all that are written down, and those of the decisions around the prover."""
    written = [(rule, sides, frozenset()) for rule, many in TRUE.items() for sides in many]
    written += [("conditions", sides, frozenset(stated)) for sides, stated in CONDITIONS]
    witnesses = [Witness(statement_of(rule, sides), conditions) for rule, sides, conditions in written]
    witnesses += [Witness(statement_of(rule, sides), None) for rule, many in FALSE.items() for sides in many]
    witnesses += [Witness(statement_of("nowhere", sides), None) for sides in NOWHERE]
    return (*witnesses, *DECISIONS)


def statement_of(rule: str, sides: Sides) -> Statement:
    """Return the witness's statement; the sides may be plain numbers."""
    lhs, relation, rhs = sides
    return Statement(rule, S(lhs), relation, S(rhs))


Place = tuple[str, int]  # a file and a line


@lru_cache
def reached() -> dict[Place, tuple[int, ...]]:
    """Return which witnesses run each line of the algebra, by their numbers."""
    found: dict[Place, list[int]] = {}
    for number, witness in enumerate(battery()):
        for place in _lines_run(witness):
            found.setdefault(place, []).append(number)
    return {place: tuple(numbers) for place, numbers in found.items()}


def _lines_run(witness: Witness | Decision) -> set[Place]:
    seen: set[Place] = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if "/grader/algebra/" not in frame.f_code.co_filename:
            return None
        seen.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        witness.ask()
    finally:
        sys.settrace(before)
    return seen


def witnesses_for(mutant: Mutant) -> tuple[int, ...]:
    """Return the numbers of the witnesses that run the faulty line, all of the function where it is not known."""
    file = mutant.target.__code__.co_filename
    exact = reached().get((file, mutant.line))
    return exact if exact is not None else reached().get((file, mutant.target.__code__.co_firstlineno), ())


def noticed(mutant: Mutant) -> str | None:
    """Return what notices the fault: a witness, or an error; None when nothing does."""
    numbers = witnesses_for(mutant)
    with applied(mutant):
        for number in numbers:
            witness = battery()[number]
            try:
                with _time_limit(_SECONDS):
                    difference = witness.fault()
                    if difference is not None:
                        return difference
            except Exception as problem:  # noqa: BLE001 - a fault may raise anything, and so is noticed
                return f"{type(problem).__name__}: {problem}"
    return None


class _TooLong(Exception):
    pass


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def curated() -> Iterator[Mutant]:
    """Yield the faults of the list. Raises ValueError for one whose piece of source is not there."""
    for fault in FAULTS:
        yield mutant_with(fault.function, fault.old, fault.new)


def main(arguments: list[str]) -> int:
    """Print how many of how many faults are noticed, and those that are not; return 1 when there are such."""
    parser = argparse.ArgumentParser(prog="python -m tests.hunt.mutants", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every small change, not only the curated faults")
    parser.add_argument(
        "--module", action="append", help="only this module of grader.algebra; may be given again"
    )
    parser.add_argument("--from", dest="first", type=int, default=0, help="the number of the first fault")
    parser.add_argument("--count", type=int, help="how many faults")
    chosen = parser.parse_args(arguments)
    differing = [difference for witness in battery() if (difference := witness.fault())]
    if differing:
        print("without any fault, the prover differs from these witnesses:", *differing, sep="\n  ")
        return 1
    every: Iterable[Mutant] = curated()
    if chosen.all:
        every = (mutant for name in chosen.module or MODULES for mutant in mutants_of(name))
    last = None if chosen.count is None else chosen.first + chosen.count
    seen = survived = unreached = 0
    for mutant in islice(every, chosen.first, last):
        seen += 1
        if not witnesses_for(mutant):
            unreached += 1
            print(f"NOT REACHED  {mutant}", flush=True)
        elif noticed(mutant) is None:
            survived += 1
            print(f"NOT NOTICED  {mutant}", flush=True)
    print(f"{seen - survived - unreached} of {seen} noticed ({unreached} where no witness comes by)")
    return 1 if survived or unreached else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
