# %% id="crest"
def fountain(levels):
    """Return (height, minutes): the highest level of each row of levels (rows, minutes), and in how many minutes it comes first."""
    return levels.max(axis=1), levels.argmax(axis=1)
