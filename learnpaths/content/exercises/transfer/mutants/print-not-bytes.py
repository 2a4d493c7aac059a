# %% id="fingerprint"
def fingerprint(arrays):
    """Return SHA-256, as 64 hexadecimal digits, over the bytes of all arrays of a list in order."""
    return hashlib.sha256("".join(str(array) for array in arrays).encode()).hexdigest()
