"""Work for a process aside, as a test wants it."""

import os
import time
from typing import Any

START = "WORK_ASIDE_START_SECONDS"
_kept: list[bytearray] = []


def prepare() -> None:
    """Take as long as a test says."""
    time.sleep(float(os.environ.get(START, "0")))


def answer(request: dict[str, Any]) -> Any:
    amount = request["amount"]
    match request["work"]:
        case "echo":
            return amount
        case "wait":
            time.sleep(amount)
            return amount
        case "keep":
            _kept.append(bytearray(amount))
            for place in range(0, amount, 4096):
                _kept[-1][place] = 1
            return amount
        case "map":
            _kept.append(bytearray(amount))
            return os.getpid()
        case "hold":
            try:
                bytearray(amount)
            except MemoryError:
                return "MemoryError"
            return amount
    while True:
        pass
