# %% id="curves"
def draw_curves(curves):
    """Draw the two lists of numbers and return what the charts show."""
    left, right = new_charts()
    left.plot(curves["accuracy"])
    right.plot(curves["loss"])
    return points(left), points(right)
