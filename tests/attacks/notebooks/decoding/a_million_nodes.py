# Trees of a million nodes, a thousand levels, a derivation of 10^5 lines, and JSON that only unfolds in the judge.
# set: 06_perplexity
# credit: nothing
# %%
import json
import grader.judge.kernel as kernel

def answer(nonce, questions, look_up):
    task = json.loads(questions)["id"]
    if task == "two-sentences":
        reply = '{"answer": {"expr": ["Add"' + ', "L_1"' * 10**6 + "]}}"
    elif task == "perplexity-steps":
        reply = '{"answer": {"derivation": [' + ", ".join(['["=", "m", ""]'] * 10**5) + "]}}"
    elif task == "comparable-perplexities":
        reply = '{"answer": ' + "[" * 900 + "]" * 900 + "}"
    elif task == "bits-of-nats":
        reply = '{"answer": ' + "9" * 4000 + "}"
    elif task == "bits-per-byte":
        reply = "[" + "[]," * 2_500_000 + "0]"
    else:
        reply = '{"results": [' + ", ".join(['{"value": ' + "[" * 18 + "0.5" + "]" * 18 + "}"] * 6) + "]}"
    return kernel.Reply('{"nonce": "%s", "reply": %s}' % (nonce, reply))
kernel.answer = answer
