# %% id="confusion"
def confusion_matrix(truth, read, classes=10):
    """Return an integer array (classes, classes): cell [i, j] counts the digits i that were read as j."""
    matrix = np.zeros((classes, classes), dtype=int)
    for true_digit, read_digit in zip(truth, read):
        matrix[read_digit, true_digit] += 1
    return matrix
