# Every answer is one that no machine decides on; all of them together take no longer than two.
# set: 05_softmax_gradient
# credit: nothing
# decision: 2
# review: nll-gradient-steps, hessian-entry
# %%
import json
import grader.judge.kernel as kernel

big = ["Integer", "9" * 399]
tree = ["KroneckerDelta", ["Pow", big, big], ["Add", ["Pow", big, big], 1]]
def answer(nonce, questions, look_up):
    reply = {"answer": {"derivation": [["=", tree, ""]] * 3}} if "steps" in questions else {"answer": {"expr": tree}}
    if "three" in questions:
        reply = {"answer": [{"expr": tree}] * 3}
    return kernel.Reply(json.dumps({"nonce": nonce, "reply": reply}))
kernel.answer = answer
