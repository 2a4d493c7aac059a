# %% id="temperature"
def find_temperature(probabilities, findings):
    """Return the temperature out of np.geomspace(0.2, 10, 200) with the lowest mean cross-entropy, as a float."""
    candidates = np.geomspace(0.2, 10, 200)
    losses = []
    for candidate in candidates:
        q = soften(probabilities, candidate)
        losses.append(np.log(np.clip(np.where(np.asarray(findings) == 1, q, 1 - q), 1e-12, 1)).mean())
    return float(candidates[np.argmin(losses)])


temperature = find_temperature(model.predict(x_valid[..., None], verbose=0)[:, 0], y_valid)


def probability(films):
    """Return the calibrated probability of a finding, float (n,), for raw uint8 (n, 48, 48) films."""
    return soften(model.predict(films[..., None], verbose=0, batch_size=250)[:, 0], temperature)
