"""The few lines of ours that run in the student's kernel.

They hold questions, never expected values. What they send back is data to be marked, not a verdict, so a student who
replaces them can only change their own answer.

An answer that is called with hidden inputs is not asked where the notebook goes on. `keep` forks a process that keeps
all as it is at the check and waits; the judge asks it when the notebook has ended, and then nothing of it has a way to
a page.
"""

import gc
import json
import os
import signal
import socket
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from grader.cases import collect, reply_to, watched
from grader.sandbox import frames
from grader.sandbox.kernel import mute

MIME = "application/vnd.surprisal.reply+json"
LONGEST_MESSAGE = 300


class Reply:
    """Shows itself as one display-data bundle that holds the reply's JSON."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "Reply()"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {MIME: self.text}


def answer(nonce: str, questions: str, look_up: Callable[[], Any]) -> Reply:
    """Return the reply to `questions` (JSON) for the answer that `look_up` finds in the notebook."""
    body, value = _look(look_up)
    return Reply(json.dumps({"nonce": nonce, **(body or {"reply": collect(json.loads(questions), value)})}))


def keep(place: int | str, look_ups: Sequence[Callable[[], Any]], here: bool = False) -> None:
    """Fork a process that keeps the notebook as it is, and waits to be asked for the answers that `look_ups` find.

    place: the descriptor of a connected socket, or the path of one that listens. For each answer come over it first
    what its task forbids, and when the watch for that stands, the questions; back goes the reply, and at once what the
    watch sees. here: whether nothing of the notebook follows, so that this process itself can wait; one with threads
    forks all the same, so that they are not there. Raises OSError when nothing can be forked.
    """
    if not (here and len(os.listdir("/proc/self/task")) == 1) and os.fork():
        return
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with suppress(OSError):
            os.setsid()  # an interrupt of the notebook is none of its own
        sock = _connected(place)
        _be_alone(sock)
        with suppress(frames.Closed):
            frames.send(sock, {"type": "kept", "content": {}})
            for look_up in look_ups:
                _serve(sock, look_up)
    finally:
        os._exit(0)


def _connected(place: int | str) -> socket.socket:
    if isinstance(place, int):
        return socket.socket(fileno=place)
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(place)
    return sock


def _be_alone(sock: socket.socket) -> None:
    mute()
    _close_sockets_but(sock.fileno())
    gc.freeze()  # a collection would write to every page that is shared with the notebook's own process
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() > 1:
        torch.set_num_threads(1)  # OpenMP waits for ever for threads that did not come along


def _serve(sock: socket.socket, look_up: Callable[[], Any]) -> None:
    """Answer one task's questions. Raises frames.Closed."""
    asked = frames.receive(sock)
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def tell(name: str, line: int, code: str) -> None:
        frames.send(sock, {"type": "used", "content": {"name": name, "line": line, "code": code}})

    body, value = _look(look_up)
    with watched(asked["forbidden"], value, tell):
        frames.send(sock, {"type": "watching", "content": {}})
        questions = frames.receive(sock)
        body = body or {"reply": reply_to(questions, value)}
        # Inside of the watch, for what makes a text of it and sends it could be a student's.
        frames.send(sock, {"type": "reply", "content": {MIME: json.dumps(body | {"nonce": asked["nonce"]})}})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    frames.send(sock, {"type": "done", "content": {}})


def _close_sockets_but(kept: int) -> None:
    """Close what leads out of this process; a file that an answer reads stays open."""
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with suppress(OSError):
            if int(name) != kept and stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                os.close(int(name))


def _look(look_up: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    """Return what to say instead of a reply, where there is no answer, and the answer."""
    try:
        return {}, look_up()
    except BaseException as error:  # noqa: BLE001  (a name may be missing, or its look-up may run student code)
        return {"missing": _describe(error)}, None


def _describe(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]
    except BaseException:  # noqa: BLE001  (a student's exception may raise while it is printed)
        return type(error).__name__[:LONGEST_MESSAGE]
