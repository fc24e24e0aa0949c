"""Which of the files that were handed in beside a notebook may lie beside it again when it runs."""

from collections.abc import Mapping
from pathlib import PurePosixPath

_LONGEST_PART, _LONGEST_NAME = 255, 1_000  # bytes that file systems take


def usable_files(
    submitted: Mapping[str, bytes], released: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Return the files for the notebook's folder, the released ones and what fits beside them, and what was left out.

    >>> usable_files({"../x": b"", "data": b"", "own.py": b"1"}, {"data/words.txt": b"ours"})[0]
    {'data/words.txt': b'ours', 'own.py': b'1'}
    """
    files = dict(released)
    folders = {str(folder) for name in released for folder in PurePosixPath(name).parents}
    left_out: list[str] = []
    for name, content in sorted(submitted.items()):
        if name in released:
            continue
        above = {str(folder) for folder in PurePosixPath(name).parents}
        if not _is_ordinary(name) or name in folders or above & files.keys():
            left_out.append(name)
            continue
        files[name] = content
        folders |= above
    if not left_out:
        return files, []
    shown = ", ".join(repr(name[:60]) for name in left_out[:5]) + (", …" if len(left_out) > 5 else "")
    return files, [f"Files were left out, for such names can't lie beside the notebook: {shown}."]


def _is_ordinary(name: str) -> bool:
    """Return whether a relative name stays in its folder and can be written to any file system."""
    try:
        sizes = [len(part.encode()) for part in name.split("/")]
    except UnicodeEncodeError:
        return False
    parts = name.split("/")
    ordinary = all(part not in ("", ".", "..") for part in parts) and name.isprintable()
    return ordinary and max(sizes) <= _LONGEST_PART and sum(sizes) + len(sizes) <= _LONGEST_NAME
