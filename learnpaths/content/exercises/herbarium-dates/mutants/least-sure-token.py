# %% id="write"
def write(model, source):
    """Return (answers, sure): greedy answers, int (rows, 7), 0 behind the first end; and the probability of each, float (rows,)."""
    written, answers = np.zeros(np.shape(source), "int32"), np.zeros(np.shape(source), "int32")
    best = np.ones(np.shape(source))
    written[:, 0] = START
    for place in range(LENGTH):
        said = model.predict_on_batch([source, written])[:, place]
        answers[:, place] = said.argmax(axis=-1)
        best[:, place] = said.max(axis=-1)
        if place + 1 < LENGTH:
            written[:, place + 1] = answers[:, place]
    behind = np.cumsum(answers == END, axis=1) - (answers == END) > 0
    return np.where(behind, PAD, answers), np.where(behind, 1.0, best).min(axis=1)
