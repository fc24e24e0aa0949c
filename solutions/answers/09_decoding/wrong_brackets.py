# A bracket, or the table as a whole, is forgotten.

# %% table-audit mistake="a-kind-for-each-row"
def kind_of(table):
    kinds = []
    for row in table:
        with np.errstate(all="ignore"):
            for name, x in (("nats", np.exp(row)), ("bits", 2.0**row), ("probabilities", row)):
                if abs(x.sum() - 1) < 1e-6 and (x >= 0).all():
                    kinds.append(name)
                    break
    return kinds[0] if len(kinds) == len(table) else "not normalised"


# %% rank-candidates mistake="equals-for-one"
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    scores = [sum(log_probs[n]) / size(n) for n in range(len(texts))]
    return [scores.index(score) for score in sorted(scores, reverse=True)]


# %% greedy-regret mistake="bracket-missing"
lost = log(p_b * m_b / p_a * m_a)


# %% beam-search mistake="ended-texts-take-no-place"
def beam_search(log_probs, width, length):
    beam, done = [(0.0, [])], []
    for _ in range(length):
        new = [(s + log_probs[t[-1] if t else 0, w], t + [w]) for s, t in beam for w in range(len(log_probs))]
        done += [x for x in new if x[1][-1] == 0]
        beam = sorted((x for x in new if x[1][-1] != 0), key=lambda x: -x[0])[:width]
    return max(done + beam, key=lambda x: x[0])[1]
