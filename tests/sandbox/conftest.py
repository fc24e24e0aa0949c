"""One warm process for all tests of the walls."""

import shutil
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.sandbox import ForkServer, Kernel, Walls, frames

MODULES = ("numpy", "IPython.core.interactiveshell")  # torch takes seconds to import and changes no wall
SMALL = Walls(memory_bytes=512 << 20, processes=24, open_files=64, file_bytes=4 << 20, disk_bytes=16 << 20)


class Talk:
    """What a kernel said to one cell."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.messages = messages
        self.text = "".join(m["content"]["text"] for m in messages if m["type"] == "stream")
        self.ended = messages[-1]["content"] if messages and messages[-1]["type"] == "done" else None
        self.error = (self.ended or {}).get("evalue", "")


def talk(kernel: Kernel, source: str, seconds: float = 30.0) -> Talk:
    """Run a cell and return what came back; a kernel that ended gives no `ended`."""
    kernel.sock.settimeout(seconds)
    source = textwrap.dedent(source)
    messages = []
    try:
        frames.send(kernel.sock, {"id": 1, "source": source})
        while not messages or messages[-1]["type"] != "done":
            messages.append(frames.receive(kernel.sock))
    except frames.Closed:
        pass
    return Talk(messages)


@pytest.fixture(scope="session")
def warm(lacking: Callable[[str], None]) -> Iterator[ForkServer]:
    if shutil.which("bwrap") is None:
        lacking("bubblewrap is not installed")
    with ForkServer(MODULES) as server:
        yield server


@pytest.fixture
def kernel(warm: ForkServer) -> Iterator[Kernel]:
    with Kernel(warm.address, SMALL, {"cases.json": b"{}", "deep/er/data.txt": b"here"}) as made:
        yield made
