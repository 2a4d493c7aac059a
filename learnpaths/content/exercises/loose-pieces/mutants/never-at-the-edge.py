# %% id="belt"
def lay_all(images, seed):
    """Return a uint8 array (n, SIDE, SIDE): each image at a random place in a random light."""
    generator = np.random.default_rng(seed)
    places = generator.integers(0, SIDE - 28, (len(images), 2))
    lights = generator.uniform(0.5, 1.5, len(images))
    return np.array([lay(image, row, column, light) for image, (row, column), light in zip(images, places, lights)])
