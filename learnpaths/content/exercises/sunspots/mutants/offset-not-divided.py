# %% id="build-model"
def build_model(centre, spread):
    """Return an untrained Keras model from raw (WINDOW,) questions to raw (HORIZON,) answers, at most 50,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((WINDOW,)),
            keras.layers.Rescaling(1 / spread, -centre),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(HORIZON),
            keras.layers.Rescaling(spread, centre),
        ]
    )
