# %% id="roll"
def roll_out(x, weights, steps):
    """Return forecasts (rows, steps) of the rule x @ weights that feeds on its own forecasts; x is (rows, window), weights (window,)."""
    current, said = np.asarray(x), []
    for _ in range(steps):
        said.append(current @ weights)
    return np.column_stack(said)
