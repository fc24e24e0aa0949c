# Two huge powers that SymPy must compare before there is an expression; the reply is forged, for SymPy would hang here, too.
# set: 05_softmax_gradient
# credit: nothing
# decision: 3
# review: hessian-entry
# %%
import json
import grader.judge.kernel as kernel

big = ["Integer", "9" * 399]
power = ["Pow", big, big]
def answer(nonce, questions, look_up):
    if "hessian" not in questions:
        return kernel.Reply("{}")
    tree = ["KroneckerDelta", power, ["Add", power, 1]]
    return kernel.Reply(json.dumps({"nonce": nonce, "reply": {"answer": {"expr": tree}}}))
kernel.answer = answer
