# %% id="train"
x_train, y_train, x_valid, y_valid, centre, spread = prepare(sunspots, CUT)
model = build_model(centre, spread)
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mae")
stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
model.fit(x_train[:, ::-1], y_train, validation_data=(x_valid[:, ::-1], y_valid), epochs=40, batch_size=64, callbacks=[stop], verbose=0)
