# Towers of powers, sums of 10^12 terms, sums in sums: everything that takes for ever to evaluate. The replies are forged.
# set: 06_perplexity
# credit: nothing
# review: perplexity-steps
# %%
import json
import grader.judge.kernel as kernel

tower = 10
for _ in range(12):
    tower = ["Pow", 10, tower]
endless = ["Sum", ["Sum", ["Pow", "n", tower], ["n", 1, 10**12]], ["k", 1, tower]]
def answer(nonce, questions, look_up):
    reply = {"answer": {"expr": endless}}
    if "steps" in questions:
        reply = {"answer": {"derivation": [["=", line, ""] for line in (endless, tower, ["Product", "m", ["n", 1, tower]])]}}
    return kernel.Reply(json.dumps({"nonce": nonce, "reply": reply}))
kernel.answer = answer
