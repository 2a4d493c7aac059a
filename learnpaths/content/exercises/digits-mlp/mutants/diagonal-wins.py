# %% id="most-confused"
def most_confused(matrix):
    """Return (true digit, digit read) of the most frequent mistake, as two Python ints."""
    matrix = np.asarray(matrix)
    true_digit, read_digit = np.unravel_index(matrix.argmax(), matrix.shape)
    return int(true_digit), int(read_digit)
