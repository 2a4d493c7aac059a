# %% id="cost"
def best_quantile(short, left):
    """Return the quantile that minimises the expected cost of short cents for a loaf too few and left for one too many."""
    return left / (short + left)
