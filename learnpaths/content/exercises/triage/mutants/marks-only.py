# %% id="errors"
def name_errors(answers, findings):
    """Return {"caught", "precision", "referred"} as floats; answers is an array of "clear", "refer" and "mark", findings of 0 and 1."""
    answers, findings = np.asarray(answers), np.asarray(findings)
    marked = answers == "mark"
    return {
        "caught": float(marked[findings == 1].mean()),
        "precision": float(findings[marked].mean()) if marked.any() else float("nan"),
        "referred": float((answers == "refer").mean()),
    }
