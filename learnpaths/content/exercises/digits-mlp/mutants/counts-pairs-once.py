# %% id="confusion"
def confusion_matrix(truth, read, classes=10):
    """Return an integer array (classes, classes): cell [i, j] counts the digits i that were read as j."""
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[truth, read] += 1
    return matrix
