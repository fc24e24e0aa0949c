"""How long the book's checks take: every step's `relate`, once more, by derivation.

Run from the repository's root: ``python -m benchmarks.algebra``. The last line is one JSON object: median_s and
worst_s of one relate, total_s of all of them (seconds of wall time, on the machine that runs it).
"""

import json
import statistics
import time
from pathlib import Path

from grader.algebra import Derivation, relate
from grader.algebra.ledger import chapters, run_chapter


def timed(derivation: Derivation) -> list[float]:
    """Return the seconds that the check of each step takes."""
    seconds = []
    for before, line in zip(derivation.lines, derivation.lines[1:], strict=False):
        if before.expr is None or line.expr is None or line.relation is None:
            continue  # a hand-set line has no check
        begun = time.perf_counter()
        verdict = relate(before.expr, line.relation, line.expr, error=line.error)
        seconds.append(time.perf_counter() - begun)
        assert verdict.status == line.status, (derivation.label, verdict)
    return seconds


def main() -> None:
    everything: list[float] = []
    print(f"{'derivation':32} {'steps':>5} {'seconds':>8} {'slowest':>8}")
    for path in chapters(Path(__file__).resolve().parents[1]):
        chapter = run_chapter(path)
        print(chapter.name)
        for derivation in chapter.derivations:
            seconds = timed(derivation)
            everything += seconds
            slowest = max(seconds, default=0.0)
            print(f"  {derivation.label:30} {len(seconds):5} {sum(seconds):8.3f} {slowest:8.3f}")
    print(
        json.dumps(
            {
                "median_s": round(statistics.median(everything), 4),
                "worst_s": round(max(everything), 4),
                "total_s": round(sum(everything), 3),
                "steps": len(everything),
            }
        )
    )


if __name__ == "__main__":
    main()
