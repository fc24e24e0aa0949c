"""Gathers this process's memory in huge pages, so that a fork of it costs a quarter.

A fork copies the page table, and an ending process tears its copy down: 46,000 entries for the 180 MB that the warm
process has imported, 80 in huge pages. What a fork writes to is still copied in pages of 4 kB.
"""

import ctypes
from contextlib import suppress
from pathlib import Path

_SIZE = 2 << 20
_MADV_COLLAPSE = 25


def gather() -> None:
    """Gather what is anonymous and written. Where the kernel can't (before Linux 6.1), everything stays as it is."""
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            place, rights, _, _, _, *name = line.split()
            if not rights.startswith("rw") or not rights.endswith("p") or name not in ([], ["[heap]"]):
                continue
            begin, end = (int(address, 16) for address in place.split("-"))
            for address in range(-(-begin // _SIZE) * _SIZE, end - _SIZE + 1, _SIZE):
                libc.madvise(address, _SIZE, _MADV_COLLAPSE)
