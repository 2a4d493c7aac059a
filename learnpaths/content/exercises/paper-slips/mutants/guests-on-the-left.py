# %% id="slips"
def make_slips(images, labels, count, seed):
    """Return uint8 (count, 8, 16), a home digit left and a guest digit right of each slip, and int (count,): 0 home win, 1 draw, 2 away win."""
    generator = np.random.default_rng(seed)
    home = generator.integers(0, len(images), count)
    away = generator.integers(0, len(images), count)
    outcomes = np.where(labels[home] == labels[away], 1, np.where(labels[home] > labels[away], 0, 2))
    return np.concatenate([images[away], images[home]], axis=2), outcomes
