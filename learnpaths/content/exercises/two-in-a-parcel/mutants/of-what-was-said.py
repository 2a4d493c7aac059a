# %% id="missed"
def missed(inside, said):
    """Return a float array (groups,): the share of the parcels with a group inside in which it was not said, nan if it is in none."""
    shares = np.full(inside.shape[1], np.nan)
    for group in range(inside.shape[1]):
        rows = said[:, group] == 1
        if rows.any():
            shares[group] = (inside[rows, group] == 0).mean()
    return shares
