# %% id="vocabulary"
def build_vocabulary(texts, size):
    """Return a dict from word to number, 2 for the most frequent word; all numbers are below `size`."""
    counts = Counter(word for text in texts for word in words_of(text))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[:size])}


vocabulary = build_vocabulary(train_texts, 8000)
