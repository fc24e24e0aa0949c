# Logits taken for log-probabilities.


# %% answer-log-prob mistake="raw-logits"
def answer_log_prob(logits, tokens, prompt_length):
    return sum(logits[t - 1, tokens[t]] for t in range(prompt_length, len(tokens)))


# %% beam-search mistake="drops-the-end"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        found = []
        for score, text in beam:
            if text and text[-1] == 0:
                found.append((score, text))
                continue
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
    text = beam[0][1]
    return text[:-1] if text[-1] == 0 else text
