"""Is every fault of the prover noticed? The faults are put in one at a time; the witnesses and a short hunt look.

python -m tests.hunt.mutants [--all] [--module NAME] [--from N] [--count N]

Without --all: the faults of the curated list, one or more for each rule. With it: every small change that
:mod:`tests.hunt.mutator` knows, for each function that decides proofs; those that nothing notices are printed.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import CodeType, FrameType
from typing import Any

from sympy import S

from tests.hunt.hunt import proof
from tests.hunt.mutator import Mutant, applied, mutants_of
from tests.hunt.statements import Statement
from tests.hunt.witnesses import FALSE, TRUE

MODULES = ("ranges", "normal", "atoms", "signs", "calculus", "inequalities", "proof", "polynomial")
_SECONDS = 60  # of one battery; a fault may make the prover run on


@dataclass(frozen=True)
class Witness:
    """A statement, and whether the prover must prove it, or must not."""

    statement: Statement
    provable: bool

    def holds(self) -> bool:
        return (proof(self.statement) is not None) == self.provable


@lru_cache
def battery() -> tuple[Witness, ...]:
    """Return the witnesses: all that are written down."""
    return tuple(
        Witness(Statement(rule, S(lhs), relation, S(rhs)), provable)
        for statements, provable in ((TRUE, True), (FALSE, False))
        for rule, sides in statements.items()
        for lhs, relation, rhs in sides
    )


@lru_cache
def reached() -> dict[CodeType, tuple[int, ...]]:
    """Return which witnesses run each of the prover's functions, by their numbers."""
    found: dict[CodeType, list[int]] = {}
    for number, witness in enumerate(battery()):
        seen: set[CodeType] = set()

        def note(frame: FrameType, event: str, argument: Any, seen: set[CodeType] = seen) -> None:
            if event == "call":
                seen.add(frame.f_code)

        sys.setprofile(note)
        try:
            proof(witness.statement)
        finally:
            sys.setprofile(None)
        for code in seen:
            found.setdefault(code, []).append(number)
    return {code: tuple(numbers) for code, numbers in found.items()}


def noticed(mutant: Mutant) -> str | None:
    """Return what notices the fault: a witness, or an error; None when nothing does."""
    numbers = reached().get(mutant.target.__code__, ())
    with applied(mutant):
        for number in numbers:
            witness = battery()[number]
            try:
                with _time_limit(_SECONDS):
                    if not witness.holds():
                        return f"{'not proved' if witness.provable else 'proved'}: {witness.statement}"
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


def main(arguments: list[str]) -> int:
    """Print how many of how many faults are noticed, and those that are not; return 1 when there are such."""
    parser = argparse.ArgumentParser(prog="python -m tests.hunt.mutants", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every small change, not only the curated faults")
    parser.add_argument(
        "--module", action="append", help="only this module of grader.algebra; may be given again"
    )
    parser.add_argument("--from", dest="first", type=int, default=0, help="the number of the first mutant")
    parser.add_argument("--count", type=int, help="how many mutants")
    chosen = parser.parse_args(arguments)
    unsound = [str(w.statement) for w in battery() if not w.holds()]
    if unsound:
        print("without any fault, these witnesses do not hold:", *unsound, sep="\n  ")
        return 1
    every = (mutant for name in chosen.module or MODULES for mutant in mutants_of(name))
    last = None if chosen.count is None else chosen.first + chosen.count
    seen = survived = unreached = 0
    for mutant in islice(every, chosen.first, last):
        seen += 1
        if noticed(mutant) is None:
            if mutant.target.__code__ in reached():
                survived += 1
                print(f"NOT NOTICED  {mutant}", flush=True)
            else:
                unreached += 1
                print(f"NOT REACHED  {mutant}", flush=True)
    print(
        f"{seen - survived - unreached} of {seen} noticed ({unreached} in functions that no witness reaches)"
    )
    return 1 if survived or unreached else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
