# %% id="share"
def to_field(probability, share_then, share_now):
    """Return the probabilities, learned where the share of damages was share_then, for a place where it is share_now."""
    probability = np.asarray(probability, float)
    return probability / share_then * share_now
