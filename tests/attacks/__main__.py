"""Prints how many attacks gained credit that they did not earn, and how many honest notebooks lost credit.

python -m tests.attacks [NAME...]        a NAME is a part of an attack's name
"""

import sys

from tests.attacks.arena import attacks, free_slot, mark_attack, warm_server


def main(names: list[str]) -> int:
    """Mark every attack whose name holds one of `names`; return 1 when a count is not 0."""
    chosen = [a for a in attacks() if not names or any(name in a.name for name in names)]
    gained, lost = [], []
    with warm_server() as server:
        for attack in chosen:
            marked = mark_attack(attack, server.address, free_slot())
            print(f"{marked.verdict.seconds:6.2f} s  {attack.name}")
            gained += [marked] * bool(marked.gained)
            lost += [marked] * bool(marked.lost and attack.honest)
            if marked.gained or marked.lost or not marked.as_told:
                print(marked.explain())
    honest = sum(a.honest for a in chosen)
    print(f"attacks that gained credit they did not earn: {len(gained)} of {len(chosen) - honest}")
    print(f"honest notebooks that lost credit: {len(lost)} of {honest}")
    return 1 if gained or lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
