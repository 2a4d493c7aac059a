# %% id="decide"
model = keras.Sequential(
    [
        keras.Input((6,)),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy")
model.fit(x_lab, y_lab, epochs=20, batch_size=64, verbose=0)


def damage(x):
    """Return the probability of a broken wire on the mountain, float (n,), for voltages x (n, 6)."""
    return np.full(len(x), MOUNTAIN)


low, high = borders(MISS, NEEDLESS, LOOK)


def decide(x):
    """Return an array (n,) of "pass", "look" and "replace" for voltages x (n, 6)."""
    p = damage(x)
    return np.where(p >= high, "replace", np.where(p < low, "pass", "look"))
