# Results of as many numbers as may be sent, nested, ragged and in arrays of odd shapes.
# set: 05_softmax_gradient
# credit: nothing
# %%
import json
import grader.judge.kernel as kernel

def answer(nonce, questions, look_up):
    asked = json.loads(questions)
    odd = [[0.5] * 190_000, {"array": [], "shape": [0] + [200_000] * 15, "dtype": "complex128"}, [[0.5] * 99, [0.5]] * 1_000,
           {"array": [0.5] * 100_000, "shape": [100_000], "dtype": "float16"}, {"dict": [[n, n] for n in range(50_000)]},
           {"array": [], "shape": [0, -1], "dtype": "float64"}, {"array": ["nan"] * 1000, "shape": [10, 100], "dtype": "bool"},
           {"tuple": [{"tuple": []}] * 90_000}, {"int": "9" * 300}]
    reply = {"answer": odd[0]}
    if asked["kind"] == "function":
        reply = {"results": [{"value": odd[n % len(odd)], "warnings": ["x"] * 9999, "mutated": [1] * 9999} for n in range(len(asked["inputs"]))]}
    return kernel.Reply(json.dumps({"nonce": nonce, "reply": reply}))
kernel.answer = answer
