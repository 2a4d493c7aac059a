# %% id="split"
def split_rows(n, test_share, seed):
    """Return (train_rows, test_rows): two integer arrays that together hold 0 … n−1, mixed by the seed."""
    rows = np.arange(n)
    cut = n - round(n * test_share)
    return rows[:cut], rows[cut:]
