"""Folders of files that a command wrote, which it may replace later, and in which it touches nothing else.

A manifest in the folder names every file with its hash. What is not named there, or is not as it was written, is a
person's: a student's notebook copied in, a mark in the gradebook, a note. Such a folder is neither emptied nor filled.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.pipeline import PipelineError

MANIFEST = ".sample-class"
_PART = ".sample-class.part"  # what a run wrote that was killed then
_TOLD = 3


def write_own(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Put files into a folder, in the place of those that were put there before; None makes an empty folder.

    A run that is killed leaves a folder that the next one may fill. Raises `PipelineError`, and touches nothing, when
    the folder holds anything else.
    """
    remove_own(folder)
    folder.mkdir(parents=True, exist_ok=True)
    planned: dict[str, str | None] = {}
    for name, content in files.items():
        above = Path(name).parents if content is not None else (Path(name), *Path(name).parents)
        planned |= {parent.as_posix(): None for parent in above if parent.name}
        if content is not None:
            planned[name] = hashlib.sha256(content).hexdigest()
    _put(folder / MANIFEST, json.dumps(planned, indent=1, ensure_ascii=False).encode(), folder)
    for name, content in files.items():
        target = folder / name
        if content is None:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            _put(target, content, folder)


def remove_own(folder: Path) -> None:
    """Remove what was written into a folder, and the folder. Raises `PipelineError` when it holds anything else."""
    own = check_own(folder)
    if not folder.is_dir():
        return
    for name in sorted(own, reverse=True):  # what lies in a folder comes before the folder
        path = folder / name
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    for name in (_PART, MANIFEST):
        (folder / name).unlink(missing_ok=True)
    folder.rmdir()


def check_own(folder: Path) -> list[str]:
    """Return what a folder holds, all of it written by `write_own` or `made_anew`; nothing when there is none.

    Raises `PipelineError` when it holds anything else.
    """
    if not folder.exists() and not folder.is_symlink():
        return []
    if not folder.is_dir() or folder.is_symlink():
        raise PipelineError(f"{folder} is no folder of its own; choose another place.")
    written, found = _manifest(folder), _found(folder)
    strange = [name for name, content in found.items() if written.get(name, "") != content]
    if strange:
        more = f" and {len(strange) - _TOLD} more" if len(strange) > _TOLD else ""
        named = ", ".join(repr(name) for name in strange[:_TOLD])
        raise PipelineError(
            f"{folder} holds something else than a sample class, or one that somebody worked on: {named}{more}. "
            "Nothing was touched. Move that folder away, or choose an empty or new one."
        )
    return list(found)


@contextmanager
def made_anew(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside `folder`, which takes its place when all went well.

    Raises `PipelineError`, at the start or at the end, when `folder` holds anything but what was made so before.
    """
    check_own(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        beside.chmod(0o755)  # as mkdir would make it
        yield beside
        content = json.dumps(_found(beside), indent=1, ensure_ascii=False)
        (beside / MANIFEST).write_text(content, encoding="utf-8")
        remove_own(folder)
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(path: Path, content: bytes, folder: Path) -> None:
    (folder / _PART).write_bytes(content)
    (folder / _PART).replace(path)


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return written if isinstance(written, dict) else {}


def _found(folder: Path) -> dict[str, str | None]:
    """Return what lies in a folder: a file's hash, a link's target, and None for a folder."""
    found: dict[str, str | None] = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if relative in (MANIFEST, _PART):
                continue
            if path.is_symlink():
                found[relative] = f"-> {os.readlink(path)}"
            elif path.is_dir():
                found[relative] = None
            elif path.is_file():
                found[relative] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                found[relative] = "no file"
    return found
