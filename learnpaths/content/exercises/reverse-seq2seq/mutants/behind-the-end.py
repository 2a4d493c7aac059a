# %% id="write"
def write(model, source):
    """Return the answers, int (rows, 7), written greedily token by token; 0 behind the first end token."""
    written = np.zeros(np.shape(source), "int32")
    written[:, 0] = START
    answer = np.zeros(np.shape(source), "int32")
    for place in range(LENGTH):
        answer[:, place] = model.predict_on_batch([source, written])[:, place].argmax(axis=-1)
        if place + 1 < LENGTH:
            written[:, place + 1] = answer[:, place]
    return answer
