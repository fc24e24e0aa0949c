"""Where a student's code runs: a kernel of its own, forked in milliseconds, in a room with walls.

Promised, each with a test that names it (``tests/promises.py``):

- no network: the room has a network namespace with nothing in it but its own loopback, and only local and Internet
  sockets can be made;
- a read-only system: of the machine's files the room shows /usr and what belongs to it (/bin, /lib, three of /etc),
  Python's folders and this package, all read-only; of the course, other submissions, the gradebook and the grader's
  environment it shows nothing;
- a private /tmp, /dev/shm and notebook folder, each of a set size, in memory; a private /proc, IPC and process space:
  a kernel neither sees nor signals anything outside its room;
- no way back: no capability, no new privilege, no new namespace, no tracing, one open descriptor (its own socket);
- nothing of another submission: what a kernel is forked from has never held one;
- limits of one process: open files, file sizes, processor time, and memory, at which it gets a MemoryError long before
  the room's bound (:class:`grader.sandbox.walls.Walls`); of the room: processes and threads, folders;
- one bound on the memory of all that runs in a room: what processes hold, what lies in folders, what waits in sockets.
  There is no memory that no process maps but these. Where a room has a control group (:mod:`grader.sandbox.cgroups`)
  Linux holds the bound; everywhere the caller looks (:meth:`grader.sandbox.meter.Meter.passed_memory`) and ends a room
  that met it;
- a share of the processor for each room, however many processes it starts: a neighbour's work goes on. Their processor
  time is told as one sum, of those that have ended, too;
- an end: of all that a cell has started, a fork bomb too, while the kernel goes on; when the room is closed nothing of
  it is left running, and it closes when the grader dies, at any moment. No control group of a killed grader outlives
  its warm process, or, if that was killed too, the start of the next;
- all of it holds for root and for an ordinary user: its tests are run by both.

Not promised: limits on processor time and on wall time, which are the caller's; protection from faults of the Linux
kernel, and from what can be learnt by timing (cache, load). Without a control group memory may pass its bound by what
is filled between two looks, 0.02 s apart; what waits in pipes is held by the system's own bound for a user; a process
that ends between two looks counts for the processor time that its parent waited for; and a share is made by nice
values, set at each look. What a kernel sends back is the student's word.

It knows nobody: no task, no case, no notebook. Linux only; it needs bubblewrap, libseccomp and GNU's env.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.sandbox.ahead import Ahead
    from grader.sandbox.errors import SandboxError
    from grader.sandbox.fork_server import ForkServer, Kernel
    from grader.sandbox.walls import Walls

__all__ = ["Ahead", "ForkServer", "Kernel", "SandboxError", "Walls"]

# Lazy, so that the command line can say where there is no POSIX what it needs, in place of failing on an import.
_PLACES = {
    "Ahead": "ahead",
    "ForkServer": "fork_server",
    "Kernel": "fork_server",
    "SandboxError": "errors",
    "Walls": "walls",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"grader.sandbox.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'grader.sandbox' has no attribute {name!r}")
