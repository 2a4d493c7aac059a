# %% id="prepare"
def prepare(rows, patients, share, seed):
    train, test = split(patients, share, seed)
    scaled = (rows - rows[train].mean(axis=0)) / rows[train].std(axis=0)
    data = tf.data.Dataset.from_tensor_slices
    training = data((scaled[train], patients[train])).shuffle(len(train), seed=seed).batch(16, drop_remainder=True)
    testing = data((scaled[test], patients[test])).batch(16)
    return training, testing
