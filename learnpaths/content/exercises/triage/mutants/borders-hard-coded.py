# %% id="triage"
low, high = 0.45, 0.5


def triage(films):
    """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
    p = probability(films)
    return np.where(p >= high, "mark", np.where(p >= low, "refer", "clear"))
