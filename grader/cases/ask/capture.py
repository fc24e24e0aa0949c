"""Silence around a student's code: nothing that it prints or warns reaches the cell's output."""

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator


class _Sink(io.TextIOBase):
    """A text stream that forgets what is written to it."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def silenced() -> Iterator[list[str]]:
    """Silence standard output, standard error and warnings; yield the list that receives the warnings' texts.

    The file descriptors are silenced too, since compiled code writes there; where there are none (in a
    browser), only the streams are. At most 20 warnings of at most 200 characters are kept.
    """
    said: list[str] = []

    def keep(message: Warning | str, category: type[Warning], *_: object) -> None:
        text = str(message)[:200]
        if len(said) < 20 and text not in said:
            said.append(text)

    sink = _Sink()
    with (
        contextlib.redirect_stdout(sink),
        contextlib.redirect_stderr(sink),
        warnings.catch_warnings(),
        _no_fds(),
    ):
        warnings.simplefilter("always")
        warnings.showwarning = keep  # type: ignore[assignment]
        yield said


@contextlib.contextmanager
def _no_fds() -> Iterator[None]:
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # There is none, or it is closed.
            stream.flush()  # type: ignore[union-attr]
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        saved = [(fd, os.dup(fd)) for fd in (1, 2)]
    except OSError:  # No descriptors here, as in a browser.
        yield
        return
    try:
        for fd, _ in saved:
            os.dup2(null, fd)
        yield
    finally:
        for fd, copy in saved:
            os.dup2(copy, fd)
            os.close(copy)
        os.close(null)
