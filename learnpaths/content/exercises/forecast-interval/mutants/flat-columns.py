# %% id="parts"
def parts(output):
    """Return (mean, spread), both (n, 1), of the raw output (n, 2): its first column, and softplus of its second plus FLOOR."""
    return output[:, 0], ops.softplus(output[:, 1]) + FLOOR
