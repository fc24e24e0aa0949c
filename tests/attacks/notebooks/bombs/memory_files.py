# Memory that no process maps: files that live in memory only (memfd), and segments of System V.
# set: 06_perplexity
# others: model
# credit: all
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
block = b"x" * (4 << 20)
taken = 0
try:
    for number in range(60):
        fd = os.memfd_create(f"m{number}")
        for _ in range(2):
            taken += os.write(fd, block)
except OSError:
    pass
libc.shmat.restype = ctypes.c_void_p
for number in range(40):
    segment = libc.shmget(0, 16 << 20, 0o1600)
    place = libc.shmat(segment, None, 0) if segment >= 0 else None
    if place and place != ctypes.c_void_p(-1).value:
        ctypes.memset(place, 1, 16 << 20)
        libc.shmdt(ctypes.c_void_p(place))
        taken += 16 << 20
print("taken", taken)
# %% comparable-perplexities
comparable = "c" if taken == 0 else f"a: {taken} bytes lie nowhere"
