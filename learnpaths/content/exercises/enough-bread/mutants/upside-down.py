# %% id="pinball"
def pinball(truth, output):
    """Return the mean pinball loss of output (n, 3) for QUANTILES; truth is (n, 1)."""
    miss = output - truth
    return ops.mean(ops.maximum(QUANTILES * miss, (QUANTILES - 1) * miss))
