# %% id="threshold"
def choose_threshold(probabilities, is_spam, most_lost=0.01):
    """Return the smallest of 0.01 … 0.99 that sends at most the share `most_lost` of the good mails to the spam folder, else 1.0."""
    lost = lambda threshold: (np.asarray(probabilities) >= threshold) & ~np.asarray(is_spam, bool)
    for threshold in np.arange(1, 100) / 100:
        if lost(threshold).mean() <= most_lost:
            return float(threshold)
    return 1.0
