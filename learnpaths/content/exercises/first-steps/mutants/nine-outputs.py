# %% id="outputs"
outputs = 9
