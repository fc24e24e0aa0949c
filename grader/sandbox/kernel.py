"""A notebook kernel without a network: IPython's shell, driven over one socket.

Prepared once in the warm process, then used in a forked, walled-in child. A request names a cell's source, or an
expression to look up, which may be sent with a descriptor of its own, and whether children were ended from outside
("reap"); messages go back as a Jupyter kernel would send them (stream, display_data, execute_result, error,
clear_output) and the last one says how it ended. Whatever they say is the student's word, no more.
"""

import builtins
import os
import random
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, NoReturn

from grader.sandbox import frames

DESCRIPTOR = "$descriptor"  # in an expression, stands for the number of the descriptor that came with it
_GATHER = 1 << 15  # characters of a stream that are kept back until the cell ends
# What one cell may send; the judge keeps less, and what is beyond is dropped here. So a loop that prints for ever ends
# as any endless loop does, however fast it prints.
_MOST_TEXT, _MOST_MESSAGES = 1 << 20, 10_000
_OF_THE_RESERVE = 16 << 20  # bytes
_ENVIRONMENT = {
    "HOME": "/work/notebook", "USER": "student", "LOGNAME": "student", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
    "TMPDIR": "/tmp", "MPLCONFIGDIR": "/tmp/matplotlib", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "IPYTHONDIR": "/tmp/ipython", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}  # fmt: skip


class _Out:
    """The socket, once there is one; the shell is made before."""

    sock: socket.socket | None = None
    left = _MOST_MESSAGES

    @classmethod
    def send(cls, kind: str, content: Mapping[str, Any]) -> None:
        """Send one message, what was printed before it first."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, Stream):
                stream.flush()
        cls.raw(kind, content)

    @classmethod
    def raw(cls, kind: str, content: Mapping[str, Any]) -> None:
        """Send one message as it is, unless the cell has sent as many as it may."""
        cls.left -= 1
        if cls.sock is not None and (cls.left >= 0 or kind == "done"):
            frames.send(cls.sock, {"type": kind, "content": content})


class _Reserve:
    """Memory that a cell can't take, so that one that took all costs neither its kernel nor the cells after it."""

    limits: ClassVar[dict[int, int]] = {}

    @classmethod
    def begin(cls) -> None:
        """Take the limits as they are for those of a cell."""
        kinds = resource.RLIMIT_AS, resource.RLIMIT_DATA
        cls.limits = {kind: resource.getrlimit(kind)[0] for kind in kinds}

    @classmethod
    def open(cls) -> None:
        """Lift the limits as far as may be."""
        for kind in cls.limits:
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (hard, hard))

    @classmethod
    def close(cls) -> None:
        """Set the limits of a cell; where all is taken, it gets a little of the reserve."""
        with open("/proc/self/status") as file:
            sizes = dict(line.split(":", 1) for line in file)
        taken = {resource.RLIMIT_AS: sizes["VmSize"], resource.RLIMIT_DATA: sizes["VmData"]}
        for kind, most in cls.limits.items():
            hard = resource.getrlimit(kind)[1]
            least = 1024 * int(taken[kind].split()[0]) + _OF_THE_RESERVE
            resource.setrlimit(kind, (max(most, least) if hard < 0 else min(hard, max(most, least)), hard))


def mute() -> None:
    """Send nothing from now on: in a process that was forked off, whatever is shown goes nowhere."""
    _Out.sock = None


class Stream:
    """Standard output or error of the cell; what is printed goes out in large pieces."""

    encoding, errors, closed, newlines = "utf-8", "replace", False, None

    def __init__(self, name: str) -> None:
        self.name = name
        self.left = _MOST_TEXT
        self._parts: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        """Keep the text until there is enough of it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.left > 0:
            self._parts.append(text[: self.left])
            self._size += min(self.left, len(text))
            self.left -= len(text)
        if self._size > _GATHER:
            self.flush()
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send what was kept."""
        if self._parts:
            text, self._parts, self._size = "".join(self._parts), [], 0
            _Out.raw("stream", {"name": self.name, "text": text})

    def isatty(self) -> bool:
        """Return False: nobody sits there."""
        return False

    def readable(self) -> bool:
        """Return False."""
        return False

    def writable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return False."""
        return False

    def fileno(self) -> int:
        """Return the descriptor that programs started by the cell write to; it leads nowhere."""
        return 1 if self.name == "stdout" else 2


def prepare() -> Any:
    """Return an IPython shell that sends what it shows to `_Out`. Starts no thread and no event loop."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, *args: Any, **kwargs: Any) -> None:
            _Out.send("display_data", {"data": _plain(data)})

        def clear_output(self, wait: bool = False) -> None:
            _Out.send("clear_output", {"wait": bool(wait)})

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            return

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            self._shown = _plain(format_dict)

        def finish_displayhook(self) -> None:
            _Out.send("execute_result", {"data": getattr(self, "_shown", {})})

    class Shell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)

        def showtraceback(self, *args: Any, **kwargs: Any) -> None:
            _Reserve.open()  # it takes more memory than a cell that ran out of it has left
            super().showtraceback(*args, **kwargs)

        def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
            _Out.send("error", {"ename": str(etype.__name__), "evalue": str(evalue), "traceback": list(stb)})

        def system(self, cmd: str) -> None:
            # IPython's own would have a terminal made, and there is none.
            command = self.var_expand(cmd, depth=1)
            said = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            print(said.stdout.decode(errors="replace"), end="")
            self.user_ns["_exit_code"] = said.returncode

        def enable_gui(self, gui: Any = None) -> None:
            return  # there is no screen

    config = Config()
    config.HistoryManager.enabled = False  # it would keep a database and a thread
    config.InteractiveShell.colors = "neutral"
    shell = Shell.instance(config=config)
    # What a shell loads at its first cell, a fork of it need not load again.
    shell.run_cell("None", silent=True)
    return shell


def _plain(data: Any) -> dict[str, Any]:
    import base64

    return {
        str(mime): base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for mime, value in dict(data).items()
        if isinstance(value, str | bytes)
    }


def serve(shell: Any, sock: socket.socket) -> NoReturn:
    """Answer requests until the socket closes, then end the process."""
    os.environ.clear()
    os.environ.update(_ENVIRONMENT)
    sys.path.insert(0, "")
    sys.argv = ["notebook"]
    _Out.sock = sock
    sys.stdin = open(os.devnull)
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    builtins.input = _no_input
    random.seed(0)  # each notebook begins at the same numbers, in whatever order the class is graded
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    _Reserve.begin()
    kernel = os.getpid()
    while True:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            request, descriptor = frames.receive_with_descriptor(sock)
        except frames.Closed:
            os._exit(0)
        _Out.left, sys.stdout.left, sys.stderr.left = _MOST_MESSAGES, _MOST_TEXT, _MOST_TEXT
        if request.get("reap"):
            _reap()
        try:
            content = _answer(shell, request, descriptor)
        except KeyboardInterrupt:
            content = {"status": "error", "ename": "KeyboardInterrupt", "evalue": ""}
        _Reserve.open()
        if os.getpid() != kernel:  # the cell forked, and this process fell out of its end
            os._exit(0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            _Out.send("done", {**content, "id": request["id"]})
        except (frames.Closed, TypeError, ValueError):
            os._exit(0)


def _reap() -> None:
    """Take note of children that were ended, for until then they count as processes."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(shell: Any, request: Mapping[str, Any], descriptor: int | None) -> dict[str, Any]:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "expression" in request:
        try:
            expression = request["expression"].replace(DESCRIPTOR, str(descriptor))
            found = shell.user_expressions({"answer": expression})["answer"]
        finally:
            if descriptor is not None:
                os.close(descriptor)
        return {"status": found.get("status", "error"), "data": _plain(found.get("data", {}))}
    _Reserve.close()
    result = shell.run_cell(request["source"], store_history=True)
    problem = result.error_before_exec or result.error_in_exec
    if problem is None:
        return {"status": "ok"}
    try:
        said = str(problem)[:500]
    except Exception:  # noqa: BLE001  (a student's exception may raise while it is printed)
        said = ""
    return {"status": "error", "ename": type(problem).__name__[:100], "evalue": said}


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() is not answered here: a notebook is graded without a person at the keyboard.")
