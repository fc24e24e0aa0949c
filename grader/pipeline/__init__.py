"""nbgrader from source to report.

- `course`: where a course's files lie, and its tasks.
- `exercise_source`, `answers`: the two halves of a set, read and checked, with file and line for every fault.
- `build`: source notebooks, releases, cases.
- `submissions`, `grade`: a folder of submissions to verdicts, in parallel (`pool`, `warm`); `journal` remembers them.
- `gradebook`, `record`, `write`, `feedback`: one writer puts verdicts into nbgrader.
- `earlier`, `lateness`, `stock_config`: marks of earlier answers, penalties, where nbgrader's settings are read.
- `course_folder`: the output folder as one of nbgrader's.
- `report`: the class report, the tables, and all that must say the same.
- `sample_class`, `own_files`: a class to try it with, in folders in which no person's file is touched.
- `student_check`: what a student runs.
"""

from pathlib import Path

NO_WALLS = "No walls are up: each notebook runs with the rights of whoever runs this."


class PipelineError(Exception):
    """Something the instructor must change; the message says what was found, what was expected and what to do."""


class SourceFault(PipelineError):
    """Faults in the files of an exercise set, each with its file and line."""

    def __init__(self, faults: "list[tuple[Path, int, str]]") -> None:
        self.faults = faults
        super().__init__("\n".join(f"{path}:{line}: {message}" for path, line, message in faults))
