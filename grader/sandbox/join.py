"""How a forked process walks into a room and can't walk out again.

Called in a child of the warm process. Order matters: join the namespaces, fork once more (a PID namespace takes in
children only), write the notebook's files while there is still the right to, then give everything up: descriptors,
user, capabilities, and with the filter the system calls that could undo it.
"""

import ctypes
import ctypes.util
import errno
import os
import resource
import socket
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from grader.sandbox import frames
from grader.sandbox.errors import SandboxError
from grader.sandbox.room import FOLDER
from grader.sandbox.walls import Walls

_libc = ctypes.CDLL(None, use_errno=True)

_NAMESPACES = {
    "user": 0x10000000, "mnt": 0x00020000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x08000000, "uts": 0x04000000,
    "cgroup": 0x02000000,
}  # fmt: skip
_PR_CAPBSET_DROP, _PR_CAP_AMBIENT, _PR_SET_NO_NEW_PRIVS = 24, 47, 38
_PR_CAP_AMBIENT_CLEAR_ALL = 4

# What no notebook needs, and what could loosen the walls or reach round them.
_REFUSED = (
    "unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr "
    "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise "
    "keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "open_by_handle_at name_to_handle_at init_module finit_module delete_module kexec_load kexec_file_load reboot "
    "swapon swapoff acct quotactl syslog settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname "
    # memory that no process maps, so that nobody counts it
    "memfd_create memfd_secret shmget msgget semget "
    "iopl ioperm personality lookup_dcookie nfsservctl vhangup fanotify_init landlock_create_ruleset modify_ldt"
).split()
_NAMESPACE_FLAGS = [*_NAMESPACES.values(), 0x00000080]  # the last is CLONE_NEWTIME
_ALLOWED_FAMILIES = (
    1,
    2,
    10,
)  # AF_UNIX, AF_INET, AF_INET6; AF_VSOCK for one would pass the network namespace


def enter(keep: int, user: int | None, walls: Walls, files: Mapping[str, bytes]) -> None:
    """Wall in this process, which is inside the room already.

    keep: the only descriptor that stays open. user: who to become, None to stay. Raises SandboxError or OSError.
    The caller has one thread, and was forked after `join`.
    """
    _check_that_the_room_is_one()
    os.umask(0o022)
    _write_files(files, user)
    _close_all_but(keep)
    _limit(walls)
    _drop_bounding_set()  # before the user changes: that takes the right to
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _give_up_capabilities()
    _filter_system_calls()
    os.chdir(FOLDER)


def join(pidfd: int) -> None:
    """Join every namespace of the process but the PID namespace, which the next child will be in. Raises OSError."""
    flags = 0
    for flag in _NAMESPACES.values():
        flags |= flag
    if _libc.setns(pidfd, flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"setns: {os.strerror(number)}")


def _check_that_the_room_is_one() -> None:
    with open("/proc/self/mountinfo") as file:
        roots = [line.split(" - ")[1].split()[0] for line in file if line.split()[4] == "/"]
    if roots != ["tmpfs"] or not os.path.isdir(FOLDER):
        raise SandboxError("the room has no walls yet")


def _write_files(files: Mapping[str, bytes], user: int | None) -> None:
    owner = -1 if user is None else user
    os.chown(FOLDER, owner, owner)
    for name, content in files.items():
        target = os.path.normpath(os.path.join(FOLDER, name))
        if not target.startswith(FOLDER + "/"):
            continue
        folder = os.path.dirname(target)
        missing = []
        while not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for each in reversed(missing):
            os.mkdir(each)
            os.chown(each, owner, owner)
        with open(target, "wb") as file:
            file.write(content)
        os.chown(target, owner, owner)


def _close_all_but(keep: int) -> None:
    nothing = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    os.set_inheritable(keep, False)


def _limit(walls: Walls) -> None:
    with open("/proc/self/statm") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    with open("/proc/self/status") as file:
        data = 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmData:"))
    # Of what is mapped, and of what of it may be written to: a program that the kernel starts has mapped nothing yet.
    for kind, now in ((resource.RLIMIT_AS, mapped), (resource.RLIMIT_DATA, data)):
        most = now + walls.process_bytes
        resource.setrlimit(kind, (most, most + walls.reserve_bytes))
    for kind, most in (
        (resource.RLIMIT_NPROC, walls.processes),
        (resource.RLIMIT_NOFILE, walls.open_files),
        (resource.RLIMIT_FSIZE, walls.file_bytes),
        (resource.RLIMIT_CPU, walls.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 1 << 20),
        (resource.RLIMIT_MSGQUEUE, 1 << 16),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def _drop_bounding_set() -> None:
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    for capability in range(last + 1):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            raise SandboxError(f"The capability {capability} could not be ruled out.")


def _give_up_capabilities() -> None:
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    if _libc.capset(ctypes.byref(_Header(0x20080522, 0)), (_Sets * 2)()) != 0:
        raise SandboxError("The capabilities could not be given up.")
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise SandboxError("New privileges could not be ruled out.")


class _Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


_EQUAL, _GREATER_OR_EQUAL, _MASKED_EQUAL = 4, 5, 7
_MAP_TYPE, _MAP_SHARED, _MAP_ANONYMOUS = 0x0F, 0x01, 0x20
_SOL_SOCKET, _BUFFER_SIZES = 1, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and what root would force
_ALLOW = 0x7FFF0000


def load_libseccomp() -> Any:
    """Return libseccomp. Raises SandboxError when it is missing."""
    try:
        return ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError:
        raise SandboxError(
            "libseccomp is missing (on Debian and Ubuntu: apt-get install libseccomp2); the walls need it."
        ) from None


def _filter_system_calls() -> None:
    library = load_libseccomp()
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_ALLOW)))

    def refuse(name: str, number: int, *compare: _Compare) -> None:
        call = library.seccomp_syscall_resolve_name(name.encode())
        if call < 0:  # the machine has no such call
            return
        action = ctypes.c_uint32(0x00050000 | number)
        rules = (_Compare * len(compare))(*compare)
        if library.seccomp_rule_add_array(context, action, call, len(compare), rules) != 0:
            raise SandboxError(f"The filter refuses a rule for {name}.")

    for name in _REFUSED:
        refuse(name, errno.EPERM)
    refuse(
        "clone3", errno.ENOSYS
    )  # its flags lie in memory, out of a filter's sight; the C library falls back to clone
    for flag in _NAMESPACE_FLAGS:
        refuse("clone", errno.EPERM, _Compare(0, _MASKED_EQUAL, flag, flag))
    for family in range(max(_ALLOWED_FAMILIES) + 1):
        if family not in _ALLOWED_FAMILIES:
            refuse("socket", errno.EAFNOSUPPORT, _Compare(0, _EQUAL, family, 0))
    refuse("socket", errno.EAFNOSUPPORT, _Compare(0, _GREATER_OR_EQUAL, max(_ALLOWED_FAMILIES) + 1, 0))
    # Shared memory without a file stays in memory when all but a page of it is unmapped, so that nobody counts it.
    shared = _Compare(3, _MASKED_EQUAL, _MAP_TYPE | _MAP_ANONYMOUS, _MAP_SHARED | _MAP_ANONYMOUS)
    refuse("mmap", errno.ENOMEM, shared)
    for option in _BUFFER_SIZES:  # a program asks for buffers, and learns afterwards how large they are
        refuse("setsockopt", 0, _Compare(1, _EQUAL, _SOL_SOCKET, 0), _Compare(2, _EQUAL, option, 0))
    refuse(
        "setsid", 0
    )  # it would have a share of the processor of its own; who asks for one is told that all is well
    loaded = library.seccomp_load(context)
    library.seccomp_release(context)
    if loaded != 0:
        raise SandboxError("The filter of system calls could not be loaded.")


def run_inside(
    pidfd: int, sock: socket.socket, user: int | None, walls: Walls, group: Mapping[str, str], asker: socket.socket,
    main: Callable[[], None],
) -> NoReturn:  # fmt: skip
    """Join the room, start `main` walled in there, tell its process id and its control group to `asker`, and end.

    The first message that `sock` brings is the notebook's files, name to content in hex; the first that goes back says
    whether the walls stand: ready, or problem. Of `asker` nothing stays open but the end that tells: should that be
    killed before it does, the other side sees at once that nobody will.
    """
    join(pidfd)
    child = os.fork()
    if child:
        frames.send(asker, {"process": child, "group": group})
        os._exit(0)
    asker.close()
    os.setsid()  # where the scheduler shares the processor among sessions, each room is one
    try:
        try:
            # They come here and not through the warm process, whose memory every later kernel is a copy of.
            files = {name: bytes.fromhex(content) for name, content in frames.receive(sock).items()}
            enter(sock.fileno(), user, walls, files)
        except (OSError, SandboxError, ValueError, frames.Closed) as problem:
            frames.send(sock, {"type": "problem", "content": f"{type(problem).__name__}: {problem}"})
            os._exit(1)
        frames.send(sock, {"type": "ready"})
        main()
    finally:
        os._exit(0)
