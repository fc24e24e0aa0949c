# Shared memory that stays when nothing of it is mapped any more but a page: without a file it can't be had.
# set: 06_perplexity
# others: model
# credit: all
# %%
import mmap
import os

got = []
for flags in (mmap.MAP_SHARED, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS):
    for file in (-1, os.open("/dev/zero", os.O_RDWR)):
        try:
            got.append(mmap.mmap(file, 100 << 20, flags))
        except OSError:
            pass
kept = []
try:
    for number in range(100):
        with open(f"/dev/shm/{number}", "wb+") as file:
            file.truncate(1 << 20)
            kept.append(mmap.mmap(file.fileno(), 1 << 20))
            file.write(bytes(1 << 20))
except OSError:
    kept.clear()
for number in range(100):
    if os.path.exists(f"/dev/shm/{number}"):
        os.remove(f"/dev/shm/{number}")
# %% comparable-perplexities
comparable = "c" if not got else f"{len(got)} areas lie nowhere"
