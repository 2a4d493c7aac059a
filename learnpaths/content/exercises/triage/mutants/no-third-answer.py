# %% id="triage"
low = high = 0.5


def triage(films):
    """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
    return np.where(probability(films) >= 0.5, "mark", "clear")
