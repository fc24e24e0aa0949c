# Ends and bases that are not asked for.

# %% exam-text mistake="scores-the-start"
places = [(0, 0), *zip(text, text[1:])]
logs = [np.log(follows[s][t]) for s, t in places]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-units mistake="base-10"
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss / np.log10(2), loss / np.log10(2) * tokens_read / bytes_read]

# %% exam-kl mistake="without-weights"
ratios = np.log(np.array(p_true) / q_model)
both_ways = [ratios.sum(), -ratios.sum()]

# %% exam-gap mistake="divergence-in-bits"
kl = loss_in_bits - entropy_rate / np.log(2)
gap = [kl, 2**kl]

# %% exam-gradient mistake="one-class-late"
slopes = np.exp(three_logits) / np.exp(three_logits).sum()
slopes[(observed + 1) % 3] -= 1


# %% exam-batch-loss mistake="sum-for-mean"
def batch_loss(logits, labels):
    total = 0.0
    for row, label in zip(logits.reshape(-1, logits.shape[-1]), labels.ravel()):
        if label != -100:
            total += row.max() + np.log(np.exp(row - row.max()).sum()) - row[label]
    return total

# %% exam-log mistake="of-the-whole-text"
fault = "d"
