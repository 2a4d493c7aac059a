# %% id="prepare"
def prepare(rows, patients, share, seed):
    train, test = split(patients, share, seed)
    scaled = (rows - rows[train].mean(axis=0)) / rows[train].std(axis=0)
    training = tf.data.Dataset.from_tensor_slices((scaled[train], patients[train])).batch(16).shuffle(100, seed=seed)
    testing = tf.data.Dataset.from_tensor_slices((scaled[test], patients[test])).batch(16)
    return training, testing
