"""Puts false statements to the prover, and prints how many of them it proves.

python -m tests.hunt [--count N] [--seed S] [--out FILE] [--shrink N]

The statements come in pieces of 1,000, each drawn from the seed and its own number. With --out, what a piece has shown
is appended to FILE, and a later run with the same seed goes on after the last piece there.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from tests.hunt.hunt import Tally, hunt, shrunk

PIECE = 1_000


def main(arguments: list[str]) -> int:
    """Hunt; return 1 when a false statement was proved."""
    parser = argparse.ArgumentParser(prog="python -m tests.hunt", description=__doc__)
    parser.add_argument(
        "--count", type=int, default=10_000, help="how many false statements, in all (default 10,000)"
    )
    parser.add_argument("--seed", type=int, default=0, help="what they are drawn from")
    parser.add_argument("--out", type=Path, help="file that keeps the counts of the pieces, to go on from")
    parser.add_argument(
        "--shrink", type=int, default=20, help="how many found statements are made small (default 20)"
    )
    chosen = parser.parse_args(arguments)
    kept = _kept(chosen.out, chosen.seed)
    tally, begun, found = Tally(), time.process_time(), 0
    for piece in kept.values():
        _add(tally, piece)
    while sum(tally.false.values()) < chosen.count:
        number = len(kept)
        seen = hunt(f"{chosen.seed}:{number}", min(PIECE, chosen.count - sum(tally.false.values())))
        for statement, point in seen.found:
            found += 1
            small = shrunk(statement) if found <= chosen.shrink else statement
            print(f"PROVED FALSELY ({statement.shape}): {small}    [at {point}: {statement}]", flush=True)
        kept[number] = _as_data(chosen.seed, number, seen)
        _add(tally, kept[number])
        if chosen.out is not None:
            with chosen.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(kept[number]) + "\n")
    print(tally)
    print(f"{time.process_time() - begun:.0f} s of processor time in this run")
    return 1 if sum(tally.proved.values()) else 0


def _as_data(seed: int, number: int, seen: Tally) -> dict[str, object]:
    return {
        "seed": seed, "piece": number, "drawn": seen.drawn, "false": seen.false, "proved": seen.proved,
        "conditional": seen.conditional, "found": [str(statement) for statement, _ in seen.found],
    }  # fmt: skip


def _kept(out: Path | None, seed: int) -> dict[int, dict[str, object]]:
    if out is None or not out.exists():
        return {}
    pieces = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {piece["piece"]: piece for piece in pieces if piece["seed"] == seed}


def _add(tally: Tally, piece: dict[str, object]) -> None:
    for name in ("drawn", "false", "proved"):
        getattr(tally, name).update(Counter(piece[name]))
    tally.conditional += piece["conditional"]  # type: ignore[operator]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
