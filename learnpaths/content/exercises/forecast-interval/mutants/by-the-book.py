# %% id="promise"
REACH = 1.645
