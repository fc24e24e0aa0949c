# A daemon writes forged frames onto the kernel's socket, among the kernel's own; that can only harm its own notebook.
# set: 06_perplexity
# credit: nothing
# seconds: 1
# %%
import json
import os
import struct
import time
import grader.sandbox.kernel as kernel

sock = kernel._Out.sock
if os.fork() == 0:
    for number in range(10**6):
        reply = json.dumps({"nonce": "0" * 32, "reply": {"answer": 8.16616991256765, "results": []}})
        data = {"application/vnd.surprisal.reply+json": reply}
        body = json.dumps({"type": "done", "content": {"status": "ok", "id": number % 40, "data": data}}).encode()
        try:
            sock.sendall(struct.pack("!I", len(body)) + body)
        except OSError:
            os._exit(0)
        time.sleep(0.0005)
# %% perplexity-of-mean-nll
ppl = 3.0
