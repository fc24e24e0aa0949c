# Writes to the library that other notebooks import, to Python's folders, and to whatever /proc leads to.
# set: 06_perplexity
# credit: nothing
# %%
import glob
import os
import sys
import grader.cases.mark.marking as marking

written = []
places = [marking.__file__, np.__file__, os.__file__, sys.executable, "/usr/lib/x", "/etc/passwd", "/proc/1/root/x",
          "/proc/sys/kernel/hostname", "/proc/self/oom_score_adj_", "/sys/x", "/dev/x", "/x", "/work/x"]
places += [f"{path}/sitecustomize.py" for path in sys.path if path]
for path in places:
    for mode in ("ab", "wb"):
        try:
            open(path, mode).close()
            written.append(path)
        except OSError:
            pass
    try:
        os.remove(path)
        written.append("removed " + path)
    except OSError:
        pass
print(written)
# %% comparable-perplexities
comparable = "c" if written else "a"
