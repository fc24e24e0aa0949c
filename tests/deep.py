"""A place for folders in folders so deep that Python's own rmtree, and so pytest's tidying up, can't remove them."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def deep_place() -> Iterator[Path]:
    """Yield an empty folder that is removed at the end, however deep it is.

    It lies outside pytest's own folder, where what a killed run leaves behind would break every later run's tidying up.
    """
    folder = tempfile.mkdtemp(prefix="deep-")
    try:
        yield Path(folder)
    finally:
        subprocess.run(["rm", "-rf", folder], check=True)
