# %% id="augment"
def augment(images, seed):
    """Return one random version of each of the (n, height, width) images: mirrored or not, and moved by -4 to 4 pixels each way."""
    generator = np.random.default_rng(seed)
    moves = generator.integers(-REACH, REACH, (len(images), 2))
    mirrored = generator.random(len(images)) < 0.5
    versions = [move(image[:, ::-1] if mirror else image, *steps) for image, steps, mirror in zip(images, moves, mirrored)]
    return np.array(versions)
