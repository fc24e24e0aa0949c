"""Is the warm process's memory gathered, and the same as before?"""

import platform
import subprocess
import sys
from pathlib import Path

GATHERED = """
from grader.sandbox.huge_pages import gather

def huge():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages:"))

held = [bytes([n % 251]) * 10_000 for n in range(5_000)]
before = huge()
gather()
assert all(part == bytes([n % 251]) * 10_000 for n, part in enumerate(held))
print(huge() - before)
"""


def test_memory_is_gathered_in_huge_pages_and_keeps_what_it_holds() -> None:
    said = subprocess.run([sys.executable, "-c", GATHERED], capture_output=True, text=True, check=True)
    release = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    if release >= (6, 1) and Path("/sys/kernel/mm/transparent_hugepage").is_dir():
        assert int(said.stdout) > 20_000  # of the 50,000 kB
