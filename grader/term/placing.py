"""Puts files where somebody may have put others: what was written here before is replaced, a person's never is.

A manifest in the folder tells by its hash what was written here. A file that is not named there, or is not as it was
written, is a person's: it stays, and is named, unless the caller says by `force` that it may go. Every file is written
under another name first and then renamed, so that a run that is killed leaves no half of one.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.pipeline import PipelineError

MANIFEST = ".written-by-grader"
_TOLD = 5
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: the same pages make the same archive


def put_files(folder: Path, files: Mapping[str, bytes], force: bool = False) -> list[str]:
    """Write files into a folder and return the names of those that changed it.

    Raises `PipelineError`, and writes nothing, when one of them stands there with another content that a person wrote.
    """
    if folder.exists() and not folder.is_dir():
        raise PipelineError(f"{folder} is no folder; choose another place.")
    outside = [name for name in files if _leaves(folder, name)]
    if outside:
        raise PipelineError(
            f"{outside[0]!r} would lie outside of {folder}, perhaps by a link; nothing was written."
        )
    written = _manifest(folder)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    stands = {name: _digest(folder / name) for name in files}
    foreign = [
        name
        for name, found in stands.items()
        if found and found not in (digests[name], *written.get(name, []))
    ]
    if foreign and not force:
        more = f" and {len(foreign) - _TOLD} more" if len(foreign) > _TOLD else ""
        named = ", ".join(repr(name) for name in foreign[:_TOLD])
        raise PipelineError(
            f"{folder} holds what somebody else wrote, or changed: {named}{more}. Nothing was touched. Move that "
            "away, choose another place, or add --force to replace it."
        )
    changed = [name for name in files if stands[name] != digests[name]]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Both, until all is written: a killed run leaves some files as they were before.
        both = {name: [digests[name], *written.get(name, [])[:1]] for name in files}
        _write(folder / MANIFEST, json.dumps(written | both, indent=1, ensure_ascii=False).encode())
        for name in changed:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, files[name])
        now = written | {name: [digest] for name, digest in digests.items()}
        _write(folder / MANIFEST, json.dumps(now, indent=1, ensure_ascii=False).encode())
    except OSError as error:
        raise PipelineError(f"{folder} can't be written: {error}.") from error
    return changed


def put_new(files: Mapping[Path, bytes], force: bool = False) -> None:
    """Write single files. Those that are there already, as they are to be, are left alone.

    Raises `PipelineError`, and writes nothing, when a place holds anything else, unless `force`.
    """
    todo = {path: content for path, content in files.items() if not _stands(path, content)}
    for path in todo:
        if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
            raise PipelineError(f"{path} is no plain file; choose another place. Nothing was written.")
        if path.exists() and not force:
            raise PipelineError(
                f"{path} is there already, with another content. Nothing was written. Choose another place, or add "
                "--force to replace it."
            )
    for path, content in todo.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
        except OSError as error:
            raise PipelineError(f"{path} can't be written: {error}.") from error


def _stands(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip archive: the same files, the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return held.getvalue()


def _leaves(folder: Path, name: str) -> bool:
    """Return whether a name leads out of a folder, by itself or by a link that lies there."""
    return not (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _write(path: Path, content: bytes) -> None:
    started = path.with_name(f".{path.name[:200]}.part")
    started.write_bytes(content)
    started.replace(path)


def _digest(path: Path) -> str:
    """Return a file's hash, "" where there is nothing, and for what is no plain file something that no file has."""
    if not os.path.lexists(path):
        return ""
    if path.is_symlink() or not path.is_file():
        return "no file"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _manifest(folder: Path) -> dict[str, list[str]]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: list(digests) for name, digests in found.items() if isinstance(digests, list)}
