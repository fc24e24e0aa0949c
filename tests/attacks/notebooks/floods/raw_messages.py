# Messages without end, put onto the kernel's socket themselves.
# set: 06_perplexity
# others: model
# credit: nothing
# says: sent a flood of output and was ended
# %%
from grader.sandbox import frames
from grader.sandbox.kernel import _Out
while True:
    frames.send(_Out.sock, {"type": "stream", "content": {"name": "stdout", "text": "x"}})
