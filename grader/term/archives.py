"""What was downloaded, as a list of files: a folder, a zip or a tar. Nothing of it is unpacked under a name of its own.

Files are read one by one and put where the collector wants them, so no name in an archive decides where anything is
written. What can't be taken is told with the reason: a name that leads out of the archive, a link, a device, a
password, a bomb (more files, bytes or folders than any submission has, or a file that grows too much).
"""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from grader.judge.limits import MEGABYTE
from grader.pipeline import PipelineError
from grader.pipeline.submissions import MOST_FOLDERS, NOT_A_STUDENT, printable

_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_BROKEN = (
    OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
    tarfile.TarError,
)  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """What an archive may hold: files, bytes of one and of all when unpacked, and times that a file may grow."""

    files: int
    file_bytes: int
    all_bytes: int
    ratio: int = 200
    small: int = MEGABYTE  # a file below this may grow by any ratio


OF_A_CLASS = Bounds(files=100_000, file_bytes=100 * MEGABYTE, all_bytes=20_000 * MEGABYTE)
OF_A_STUDENT = Bounds(files=2_000, file_bytes=100 * MEGABYTE, all_bytes=200 * MEGABYTE)


class Refused(Exception):
    """Carries the reason for which a file or an archive was not read."""


@dataclass(frozen=True)
class Item:
    """A file: where it lies, and how to read it. `read` raises `Refused`."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def path(self) -> str:
        return "/".join(self.parts)


@dataclass
class Tree:
    """The files of a download, what was left out and why, and when the newest of them was made (seconds)."""

    items: list[Item] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    made: float = 0.0

    def refuse(self, name: str, why: str) -> None:
        self.left_out.append((name[:200], why))


def is_archive(name: str) -> bool:
    """Return whether a file's name is that of an archive that can be read."""
    return name.lower().endswith(_ENDINGS)


@contextmanager
def opened(source: Path) -> Iterator[Tree]:
    """Yield the files of a folder or an archive. Raises `PipelineError` when it is neither, or can't be read."""
    with ExitStack() as stack:
        if source.is_dir():
            yield _of_folder(source)
            return
        if not source.is_file():
            raise PipelineError(
                f"{source} is neither a folder nor an archive; give what the LMS let you download."
            )
        if not is_archive(source.name):
            raise PipelineError(
                f"{source} is no archive that can be read (zip, tar, tar.gz, tar.bz2, tar.xz) and no folder."
            )
        try:
            file = stack.enter_context(source.open("rb"))
            if source.name.lower().endswith(".zip"):
                archive = stack.enter_context(zipfile.ZipFile(file))
                tree = _of_zip(archive, OF_A_CLASS)
            else:
                store = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="collect-")))
                tree = _of_tar(file, OF_A_CLASS, lambda data, number: _stored(store / str(number), data))
        except Refused as error:
            raise PipelineError(f"{source} was not read: {error}.") from error
        except _BROKEN as error:
            raise PipelineError(f"{source} is damaged ({error}); download it again.") from error
        yield tree


def inside(data: bytes, name: str) -> Tree:
    """Return the files of an archive that a student handed in. Raises `Refused`."""
    try:
        if name.lower().endswith(".zip"):
            end = data.rfind(b"PK\x05\x06")
            if end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") > 2 * MEGABYTE:
                raise Refused("it holds too many files")
            return _of_zip(zipfile.ZipFile(io.BytesIO(data)), OF_A_STUDENT)
        return _of_tar(io.BytesIO(data), OF_A_STUDENT, lambda content, _: lambda: content)
    except _BROKEN as error:
        raise Refused("the archive is damaged") from error


def safe_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a path in an archive. Raises `Refused` for one that leads out of it, or can't be shown.

    >>> safe_parts("ann/./work.ipynb")
    ('ann', 'work.ipynb')
    """
    plain = name.replace("\\", "/")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if plain.startswith("/") or (len(plain) > 1 and plain[1] == ":" and plain[0].isalpha()):
        raise Refused("its path is absolute")
    if ".." in parts:
        raise Refused("its path leads out of the archive")
    if not parts or not all(map(printable, parts)):
        raise Refused("its name can't be printed")
    if any(len(part.encode()) > 255 for part in parts):
        raise Refused("its name is longer than 255 bytes, and can't be written")
    if len(parts) > MOST_FOLDERS:
        raise Refused(f"it lies in more than {MOST_FOLDERS} folders")
    return parts


def _hidden(parts: tuple[str, ...]) -> bool:
    return any(part in NOT_A_STUDENT or part.startswith(".") or part == "__pycache__" for part in parts)


def _of_folder(source: Path) -> Tree:
    tree = Tree()

    def failed(error: OSError) -> None:
        tree.refuse(os.path.relpath(str(error.filename), source), f"it can't be read ({error.strerror})")

    for place, folders, files in os.walk(source, onerror=failed):
        for name in sorted(folders + files):
            path = Path(place, name)
            parts = path.relative_to(source).parts
            if _hidden(parts):
                continue
            if path.is_symlink():
                tree.refuse("/".join(parts), "links are not followed")
            elif name in files and not path.is_file():
                tree.refuse("/".join(parts), "it is no plain file")
            elif not all(map(printable, parts)):
                tree.refuse(repr("/".join(parts)), "its name can't be printed")
            elif name in files:
                tree.made = max(tree.made, path.stat().st_mtime)
                tree.items.append(Item(parts, lambda path=path: _read_file(path)))  # type: ignore[misc]
        folders[:] = sorted(
            f
            for f in folders
            if not _hidden((f,)) and len(Path(place, f).relative_to(source).parts) <= MOST_FOLDERS
        )
        if len(tree.items) > OF_A_CLASS.files:
            raise PipelineError(
                f"{source} holds more than {OF_A_CLASS.files:,} files; give the download's own folder."
            )
    return tree


def _read_file(path: Path) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(fd, "rb") as file:
            return _within(file, OF_A_CLASS.file_bytes)
    except OSError as error:
        raise Refused(f"it can't be read ({error.strerror})") from error


def _within(file: IO[bytes], most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"it has more than {most // MEGABYTE} MB")
    return data


def _of_zip(archive: zipfile.ZipFile, bounds: Bounds) -> Tree:
    tree, total = Tree(), 0
    entries = archive.infolist()
    if len(entries) > bounds.files:
        raise Refused(f"it holds more than {bounds.files:,} files")
    for entry in entries:
        name = _name(entry)
        if entry.is_dir():
            continue
        try:
            parts = safe_parts(name)
            if _hidden(parts):
                continue
            mode = entry.external_attr >> 16 & 0o170000
            if mode not in (0, 0o100000):
                raise Refused("links are not followed" if mode == 0o120000 else "it is no plain file")
            if entry.flag_bits & 1:
                raise Refused("it has a password")
            if entry.file_size > bounds.file_bytes:
                raise Refused(f"it has more than {bounds.file_bytes // MEGABYTE} MB")
            if entry.file_size > bounds.small and entry.file_size > bounds.ratio * max(
                1, entry.compress_size
            ):
                raise Refused(f"it is packed more than {bounds.ratio} times, as no work is")
        except Refused as error:
            tree.refuse(name, str(error))
            continue
        total += entry.file_size
        if total > bounds.all_bytes:
            raise Refused(f"it holds more than {bounds.all_bytes // MEGABYTE:,} MB")
        try:
            tree.made = max(tree.made, datetime(*entry.date_time).timestamp())
        except (ValueError, OverflowError):
            pass  # a date that there is not; nothing rests on one file's
        tree.items.append(Item(parts, lambda entry=entry: _of_entry(archive, entry, bounds)))  # type: ignore[misc]
    return tree


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; some programs write UTF-8 without saying so, and Python then reads it as cp437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return entry.filename


def _of_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, bounds: Bounds) -> bytes:
    try:
        with archive.open(entry) as file:
            return _within(file, bounds.file_bytes)
    except _BROKEN as error:
        raise Refused("it is damaged in the archive") from error


class _Bounded:
    """A stream that refuses to be read too far, whatever a header in it says."""

    def __init__(self, stream: Any, at_once: int, far: int) -> None:
        self._stream, self._at_once, self._far = stream, at_once, far

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._at_once or self._stream.tell() > self._far:
            raise Refused("it holds more than any work")
        return cast(bytes, self._stream.read(size))

    def seek(self, place: int, whence: int = 0) -> int:
        if whence != 0 or place > self._far:
            raise Refused("it holds more than any work")
        return int(self._stream.seek(place))

    def tell(self) -> int:
        return int(self._stream.tell())


def _of_tar(file: BinaryIO, bounds: Bounds, keep: Callable[[bytes, int], Callable[[], bytes]]) -> Tree:
    """Read a tar in one go, for going back in a packed one means to unpack it again."""
    tree, total, count = Tree(), 0, 0
    start = file.read(6)
    file.seek(0)
    stream: Any = file
    if start.startswith(b"\x1f\x8b"):
        stream = gzip.GzipFile(fileobj=file)
    elif start.startswith(b"BZh"):
        stream = bz2.BZ2File(file)
    elif start.startswith(b"\xfd7zXZ\x00"):
        stream = lzma.LZMAFile(file)
    bounded = _Bounded(stream, bounds.file_bytes, bounds.all_bytes)
    with tarfile.open(fileobj=cast(Any, bounded), mode="r:") as archive:
        while (member := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # what it has read it need not remember
            count += 1
            total += max(0, member.size)
            if count > bounds.files:
                raise Refused(f"it holds more than {bounds.files:,} files")
            if total > bounds.all_bytes or member.size > bounds.file_bytes:
                raise Refused(f"{member.name[:80]!r} in it is too large")
            if member.isdir():
                continue
            try:
                parts = safe_parts(member.name)
                if _hidden(parts):
                    continue
                if not member.isreg():
                    raise Refused(
                        "links are not followed"
                        if member.issym() or member.islnk()
                        else "it is no plain file"
                    )
            except Refused as error:
                tree.refuse(member.name, str(error))
                continue
            content = archive.extractfile(member)
            assert content is not None
            tree.made = max(tree.made, float(member.mtime))
            tree.items.append(Item(parts, keep(content.read(), count)))
    return tree


def _stored(path: Path, data: bytes) -> Callable[[], bytes]:
    path.write_bytes(data)
    return path.read_bytes
