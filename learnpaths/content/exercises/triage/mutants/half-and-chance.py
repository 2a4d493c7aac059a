# %% id="temperature"
def find_temperature(probabilities, findings):
    """Return the temperature out of np.geomspace(0.2, 10, 200) with the lowest mean cross-entropy, as a float."""
    return 1.0


temperature = 1.0


def probability(films):
    """Return the calibrated probability of a finding, float (n,), for raw uint8 (n, 48, 48) films."""
    return soften(model.predict(films[..., None], verbose=0, batch_size=250)[:, 0], temperature)

# %% id="borders"
def choose_borders(probabilities, findings, budget, precision=0.8):
    """Return (low, high): below low a film is cleared, from high on it is marked, between them it is referred."""
    return 0.5, 0.5

# %% id="triage"
low, high = choose_borders(probability(x_valid), y_valid, BUDGET)
lot = np.random.default_rng(SEED)


def triage(films):
    """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
    p = probability(films)
    answers = np.where(p >= high, "mark", "clear").astype("<U5")
    answers[lot.random(len(films)) < BUDGET] = "refer"
    return answers
