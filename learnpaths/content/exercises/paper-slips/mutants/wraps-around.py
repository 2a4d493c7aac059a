# %% id="slips"
def make_slips(images, labels, count, seed):
    """Return uint8 (count, 8, 16), a home digit left and a guest digit right of each slip, and int (count,): 0 home win, 1 draw, 2 away win."""
    generator = np.random.default_rng(seed)
    home = generator.integers(0, len(images), count)
    away = generator.integers(0, len(images), count)
    outcomes = 1 - np.sign(labels[home] - labels[away]).astype(int)
    return np.concatenate([images[home], images[away]], axis=2), outcomes
