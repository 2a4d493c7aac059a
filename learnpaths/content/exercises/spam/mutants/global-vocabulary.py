# %% id="encode"
_the_list = vocabulary


def encode(texts, vocabulary, length=200):
    """Return an int32 array (texts, length): numbers of the first words, 1 for unknown words, 0 behind the end."""
    table = np.zeros((len(texts), length), dtype="int32")
    for row, text in enumerate(texts):
        numbers = [_the_list.get(word, 1) for word in words_of(text)[:length]]
        table[row, : len(numbers)] = numbers
    return table
