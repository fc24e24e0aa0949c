"""Decides every step of the book, and the statements of `tests/algebra/test_exactness.py`, anew from many seeds.

python -m tests.book.seeds [--seeds N] [--from S]        (200 seeds take half an hour of one processor)

A verdict is a status with its conditions, and it must not depend on the seed. What is counted is printed; the exit code
is 1 when a statement got two verdicts.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from grader.algebra import relate
from grader.algebra.ledger import chapters, run_chapter
from tests.algebra import test_exactness

ROOT = Path(__file__).resolve().parents[2]


class Statement(NamedTuple):
    """What `relate` is asked: where it stands, both sides, the relation and the error of ≈."""

    place: str
    left: Any
    relation: str
    right: Any
    error: Any = None

    def verdict(self, seed: int) -> tuple[str, tuple[str, ...]]:
        found = relate(self.left, self.relation, self.right, error=self.error, seed=seed)
        return found.status, found.conditions


def statements() -> Iterator[Statement]:
    """Yield the book's steps and the statements that are hard to decide."""
    for path in chapters(ROOT):
        for derivation in run_chapter(path).derivations:
            for number, (before, line) in enumerate(pairwise(derivation.lines), 1):
                if before.expr is not None and line.expr is not None:
                    place = f"{derivation.label}, step {number}"
                    yield Statement(place, before.expr, str(line.relation), line.expr, line.error)
    for name, (left, relation, right) in {
        **test_exactness.FALSE,
        **test_exactness.NEVER_REFUTED,
        **test_exactness.HOLD,
        **{name: claim for name, (claim, _) in test_exactness.EXCEPTIONAL.items()},
    }.items():
        yield Statement(name, left, relation, right)


def main() -> int:
    """Print how many verdicts there were, and each statement that got two; return 1 when there is one."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seeds", type=int, default=200, help="from how many seeds (default 200)")
    options.add_argument("--from", dest="first", type=int, default=0, help="the first of them")
    chosen = options.parse_args()
    asked = list(statements())
    verdicts = [statement.verdict(chosen.first) for statement in asked]
    count, different = len(asked), set[str]()
    for seed in range(chosen.first + 1, chosen.first + chosen.seeds):
        for statement, first in zip(asked, verdicts, strict=True):
            again = statement.verdict(seed)
            count += 1
            if again != first:
                different.add(statement.place)
                print(f"{statement.place}: {first} from seed {chosen.first}, {again} from seed {seed}")
        print(
            f"seed {seed}: {count} verdicts on {len(asked)} statements, {len(different)} differ", flush=True
        )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
