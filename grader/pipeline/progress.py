"""Shows how far a run is: a bar on a terminal, plain lines anywhere else."""

import time
from types import TracebackType
from typing import NoReturn, TextIO

from tqdm import tqdm

from grader.pipeline.grade import Progress


class Display:
    """Called with each step of a run; a context manager. Both ways show the rate, the time left and the failures."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: tqdm[NoReturn] | None = None
        self._started = time.monotonic()

    def __call__(self, at: Progress) -> None:
        """Show one step."""
        if not self._stream.isatty():
            print(f"[{at.number}/{at.total}] {_line(at)} ({self._rest(at)})", file=self._stream, flush=True)
            return
        if self._bar is None:
            tqdm.monitor_interval = 0  # no thread of its own
            self._bar = tqdm(
                total=at.total, file=self._stream, unit="notebook", dynamic_ncols=True, leave=False,
                mininterval=0, smoothing=0,
            )  # fmt: skip
            self._bar.start_t -= time.monotonic() - self._started  # the first notebook took its time, too
        if at.outcome == "not graded":
            self._bar.write(_line(at), file=self._stream)
        self._bar.set_postfix_str(f"{at.failed} failed", refresh=False)
        self._bar.update(at.number - self._bar.n)

    def _rest(self, at: Progress) -> str:
        seconds = time.monotonic() - self._started
        left = tqdm.format_interval(seconds / at.number * (at.total - at.number))
        return f"{60 * at.number / max(seconds, 1e-3):.0f} a minute, {left} left, {at.failed} failed"

    def __enter__(self) -> "Display":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def _line(at: Progress) -> str:
    return f"{at.student} {at.set_name}: {at.outcome}"
