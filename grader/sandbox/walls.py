"""What a walled-in kernel may use: every limit in one place."""

from dataclasses import asdict, dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Walls:
    """Limits of one kernel and of everything that it starts; sizes in bytes, times in seconds.

    memory_bytes: what a process may map beyond what the warm process had mapped; the resident memory of all
        processes of the room together is held to the same figure.
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

    def to_json(self) -> dict[str, int]:
        """Return the limits as plain data."""
        return asdict(self)
