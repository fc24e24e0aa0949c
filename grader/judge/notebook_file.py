"""Reads the bytes that were handed in as the cells of a notebook, whatever they are.

Outputs are not needed, so they are dropped before any limit looks at sizes. JSON can stand for fifty times its size in
memory, so a large file is read in a process aside, where there is a limit; a small one can't hold much.
"""

import json
import tempfile
from collections.abc import Mapping
from typing import Any

from grader.judge.aside import Aside, RanOut
from grader.judge.limits import MEGABYTE, Limits

_SMALL = 2 * MEGABYTE  # as objects at most 100 MB
_SECONDS, _BYTES, _START_SECONDS = 20.0, 600 * MEGABYTE, 60.0
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}

RawCell = dict[str, Any]
"""cell_type, source (a text), metadata, and a text cell's attachments (name → type → base64)."""


class Unreadable(Exception):
    """Carries the sentence that says why bytes are no notebook."""


def read_cells(data: bytes, limits: Limits, problems: list[str]) -> list[RawCell]:
    """Return the notebook's cells; what was mended or left out is added to `problems` in sentences to the student.

    Raises Unreadable.
    """
    if not data.strip():
        raise Unreadable(
            "The file is empty. Nothing could be marked; save the notebook and hand it in again."
        )
    if len(data) > limits.notebook_bytes:
        raise Unreadable(
            f"The file has more than {limits.notebook_bytes / MEGABYTE:.0f} MB, outputs included, and is not read. "
            "Clear the outputs and hand it in again."
        )
    content = _content(data) if len(data) <= _SMALL else _content_aside(data)
    if isinstance(content, str):
        raise Unreadable(content)
    problems += content["problems"]
    return _within_limits(content, limits, problems)


def _within_limits(content: Mapping[str, Any], limits: Limits, problems: list[str]) -> list[RawCell]:
    cells: list[RawCell] = []
    total = pictures = 0
    for cell in content["cells"][: limits.cells]:
        total += len(cell["source"])
        if total > limits.source_bytes:
            raise Unreadable(
                f"The notebook's cells hold more than {limits.source_bytes / MEGABYTE:.0f} MB of text. Move data out "
                "of the cells and hand it in again."
            )
        size = sum(len(text) for picture in cell["attachments"].values() for text in picture.values())
        pictures += size
        if pictures > limits.all_output_bytes:
            cell["attachments"] = {}
            pictures -= size
            problems.append(
                f"The pictures in the text hold more than {limits.all_output_bytes / MEGABYTE:.0f} MB; "
                "some are not shown."
            )
        cells.append(cell)
    if len(content["cells"]) > limits.cells:
        problems.append(f"The notebook has more than {limits.cells} cells; the rest was left out.")
    problems[:] = dict.fromkeys(problems)
    return cells


def _content_aside(data: bytes) -> Any:
    """Read a large file where memory has a limit."""
    reader = Aside(__name__, _BYTES, _START_SECONDS)
    try:
        with tempfile.NamedTemporaryFile(prefix="notebook-") as file:
            file.write(data)
            file.flush()
            return reader.ask(lambda fresh: file.name, _SECONDS)
    except RanOut:
        return "The file can't be read: it holds too many parts. Clear the outputs and hand it in again."
    finally:
        reader.close()


def prepare() -> None:
    """Nothing is needed (see `grader.judge.aside`)."""


def answer(path: str) -> Any:
    """Return the content of a file; this runs in the process aside."""
    with open(path, "rb") as file:
        try:
            return _content(file.read())
        except MemoryError:
            return "The file can't be read: it holds too many parts. Clear the outputs and hand it in again."


def _content(data: bytes) -> Any:
    """Return {"cells", "problems"} without outputs, or the sentence that says why it is no notebook."""
    problems: list[str] = []
    try:
        content = json.loads(_decoded(data, problems), object_pairs_hook=_without_outputs)
    except (ValueError, RecursionError) as error:
        return (
            f"The file is no notebook: it is not JSON ({str(error)[:120]}). Perhaps the upload broke off, or another "
            "program saved it."
        )
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        return "The file is JSON, but no notebook: it names no notebook format."
    version = content["nbformat"]
    if version == 3:
        found = _cells_of_format_3(content)
        if found is None:
            return "The notebook has the old format 3 and could not be converted: it has no list of cells."
        problems.append("The notebook had the old format 3 and was converted to format 4.")
    elif version == 4:
        found = content.get("cells")
    else:
        return f"The notebook has format {version}; expected is format 4. Save it with a current Jupyter."
    if not isinstance(found, list):
        return "The file is JSON, but no notebook: it has no list of cells."
    return _cleaned(found, problems)


def _without_outputs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if "cell_type" in found:
        found.pop("outputs", None)
    return found


def _decoded(data: bytes, problems: list[str]) -> str:
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(
            "The file is not in UTF-8. It was read as Latin-1; some letters may have come out wrong."
        )
        return data.decode("latin-1")


def _cells_of_format_3(content: Mapping[str, Any]) -> list[Any] | None:
    """Return the cells of the old format, in which code is `input` and headings are cells of their own.

    Not by nbformat's converter, which validates everything first and takes a gigabyte for a hundred kilobytes.
    """
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    cells: list[Any] = []
    for sheet in sheets:
        for cell in sheet.get("cells", []) if isinstance(sheet, dict) else []:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                cell["source"] = cell.get("input", "")
            elif isinstance(cell, dict) and cell.get("cell_type") == "heading":
                level = next((n for n in range(1, 7) if n == cell.get("level")), 1)
                cell |= {"cell_type": "markdown", "source": f"{'#' * level} {_text(cell.get('source'))}"}
            cells.append(cell)
    return cells


def _cleaned(found: list[Any], problems: list[str]) -> dict[str, Any]:
    cells = [cell for raw in found if (cell := _read_cell(raw, problems)) is not None]
    damaged = len(found) - len(cells)
    if damaged:
        problems.append(f"{damaged} damaged cell{' was' if damaged == 1 else 's were'} left out.")
    return {"cells": cells, "problems": problems}


def _read_cell(raw: Any, problems: list[str]) -> RawCell | None:
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        if len(source) > 1 and not any(line.endswith("\n") for line in source):
            problems.append("Lines of cells had lost their ends; they were put back, one line an entry.")
            source = [line + "\n" for line in source[:-1]] + source[-1:]
        source = "".join(source)
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return {
        "cell_type": raw["cell_type"],
        "source": _text(source),
        "nbgrader": nbgrader if isinstance(nbgrader, dict) else {},
        "attachments": _attachments(raw) if raw["cell_type"] == "markdown" else {},
    }


def _attachments(raw: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the pictures that were pasted into a text cell."""
    found: dict[str, dict[str, str]] = {}
    attachments = raw.get("attachments")
    for name, picture in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(picture, dict):
            kept = {kind: _text(data) for kind, data in picture.items() if kind in _PICTURES}
            if any(kept.values()):
                found[_text(name)] = kept
    return found


def _text(value: Any) -> str:
    """Return a text, or lines joined to one, fit for a file: a lone surrogate is legal JSON; line ends differ."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", errors="replace").decode().replace("\r\n", "\n")
