# %% id="shots"
def choose_shots(labels, shots, seed, kinds=14):
    """Return an int array (kinds * shots,): `shots` different row numbers of each kind, drawn with the seed, kind after kind."""
    return np.concatenate([np.flatnonzero(labels == kind)[:shots] for kind in range(kinds)])
