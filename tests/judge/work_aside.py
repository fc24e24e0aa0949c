"""Work for a process aside, as a test wants it."""

import os
import time
from typing import Any

_kept: list[bytearray] = []


def prepare() -> None:
    """Nothing is needed."""


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
