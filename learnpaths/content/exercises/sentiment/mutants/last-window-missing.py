# %% id="windows"
def windows(numbers, width):
    """Return an int array (n - width + 1, width) of all windows of a row of n numbers."""
    return np.array([numbers[start : start + width] for start in range(len(numbers) - width)])
