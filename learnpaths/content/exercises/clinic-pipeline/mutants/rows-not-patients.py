# %% id="split"
def split(patients, share, seed):
    mixed = np.random.default_rng(seed).permutation(len(patients))
    cut = round(share * len(patients))
    return np.sort(mixed[cut:]), np.sort(mixed[:cut])
