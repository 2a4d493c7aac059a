# %% id="borders"
def borders(miss, needless, look):
    """Return (low, high): pass below low, replace from high on, look between them; equal if a look never pays."""
    low, high = look / miss, 1 - look / needless
    return low, high
