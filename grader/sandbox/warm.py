"""The warm process: it has imported what notebooks import, has run no student's code, and is forked for each notebook.

It is started as a fresh interpreter, so it holds no case, no seed and no other student's work: its memory is copied
into every student's process. What it is told to call before the first fork holds no more. It has one thread, no event
loop, no ZeroMQ context and no CUDA context.

A request comes over a Unix socket with two descriptors, the kernel's end of a socket pair and the room's pidfd; the
answer is the kernel's process id, seen from outside, and the folders of its control group.
"""

import array
import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from grader.sandbox import frames
from grader.sandbox.cgroups import Groups
from grader.sandbox.errors import SandboxError
from grader.sandbox.huge_pages import gather
from grader.sandbox.join import load_libseccomp, run_inside
from grader.sandbox.kernel import prepare, serve
from grader.sandbox.meter import own_bytes
from grader.sandbox.walls import Walls

_PR_SET_CHILD_SUBREAPER = 36


def main(path: str, modules: list[str], grouped: bool) -> None:
    """Listen at `path` and fork a kernel for each request, until the starter closes our standard input.

    grouped: give each room a control group, where there is a place for one.
    """
    load_libseccomp()
    groups = Groups.find() if grouped else Groups({})
    for name in modules:
        module, _, function = name.partition(":")
        with suppress(ImportError):  # torch is an extra
            found = importlib.import_module(module)
            if function:
                getattr(found, function)()
    shell = prepare()
    # A kernel's parent ends at once; its orphan comes to us, and is reaped here whatever the machine's init does.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    gc.collect()
    gc.freeze()  # so that a child's collections leave the shared pages alone
    gather()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    print("ready", flush=True)
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        readable, _, _ = select.select([listener, sys.stdin, wake], [], [])
        if wake in readable:
            os.read(wake, 4096)
            _reap()
        if listener not in readable and sys.stdin not in readable:
            continue
        if sys.stdin in readable:  # the grader is gone, and perhaps it was killed and left its folder
            shutil.rmtree(os.path.dirname(path), ignore_errors=True)
            groups.close()
            os._exit(0)
        connection, _ = listener.accept()
        with connection:
            try:
                _start(connection, listener, shell, groups)
            except (frames.Closed, OSError, ValueError, KeyError) as problem:
                with suppress(frames.Closed):
                    frames.send(connection, {"problem": f"{type(problem).__name__}: {problem}"})


def _start(connection: socket.socket, listener: socket.socket, shell: Any, groups: Groups) -> None:
    kernel_fd, pidfd = _descriptors(connection)
    request = frames.receive(connection)
    walls, user = Walls(**request["walls"]), request["user"]
    group = groups.make(walls.memory_bytes + own_bytes(os.getpid()))
    child = os.fork()
    if child == 0:
        try:
            signal.set_wakeup_fd(-1)  # both are about our own children
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            sock = socket.socket(fileno=kernel_fd)
            run_inside(pidfd, sock, user, walls, group, connection, lambda: serve(shell, sock))
        except (OSError, SandboxError, frames.Closed) as problem:
            with suppress(frames.Closed):
                frames.send(connection, {"problem": str(problem)})
        finally:
            os._exit(1)
    os.close(kernel_fd)
    os.close(pidfd)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descriptors(connection: socket.socket) -> tuple[int, int]:
    held = array.array("i")
    _, ancillary, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(2 * held.itemsize))
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            held.frombytes(data[: len(data) - len(data) % held.itemsize])
    if len(held) != 2:
        raise ValueError("two descriptors were expected")
    return held[0], held[1]


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(sys.argv[1], json.loads(sys.argv[2]), grouped=json.loads(sys.argv[3]))
