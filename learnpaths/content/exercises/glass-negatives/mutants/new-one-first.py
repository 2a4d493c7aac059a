# %% id="add"
def add_kind(head, features):
    """Return a head with one more output, the last: the cosine with the mean direction of features (n, features)."""
    (directions,) = head.layers[-1].get_weights()
    one = imprint(features, np.zeros(len(features), int), kinds=1)
    directions = np.concatenate([one.layers[-1].get_weights()[0], directions], axis=1)
    larger = keras.Sequential([keras.Input((directions.shape[0],)), keras.layers.UnitNormalization(), keras.layers.Dense(directions.shape[1], use_bias=False)])
    larger.layers[-1].set_weights([directions])
    return larger
