"""Runs a notebook's cells in a kernel of its own and brings the replies home.

This is the only module that meets student code, and it meets it as messages: what comes back is data of limited size.
It promises an end (limits for each cell and the notebook, an interrupt, then SIGKILL to the kernel's process group).
It promises no walls: the kernel has the rights of whoever runs the grader. `judge` takes any function with the
signature of `execute`, so a walled-in one can take its place.
"""

import itertools
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from grader.judge import JudgeError
from grader.judge.clock import OwnTime, wall_seconds
from grader.judge.kept import NOT_KEPT, Kept, ask_all
from grader.judge.limits import Limits
from grader.judge.outputs import Outputs
from grader.judge.step import INTERRUPT_EVERY, TOO_BUSY, Result, Step, keeping, question, read_reply
from grader.sandbox.processes import end_all_but, no_more_processes, runs, threads, used_by
from grader.sandbox.waiting import waited

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

POLL_MILLISECONDS = 100
CAN_KEEP = sys.platform == "linux"  # elsewhere a process does not tell who it is, and all is asked at once
# What a kernel needs of the environment; the rest may hold the grader's secrets.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "SYSTEMROOT", "LD_LIBRARY_PATH")


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
            results[-1].usage = session.ask_kept()
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
        yield _Session(manager, client, limits, private)
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


class _Room:
    """The kernel's process group and what was kept, as `grader.judge.kept` needs it: there are no walls."""

    def __init__(self, kept: Sequence[Kept], group: int | None) -> None:
        self._kept, self._group = kept, group

    def processes(self) -> set[int]:
        return {each.process for each in self._kept if runs(each.process)}

    def end_all_but(self, kept: Collection[int]) -> bool:
        if self._group:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._group, signal.SIGKILL)
        return end_all_but(kept, self.processes)

    def interrupt(self, process: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGINT)

    def confine(self, process: int) -> bool:
        no_more_processes(process)
        return threads(process) == 1

    def holds_too_much(self) -> str:
        return ""

    def usage(self, process: int) -> dict[str, float]:
        return used_by(process)


class _Session:
    """A running kernel; after its death every step comes back as not run."""

    def __init__(
        self, manager: "KernelManager", client: "BlockingKernelClient", limits: Limits, private: str
    ) -> None:
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
        self._private, self._kept = private, list[Kept]()
        self._places = itertools.count()

    def run(self, step: Step) -> Result:
        if self._over:
            return Result(ran=False)
        if self._clock.now() >= self._limits.notebook_seconds:
            self._over = True
            seconds = self._limits.notebook_seconds
            return Result(ran=False, trouble=f"was not run: the notebook had used its {seconds:.0f} s")
        if step.at_end and CAN_KEEP:
            return self._keep(step)
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

    def _keep(self, step: Step) -> Result:
        """Let the kernel fork a process that waits to be asked the step's questions."""
        self._outputs.begin()
        place = f"{self._private}/kept-{next(self._places)}"
        with socket.socket(socket.AF_UNIX) as meeting:
            meeting.setsockopt(
                socket.SOL_SOCKET, socket.SO_PASSCRED, 1
            )  # a message says which process sent it
            meeting.bind(place)
            meeting.listen(1)
            meeting.settimeout(self._limits.start_seconds)
            asked = {"reply": keeping(repr(place), [step])}
            message = self._client.execute("", user_expressions=asked, allow_stdin=False, stop_on_error=False)
            content, trouble = self._await(message, self._limits.cell_seconds)
            result = Result(trouble=trouble, starved=self._starved)
            if trouble is None:
                try:
                    if content["user_expressions"]["reply"]["status"] != "ok":
                        raise OSError("nothing was forked")
                    self._kept.append(Kept([(step, result)], meeting.accept()[0]))
                except (KeyError, TypeError, OSError):
                    result.trouble, result.starved = NOT_KEPT, True
        return result

    def ask_kept(self) -> dict[str, float]:
        """Ask what was kept, the kernel having ended; return what it and they have used."""
        used = self.usage()
        if self._kept:
            group = getattr(self._manager.provisioner, "pgid", None)
            used["cpu_seconds"] += ask_all(self._kept, _Room(self._kept, group), self._limits)
        return used

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


def describe_error(content: Mapping[str, Any]) -> str:
    """Return what stopped a cell, as the rest of a sentence that begins with the cell's name."""
    name, value = str(content.get("ename", "an error"))[:80], str(content.get("evalue", ""))[:160]
    if name == "SystemExit":
        return "called sys.exit; the rest of that cell was not run"
    return f"stopped with {name}: {value}" if value else f"stopped with {name}"
