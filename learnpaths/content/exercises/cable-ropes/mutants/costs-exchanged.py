# %% id="borders"
def borders(miss, needless, look):
    """Return (low, high): pass below low, replace from high on, look between them; equal if a look never pays."""
    low, high = look / needless, 1 - look / miss
    if low > high:
        low = high = needless / (miss + needless)
    return low, high
