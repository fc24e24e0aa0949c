"""What a walled-in kernel may use: every limit in one place. Each has a test that names it (``tests/promises.py``)."""

from dataclasses import asdict, dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Walls:
    """Limits of one kernel and of everything that it starts; sizes in bytes, times in seconds.

    memory_bytes: what all that runs in the room may hold together, beyond what a kernel is forked with; the folders
        below and, with a control group, the Linux kernel's own memory for it count. Who passes it is ended.
        One process gets a MemoryError long before, at `process_bytes`.
    processes: processes and threads in the room. open_files: descriptors of one process.
    file_bytes: the largest file. disk_bytes: each of the notebook's folder, /tmp and /dev/shm; all lie in memory.
    cpu_seconds: processor time of one process.
    """

    memory_bytes: int = 2048 * MIB
    processes: int = 96
    open_files: int = 256
    file_bytes: int = 64 * MIB
    disk_bytes: int = 64 * MIB
    cpu_seconds: int = 600

    @property
    def process_bytes(self) -> int:
        """What one process may map beyond what the warm process had mapped: three quarters of the room's memory.

        The rest, less the reserve, is more than the folders and the sockets of one process hold, so that a process
        alone never passes the room's bound.
        """
        return self.memory_bytes * 3 // 4

    @property
    def reserve_bytes(self) -> int:
        """What the kernel may map beyond that when a cell has left it nothing: to say so, and to run the next."""
        return self.memory_bytes // 16

    def to_json(self) -> dict[str, int]:
        """Return the limits as plain data."""
        return asdict(self)
