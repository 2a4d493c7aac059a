# %% id="pinball"
def pinball(truth, output):
    """Return the mean pinball loss of output (n, 3) for QUANTILES; truth is (n, 1)."""
    return ops.mean(ops.abs(truth - output)) / 2
