# Fills every folder that can be written to.
# set: 06_perplexity
# others: model
# seconds: 20
# credit: all
# %%
import os

total = 0
for top in ("/tmp", "/dev/shm", "/dev", "/", "/work", "/work/notebook", "/proc", "/usr", "/run", "/var/tmp"):
    for number in range(100):
        try:
            with open(f"{top}/bomb{number}", "wb", buffering=0) as file:
                while True:
                    total += file.write(b"x" * 10**6)
        except OSError as error:
            if error.errno != 27:
                break
for top in ("/tmp", "/dev/shm", "/work/notebook"):
    for name in os.listdir(top):
        if name.startswith("bomb"):
            os.remove(f"{top}/{name}")
# %% comparable-perplexities
comparable = "c" if total < 3 * 17 * 2**20 else f"{total} bytes were written"
