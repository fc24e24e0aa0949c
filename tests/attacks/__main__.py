"""Prints how many attacks gained credit that they did not earn, and how many honest notebooks lost credit.

python -m tests.attacks [--class TIMES] [NAME...]        a NAME is a part of an attack's name
"""

import argparse
import sys
from collections.abc import Sequence

from tests.attacks.arena import Attack, attacks, free_slot, mark_attack, warm_server
from tests.attacks.whole_class import compare


def main() -> int:
    """Mark every attack whose name holds one of the names given; return 1 when a count is not 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of an attack's name (default: all)")
    parser.add_argument(
        "--class",
        dest="times",
        type=int,
        metavar="TIMES",
        help="instead, grade a class of the attacks and 20 honest students so many times idle and so many beside busy "
        "processes: everybody has a row and a page, and the honest have the marks that they have alone",
    )
    options = parser.parse_args()
    names = options.names
    chosen = [a for a in attacks() if not names or any(name in a.name for name in names)]
    wrong = mark(chosen) if options.times is None else compare(chosen, options.times)
    return 1 if wrong else 0


def mark(chosen: Sequence[Attack]) -> int:
    """Mark attacks one by one, print the counts and return how many are not 0."""
    gained, lost, leaked = [], [], []
    with warm_server() as server:
        for attack in chosen:
            marked = mark_attack(attack, server.address, free_slot())
            print(f"{marked.verdict.seconds:6.2f} s  {attack.name}")
            gained += [marked] * bool(marked.gained)
            lost += [marked] * bool(marked.lost and attack.honest)
            leaked += [marked] * bool(marked.leaked)
            if marked.gained or marked.lost or marked.leaked or not marked.as_told:
                print(marked.explain())
    honest = sum(a.honest for a in chosen)
    print(f"attacks that gained credit they did not earn: {len(gained)} of {len(chosen) - honest}")
    print(f"notebooks that showed hidden inputs on their pages: {len(leaked)} of {len(chosen)}")
    print(f"honest notebooks that lost credit: {len(lost)} of {honest}")
    return bool(gained) + bool(lost) + bool(leaked)


if __name__ == "__main__":
    sys.exit(main())
