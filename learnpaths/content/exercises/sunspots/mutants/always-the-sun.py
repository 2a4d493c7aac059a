# %% id="train"
def fit_model(series, cut):
    """Return a model from build_model, trained on the series before the cut and stopped by its validation rows."""
    x_train, y_train, x_valid, y_valid, centre, spread = prepare(sunspots, CUT)
    fitted = build_model(centre, spread)
    fitted.compile(optimizer=keras.optimizers.Adam(0.001), loss="mae")
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    fitted.fit(x_train, y_train, validation_data=(x_valid, y_valid), epochs=40, batch_size=64, callbacks=[stop], verbose=0)
    return fitted


model = fit_model(sunspots, CUT)
