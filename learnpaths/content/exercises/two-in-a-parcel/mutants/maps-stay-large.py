# %% id="cost"
def parameters_of(side, layers, units):
    """Return the number of parameters of convolutions (kernel, filters, stride) on grey pictures, a Flatten and dense layers."""
    total, channels = 0, 1
    for kernel, filters, stride in layers:
        total += kernel * kernel * channels * filters + filters
        channels = filters
    width = side * side * channels
    for unit in units:
        total += width * unit + unit
        width = unit
    return total
