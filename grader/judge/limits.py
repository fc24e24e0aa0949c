"""What one submission may use, in one place. Each limit has a test that names it (`tests/promises.py`)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; sizes in bytes, times in seconds of the notebook's own (:mod:`grader.judge.clock`).

    A room's own limits stand in :class:`grader.sandbox.walls.Walls`.

    >>> Limits.of_cell(10).notebook_seconds
    100.0
    """

    cell_seconds: float = 30.0
    notebook_seconds: float = 300.0
    start_seconds: float = 60.0
    grace_seconds: float = 2.0  # what an interrupted cell has left before its kernel is killed
    notebook_bytes: int = 100 * MEGABYTE  # of the file, outputs included; these are not kept
    source_bytes: int = 2 * MEGABYTE
    cells: int = 2_000
    reply_bytes: int = 8 * MEGABYTE
    stream_bytes: int = 50_000  # text that one cell prints
    output_bytes: int = MEGABYTE  # one picture or table
    outputs: int = 100  # outputs of one cell
    all_output_bytes: int = 8 * MEGABYTE
    extra_files: int = 100
    extra_bytes: int = 20 * MEGABYTE
    decision_seconds: float = 45.0  # what marking one answer may take (a derivation has 30 s of its own)
    decision_bytes: int = 1024 * MEGABYTE

    @classmethod
    def of_cell(cls, seconds: float) -> "Limits":
        """Return the limits with `seconds` for each cell and ten times that for the notebook."""
        return cls(cell_seconds=seconds, notebook_seconds=10.0 * seconds)

    def for_set(self, entries: Iterable[Mapping[str, Any]]) -> "Limits":
        """Return the limits with the time that a set's cases ask for to train a model, where that is more.

        >>> Limits().for_set([{"training_seconds": 120.0}, {}]).cell_seconds
        120.0
        """
        training = max((float(e.get("training_seconds", 0.0)) for e in entries), default=0.0)
        return replace(
            self,
            cell_seconds=max(self.cell_seconds, training),
            notebook_seconds=max(self.notebook_seconds, 2.0 * training),
        )

    def to_json(self) -> dict[str, float]:
        """Return the limits as plain data."""
        return asdict(self)
