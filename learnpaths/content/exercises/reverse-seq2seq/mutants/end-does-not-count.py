# %% id="weights"
def loss_weights(target):
    """Return float32 weights of the target's shape: 1 for a token, 0 for padding."""
    return (np.asarray(target) > END).astype("float32")
