# %% id="likelihood"
def negative_log_likelihood(truth, output):
    """Return the mean Gaussian negative log-likelihood of truth (n, 1) under the raw output (n, 2)."""
    mean, spread = parts(output)
    return ops.mean(ops.log(spread) + 0.5 * (truth - mean) ** 2 / spread + 0.5 * np.log(2 * np.pi))
