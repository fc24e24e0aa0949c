"""An empty room: the namespaces and the file system that bubblewrap puts up, with nothing running inside yet."""

import ctypes
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from grader.sandbox.errors import SandboxError
from grader.sandbox.walls import Walls

FOLDER = "/work/notebook"  # where the notebook's own files lie, in the room
WRITABLE = ("/dev/shm", "/tmp", FOLDER)
INSIDE_USER = 1000  # who the student's code is, in a room that root puts up
_FIRST_OUTSIDE_USER = (
    2_000_000_000  # nobody's user ids; each room of root's has one, so its process count is its own
)
_START_SECONDS = 20.0
_END_SECONDS = 10.0
_CLONE_NEWUSER = 0x10000000
_libc = ctypes.CDLL(None, use_errno=True)

# A room ends with the process that put it up, whenever that dies: its first process reads a socket that only that one
# holds open. It is process 1 in there, so nothing inside can stop or end it; orphans are reaped since it ignores them.
# (bubblewrap's own --die-with-parent leaves a room behind when its parent dies while the room is put up.)
_FIRST_PROCESS = "echo; exec env --ignore-signal=CHLD cat > /dev/null"

INSTALL = (
    "bubblewrap is missing, and without it a student's code is not walled in. Install it (on Debian and Ubuntu: "
    "apt-get install bubblewrap), or grade without walls by --sandbox none."
)


def bubblewrap() -> str:
    """Return the path of bubblewrap. Raises SandboxError when there is none."""
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxError(INSTALL)
    return found


@cache
def visible_folders() -> list[str]:
    """Return the folders that Python needs in the room, for what is imported late; they are read-only there."""
    wanted = [sys.prefix, sys.base_prefix, *(sysconfig.get_path(n) for n in ("stdlib", "purelib", "platlib"))]
    wanted.append(str(Path(__file__).resolve().parents[1]))
    kept: list[str] = []
    for folder in sorted({os.path.realpath(w) for w in wanted} | set(wanted), key=len):
        if os.path.isdir(folder) and not any(Path(folder).is_relative_to(k) for k in ["/usr", *kept]):
            kept.append(folder)
    return kept


class Room:
    """A room that stands until `close`; what runs inside ends with it.

    `init` is the process id, outside, of the room's first process.
    """

    pidfd = -1

    def __init__(self, walls: Walls, slot: int = 0, folders: Sequence[str] | None = None) -> None:
        self.user = INSIDE_USER if os.geteuid() == 0 else None
        own = None if self.user is None else _own_namespace(_FIRST_OUTSIDE_USER + slot)
        told = os.memfd_create("room")  # a pipe would break with us, and bubblewrap halfway with it
        passed = [told] if own is None else [told, own]
        arguments = _arguments(walls, visible_folders() if folders is None else folders, told, own)
        self._said = tempfile.TemporaryFile()
        self._hold, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [bubblewrap(), *arguments, "--", "/bin/sh", "-c", _FIRST_PROCESS],
                pass_fds=passed, stdin=theirs.fileno(), stdout=subprocess.PIPE, stderr=self._said,
                env={"PATH": "/usr/bin:/bin"}, start_new_session=True,
            )  # fmt: skip
            theirs.close()
            self.init = self._child(told)
            self.pidfd = os.pidfd_open(self.init)
        except BaseException:
            self.close()
            raise
        finally:
            for descriptor in passed:
                os.close(descriptor)

    _process: "subprocess.Popen[bytes] | None" = None

    def _child(self, told: int) -> int:
        # The process id is told before the file system stands. Whoever joined then would see the machine's own root,
        # so wait for the room's first process to speak: it runs behind the finished walls.
        assert self._process is not None and self._process.stdout is not None
        with self._process.stdout as up:
            stands, _, _ = select.select([up], [], [], _START_SECONDS)
            spoke = bool(stands) and up.read(1) == b"\n"
        try:
            if not spoke:
                raise ValueError
            return int(json.loads(os.pread(told, 4096, 0))["child-pid"])
        except (ValueError, KeyError):
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip()
            raise SandboxError(
                f"bubblewrap could not put up the walls: {said or 'it gave no reason'}. It needs unprivileged user "
                "namespaces (sysctl kernel.unprivileged_userns_clone=1, and on Ubuntu 24.04 "
                "kernel.apparmor_restrict_unprivileged_userns=0), or root."
            ) from None

    def close(self) -> None:
        """End the room and everything in it."""
        self._hold.close()
        if self.pidfd >= 0:
            with suppress(ProcessLookupError):
                # the first process of a PID namespace takes all others along, and ends when they have
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            os.close(self.pidfd)
            self.pidfd = -1
        if self._process is not None:
            try:
                self._process.wait(_END_SECONDS)  # it ends with the room
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._said.close()


def _arguments(walls: Walls, folders: Sequence[str], info: int, own: int | None) -> list[str]:
    size = str(walls.disk_bytes)
    users = ["--unshare-user"] if own is None else ["--userns", str(own)]
    arguments = [
        *users, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--as-pid-1", "--new-session", "--hostname", "notebook", "--clearenv", "--info-fd", str(info),
        "--ro-bind", "/usr", "/usr",
    ]  # fmt: skip
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        if os.path.islink(f"/{name}"):
            arguments += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            arguments += ["--ro-bind", f"/{name}", f"/{name}"]
    for file in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"):
        arguments += ["--ro-bind-try", file, file]
    # bubblewrap makes the folders on the way for its own user only, and the student's code is another's
    on_the_way = {str(parent) for folder in [*folders, FOLDER] for parent in Path(folder).parents}
    # /tmp comes first, so that a course that lies below it is still to be seen there
    arguments += ["--perms", "1777", "--size", size, "--tmpfs", "/tmp"]
    for parent in sorted(on_the_way - {"/", "/usr", "/tmp"}, key=len):
        arguments += ["--perms", "0755", "--dir", parent]
    for folder in folders:
        arguments += ["--ro-bind", folder, folder]
    # What /dev/zero maps as shared is memory that nobody counts; /dev/full reads alike and maps nothing.
    arguments += ["--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/full", "/dev/zero"]
    for folder in [f for f in WRITABLE if f != "/tmp"]:
        arguments += ["--perms", "1777" if folder != FOLDER else "0755", "--size", size, "--tmpfs", folder]
    # /dev has no set size, and where an ordinary user puts up the room it is that user's own
    return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


_kept: dict[tuple[int, int], int] = {}


def _own_namespace(outside: int) -> int:
    """Return a new descriptor of this process's user namespace for that user.

    The rooms of a slot follow one another, and nothing of one is left when the next is put up, so they share it: to
    make one forks this process.
    """
    key = os.getpid(), outside  # a forked process's copy may have been closed, and its number be another's
    if key not in _kept:
        _kept[key] = _user_namespace(outside)
    return os.dup(_kept[key])


def _user_namespace(outside: int) -> int:
    """Return a descriptor of a user namespace with root and one ordinary user, for a room that root puts up.

    The ordinary user has an id that nothing else on the machine has: the kernel counts processes by it, and counts
    those of the real root not at all.
    """
    ready, go = os.pipe()
    done, stay = os.pipe()
    child = os.fork()
    if child == 0:
        failed = _libc.unshare(_CLONE_NEWUSER)
        os.write(go, b"x" if failed else b".")
        os.close(stay)
        os.read(done, 1)  # until the parent has opened the namespace
        os._exit(0)
    os.close(go)
    os.close(done)
    try:
        if os.read(ready, 1) != b".":
            raise SandboxError(
                "The kernel refuses a user namespace (unshare); see sysctl user.max_user_namespaces."
            )
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{child}/{name}").write_text(f"0 0 1\n{INSIDE_USER} {outside} 1\n")
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY)
    finally:
        os.close(ready)
        os.close(stay)
        os.waitpid(child, 0)
