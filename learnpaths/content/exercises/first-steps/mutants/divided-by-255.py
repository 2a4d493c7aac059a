# %% id="scale"
scaled = images / 255
