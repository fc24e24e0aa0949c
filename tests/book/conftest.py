"""The chapters, executed once for all tests."""

from pathlib import Path

import matplotlib
import pytest
import torch

from tests.book.executed import CHAPTERS, Chapter, execute


@pytest.fixture(scope="session")
def chapters(root: Path) -> dict[str, Chapter]:
    """The executed chapters by file name."""
    backend, threads = matplotlib.get_backend(), torch.get_num_threads()
    matplotlib.use("agg")
    with pytest.MonkeyPatch.context() as monkeypatch, matplotlib.rc_context():
        done = {name: execute(root / "book" / f"{name}.md", monkeypatch) for name in CHAPTERS}
    matplotlib.use(backend)
    torch.set_num_threads(threads)  # chapter 8 trains on one
    return done


@pytest.fixture(params=CHAPTERS)
def chapter(request: pytest.FixtureRequest, chapters: dict[str, Chapter]) -> Chapter:
    """Each executed chapter in turn."""
    return chapters[request.param]
