# %% id="shots"
def choose_shots(labels, shots, seed, kinds=14):
    """Return an int array (kinds * shots,): `shots` different row numbers of each kind, drawn with the seed, kind after kind."""
    generator = np.random.default_rng(seed)
    return np.concatenate([generator.choice(np.flatnonzero(labels == kind), shots) for kind in range(kinds)])
