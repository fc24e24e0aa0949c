# A program that has nothing mapped yet takes what it gets; its own limit comes before the room's.
# set: 06_perplexity
# others: model
# seconds: 60
# credit: all
# %%
import subprocess
import sys

said = subprocess.run([sys.executable, "-c", "a = []\nwhile True: a.append('x' * 1000)"], capture_output=True)
# %% comparable-perplexities
comparable = "c" if b"MemoryError" in said.stderr else repr(said)
