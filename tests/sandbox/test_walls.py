"""Each promise of `grader.sandbox`, tried from inside the room."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

from grader.sandbox import ForkServer, Kernel, SandboxError, Walls, frames, join
from grader.sandbox.room import FOLDER, Room, visible_folders
from tests.sandbox.conftest import MODULES, SMALL, talk


def test_a_cell_runs_and_shows_its_value(kernel: Kernel) -> None:
    said = talk(kernel, "print('hello')\n6 * 7")
    assert said.text == "hello\n"
    assert [m["content"]["data"] for m in said.messages if m["type"] == "execute_result"] == [
        {"text/plain": "42"}
    ]


def test_the_notebooks_files_are_there_and_its_folder_can_be_written(kernel: Kernel) -> None:
    said = talk(
        kernel,
        "open('mine.txt', 'w').write('x')\nprint(open('deep/er/data.txt').read(), sorted(__import__('os').listdir()))",
    )
    assert said.text == "here ['cases.json', 'deep', 'mine.txt']\n"


@pytest.mark.keeps("grader.sandbox", "no network", "only local and Internet sockets can be made")
@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 22), 1)",
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socket(40, socket.SOCK_STREAM)",  # AF_VSOCK passes network namespaces
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        "socket.getaddrinfo('example.org', 80)",
    ],
)
def test_there_is_no_network(kernel: Kernel, attempt: str) -> None:
    said = talk(kernel, f"import socket\n{attempt}\nprint('reached')")
    assert "reached" not in said.text
    assert said.ended is not None
    assert said.ended["status"] == "error"


@pytest.mark.keeps("grader.sandbox", "a read-only system")
def test_the_system_is_read_only(kernel: Kernel) -> None:
    places = ["/usr/x", "/x", "/etc/x", sys.prefix + "/x", str(Path(__file__).parents[2] / "grader" / "x")]
    said = talk(
        kernel,
        f"""
        for place in {places!r}:
            try:
                open(place, 'w')
                print('wrote', place)
            except OSError:
                pass
        """,
    )
    assert said.text == ""


@pytest.mark.keeps("grader.sandbox", "of the course")
def test_of_the_course_only_the_engine_is_to_be_seen(kernel: Kernel) -> None:
    root = str(Path(__file__).parents[2])
    said = talk(
        kernel,
        f"""
        import os
        print(sorted(os.listdir({root!r})), os.path.exists('/etc/passwd'), os.listdir('/work'))
        """,
    )
    seen = said.text.split("]")[0]
    for hidden in ("solutions", "build", "tests", "book"):
        assert hidden not in seen
    assert "False" in said.text


@pytest.mark.keeps(
    "grader.sandbox",
    "a network namespace with nothing in it but its own loopback",
    "the machine's files the room shows /usr and what belongs to it",
    "the gradebook",
    "in memory",
    "a private /proc, IPC and process space",
)
def test_the_room_is_made_of_its_own_namespaces_and_of_few_folders(kernel: Kernel) -> None:
    look = """
        import json, os
        spaces = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("net", "ipc", "pid", "mnt", "uts", "user")}
        links = [line.split(":")[0].strip() for line in open("/proc/self/net/dev").readlines()[2:]]
        mounts = [line.split(" - ") for line in open("/proc/self/mountinfo")]
        mounts = [(*left.split()[4:6], right.split()[0]) for left, right in mounts]
        print(json.dumps([spaces, links, mounts, sorted(os.listdir("/"))]))
    """
    spaces, links, mounts, top = json.loads(talk(kernel, look).text)
    assert [n for n, space in spaces.items() if os.readlink(f"/proc/self/ns/{n}") == space] == []
    assert links == ["lo"]
    ours = {
        place: kind for place, options, kind in mounts if "ro" not in options.split(",") and place != "/proc"
    }
    assert {place: ours.pop(place) for place in ("/tmp", "/dev/shm", FOLDER)} == dict.fromkeys(
        ("/tmp", "/dev/shm", FOLDER), "tmpfs"
    )
    assert [place for place in ours if not place.startswith("/dev/")] == []
    shown = {
        place for place, _, kind in mounts if kind != "tmpfs" and not place.startswith(("/dev", "/proc"))
    }
    system = {"/usr", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"}
    system |= {f"/{name}" for name in ("bin", "sbin", "lib", "lib32", "lib64")}
    assert shown <= system | set(visible_folders())
    on_the_way = {Path(folder).parts[1] for folder in [*system, *visible_folders(), FOLDER]}
    assert set(top) <= on_the_way | {"dev", "proc", "tmp"}


@pytest.mark.keeps("grader.sandbox", "the grader's environment")
def test_the_environment_holds_nothing_of_the_graders(warm: ForkServer) -> None:
    os.environ["GRADER_SECRET"] = "hidden"
    try:
        with Kernel(warm.address, SMALL, {}) as kernel:
            said = talk(kernel, "import os\nprint(dict(os.environ), open('/proc/self/environ').read())")
    finally:
        del os.environ["GRADER_SECRET"]
    assert "hidden" not in said.text
    assert "GRADER" not in said.text


@pytest.mark.keeps("grader.sandbox", "a kernel neither sees nor signals anything outside its room")
def test_process_space_is_private(kernel: Kernel, warm: ForkServer) -> None:
    said = talk(kernel, "import os\nprint(*[int(n) for n in os.listdir('/proc') if n.isdigit()])")
    assert max(map(int, said.text.split())) < 100
    said = talk(
        kernel,
        f"""
        import signal
        for n in (1, {warm.process}, {os.getpid()}):
            try:
                os.kill(n, signal.SIGKILL)
                print('sent', n)
            except OSError:
                pass
        """,
    )
    assert f"sent {os.getpid()}" not in said.text
    assert f"sent {warm.process}" not in said.text
    with Kernel(warm.address, SMALL, {}, slot=1) as sibling:
        assert talk(sibling, "print('alive')").text == "alive\n"


@pytest.mark.keeps("grader.sandbox", "a private /tmp, /dev/shm and notebook folder", "other submissions")
def test_nothing_is_shared_with_a_sibling(warm: ForkServer) -> None:
    with Kernel(warm.address, SMALL, {}, slot=1) as one, Kernel(warm.address, SMALL, {}, slot=2) as other:
        talk(one, "for place in ('/tmp/left', '/dev/shm/left', 'left'): open(place, 'w').write('x')")
        said = talk(other, "import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'), os.listdir('.'))")
        assert "left" not in said.text
        listening = "import socket\ns = socket.socket(socket.AF_UNIX); s.bind('\\0hidden'); s.listen()"
        talk(one, listening)
        assert talk(other, "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0hidden')").error


@pytest.mark.keeps("grader.sandbox", "no way back", "no new namespace, no tracing")
@pytest.mark.parametrize(
    "call",
    [
        "libc.unshare(0x10000000)",  # a user namespace
        "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "libc.setns(os.open('/proc/1/ns/mnt', 0), 0)",
        "libc.ptrace(16, 1, 0, 0)",
        "libc.syscall(435, 0, 0)",  # clone3
        "libc.syscall(425, 8, 0)",  # io_uring_setup
        "libc.syscall(321, 0, 0, 0)",  # bpf
        "libc.syscall(250, 0, 0, 0)",  # keyctl
        "libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)",  # clone with CLONE_NEWUSER
        "libc.setuid(0)",
        "libc.chroot(b'/tmp')",
    ],
)
def test_there_is_no_way_back(kernel: Kernel, call: str) -> None:
    said = talk(
        kernel, f"import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nprint('result', {call})"
    )
    assert "result 0" not in said.text
    assert "result -1" in said.text or (said.ended or {}).get("status") == "error"


@pytest.mark.keeps(
    "grader.sandbox",
    "no capability, no new privilege",
    "one open descriptor (its own socket)",
)
def test_it_has_no_capability_no_privilege_and_one_descriptor(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        import os
        print(open('/proc/self/status').read())
        held = [f'/proc/self/fd/{n}' for n in os.listdir('/proc/self/fd')]
        print('open', [os.readlink(h) for h in held if os.path.lexists(h)])
        """,
    )
    status = dict(line.split(":\t", 1) for line in said.text.splitlines() if ":\t" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert int(status["Uid"].split()[0]) == 1000 or os.geteuid() != 0
    assert said.text.count("socket:") == 1
    assert "pipe:" not in said.text


@pytest.mark.keeps("grader.sandbox.walls", "memory_bytes")
def test_memory_is_limited(kernel: Kernel) -> None:
    assert "MemoryError" in str(talk(kernel, "x = bytearray(700 << 20)").ended)
    assert talk(kernel, "print('still here')").text == "still here\n"


def test_the_memory_of_all_processes_is_told(kernel: Kernel) -> None:
    assert not kernel.meter.holds_more_than(10 << 20)
    talk(
        kernel,
        """
        import os, time
        if os.fork() == 0:
            x = bytearray(b'x') * (100 << 20)
            time.sleep(60)
        time.sleep(1)
        """,
    )
    assert kernel.meter.holds_more_than(90 << 20)
    assert not kernel.meter.holds_more_than(150 << 20)


def test_shared_memory_is_told_and_counts_once(kernel: Kernel) -> None:
    talk(
        kernel,
        """
        import mmap, os, time
        x = bytearray(b'x') * (60 << 20)
        areas = []
        for name in "abcd":
            with open(f"/dev/shm/{name}", "wb+") as file:
                file.truncate(3 << 20)
                areas.append(mmap.mmap(file.fileno(), 3 << 20))
            areas[-1].write(b'x' * (3 << 20))
        for _ in range(4):
            if os.fork() == 0:
                [area[::4096] for area in areas]
                time.sleep(60)
        """,
    )
    assert kernel.meter.holds_more_than(72 << 20)
    assert not kernel.meter.holds_more_than(90 << 20)


@pytest.mark.keeps("grader.sandbox", "what lies in folders")
def test_what_lies_in_folders_is_told(kernel: Kernel) -> None:
    talk(kernel, "for n in range(4):\n    open(f'/tmp/{n}', 'wb').write(b'x' * (3 << 20))")
    assert kernel.meter.holds_more_than(12 << 20)
    said = talk(kernel, "for n in range(20_000):\n    open(f'/dev/shm/{n}', 'w').close()")
    assert kernel.meter.holds_more_than(30 << 20), said.error


@pytest.mark.keeps("grader.sandbox", "There is no memory that no process maps but these")
def test_there_is_no_memory_that_no_process_maps(kernel: Kernel) -> None:
    program = """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        try:
            print(os.memfd_create('x'))
        except OSError as error:
            print(error.errno)
        print(libc.shmget(0, 4096, 0o1600), libc.msgget(0, 0o1600), libc.semget(0, 1, 0o1600))
        import mmap
        for file in (-1, os.open("/dev/zero", os.O_RDWR)):
            try:
                print(mmap.mmap(file, 4096))
            except OSError as error:
                print(error.errno)
    """
    assert talk(kernel, program).text.split() == ["1", "-1", "-1", "-1", "12", "19"]
    assert talk(kernel, "mmap.mmap(-1, 4096, mmap.MAP_PRIVATE)[:2]").error == ""
    assert talk(kernel, "open('/dev/zero', 'rb').read(3) == bytes(3) or 1 / 0").error == ""


def test_devices_can_be_used_but_none_made(kernel: Kernel) -> None:
    assert talk(kernel, "open('/dev/null', 'w').write('x'), open('/dev/urandom', 'rb').read(1)").error == ""
    for user_made in ("open('/dev/mine', 'w')", "import os; os.mkdir('/dev/mine')"):
        assert "[Errno 30]" in talk(kernel, user_made).error


@pytest.mark.keeps(
    "grader.sandbox",
    "nothing of another submission",
    "what a kernel is forked from has never held one",
)
def test_a_kernel_holds_nothing_of_what_others_handed_in(warm: ForkServer) -> None:
    secret = "".join(f"secret{number}" for number in range(5_000))
    with Kernel(warm.address, SMALL, {"theirs.txt": secret.encode()}):
        pass
    look = """
        import ctypes, re
        wanted = re.compile(b'se(c)ret1200|7365637(2)657431323030')  # which these patterns themselves don't match
        found = []
        for line in list(open('/proc/self/maps')):
            start, end = (int(x, 16) for x in line.split()[0].split('-'))
            if 'r' in line.split()[1] and '[v' not in line:
                found += wanted.findall(ctypes.string_at(start, end - start))
        print(found)
    """
    with Kernel(warm.address, SMALL, {}) as kernel:
        said = talk(kernel, look)
        assert said.text == "[]\n", said.error


@pytest.mark.keeps("grader.sandbox.walls", "processes")
@pytest.mark.keeps("grader.sandbox", "of the room: processes")
def test_processes_are_limited(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        import os, time
        made = 0
        try:
            while made < 500:
                if os.fork() == 0:
                    time.sleep(30)
                    os._exit(0)
                made += 1
        except OSError as e:
            print(made, e)
        """,
    )
    assert int(said.text.split()[0]) < SMALL.processes
    assert "unavailable" in said.text


@pytest.mark.keeps("grader.sandbox", "and threads")
def test_threads_count_as_processes(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        import threading, time
        made = 0
        try:
            while made < 500:
                threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
                made += 1
        except RuntimeError as e:
            print(made, e)
        """,
    )
    assert int(said.text.split()[0]) < SMALL.processes


@pytest.mark.keeps("grader.sandbox.walls", "open_files", "file_bytes", "disk_bytes")
@pytest.mark.keeps("grader.sandbox", "open files, file sizes", "each of a set size")
def test_files_are_limited_in_number_and_size_and_so_is_the_disk(kernel: Kernel) -> None:
    assert "Errno 24" in talk(kernel, "held = [open('cases.json') for _ in range(100)]").error
    talk(kernel, "held = None")
    assert "Errno 27" in talk(kernel, "open('big', 'wb').write(bytes(5 << 20))").error
    fill = "for n in range(10):\n    with open(f'{place}/part{n}', 'wb') as f: f.write(bytes(3 << 20))"
    for place in (".", "/tmp", "/dev/shm"):
        assert "Errno 28" in talk(kernel, f"place = {place!r}\n{fill}").error


@pytest.mark.keeps("grader.sandbox.walls", "cpu_seconds")
@pytest.mark.keeps("grader.sandbox", "file sizes, processor time")
def test_processor_time_is_limited(warm: ForkServer) -> None:
    with Kernel(warm.address, Walls(cpu_seconds=1), {}) as kernel:
        begun = time.monotonic()
        said = talk(kernel, "sum(range(10**12))")
    assert said.ended is None  # the kernel's end, by SIGXCPU or SIGKILL
    assert time.monotonic() - begun < 25


def test_an_interrupt_ends_a_loop_but_not_the_kernel(kernel: Kernel) -> None:
    from threading import Timer

    Timer(0.5, kernel.interrupt).start()
    assert (talk(kernel, "while True: pass").ended or {}).get("status") == "error"
    kernel.interrupt()  # between cells it is not heard
    assert talk(kernel, "print('next')").text == "next\n"


@pytest.mark.keeps("grader.sandbox", "when the room is closed nothing of it is left running")
def test_when_the_room_closes_nothing_is_left_running(warm: ForkServer) -> None:
    with Kernel(warm.address, SMALL, {}) as kernel:
        talk(
            kernel,
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(600)
                os._exit(0)
            os.wait()
            """,
        )
        space = os.readlink(f"/proc/{kernel.process}/ns/pid")
        assert len(_processes_in(space)) >= 3  # the room's first, the kernel, and what it left
    deadline = time.monotonic() + 5
    while _processes_in(space) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _processes_in(space) == []


def _processes_in(space: str) -> list[str]:
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.readlink(f"/proc/{name}/ns/pid") == space:
                found.append(name)
        except OSError:
            continue
    return found


def test_the_warm_process_has_one_thread_and_no_zombies(warm: ForkServer) -> None:
    for slot in range(3):
        with Kernel(warm.address, SMALL, {}, slot) as kernel:
            talk(kernel, "1")
    status = Path(f"/proc/{warm.process}/status").read_text()
    assert "Threads:\t1\n" in status
    time.sleep(0.2)
    children = Path(f"/proc/{warm.process}/task/{warm.process}/children").read_text().split()
    assert children == []


def test_the_warm_process_with_torch_has_no_thread_event_loop_or_cuda_context() -> None:
    probe = """
        import sys, threading
        from grader.sandbox.fork_server import PRELOAD
        import importlib
        for name in PRELOAD:
            importlib.import_module(name)
        from grader.sandbox.kernel import prepare
        prepare()
        import torch
        print(threading.active_count(), torch.cuda.is_initialized(), "zmq" in sys.modules, "tornado" in sys.modules,
              open("/proc/self/status").read().split("Threads:")[1].split()[0])
    """
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(probe)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert said.stdout.split() == ["1", "False", "False", "False", "1"]


@pytest.mark.keeps("grader.sandbox", "it closes when the grader dies")
def test_the_room_ends_when_the_grader_is_killed() -> None:
    program = textwrap.dedent(f"""
        import os, time
        from grader.sandbox import ForkServer, Kernel, Walls
        server = ForkServer({MODULES!r})
        kernel = Kernel(server.address, Walls(), {{}})
        print(os.readlink(f"/proc/{{kernel.process}}/ns/pid"), server.process, flush=True)
        time.sleep(60)
    """)
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    space, server = grader.stdout.readline().split()
    grader.kill()
    grader.wait()
    grader.stdout.close()
    deadline = time.monotonic() + 10
    while (_processes_in(space) or Path(f"/proc/{server}").exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert _processes_in(space) == []
    assert not Path(f"/proc/{server}").exists()


@pytest.mark.keeps("grader.sandbox", "at any moment")
def test_a_grader_killed_while_it_puts_rooms_up_leaves_none_behind(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from grader.sandbox import Walls
        from grader.sandbox.room import Room, visible_folders

        while True:
            room = Room(Walls(), int(sys.argv[1]), [*visible_folders(), sys.argv[2]])
            print(room.init, flush=True)
            room.close()
    """)
    chance, ours = random.Random(7), str(tmp_path)
    for number in range(30):
        command = [sys.executable, "-c", program, str(90_000 + number), ours]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as grader:
            assert grader.stdout is not None
            grader.stdout.readline()
            time.sleep(0.03 * chance.random())  # so long does a room take
            grader.kill()

    def left() -> list[str]:
        """Return the processes that were put up with our folder, or see it."""
        found = []
        for process in filter(str.isdigit, os.listdir("/proc")):
            for name in ("cmdline", "mountinfo"):
                with suppress(OSError):
                    if ours.encode() in Path(f"/proc/{process}/{name}").read_bytes():
                        found.append(process)
        return found

    deadline = time.monotonic() + 20
    while left() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left() == []


def test_nothing_inside_can_end_or_stop_what_ends_the_room(warm: ForkServer) -> None:
    with Kernel(warm.address, SMALL, {}) as kernel:
        said = talk(
            kernel,
            """
            import os, signal
            for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
                try:
                    os.kill(1, number)
                except OSError as error:
                    print(error)
            try:
                os.open("/proc/1/fd/0", os.O_WRONLY)
            except OSError as error:
                print("refused")
            """,
        )
        assert "refused" in said.text
        state = Path(f"/proc/{kernel.room.init}/stat").read_text().rpartition(")")[2].split()[0]
        assert state == "S"
        assert talk(kernel, "1 + 1").ended == {"status": "ok", "id": 1}


def test_orphans_of_a_room_are_reaped(warm: ForkServer) -> None:
    with Kernel(warm.address, SMALL, {}) as kernel:
        said = talk(
            kernel,
            """
            import os, time
            for _ in range(60):  # more than may run at once
                if os.fork() == 0:
                    os.fork()  # its child is an orphan when it ends
                    os._exit(0)
                os.wait()
                time.sleep(0.01)
            print("all")
            """,
        )
        assert said.text == "all\n", said.error


def test_other_processes_of_the_same_user_do_not_count(warm: ForkServer) -> None:
    others = [subprocess.Popen(["sleep", "60"]) for _ in range(SMALL.processes)]
    try:
        with Kernel(warm.address, SMALL, {}) as kernel:
            said = talk(kernel, "import subprocess; print(subprocess.run(['echo', 'started']).returncode)")
            assert said.text.strip() == "0", said.error
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_a_kernel_knows_nothing_of_the_warm_processs_signals(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        import os, signal, subprocess
        subprocess.run(["true"])
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            print("interrupted", signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL, signal.set_wakeup_fd(-1))
        """,
    )
    assert said.text == "interrupted True -1\n"


def test_rooms_of_a_slot_do_not_share_what_they_may_start(warm: ForkServer) -> None:
    fill_up = """
        import os, time
        count = 0
        try:
            while True:
                if os.fork() == 0:
                    time.sleep(60)
                count += 1
        except OSError:
            print(count)
    """
    counts = []
    for _ in range(3):
        with Kernel(warm.address, SMALL, {}, slot=9) as kernel:
            counts.append(int(talk(kernel, fill_up).text))
    assert counts[0] > SMALL.processes / 2
    assert counts[1:] == [counts[0]] * 2


def test_a_fork_that_is_killed_before_it_tells_of_its_child_is_missed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, asker = socket.socketpair()
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:  # what the warm process forks; it is killed when it has forked the kernel and would say so
        told.close()
        ours.close()
        monkeypatch.setattr(join, "join", lambda pidfd: None)
        monkeypatch.setattr(frames, "send", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        join.run_inside(-1, theirs, None, SMALL, {}, asker, lambda: None)
    asker.close()
    theirs.close()
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    told.settimeout(60)
    assert told.recv(1) == b"", "the kernel that was forked still holds the other end"
    told.close()
    ours.close()


def test_what_the_warm_process_is_told_to_call_it_calls_before_the_fork() -> None:
    with ForkServer((*MODULES, "gc:disable", "no_such_module:at_all")) as server:
        with Kernel(server.address, SMALL, {}) as kernel:
            assert talk(kernel, "import gc; print(gc.isenabled())").text.strip() == "False"


def test_a_course_below_tmp_is_still_to_be_seen(warm: ForkServer) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as course:
        Path(course, "here.py").touch()
        room = Room(SMALL, slot=5, folders=[*visible_folders(), course])
        try:
            inside = Path(f"/proc/{room.init}/root")
            assert [p.name for p in (inside / course.removeprefix("/")).iterdir()] == ["here.py"]
            assert (inside / "tmp").stat().st_mode & 0o1777 == 0o1777
        finally:
            room.close()


def test_without_bubblewrap_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match="apt-get install bubblewrap"):
        ForkServer(MODULES)


def test_usage_is_told_even_of_a_kernel_that_has_ended(kernel: Kernel) -> None:
    talk(kernel, "x = sum(range(10**6))")
    usage = kernel.meter.usage()
    assert usage["peak_bytes"] > 10 << 20
    assert usage["cpu_seconds"] >= 0
    assert talk(kernel, "import os\nos._exit(0)").ended is None
    assert kernel.meter.usage()["peak_bytes"] >= 0
