# %% id="loss"
loss = "mse"
