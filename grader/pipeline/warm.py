"""The warm process of a run, started as soon as it is known that there is something to judge.

Of all that a run starts with, it takes longest to stand, and nothing else waits for it until the first submission is
sent. So this module imports little, and whoever starts a run starts it first.
"""

from pathlib import Path

from grader.sandbox import ForkServer
from grader.sandbox.fork_server import PRELOAD

# What the warm process imports before it is forked: what notebooks use, and what asks them for their answers. A room
# shows nothing of the course, so what a notebook imports of it must stand before: `check`, and all that it needs.
WARM = (
    *PRELOAD,
    "grader.cases.ask.check",
    "grader.cases.mark.feedback",
    "grader.cases.mark.marking",
    "grader.cases.tasks.casefile",
    "grader.judge.kernel",
    "grader.judge.warm_up:warm_up",
)


class Warm:
    """The warm process that a run's kernels are forked from: started when first asked for, and again when it died."""

    def __init__(self, sandbox: str) -> None:
        self._walled = sandbox != "none"
        self._server: ForkServer | None = None

    def start(self) -> None:
        """Let it warm up while we go on. Raises `SandboxError` where walls are wanted and can't be put up."""
        if self._walled and (self._server is None or not self._server.alive):
            self.close()
            self._server = ForkServer(WARM)

    def start_early(self, out: Path, force: bool) -> None:
        """Start it if a run that writes to `out` has something to judge for certain."""
        if force or not (out / "journal.jsonl").exists():
            self.start()

    def address(self) -> str | None:
        """Return where it listens; None where no walls are wanted. Raises `SandboxError` when it does not start."""
        self.start()
        return None if self._server is None else self._server.address

    def close(self) -> None:
        """End it."""
        if self._server is not None:
            self._server.close()
            self._server = None
