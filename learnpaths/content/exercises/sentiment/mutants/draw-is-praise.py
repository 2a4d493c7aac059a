# %% id="counting"
def count_words(text, kind=KIND, unkind=UNKIND):
    """Return 1 if the text has more kind than unkind words, else 0."""
    words = words_of(text)
    return int(sum(word in kind for word in words) >= sum(word in unkind for word in words))
