"""Runs a command as an ordinary user: a free user id, no group, no capability, a home of its own. Root's to start.

    python -m tests.ordinary HOME COMMAND…      (HOME is given to that user)

Where Python or the course lies in a folder that is closed to others, as /root is, the command sees that folder with
nothing in it but those: it is covered in a mount namespace of the command's own. Nothing else differs from a login.
"""

import ctypes
import os
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

USER = 54_321
ROOT = Path(__file__).resolve().parent.parent
_CLONE_NEWNS, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x20000, 4096, 16384, 1 << 18
_libc = ctypes.CDLL(None, use_errno=True)


def main(home: str, command: list[str]) -> NoReturn:
    """Become that user and run the command."""
    _call(_libc.unshare(_CLONE_NEWNS))
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, "")
    _open_up([Path(os.path.realpath(f)) for f in (sys.prefix, sys.base_prefix, ROOT)])
    os.chown(home, USER, USER)
    os.chdir(home)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    os.environ |= {"HOME": home, "USER": "ordinary", "LOGNAME": "ordinary", "TMPDIR": home}
    os.execvp(command[0], command)


def _open_up(needed: list[Path]) -> None:
    """Make the needed folders reachable, where a folder above them is closed to others."""
    closed: dict[Path, list[Path]] = {}
    for folder in needed:
        for above in reversed(folder.parents):
            if not above.stat().st_mode & 0o001:
                closed.setdefault(above, []).append(folder)
                break
    for above, folders in closed.items():
        kept = [tempfile.mkdtemp() for _ in folders]
        for folder, aside in zip(folders, kept, strict=True):
            _mount(str(folder), aside, None, _MS_BIND | _MS_REC, "")
        _mount("tmpfs", str(above), "tmpfs", 0, "mode=755")
        for folder, aside in zip(folders, kept, strict=True):
            folder.mkdir(parents=True, exist_ok=True)
            _mount(aside, str(folder), None, _MS_BIND | _MS_REC, "")


def _mount(what: str, where: str, kind: str | None, flags: int, data: str) -> None:
    _call(_libc.mount(what.encode(), where.encode(), kind and kind.encode(), flags, data.encode()))


def _call(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
