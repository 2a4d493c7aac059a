# %% id="fit"
model = new_model()
history = model.fit(scaled[:10], labels[:10], epochs=20, verbose=0)
