"""Where a student's code runs: a kernel of its own, forked in milliseconds, in a room with walls.

Promised, each with a test in ``tests/sandbox``:

- no network: the room has a network namespace with nothing in it, and only local and Internet sockets can be made;
- a read-only system: of the machine's files the room shows /usr, Python's folders and this package, all read-only; of
  the course, other submissions, the gradebook and the grader's environment it shows nothing;
- a private /tmp, /dev/shm and notebook folder, each of a set size, in memory; a private /proc, IPC and process space:
  a kernel neither sees nor signals anything outside its room;
- no way back: no capability, no new privilege, no new namespace, no tracing, one open descriptor (its own socket);
- nothing of another submission: what a kernel is forked from has never held one;
- limits on memory, processes, open files, file sizes and processor time (:class:`grader.sandbox.walls.Walls`); wall
  time is the caller's;
- an end: when the room is closed nothing of it is left running, and it closes when the grader dies, at any moment.

All of it holds for root and for an ordinary user: its tests are run by both.

Not promised: protection from faults of the Linux kernel, from what can be learnt by timing (cache, load), and from a
slowdown while a greedy kernel uses its own share of the processor. What a kernel sends back is the student's word.

It knows nobody: no task, no case, no notebook. Linux only; it needs bubblewrap, libseccomp and GNU's env.
"""

from grader.sandbox.errors import SandboxError
from grader.sandbox.fork_server import ForkServer, Kernel
from grader.sandbox.walls import Walls

__all__ = ["ForkServer", "Kernel", "SandboxError", "Walls"]
