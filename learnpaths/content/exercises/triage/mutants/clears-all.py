# %% id="triage"
low = high = np.inf


def triage(films):
    """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
    return np.full(len(films), "clear")
