# %% id="make-dataset"
def make_dataset(x, y, batch_size, training, seed=0):
    """Return a tf.data.Dataset of (x, y) batches: shuffled anew in each epoch if `training`, in order otherwise."""
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        dataset = dataset.shuffle(len(x), seed=seed)
    return dataset.batch(batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
