# %% id="naive"
def eleven_years_ago(x):
    """Return forecasts (rows, HORIZON): for each month ahead what stood SEASON months before it; x is (rows, WINDOW)."""
    return x[:, :HORIZON]
