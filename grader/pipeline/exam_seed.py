"""What the numbers of drawn questions come from: one seed for a build, which the build folder keeps.

It stands in `build/.exam-seed`, so that a later build, and `grader grade`, which builds what changed, ask for the same
numbers as the notebooks that the students have. A build folder that keeps none has `DEFAULT`, so two fresh builds are
alike. It is no secret of the marking: who has the notebook has the numbers. But whoever knows it before the exam has
them before the exam.
"""

from pathlib import Path

from grader.pipeline import PipelineError

NAME = ".exam-seed"
DEFAULT = 0


def kept_exam_seed(build: Path) -> int:
    """Return the seed of what was built there, or `DEFAULT`. Raises `PipelineError` for a file that holds no seed."""
    try:
        text = (build / NAME).read_text(encoding="utf-8")
        return int(text)
    except FileNotFoundError:
        return DEFAULT
    except (OSError, ValueError) as error:
        raise PipelineError(
            f"{build / NAME} holds no seed: {error}. Run `grader build --exam-seed N` with the seed of the notebooks "
            "that were handed out."
        ) from error


def keep_exam_seed(build: Path, seed: int) -> None:
    """Let a build folder keep a seed."""
    (build / NAME).write_text(f"{seed}\n", encoding="utf-8")
