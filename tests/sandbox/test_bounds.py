"""Do the bounds of a room hold for all that runs in it together, with a control group and without?"""

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.sandbox import ForkServer, Kernel, Walls, frames
from grader.sandbox.cgroups import Group, Groups
from tests.sandbox.conftest import MODULES, talk

MIB = 1 << 20
MANY = Walls(memory_bytes=512 * MIB, processes=48, open_files=256, file_bytes=4 * MIB, disk_bytes=16 * MIB)


@pytest.fixture(scope="module", params=[True, False], ids=["grouped", "ungrouped"])
def server(request: pytest.FixtureRequest, warm: ForkServer) -> Iterator[ForkServer]:
    """A warm process that gives rooms control groups where it can, and one that does not."""
    if request.param:
        yield warm
        return
    with ForkServer(MODULES, grouped=False) as other:
        yield other


@pytest.fixture
def kernel(server: ForkServer) -> Iterator[Kernel]:
    with Kernel(server.address, MANY, {}) as made:
        yield made


def send(kernel: Kernel, source: str) -> None:
    frames.send(kernel.sock, {"id": 1, "source": textwrap.dedent(source)})


def watch(kernel: Kernel, seconds: float) -> int | None:
    """Look at a room as the judge does; return the most bytes that its processes held, None if it passed no bound."""
    most = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        most = max(most, sum(map(anonymous, kernel.meter.processes())))
        if kernel.meter.passed_memory():
            return most
        time.sleep(kernel.meter.look_every)
    return None


def anonymous(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


@pytest.mark.keeps(
    "grader.sandbox",
    "one bound on the memory of all that runs in a room",
    "what processes hold",
    "everywhere the caller looks",
)
def test_processes_that_allocate_at_once_pass_the_bound_and_hold_little_more(kernel: Kernel) -> None:
    send(
        kernel,
        """
        import os, time
        for _ in range(10):
            if os.fork() == 0:
                kept = [bytearray(b"x" * 10**6) for _ in range(300)]
                time.sleep(1000)
        time.sleep(1000)
        """,
    )
    most = watch(kernel, 60)
    assert most is not None
    inherited = 11 * kernel.meter._inherited  # which each of them shows, and all share
    assert most - inherited < 2 * MANY.memory_bytes


@pytest.mark.keeps("grader.sandbox", "what waits in sockets")
@pytest.mark.parametrize("kind", ["STREAM", "DGRAM"])
def test_what_waits_in_sockets_counts(kernel: Kernel, kind: str) -> None:
    send(
        kernel,
        f"""
        import os, socket, time
        for _ in range(20):
            if os.fork() == 0:
                break
        kept = []
        try:
            while True:
                for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_{kind}):
                    kept.append(end)
                    end.setblocking(False)
                    try:
                        while True:
                            end.send(bytes(1 << 15))
                    except BlockingIOError:
                        pass
        except OSError:
            time.sleep(1000)
        """,
    )
    assert watch(kernel, 60) is not None


def test_what_waits_in_connections_counts(kernel: Kernel) -> None:
    send(
        kernel,
        """
        import os, socket, time
        for _ in range(20):
            if os.fork() == 0:
                break
        kept = []
        listens = socket.create_server(("127.0.0.1", 0))
        try:
            while True:
                kept += [socket.create_connection(listens.getsockname()), listens.accept()[0]]
                for end in kept[-2:]:
                    end.setblocking(False)
                    try:
                        while True:
                            end.send(bytes(1 << 16))
                    except BlockingIOError:
                        pass
        except OSError:
            time.sleep(1000)
        """,
    )
    assert watch(kernel, 60) is not None


def test_a_sockets_buffer_keeps_its_size(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        import socket
        one, other = socket.socketpair()
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            before = one.getsockopt(socket.SOL_SOCKET, option)
            one.setsockopt(socket.SOL_SOCKET, option, 10 * before)
            print(one.getsockopt(socket.SOL_SOCKET, option) == before)
        """,
    )
    assert said.text.split() == ["True", "True"], said.error


@pytest.mark.keeps("grader.sandbox", "memory, at which it gets a MemoryError long before")
def test_one_process_gets_an_error_long_before_the_room_ends(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        for place in ("/tmp", "/dev/shm", "."):
            try:
                for number in range(9):
                    with open(f"{place}/{number}", "wb") as file:
                        file.write(bytes(4 << 20))
            except OSError:
                pass
        a = []
        while True:
            a.append(1)
        """,
        seconds=120,
    )
    assert (said.ended or {}).get("ename") == "MemoryError"
    assert not kernel.meter.passed_memory()
    assert MANY.process_bytes < MANY.memory_bytes - 3 * MANY.disk_bytes
    assert talk(kernel, "a.clear(); print('goes on')").text == "goes on\n"


def test_a_program_that_the_kernel_starts_gets_an_error_too(kernel: Kernel) -> None:
    said = talk(
        kernel,
        """
        import subprocess, sys
        said = subprocess.run([sys.executable, "-c", "a = []\\nwhile True: a.append('x' * 1000)"], capture_output=True)
        print(b"MemoryError" in said.stderr, said.returncode)
        """,
        seconds=120,
    )
    assert said.text == "True 1\n", said.error
    assert not kernel.meter.passed_memory()


@pytest.mark.keeps("grader.sandbox", "Their processor time is told as one sum, of those that have ended, too")
def test_the_processor_time_of_those_that_have_ended_counts(kernel: Kernel) -> None:
    before = kernel.meter.processor_seconds()
    said = talk(
        kernel,
        """
        import os, time
        for _ in range(10):
            if os.fork() == 0:
                while time.process_time() < 0.1:
                    pass
                os._exit(0)
            os.wait()
        """,
        seconds=120,
    )
    assert said.ended is not None, said.error
    assert 0.9 < kernel.meter.processor_seconds() - before < 10.0


@pytest.mark.keeps("grader.sandbox", "a share of the processor for each room", "a neighbour's work goes on")
def test_a_room_of_many_busy_processes_leaves_its_neighbour_a_share(server: ForkServer) -> None:
    assert server.address  # it stands
    before = os.sched_getaffinity(server.process)
    os.sched_setaffinity(server.process, {min(before)})  # all rooms on one processor
    busy = "while True: pass"
    crowd = "import os\nfor _ in range(30):\n    if os.fork() == 0:\n        os.setsid()\n        while True: pass\n"
    try:
        with (
            Kernel(server.address, MANY, {}, slot=1) as one,
            Kernel(server.address, MANY, {}, slot=2) as other,
        ):
            talk(one, crowd)
            assert until(lambda: len(one.meter.processes()) == 31)
            send(other, busy)
            begun = one.meter.processor_seconds(), other.meter.processor_seconds()

            def used() -> tuple[float, float]:
                one.meter.passed_memory()
                return one.meter.processor_seconds() - begun[0], other.meter.processor_seconds() - begun[1]

            assert until(lambda: sum(used()) > 2.0, 120)
            theirs, ours = used()
            assert ours / (theirs + ours) > 0.25
    finally:
        os.sched_setaffinity(server.process, before)


def test_a_room_is_one_session_and_shell_commands_do_without_another(kernel: Kernel) -> None:
    said = talk(kernel, "import os\nbefore = os.getsid(0)\nos.setsid()\nprint(os.getsid(0) == before)")
    assert said.text == "True\n", said.error
    assert talk(kernel, "!echo said; exit 3\nprint(_exit_code)").text == "said\n3\n"


@pytest.mark.keeps("grader.sandbox", "a fork bomb too, while the kernel goes on")
def test_a_fork_bomb_is_ended_and_the_kernel_can_start_processes_again(kernel: Kernel) -> None:
    bomb = """
        import os
        made = 0
        try:
            while True:
                if os.fork() == 0:
                    while True:
                        try:
                            os.fork()
                        except OSError:
                            pass
                made += 1
        except OSError:
            print("full")
    """
    spared = kernel.meter.processes()
    assert talk(kernel, bomb).text == "full\n"
    assert len(kernel.meter.processes()) > MANY.processes / 2
    assert kernel.meter.end_all_but(spared)
    again = "import subprocess\nprint(subprocess.run(['true']).returncode)"
    frames.send(kernel.sock, {"id": 2, "reap": True, "source": again})
    assert frames.receive(kernel.sock)["content"] == {"name": "stdout", "text": "0\n"}
    assert until(lambda: kernel.meter.processes() == spared)  # the last may be just about to go


def test_those_that_stood_before_are_spared(kernel: Kernel) -> None:
    start = "import subprocess; kept.append(subprocess.Popen(['sleep', '1000']))"
    assert not talk(kernel, f"kept = []\n{start}").error
    spared = kernel.meter.processes()
    assert not talk(kernel, start).error
    assert kernel.meter.end_all_but(spared)
    assert talk(kernel, "print([each.poll() for each in kept])").text == "[None, -9]\n"


def test_a_process_that_falls_out_of_the_end_of_its_cell_answers_nothing(kernel: Kernel) -> None:
    said = talk(kernel, "import os, time\nchild = os.fork()\nif child:\n    time.sleep(0.5)")
    assert [message["type"] for message in said.messages] == ["done"]
    assert talk(kernel, "print(os.waitpid(child, 0)[1])").text == "0\n"


@pytest.mark.parametrize(
    ("flood", "kind"),
    [
        ("for _ in range(3_000): print('x' * 1000)", "stream"),
        ("for _ in range(15_000): display(1)", "display_data"),
    ],
)
def test_a_cell_that_shows_too_much_is_cut_at_its_source_and_ends(
    kernel: Kernel, flood: str, kind: str
) -> None:
    said = talk(kernel, flood, seconds=120)
    assert said.ended == {"status": "ok", "id": 1}
    assert {m["type"] for m in said.messages} == {kind, "done"}
    assert 1 << 19 < len(said.text) <= 1 << 20 if kind == "stream" else len(said.messages) <= 10_001
    assert talk(kernel, "print('next')").text == "next\n"


# --- control groups ------------------------------------------------------------------------------------------------


@pytest.fixture
def places() -> Groups:
    """Where this process may make groups; the tests that need one are skipped where there is none."""
    groups = Groups.find()
    if not groups.make(64 * MIB):
        pytest.skip("there is no place for control groups on this machine")
    groups.close()
    return groups


@pytest.mark.keeps("grader.sandbox", "Linux holds the bound")
def test_a_group_holds_no_more_than_it_may_and_tells(places: Groups) -> None:
    folders = places.make(64 * MIB)
    if "memory" not in folders:
        pytest.skip("control groups bound no memory on this machine")
    program = "import sys; sys.stdin.read(1); x = bytearray(b'x') * (256 << 20)"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        group = Group(folders, process.pid)
        assert not group.ran_out_of_memory()
        process.communicate(b"g")
    assert process.returncode == -9
    assert group.ran_out_of_memory()
    group.close()
    assert not any(os.path.exists(folder) for folder in folders.values())


def test_a_room_does_without_a_group_that_it_can_not_have(tmp_path: Path) -> None:
    groups = Groups({"memory": tmp_path / "gone", "cpuacct": tmp_path / "gone"})
    assert groups.make(64 * MIB) == {}
    group = Group({"memory": str(tmp_path), "cpuacct": "/proc"}, os.getpid())  # neither takes a process in
    assert not group.bounds_memory
    assert not group.counts_time


@pytest.mark.keeps("grader.sandbox", "No control group of a killed grader outlives its warm process")
def test_no_group_is_left_of_a_grader_that_was_killed(places: Groups) -> None:
    with killed_grader() as (groups, warm):
        assert groups
    assert until(lambda: not Path(f"/proc/{warm}").exists())
    assert until(lambda: not any(map(os.path.exists, groups)))


@pytest.mark.keeps("grader.sandbox", "the start of the next")
def test_the_next_run_removes_what_a_killed_grader_and_its_warm_process_left(places: Groups) -> None:
    with killed_grader() as (groups, warm):
        os.kill(warm, 9)
    assert until(lambda: not any(map(runs_in, groups)))
    assert all(map(os.path.exists, groups))
    Groups.find()
    assert not any(map(os.path.exists, groups))


def runs_in(group: str) -> bool:
    return bool(Path(group, "cgroup.procs").read_text())


class killed_grader:
    """A grader with one room, killed at the end of the block; gives the room's groups and the warm process's id."""

    def __enter__(self) -> tuple[list[str], int]:
        program = textwrap.dedent(f"""
            import json, time
            from grader.sandbox import ForkServer, Kernel, Walls
            server = ForkServer({MODULES!r})
            kernel = Kernel(server.address, Walls(), {{}})
            print(json.dumps([sorted(set(map(str, kernel._group._folders.values()))), server.process]), flush=True)
            time.sleep(60)
        """)
        self.grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert self.grader.stdout is not None
        groups, warm = json.loads(self.grader.stdout.readline())
        return groups, warm

    def __exit__(self, *_: object) -> None:
        assert self.grader.stdout is not None
        self.grader.kill()
        self.grader.wait()
        self.grader.stdout.close()
