# %% id="caught"
def caught(scores, is_spam, most_lost=0.02):
    """Return the share of the spam above the border that loses at most the share `most_lost` of the good mails."""
    scores, is_spam = np.asarray(scores, float), np.asarray(is_spam, bool)
    good = np.sort(scores[~is_spam])[::-1]
    allowed = int(most_lost * len(good))
    if allowed == 0:
        return float((scores[is_spam] > good[0]).mean())
    return float((scores[is_spam] >= good[allowed - 1]).mean())
