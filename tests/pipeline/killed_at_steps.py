"""Kills a writer at many of its steps, and takes the work up after each; run as a program by `test_killed.py`.

A step is whatever Python tells an audit hook about a file below the output folder: opening, renaming, removing. A kill
at an opening leaves the file empty, as one before the first byte does. The program has one thread, so each run is a
fork of it and no import is paid twice.

    python -m tests.pipeline.killed_at_steps COURSE FOLDER      (FOLDER/in holds the class)
"""

import json
import os
import random
import signal
import sys
from pathlib import Path

from grader.pipeline import grade as module
from grader.pipeline.course import Course
from tests.pipeline.a_class import BARE, Judged, judge_once, lines, stands_whole

KILLS = 10


def main(course: Course, folder: Path) -> None:
    """Print one JSON object: the steps of a run, the kills, and how many verdicts were found twice."""
    verdicts = judge_once(course, folder / "in")

    def run(out: Path, kill_at: int | None) -> tuple[int, int, int, list[int]]:
        """Grade in a fork; return its status, its steps, how many were judged, and which steps open a page."""
        read, write = os.pipe()
        child = os.fork()
        if child:
            os.close(write)
            with open(read) as pipe:
                steps, asked, pages = json.loads(pipe.read() or "[0, 0, []]")
            return os.waitpid(child, 0)[1], steps, asked, pages
        judged = Judged(verdicts)
        module.judge_all = judged  # type: ignore[assignment]
        steps, below, pages = 0, str(out), []

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal steps
            if event.startswith(("open", "os.", "shutil.")) and any(below in str(a) for a in arguments):
                steps += 1
                empties = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_TRUNC
                if empties and "feedback" in str(arguments[0]):
                    pages.append(steps)
                if steps == kill_at:
                    if empties:
                        os.close(os.open(str(arguments[0]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        fine = module.grade(course, folder / "in", out, BARE).all_fine
        os.write(write, json.dumps([steps, len(judged.asked), pages]).encode())
        os._exit(0 if fine else 1)

    status, steps, _, pages = run(folder / "whole", None)
    assert status == 0
    stands_whole(folder / "whole")
    killed = repeated = 0
    chance = random.Random(11)
    for number, kill_at in enumerate([chance.choice(pages), *chance.sample(range(2, steps), KILLS - 1)]):
        out = folder / f"out{number}"
        status, *_ = run(out, kill_at)
        assert os.WIFSIGNALED(status), f"step {kill_at} was not reached"
        killed += 1
        stood = lines(out)
        status, _, asked, _ = run(out, None)
        assert status == 0
        stands_whole(out)
        assert sorted(lines(out)) == sorted(verdicts), f"killed at step {kill_at}"
        repeated += asked - (len(verdicts) - len(stood))
    print(json.dumps({"steps": steps, "killed": killed, "judged_again_though_it_stood": repeated}))


if __name__ == "__main__":
    main(Course(Path(sys.argv[1])), Path(sys.argv[2]).resolve())
