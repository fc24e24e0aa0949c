"""Messages over a socket: four bytes of length, then JSON. The reader caps the length and trusts nothing."""

import json
import socket
import struct
from typing import Any

_HEADER = struct.Struct("!I")


class Closed(Exception):
    """The other side is gone."""


def pack(message: Any) -> bytes:
    """Return a message as the bytes that are sent."""
    body = json.dumps(message).encode()
    return _HEADER.pack(len(body)) + body


def send(sock: socket.socket, message: Any) -> None:
    """Send one message. Raises Closed."""
    try:
        sock.sendall(pack(message))
    except OSError as error:
        raise Closed from error


def receive(sock: socket.socket) -> Any:
    """Wait for one message from a trusted sender and return it. Raises Closed."""
    return json.loads(_exactly(sock, _HEADER.unpack(_exactly(sock, _HEADER.size))[0]))


def receive_with_descriptor(sock: socket.socket) -> tuple[Any, int | None]:
    """As `receive`, with the descriptor that came along, None where there was none. Raises Closed."""
    try:
        beginning, descriptors, _, _ = socket.recv_fds(sock, _HEADER.size, 1)
    except OSError as error:
        raise Closed from error
    if not beginning:
        raise Closed
    header = beginning + _exactly(sock, _HEADER.size - len(beginning))
    message = json.loads(_exactly(sock, _HEADER.unpack(header)[0]))
    return message, descriptors[0] if descriptors else None


def _exactly(sock: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        try:
            part = sock.recv(min(size, 1 << 20))
        except OSError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class Reader:
    """Takes messages of an untrusted sender as they come; `feed` bytes, `take` what is complete.

    largest: bytes of one message; a longer one, or one that is no JSON object, is passed over, and `damaged` counts it.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._buffer = bytearray()
        self._skip = 0
        self.damaged = 0

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._buffer += data

    def take(self) -> dict[str, Any] | None:
        """Return the next whole message, or None when more bytes are needed."""
        while len(self._buffer) >= _HEADER.size:
            (size,) = _HEADER.unpack_from(self._buffer)
            end = _HEADER.size + size
            if size > self._largest:
                self.damaged += 1
                self._skip = max(0, end - len(self._buffer))
                del self._buffer[:end]
                continue
            if len(self._buffer) < end:
                return None
            body = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            try:
                message = json.loads(body)
            except (ValueError, RecursionError):
                message = None
            if isinstance(message, dict):
                return message
            self.damaged += 1
        return None
