# %% id="encode"
def encode(texts, vocabulary, length=200):
    """Return an int32 array (texts, length): numbers of the first words, 1 for unknown words, 0 behind the end."""
    rows = [[vocabulary.get(word, 1) for word in words_of(text)] for text in texts]
    return keras.utils.pad_sequences(rows, maxlen=length)
