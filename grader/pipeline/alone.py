"""One process at a time writes to an output folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.pipeline import PipelineError


@contextmanager
def sole_writer(out: Path) -> Iterator[None]:
    """Hold an output folder, which must be there. Raises `PipelineError` when another command works on it."""
    # The lock goes with the process, so a killed run leaves none behind.
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            says = f"Another `grader grade` works on {out}; wait for it, or choose another --out."
            raise PipelineError(says) from error
        yield
