"""Grades onto a disk that is full, frees it, and grades again; run as a program by `test_resume.py`.

    python -m tests.pipeline.full_disk COURSE SUBMITTED FOLDER     (FOLDER/disk is small; FOLDER/kept gets the result)

Prints a JSON list: what the first run said and which verdicts stood then, and whom the second run judged.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from grader.pipeline import PipelineError
from grader.pipeline import grade as module
from grader.pipeline.course import Course
from tests.pipeline.a_class import BARE, Judged, judge_once, lines

LEFT = 1 << 10  # bytes; a verdict's file alone needs more


def main(course: Course, submitted: Path, folder: Path) -> None:
    """Fill the disk before the third verdict is written."""
    verdicts = judge_once(course, submitted)
    out, ballast = folder / "disk" / "out", folder / "disk" / "ballast"

    def fill_up(number: int) -> None:
        if number == 2:
            free = os.statvfs(folder / "disk")
            with ballast.open("wb") as file:
                left = free.f_bavail * free.f_frsize - LEFT
                while left > 0:
                    left -= file.write(b"x" * min(left, 1 << 20))

    module.judge_all = Judged(verdicts, after=fill_up)  # type: ignore[assignment]
    try:
        says = module.grade(course, submitted, out, BARE).text()
    except PipelineError as error:
        says = str(error)
    stood = lines(out)
    ballast.unlink()
    again = Judged(verdicts)
    module.judge_all = again  # type: ignore[assignment]
    assert module.grade(course, submitted, out, BARE).all_fine
    shutil.copytree(out, folder / "kept" / "out")
    print(json.dumps([{"says": says, "stood": stood}, {"judged": again.asked}]))


if __name__ == "__main__":
    main(Course(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]).resolve())
