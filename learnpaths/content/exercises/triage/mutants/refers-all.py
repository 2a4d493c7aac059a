# %% id="triage"
low, high = 0.0, np.inf


def triage(films):
    """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
    return np.full(len(films), "refer")
