"""Marks attacks many times, alone and beside busy processes, and prints how many different verdicts each of them got.

python -m tests.attacks.verdicts [NAME...] [--runs 20] [--busy 4] [--ungrouped]

A NAME is a part of an attack's name; those that run into a limit are the default. A verdict is the points of each task
and the sentences to the student. One that had no processor for most of its time is judged again, as in a class. The
last line is one JSON object; the exit code is 1 when an attack got two verdicts.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from grader.pipeline.warm import WARM
from grader.sandbox import ForkServer
from tests.attacks.arena import Attack, attacks, free_slot, mark_attack

LIMIT_CASES = (
    "bombs/append_loop", "bombs/big_array", "bombs/concatenation", "bombs/forks", "bombs/ten_at_once",
    "bombs/memory_of_children", "bombs/socket_buffers", "bombs/internet_buffers", "bombs/mapped_and_unmapped",
    "bombs/another_program", "crashes/recursion", "floods/text", "floods/messages", "floods/raw_messages",
    "load/busy_processes", "load/short_lived", "load/sleeps", "load/waits_for_children", "loops/huge_power",
    "loops/python", "loops/regular_expression",
)  # fmt: skip


def verdict_on(attack: Attack, address: str) -> str:
    """Return what an attack gets, as text: the points of each task and the sentences."""
    verdict = mark_attack(attack, address, free_slot()).verdict
    if verdict.starved:
        print(f"judged again: {attack.name}", flush=True)
        verdict = mark_attack(attack, address, free_slot()).verdict
    return json.dumps([{task: float(score) for task, score in verdict.scores.items()}, verdict.problems])


@contextmanager
def busy_processes(number: int) -> Iterator[None]:
    """Keep so many processes at work, each in a session of its own."""
    program = [sys.executable, "-c", "while True: pass"]
    crowd = [subprocess.Popen(program, start_new_session=True) for _ in range(number)]
    try:
        yield
    finally:
        for process in crowd:
            process.kill()
            process.wait()


def main() -> int:
    """Print a line for each attack; return 1 when one got two verdicts."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--runs", type=int, default=20, help="how often, alone and again beside others")
    options.add_argument("--busy", type=int, default=4, help="busy processes beside the second half")
    options.add_argument("--ungrouped", action="store_true", help="without control groups")
    chosen = options.parse_args()
    names = chosen.names or LIMIT_CASES
    verdicts: dict[str, Counter[str]] = {}
    with ForkServer(WARM, grouped=not chosen.ungrouped) as server:
        for attack in attacks():
            if not any(name in attack.name for name in names):
                continue
            found = verdicts.setdefault(attack.name, Counter())
            for crowd in (0, chosen.busy):
                with busy_processes(crowd):
                    found.update(verdict_on(attack, server.address) for _ in range(chosen.runs))
            print(f"{len(found)} of {found.total()}  {attack.name}", flush=True)
            if len(found) > 1:
                print("\n".join(f"    {count} times {verdict}" for verdict, count in found.most_common()))
    swayed = sorted(name for name, found in verdicts.items() if len(found) > 1)
    result = {"attacks": len(verdicts), "runs": 2 * chosen.runs, "busy": chosen.busy, "swayed": swayed}
    print(json.dumps(result))
    return 1 if swayed else 0


if __name__ == "__main__":
    sys.exit(main())
