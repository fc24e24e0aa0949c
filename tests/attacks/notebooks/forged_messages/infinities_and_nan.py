# Replies that hold NaN, infinities, negative zeros, huge exponents and a number for everything.
# set: 05_softmax_gradient
# credit: nothing
# %%
import json
import grader.judge.kernel as kernel

def answer(nonce, questions, look_up):
    asked = json.loads(questions)
    odd = ["NaN", "Infinity", "-Infinity", "1e999999", "-0.0", "1e-999999", '{"float": "nan"}', '{"int": "1e9"}', "true"]
    if asked["kind"] == "function":
        reply = '{"results": [' + ", ".join('{"value": ' + odd[n % 9] + "}" for n in range(len(asked["inputs"]))) + "]}"
    else:
        reply = '{"answer": NaN, "answer": {"array": ["nan", "inf", 1e999], "shape": [3], "dtype": "float64"}}'
    return kernel.Reply('{"nonce": "%s", "reply": %s}' % (nonce, reply))

kernel.answer = answer
