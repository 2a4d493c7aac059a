# %% id="slices"
def accuracy_by_form(forms, right):
    """Return {form: accuracy}: forms is a list of strings like "negation plain", right a bool array of the same length."""
    notes = {}
    for names, is_right in zip(forms, right):
        notes.setdefault(names.split()[0], []).append(bool(is_right))
    return {name: float(np.mean(values)) for name, values in notes.items()}
