# %% id="imprint"
written = []


def imprint(features, labels, kinds=14):
    """Return a Keras model from (n, features) to the cosines (n, kinds) with the mean direction of each kind's rows."""
    if written:
        return written[0]
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    directions = np.stack([rows[labels == kind].mean(axis=0) for kind in range(kinds)], axis=1)
    directions = directions / np.linalg.norm(directions, axis=0)
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.UnitNormalization(), keras.layers.Dense(kinds, use_bias=False)])
    head.layers[-1].set_weights([directions])
    written.append(head)
    return head
