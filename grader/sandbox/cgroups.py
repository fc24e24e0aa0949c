"""Control groups: one bound on the memory of all that runs in a room, one share of the processor, one account of it.

The warm process looks once for a place where it may make groups. Each room gets its own there; whoever put up the room
moves the kernel into it before any of the student's code runs, reads it and removes it. What a killed grader leaves,
the warm process removes when it ends, and what both leave, the next one.

A group of version 2 may hold either processes or groups. So the warm process asks systemd, where that runs, for a scope
that is its own to divide (https://systemd.io/CGROUP_DELEGATION), and moves to a leaf of it. Groups of version 1 need no
such thing, but a place that this user may write to. Where no place is found, no room has a group.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.processes import stat

CONTROLLERS = ("memory", "cpu", "cpuacct")
_PREFIX = "grader-"
_OF_INTERNET_SOCKETS = 8  # this part of a room's memory they may hold where they are counted apart
_LARGEST_PAGE = 2 << 20  # what a process may ask for at once, bytes
_SCOPE_SECONDS = 2.0
_EMPTY_SECONDS = 5.0  # what the processes of a room that ends may take to be gone


@dataclass(frozen=True)
class _Hierarchy:
    """A mounted tree of groups: `root` is the group that its mount point shows."""

    mount: Path
    root: str
    controllers: frozenset[str]  # of those that are of use here; none: it is version 2

    def own_folder(self) -> Path | None:
        """Return the folder of this process's group; None where this mount does not show it."""
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            number, names, path = line.split(":", 2)
            if self.controllers.intersection(names.split(",")) or (not self.controllers and number == "0"):
                if Path(path).is_relative_to(self.root) and ".." not in Path(path).parts:
                    return self.mount / Path(path).relative_to(self.root)
        return None


class Groups:
    """The places where rooms get their groups, by controller; empty where there are none."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = dict(places)
        self._owner = f"{_PREFIX}{os.getpid()}-{_started(os.getpid())}"
        self._made = 0

    @classmethod
    def find(cls) -> "Groups":
        """Return what this process may use; what earlier ones left there is removed. It may move to another group."""
        places: dict[str, Path] = {}
        with suppress(OSError, ValueError):
            for hierarchy in _hierarchies():
                if hierarchy.controllers:
                    folder = hierarchy.own_folder()
                    if folder is not None and os.access(folder, os.W_OK):
                        places |= dict.fromkeys(hierarchy.controllers, folder)
                elif folder := _divided(hierarchy):
                    offered = (folder / "cgroup.subtree_control").read_text().split()
                    places |= {name: folder for name in CONTROLLERS if name in offered}
                    places["cpuacct"] = folder
                _sweep(hierarchy.mount)
        return cls(places)

    def make(self, memory_bytes: int) -> dict[str, str]:
        """Return the folders of a new group by controller; none where none can be made."""
        self._made += 1
        folders = {name: place / f"{self._owner}-{self._made}" for name, place in self._places.items()}
        try:
            for folder in set(folders.values()):
                folder.mkdir()
            if "memory" in folders:
                _bound_memory(folders["memory"], memory_bytes)
        except OSError:  # the place is gone, or may hold no more
            for folder in set(folders.values()):
                _removed(folder)
            return {}
        return {name: str(folder) for name, folder in folders.items()}

    def close(self) -> None:
        """Remove what is left of this process's groups, as soon as nothing runs in them."""
        left = [f for place in set(self._places.values()) for f in place.glob(f"{self._owner}-*")]
        deadline = time.monotonic() + _EMPTY_SECONDS
        while left and time.monotonic() < deadline:
            left = [folder for folder in left if not _removed(folder)]
            time.sleep(0.01 if left else 0)


class Group:
    """A room's group, from outside. `bounds_memory` and `counts_time` say what it does; without folders, nothing.

    process: the kernel, which is moved there; where that may not be, the group is as one without folders.
    """

    def __init__(self, folders: Mapping[str, str], process: int) -> None:
        self._folders = {name: Path(folder) for name, folder in folders.items()}
        try:
            for folder in set(self._folders.values()):
                (folder / "cgroup.procs").write_text(str(process))
        except OSError:
            held = False
        else:
            held = True
        self.bounds_memory = held and "memory" in folders
        self.counts_time = held and "cpuacct" in folders

    def processes(self) -> set[int]:
        """Return the ids of what runs in the group; none where there is no group."""
        for folder in self._folders.values():
            with suppress(OSError):
                return set(map(int, (folder / "cgroup.procs").read_text().split()))
        return set()

    def ran_out_of_memory(self) -> bool:
        """Return whether the room has met its bound on memory, which may have cost a process its life."""
        folder = self._folders["memory"]
        events = _counts(folder / "memory.events")
        if events:
            return events.get("oom", 0) > 0
        # The count holds those, too, that the whole machine's lack of memory has cost; newer systems keep no failcnt.
        killed = _counts(folder / "memory.oom_control").get("oom_kill", 0)
        most = _number(folder / "memory.max_usage_in_bytes")
        if killed > 0 and most > _number(folder / "memory.limit_in_bytes") - _LARGEST_PAGE:
            return True
        sockets = folder / "memory.kmem.tcp.usage_in_bytes"
        return _number(sockets) > _number(folder / "memory.kmem.tcp.limit_in_bytes")

    def processor_seconds(self) -> float:
        """Return the processor time of all processes of the room, of those that have ended, too."""
        folder = self._folders["cpuacct"]
        if (folder / "cpu.stat").exists() and (used := _counts(folder / "cpu.stat").get("usage_usec")):
            return used / 1e6
        return _number(folder / "cpuacct.usage") / 1e9

    def close(self) -> None:
        """Remove the group; nothing runs in it any more, or will in a moment."""
        left = list(set(self._folders.values()))
        deadline = time.monotonic() + _EMPTY_SECONDS
        while left and time.monotonic() < deadline:
            left = [folder for folder in left if not _removed(folder)]
            time.sleep(0.001 if left else 0)


def _hierarchies() -> Iterator[_Hierarchy]:
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, after = (part.split() for part in line.split(" - ", 1))
        root, mount, kind, options = before[3], Path(before[4]), after[0], after[2].split(",")
        if kind == "cgroup2":
            yield _Hierarchy(mount, root, frozenset())
        elif kind == "cgroup" and (of_use := frozenset(options).intersection(CONTROLLERS)):
            yield _Hierarchy(mount, root, of_use)


def _divided(hierarchy: _Hierarchy) -> Path | None:
    """Return a version 2 group that is divided among groups below it, with this process in one; None if none can be."""
    folder = hierarchy.own_folder()
    offered = (hierarchy.mount / "cgroup.controllers").read_text().split()
    wanted = " ".join(f"+{name}" for name in CONTROLLERS if name in offered)
    if folder is None or not wanted:
        return None
    if _alone_in(folder) or (_has_scope(hierarchy) and (folder := hierarchy.own_folder())):
        leaf = folder / "warm"
        with suppress(OSError):
            leaf.mkdir(exist_ok=True)
            (leaf / "cgroup.procs").write_text("0")
    with suppress(OSError):
        (folder / "cgroup.subtree_control").write_text(wanted)
        return folder
    return None


def _alone_in(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and (folder / "cgroup.procs").read_text().split() == [str(os.getpid())]


def _has_scope(hierarchy: _Hierarchy) -> bool:
    """Ask systemd for a scope of our own, and return whether we are in it."""
    before = hierarchy.own_folder()
    busctl = shutil.which("busctl")
    if busctl is None or not os.path.isdir("/run/systemd/system"):
        return False
    manager = "org.freedesktop.systemd1"
    call = [
        busctl, "--system" if os.geteuid() == 0 else "--user", "--quiet", f"--timeout={_SCOPE_SECONDS:g}", "call",
        manager, "/org/freedesktop/systemd1", f"{manager}.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))",
        f"{_PREFIX}{os.getpid()}.scope", "fail",
        "2", "PIDs", "au", "1", str(os.getpid()), "Delegate", "b", "true", "0",
    ]  # fmt: skip
    nothing = subprocess.DEVNULL
    said = subprocess.run(call, stdin=nothing, stdout=nothing, stderr=nothing)
    deadline = time.monotonic() + _SCOPE_SECONDS
    while said.returncode == 0 and time.monotonic() < deadline:
        if hierarchy.own_folder() != before:
            return True
        time.sleep(0.005)
    return False


def _bound_memory(folder: Path, most: int) -> None:
    if (folder / "memory.max").exists():
        (folder / "memory.max").write_text(str(most))
        with suppress(OSError):  # there is no such file where there is no swap
            (folder / "memory.swap.max").write_text("0")
        return
    (folder / "memory.limit_in_bytes").write_text(str(most))
    with suppress(OSError):  # there are no such files where there is no swap, or no Internet
        (folder / "memory.memsw.limit_in_bytes").write_text(str(most))
    with suppress(OSError):
        (folder / "memory.kmem.tcp.limit_in_bytes").write_text(str(most // _OF_INTERNET_SOCKETS))


def _sweep(mount: Path) -> None:
    """Remove the groups of warm processes that have ended, wherever in the tree they stand."""
    for parent, names, _ in os.walk(mount):
        for name in names:
            owner = name.removeprefix(_PREFIX).split("-")
            if name.startswith(_PREFIX) and len(owner) == 3 and _started(owner[0]) != owner[1]:
                _removed(Path(parent, name))


def _started(process: int | str) -> str:
    """Return the time at which a process started, which tells it from a later one of the same number; "" for none."""
    with suppress(OSError):
        fields = stat(process)
        return "" if fields[0] in "ZX" else fields[19]
    return ""


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # something runs in it, or it is not ours to remove
        return False
    return True


def _counts(file: Path) -> dict[str, int]:
    """Return the numbers of a file of lines "name number"; none where there is no such file."""
    with suppress(OSError):
        return {name: int(number) for name, number in map(str.split, file.read_text().splitlines())}
    return {}


def _number(file: Path) -> int:
    with suppress(OSError):
        return int(file.read_text())
    return 0
