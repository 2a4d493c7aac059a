# %% id="caught"
def caught(scores, is_spam, most_lost=0.02):
    """Return the share of the spam above the border that loses at most the share `most_lost` of the good mails."""
    scores, is_spam = np.asarray(scores, float), np.asarray(is_spam, bool)
    every = np.sort(scores)[::-1]
    allowed = min(int(most_lost * len(every)), len(every) - 1)
    return float((scores[is_spam] > every[allowed]).mean())
