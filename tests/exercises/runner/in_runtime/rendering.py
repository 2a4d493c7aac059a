"""Formulas become pictures, which needs matplotlib."""

import base64

from exercises.runner import rendering


def case_a_formula_is_a_picture():
    picture = rendering.rendered({"text/latex": r"$\displaystyle \frac{a}{b}$"})
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")


def case_what_matplotlib_cannot_set_stays_its_source():
    assert rendering.rendered({"text/latex": r"$\begin{align}x\end{align}$"}) == {}
