# %% id="calibration-error"
def calibration_error(probabilities, findings):
    """Return the expected calibration error with ten bins of equal width, as a float from 0 to 1."""
    p, y = np.asarray(probabilities, float), np.asarray(findings)
    bins = np.minimum((p * 10).astype(int), 9)
    return float(np.mean([abs(p[bins == number].mean() - y[bins == number].mean()) for number in np.unique(bins)]))
