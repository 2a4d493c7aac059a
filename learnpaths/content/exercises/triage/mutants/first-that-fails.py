# %% id="borders"
def choose_borders(probabilities, findings, budget, precision=0.8):
    """Return (low, high): below low a film is cleared, from high on it is marked, between them it is referred."""
    p = np.asarray(probabilities, float)
    order = np.argsort(-p)
    shares = np.cumsum(np.asarray(findings)[order]) / np.arange(1, len(p) + 1)
    marked = int((np.cumprod(shares >= precision)).sum())
    seen = min(len(p), marked + int(budget * len(p)))
    return float(p[order[seen - 1]]) if seen else np.inf, float(p[order[marked - 1]]) if marked else np.inf
