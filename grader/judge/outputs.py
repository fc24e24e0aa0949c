"""Collects what a cell prints and shows, within limits."""

from typing import Any

from grader.judge.limits import Limits

# Scripts and widgets have no place on a feedback page.
SHOWN = {"text/plain", "text/html", "text/latex", "text/markdown", "image/png", "image/jpeg", "image/svg+xml"}


class Outputs:
    """The outputs of one notebook; `begin` opens the next cell's."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.all_output_bytes
        self.begin()

    def begin(self) -> None:
        """Start the outputs of another cell."""
        self.cell: list[dict[str, Any]] = []
        self._stream_left = self._limits.stream_bytes
        self.cut = False

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Add one message of the kernel; what passes a limit is left out and `cut` says so."""
        if kind == "clear_output":
            self.cell.clear()
        elif kind == "stream":
            self._add_stream(_text(content.get("name")), _text(content.get("text")))
        elif kind in ("display_data", "execute_result"):
            self._add_data(kind, content.get("data"))
        elif kind == "error":
            self._add_error(content)

    def _add_stream(self, name: str, text: str) -> None:
        kept = text[: min(self._stream_left, self._left)]
        self.cut |= len(kept) < len(text)
        self._stream_left -= len(kept)
        self._left -= len(kept)
        last = self.cell[-1] if self.cell else {}
        if last.get("output_type") == "stream" and last.get("name") == name:
            last["text"] += kept
        elif kept and self._room():
            name = name if name in ("stdout", "stderr") else "stdout"
            self.cell.append({"output_type": "stream", "name": name, "text": kept})

    def _add_data(self, kind: str, data: Any) -> None:
        if not isinstance(data, dict):
            return
        shown = {mime: _text(value) for mime, value in data.items() if mime in SHOWN}
        size = sum(map(len, shown.values()))
        if size > min(self._limits.output_bytes, self._left):
            self.cut = True
            return
        if shown and self._room():
            self._left -= size
            output: dict[str, Any] = {"output_type": kind, "data": shown, "metadata": {}}
            if kind == "execute_result":
                output["execution_count"] = None
            self.cell.append(output)

    def _add_error(self, content: dict[str, Any]) -> None:
        traceback = content.get("traceback")
        lines = [_text(line)[:5_000] for line in traceback[-100:]] if isinstance(traceback, list) else []
        ename, evalue = _text(content.get("ename"))[:200], _text(content.get("evalue"))[:2_000]
        # An error counts as text that is printed: a cell can show as many of them as of anything else.
        left = min(self._stream_left, self._left) - len(ename) - len(evalue)
        kept: list[str] = []
        for line in reversed(lines):  # the last lines say what went wrong
            left -= len(line)
            if left < 0:
                self.cut = True
                break
            kept.insert(0, line)
        size = len(ename) + len(evalue) + sum(map(len, kept))
        if size > min(self._stream_left, self._left):
            self.cut = True
        elif self._room():
            self._stream_left -= size
            self._left -= size
            self.cell.append({"output_type": "error", "ename": ename, "evalue": evalue, "traceback": kept})

    def _room(self) -> bool:
        full = len(self.cell) >= self._limits.outputs
        self.cut |= full
        return not full


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    # A lone surrogate is legal JSON and can be written to no file.
    return value.encode("utf-8", errors="replace").decode() if isinstance(value, str) else ""
