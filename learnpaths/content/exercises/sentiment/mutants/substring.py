# %% id="slices"
def accuracy_by_form(forms, right):
    """Return {form: accuracy}: forms is a list of strings like "negation plain", right a bool array of the same length."""
    names = {name for form in forms for name in form.split()}
    return {name: float(np.mean([bool(mark) for form, mark in zip(forms, right) if name in form])) for name in names}
