"""What a build wrote into a set's folders, so that the next one replaces that and nothing of a person's.

`build/source/NN_name` and `build/release/NN_name` are made anew when a set changes. A file that somebody put there, or
a notebook that somebody edited there, would be lost, and what lies in the first is copied to every student. So each
build notes the hashes of what it wrote, and the next one refuses when it finds anything else.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from grader.pipeline import PipelineError

_LEFTOVERS = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}  # of programs; nobody misses them
_TOLD = 3


def check_built(folders: Sequence[Path], record: Path, own: str) -> None:
    """Let a build begin, which is to end with `note_built`.

    own: where a person's files belong. Raises `PipelineError` when the folders hold what the build that wrote `record`
    did not write. Without a record nothing is known: an earlier version built, or a build was killed.
    """
    if not record.is_file():
        return
    written = json.loads(record.read_text(encoding="utf-8"))
    strange = [
        path for path, content in _hashes(folders).items() if content not in written.get(path.name, [])
    ]
    if strange:
        more = f" and {len(strange) - _TOLD} more" if len(strange) > _TOLD else ""
        raise PipelineError(
            f"{', '.join(map(str, strange[:_TOLD]))}{more}: no build wrote this as it is, and the next one would "
            f"replace it. Nothing was touched. What students should get belongs into {own}; move the rest away, or "
            "delete it."
        )
    record.unlink()


def note_built(folders: Sequence[Path], record: Path) -> None:
    """Note what the folders hold, by the names of files, so that a course may be moved."""
    found: dict[str, list[str]] = {}
    for path, content in _hashes(folders).items():
        found.setdefault(path.name, []).append(content)
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(found, indent=1), encoding="utf-8")


def _hashes(folders: Sequence[Path]) -> dict[Path, str]:
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not _LEFTOVERS & set(path.parts)
    }
