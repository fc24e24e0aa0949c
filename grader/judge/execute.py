"""Runs a notebook's cells in a kernel of its own and brings the replies home.

This is the only module that meets student code, and it meets it as messages: what comes back is data of limited size.
It promises an end (limits for each cell and the notebook, an interrupt, then SIGKILL to the kernel's process group).
It promises no walls: the kernel has the rights of whoever runs the grader. `judge` takes any function with the
signature of `execute`, so a walled-in one can take its place.
"""

import json
import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from grader.judge import JudgeError
from grader.judge.clock import OwnTime, wall_seconds
from grader.judge.kernel import MIME
from grader.judge.limits import Limits
from grader.judge.outputs import Outputs
from grader.sandbox.waiting import waited

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

POLL_MILLISECONDS = 100
MOST_ITEMS = 2_000_000
INTERRUPT_EVERY = 0.3  # seconds; one interrupt may end just one of a task's cases
TOO_BUSY = "was stopped: the machine was too busy to run it; nothing after it could be run"
# What a kernel needs of the environment; the rest may hold the grader's secrets.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Step:
    """A cell to run; with `questions`, a check to ask: `source` is then the answer's expression.

    seconds: a limit of its own, where the cell's is not the one for every cell.
    """

    source: str
    questions: Mapping[str, Any] | None = None
    seconds: float | None = None


@dataclass
class Result:
    """What a step gave.

    `reply` is the decoded reply to questions; `trouble` says in a sentence without a subject what went wrong
    ("stopped with NameError: …"); `ran` is False when the notebook had ended before; `starved` says that other
    processes had the machine, so that the result says nothing.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: Any = None
    missing: str | None = None
    trouble: str | None = None
    ran: bool = True
    starved: bool = False
    usage: dict[str, float] | None = None  # on the last step, where the executor knows what the kernel used


class Executor(Protocol):
    """Runs steps in order, in a fresh process whose folder holds `files`, and never raises for what they do."""

    def __call__(self, steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]: ...


def execute(steps: Sequence[Step], files: Mapping[str, bytes], limits: Limits) -> list[Result]:
    """Return one result for each step, run in order in a fresh kernel.

    `files` (relative name to content) lie in the kernel's folder. Raises `JudgeError` when no kernel starts.
    """
    with tempfile.TemporaryDirectory(prefix="nb-", ignore_cleanup_errors=True) as scratch:
        work = Path(scratch, "work")
        work.mkdir()
        for name, content in files.items():
            target = work / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return execute_in(work, steps, limits)


def execute_in(folder: Path, steps: Sequence[Step], limits: Limits) -> list[Result]:
    """Return the results of steps run in `folder` itself (as a student's own check does)."""
    with _kernel(folder, limits) as session:
        results = [session.run(step) for step in steps]
        if results:
            results[-1].usage = session.usage()
        return results


@contextmanager
def _kernel(folder: Path, limits: Limits) -> Iterator["_Session"]:
    from jupyter_client.manager import KernelManager  # here, for a kernel behind walls needs nothing of it

    # Short, for a Unix socket's path has at most 107 bytes; private, for whoever may connect may run code.
    private = tempfile.mkdtemp(prefix="k-")
    manager = KernelManager(
        kernel_name="python3",
        transport="ipc",
        ip=f"{private}/s",
        connection_file=f"{private}/connection.json",
    )
    client: BlockingKernelClient | None = None
    group = None
    try:
        manager.start_kernel(
            cwd=str(folder),
            env=_environment(private),
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
        )
        group = getattr(manager.provisioner, "pgid", None)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=limits.start_seconds)
        yield _Session(manager, client, limits)
    except RuntimeError as error:
        if client is None or not str(error).startswith(("Kernel died", "Kernel didn't respond")):
            raise
        raise JudgeError(f"no kernel started within {limits.start_seconds:.0f} s: {error}") from error
    finally:
        if client is not None:
            client.stop_channels()
        if group:
            # The kernel may be gone while what it started still runs.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
        shutil.rmtree(private, ignore_errors=True)


def _environment(private: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "HOME": private,
        "IPYTHONDIR": f"{private}/ipython",
        "JUPYTER_RUNTIME_DIR": private,
        "MPLCONFIGDIR": f"{private}/mpl",
        # One core for each notebook: as many notebooks run at once as there are cores.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


class _Session:
    """A running kernel; after its death every step comes back as not run."""

    def __init__(self, manager: "KernelManager", client: "BlockingKernelClient", limits: Limits) -> None:
        import zmq

        self._manager = manager
        self._client = client
        self._limits = limits
        self._outputs = Outputs(limits)
        process = getattr(manager.provisioner, "pid", None) or 0
        self._clock = OwnTime(lambda: waited(process))
        self._over = self._starved = False
        self._poller = zmq.Poller()
        for channel in (client.shell_channel, client.iopub_channel):
            self._poller.register(channel.socket, zmq.POLLIN)

    def run(self, step: Step) -> Result:
        if self._over:
            return Result(ran=False)
        if self._clock.now() >= self._limits.notebook_seconds:
            self._over = True
            seconds = self._limits.notebook_seconds
            return Result(ran=False, trouble=f"was not run: the notebook had used its {seconds:.0f} s")
        self._outputs.begin()
        nonce = secrets.token_hex(16)
        asked = {"reply": question(nonce, step)} if step.questions is not None else {}
        code = step.source if step.questions is None else ""
        message = self._client.execute(code, user_expressions=asked, allow_stdin=False, stop_on_error=False)
        content, trouble = self._await(message, step.seconds or self._limits.cell_seconds)
        result = Result(list(self._outputs.cell), trouble=trouble, starved=self._starved)
        if trouble is None and content.get("status") == "error":
            result.trouble = describe_error(content)
        elif self._outputs.cut and trouble is None:
            result.trouble = "printed or showed more than is kept; its output was cut"
        if step.questions is not None:
            result.outputs = []  # only the judge writes below a check cell
            read_reply(result, _shown(content), nonce, self._limits)
        return result

    def usage(self) -> dict[str, float]:
        """Return what the kernel has used: cpu_seconds, its children's included, and peak_bytes (resident)."""
        import psutil  # ipykernel needs it, too

        try:
            process = psutil.Process(getattr(self._manager.provisioner, "pid", None) or 0)
            with process.oneshot():
                times, memory = process.cpu_times(), process.memory_info().rss
            status = Path(f"/proc/{process.pid}/status")
            lines = status.read_text().splitlines() if status.is_file() else []
        except (psutil.Error, OSError, ValueError):
            return {"cpu_seconds": 0.0, "peak_bytes": 0.0}  # it has ended
        peak = next(
            (1024.0 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), float(memory)
        )
        own = times.user + times.system
        return {"cpu_seconds": own + times.children_user + times.children_system, "peak_bytes": peak}

    def _await(self, message: str, most: float) -> tuple[dict[str, Any], str | None]:
        """Return the shell's reply to a message, and the trouble when it did not come in time or at all."""
        start, began = self._clock.now(), time.monotonic()
        seconds = min(most, self._limits.notebook_seconds - start)
        trouble: str | None = None
        content: dict[str, Any] = {}
        replied = idle = False
        interrupts = 0
        waited_for_idle = 0.0
        while not (replied and idle):
            quiet = not self._poller.poll(POLL_MILLISECONDS)
            for kind, body in self._messages(message):
                if kind == "execute_reply":
                    content, replied, waited_for_idle = body, True, time.monotonic()
                elif kind == "status":
                    idle = idle or body.get("execution_state") == "idle"
                else:
                    self._outputs.add(kind, body)
            now = time.monotonic()
            if replied and now - waited_for_idle > self._limits.grace_seconds:
                break  # a flood of messages can push the note of the end out of the queue
            if replied:
                continue
            if quiet and not self._manager.is_alive():
                self._over = True
                return {}, "ended the process; nothing after it could be run"
            late = self._clock.now() - start - seconds
            if now - began > wall_seconds(seconds) + self._limits.grace_seconds:
                self._over = self._starved = True
                return {}, TOO_BUSY
            if late > interrupts * INTERRUPT_EVERY:
                trouble = trouble or self._interrupted(seconds, most)
                self._manager.interrupt_kernel()
                interrupts += 1
            if late > self._limits.grace_seconds:
                self._over = True
                return {}, f"{trouble} and did not stop when told to; nothing after it could be run"
        return content, trouble

    def _interrupted(self, seconds: float, most: float) -> str:
        if seconds < most:
            return f"was stopped: the notebook had used its {self._limits.notebook_seconds:.0f} s"
        return f"was stopped after {seconds:g} s, the limit for a cell"

    def _messages(self, parent: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what has arrived in answer to one message, not more than a slice of a flood."""
        for get in (self._client.get_iopub_msg, self._client.get_shell_msg):
            for _ in range(200):
                try:
                    received = get(timeout=0)
                except Exception:  # noqa: BLE001  (Empty, or a message that the student's process forged badly)
                    break
                if received.get("parent_header", {}).get("msg_id") == parent:
                    yield received["msg_type"], received["content"]


def _shown(content: Mapping[str, Any]) -> Any:
    """Return the bundle that a kernel showed for our expression; its message may hold anything."""
    for name in ("user_expressions", "reply", "data"):
        content = content.get(name, {}) if isinstance(content, dict) else {}
    return content


def read_reply(result: Result, data: Any, nonce: str, limits: Limits) -> None:
    """Put the reply to a question into the result; `data` is the bundle that the kernel showed for it."""
    try:
        text = data[MIME]
        if len(text) > limits.reply_bytes:
            result.trouble = f"gave an answer of more than {limits.reply_bytes // 1_000_000} MB"
            return
        if sum(map(text.count, "[{,")) > MOST_ITEMS:  # each takes twenty times its place once it is read
            result.trouble = f"gave an answer of more than {MOST_ITEMS:,} items"
            return
        body = json.loads(text)
        if body["nonce"] != nonce:
            raise ValueError("foreign nonce")
        missing = body.get("missing")
        result.missing = missing[:300] if isinstance(missing, str) else None
        result.reply = body.get("reply")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        result.trouble = result.trouble or "gave no answer that could be read"


def question(nonce: str, step: Step) -> str:
    """Return the expression that asks a step's questions in the kernel; the reply carries the nonce."""
    module = "__import__('grader.judge.kernel', fromlist=['answer'])"
    return f"{module}.answer({nonce!r}, {json.dumps(step.questions)!r}, lambda: ({step.source}))"


def describe_error(content: Mapping[str, Any]) -> str:
    """Return what stopped a cell, as the rest of a sentence that begins with the cell's name."""
    name, value = str(content.get("ename", "an error"))[:80], str(content.get("evalue", ""))[:160]
    if name == "SystemExit":
        return "called sys.exit; the rest of that cell was not run"
    return f"stopped with {name}: {value}" if value else f"stopped with {name}"
