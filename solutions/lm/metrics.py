"""What a training run tells: one JSON object a line, and the curve of its losses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from solutions.lm import LMError


class Metrics:
    """The file `metrics.jsonl` of a run. Each line has a `step`; `loss` of training, or `validation_nll` and more."""

    def __init__(self, path: Path, last_step: int = 0) -> None:
        """Open the file. What was written after `last_step`, the checkpoint's, will come again and is dropped."""
        kept = [line for line in read_metrics(path) if line["step"] <= last_step] if last_step else []
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{json.dumps(line)}\n" for line in kept))
        except OSError as error:
            raise LMError(f"{path} cannot be written ({error.strerror}); give another folder") from error

    def write(self, **line: Any) -> None:
        """Add one line."""
        try:
            with self._path.open("a") as file:
                file.write(f"{json.dumps(line)}\n")
        except OSError as error:
            raise LMError(
                f"{self._path} cannot be written ({error.strerror}); make room, then --resume"
            ) from error


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file, without a last one that a kill cut off; none when there is no file."""
    return list(_lines(path)) if path.is_file() else []


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            if number < len(lines):
                raise LMError(f"{path}, line {number} is no JSON object; remove the file") from error
            return
        if not isinstance(entry, dict) or type(entry.get("step")) is not int:
            raise LMError(f"{path}, line {number} is no line of a run: it has no step; remove the file")
        yield entry


def plot(path: Path, picture: Path, floor: float | None = None) -> None:
    """Draw the losses of a metrics file, in nats per token, by training tokens; the floor is the source's entropy."""
    from matplotlib.figure import Figure  # a training run without a picture does without it

    lines = read_metrics(path)
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for key, label, style in (("loss", "training", "-"), ("validation_nll", "validation", "o-")):
        points = [(line["tokens"], line[key]) for line in lines if key in line]
        if points:
            axes.plot(*zip(*points, strict=True), style, label=label, markersize=4, linewidth=1)
    if floor is not None:
        axes.axhline(floor, linestyle="--", color="black", label="entropy of the source")
    axes.set_xlabel("training tokens")
    axes.set_ylabel("loss in nats per token")
    axes.legend()
    figure.savefig(picture, dpi=150)
