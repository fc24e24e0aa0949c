"""nbgrader's configuration, as its own commands would find it.

They read the user's (`~/.jupyter/nbgrader_config.py` and its like), then that of the working directory and of the
course's folder. Here those are the course's root, its `build/` and the output folder, in this order: what comes later
counts. A configuration is a program of the instructor's, and so is a plugin that it names.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

from grader.pipeline import PipelineError

NAME = "nbgrader_config"


def stock_config(folders: Iterable[Path]) -> Config:
    """Return the user's configuration of nbgrader with those of the folders on top.

    Raises `PipelineError` with the file's name for one that can't be run: its penalties would silently be none.
    """
    found = Config()
    users = [Path(folder) for folder in reversed(jupyter_config_path())]
    places = [(folder, name) for name in ("jupyter_config", NAME) for folder in users]
    places += [(folder, NAME) for folder in folders]
    for folder, name in places:
        for loader, suffix in ((PyFileConfigLoader, ".py"), (JSONFileConfigLoader, ".json")):
            path = folder / f"{name}{suffix}"
            if path.is_file():
                with _told(path), _same_environment():
                    found.merge(loader(path.name, str(path.parent)).load_config())
    return found


@contextmanager
def importable(folders: Iterable[Path]) -> Iterator[None]:
    """Let a plugin that a configuration names be imported from the folders, as nbgrader does from where it runs."""
    before = list(sys.path)
    sys.path[:0] = [str(folder.resolve()) for folder in folders]
    try:
        yield
    finally:
        sys.path[:] = before


@contextmanager
def _same_environment() -> Iterator[None]:
    """Undo what a configuration does to the environment: that of `build/` names cases which are not this run's."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise PipelineError(f"{path} can't be used: {type(error).__name__}: {error}") from error
