# %% id="train"
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(augment(x_train, 0)[..., None], y_train, epochs=40, batch_size=64, verbose=0)
