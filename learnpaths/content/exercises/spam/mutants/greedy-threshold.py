# %% id="filter"
threshold = choose_threshold(model.predict(encode(valid_texts, vocabulary), verbose=0)[:, 0], valid_is_spam, most_lost=0.25)


def find_spam(texts):
    """Return a bool array: which of the texts go to the spam folder."""
    return model.predict(encode(texts, vocabulary), verbose=0, batch_size=256)[:, 0] >= threshold
