# %% id="field"
def field_of_view(stack):
    """Return how many pixels, in one direction, one cell sees after a stack of (kernel, stride) pairs, as an int."""
    return 1 + sum(kernel - 1 for kernel, _ in stack)
