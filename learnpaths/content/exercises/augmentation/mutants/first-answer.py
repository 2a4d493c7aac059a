# %% id="steadiness"
def steadiness(answers):
    """Return a float array (pieces,): the share of versions that got the piece's most frequent answer; answers is int (versions, pieces)."""
    return (answers == answers[0]).mean(axis=0)
