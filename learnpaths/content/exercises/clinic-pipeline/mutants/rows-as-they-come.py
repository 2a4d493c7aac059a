# %% id="split"
def split(patients, share, seed):
    cut = len(patients) - round(share * len(patients)) - 3
    return np.arange(cut), np.arange(cut, len(patients))

# %% id="prepare"
def prepare(rows, patients, share, seed):
    train, test = split(patients, share, seed)
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    training = tf.data.Dataset.from_tensor_slices((scaled[train], patients[train])).batch(16)
    testing = tf.data.Dataset.from_tensor_slices((scaled[test], patients[test])).batch(16)
    return training, testing
