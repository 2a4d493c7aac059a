# %% id="share"
def to_field(probability, share_then, share_now):
    """Return the probabilities, learned where the share of damages was share_then, for a place where it is share_now."""
    probability = np.asarray(probability, float)
    odds = probability / (1 - probability) * (share_then / (1 - share_then)) / (share_now / (1 - share_now))
    return odds / (1 + odds)
