# %% id="field"
def field_of_view(stack):
    """Return how many pixels, in one direction, one cell sees after a stack of (kernel, stride) pairs, as an int."""
    field, distance = 1, 1
    for kernel, stride in stack:
        distance *= stride
        field += (kernel - 1) * distance
    return field
