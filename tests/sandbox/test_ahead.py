"""Do rooms that are put up ahead follow one another, with nothing left of the one before?"""

import os
import select

import pytest

from grader.sandbox import Ahead, ForkServer, Kernel, SandboxError

from .conftest import SMALL, talk


@pytest.fixture
def ahead():
    rooms = Ahead(SMALL, slot=os.getpid())
    yield rooms
    rooms.close()


def ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], 0)[0])


def test_a_kernel_gets_the_room_that_was_put_up_and_none_of_the_last_one(
    warm: ForkServer, ahead: Ahead
) -> None:
    first = Kernel(warm.address, SMALL, {"mine.txt": b"1"}, room=ahead.room())
    assert (
        talk(first, "open('/tmp/left', 'w').write('x'); import os; print(os.listdir())").text
        == "['mine.txt']\n"
    )
    ahead.follow(first)
    room = ahead.room()
    assert first.room.pidfd == -1  # it was ended before the next was put up
    with Kernel(warm.address, SMALL, {}, room=room) as second:
        assert (
            talk(second, "import os; print('left' in os.listdir('/tmp'), os.listdir())").text == "False []\n"
        )


def test_a_room_that_nobody_takes_is_ended(warm: ForkServer) -> None:
    rooms = Ahead(SMALL, slot=os.getpid())
    rooms.follow(Kernel(warm.address, SMALL, {}, room=rooms.room()))
    room = rooms._next.result() if rooms._next else None
    assert room is not None
    pidfd = os.pidfd_open(room.init)
    rooms.close()
    assert ended(pidfd)
    os.close(pidfd)


def test_a_room_that_can_not_be_put_up_is_told_where_it_is_wanted_and_the_next_is_tried(
    warm: ForkServer, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SandboxError("no room")

    kernel = Kernel(warm.address, SMALL, {}, room=ahead.room())
    with monkeypatch.context() as without:
        without.setattr("grader.sandbox.ahead.Room", refuse)
        ahead.follow(kernel)
        with pytest.raises(SandboxError):
            ahead.room()
    with Kernel(warm.address, SMALL, {}, room=ahead.room()) as next_one:
        assert talk(next_one, "print(1)").text == "1\n"
