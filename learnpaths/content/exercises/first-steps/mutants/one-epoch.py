# %% id="fit"
model = new_model()
history = model.fit(scaled, labels, verbose=0)
