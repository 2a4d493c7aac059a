# %% id="words"
def words_of(text):
    """Return the words of a text as a list of strings, in order."""
    return re.findall(r"[a-z']+|[!$%]", text)
