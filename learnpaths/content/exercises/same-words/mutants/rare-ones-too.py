# %% id="worst"
def worst_form(forms, right, least):
    """Return (name, accuracy) of the figure of speech with the lowest accuracy among those with at least `least` entries, or None."""
    notes = {}
    for names, is_right in zip(forms, right):
        for name in names.split():
            notes.setdefault(name, []).append(bool(is_right))
    found = [(name, float(np.mean(marks)), len(marks)) for name, marks in notes.items()]
    worst = min(found, key=lambda item: (item[1], -item[2]), default=None)
    return worst and worst[:2]
