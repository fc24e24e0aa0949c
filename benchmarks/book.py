"""How long the website takes: with nothing kept, again with nothing changed, and the chapters' checks alone.

Run from the repository's root: ``python -m benchmarks.book``. It works in a copy, so build/ stays as it is. The last
line is one JSON object, in seconds of wall time on the machine that runs it: cold_s, warm_s, checks_s.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("_config.yml", "_toc.yml", "_static", "book", "grader", "solutions", "requirements.txt")


def copy_sources(to: Path) -> None:
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, to / name)
    (to / "exercises").mkdir()  # by this folder and solutions/tasks, `grader` knows a course


def seconds_of(command: list[str], folder: Path, output: Path | None = None) -> float:
    """Return how long a command takes; its standard output goes to a file, if one is given. It must succeed."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    taken = time.perf_counter() - begun
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    if output is not None:
        output.write_text(done.stdout, encoding="utf-8")
    return taken


def main() -> None:
    site = [
        str(Path(sys.executable).parent / "jupyter-book"),
        "build",
        ".",
        "--path-output",
        "build",
        "-W",
        "-n",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_sources(folder)
        (folder / "build").mkdir()
        checks = seconds_of(
            [sys.executable, "-m", "grader", "ledger", "--json", "--notation", "build/notation.json"],
            folder,
            folder / "build" / "ledger.json",
        )
        cold = seconds_of(site, folder)
        warm = seconds_of(site, folder)
    print(f"the chapters' checks {checks:.1f} s, the site from nothing {cold:.1f} s, once more {warm:.1f} s")
    print(json.dumps({"cold_s": round(cold, 2), "warm_s": round(warm, 2), "checks_s": round(checks, 2)}))


if __name__ == "__main__":
    main()
