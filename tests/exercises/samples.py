"""A small sound exercise as files; tests change one thing at a time."""

import hashlib
from pathlib import Path

TOML = """title = "Add"
summary = "Add two numbers."
queue = "cpu"
minutes = 5
pass_percent = 60
datasets = ["toy"]
[limits]
cpu_seconds = 30
[baseline]
mutant = "zero"
[[mutant]]
name = "zero"
fails = ["adds", "adds-unseen"]
why = "Returns nothing useful"
[[threshold]]
check = "adds-unseen"
metric = "error"
value = 0.5
better = "lower"
"""
NOTEBOOK = '''# %% [markdown] id="story"
# # Add
#
# Write `add`. In maths: $a + b$.

# %% id="imports" role="setup"
import math

# %% id="add" role="solution" hints=["What does a sum need?", "Look at **operators**."]
def add(a, b):
    """Return the sum."""
    ### BEGIN SOLUTION
    total = a + b
    return total
    ### END SOLUTION

# %% id="twice" role="solution"
### BEGIN SOLUTION
twice = add(2, 2)
### END SOLUTION
### BEGIN STARTER
# twice = None  # Your code here
### END STARTER

# %% id="adds" role="check" points=1 requires=["add"] title="Adds small numbers"
assert add(1, 2) == 3, "1 + 2 is 3."

# %% id="answers" role="examiner"
secret = 42

# %% id="adds-unseen" role="check" hidden=true required=true points=3 title="Adds unseen numbers" feedback="Try negative numbers."
report_metric("error", number(add(40, 2)) - secret, threshold=0.5, better="lower")
assert add(40, 2) == secret
'''
ZERO = """# %% id="add"
def add(a, b):
    return 0
"""
DATA = b"1,2\n3,4\n"
CARD = f"""title = "Toy"
source = "made by hand"
licence = "CC0"
rows = 2
simulated = true
sha256 = {{ "public/toy.csv" = "{hashlib.sha256(DATA).hexdigest()}" }}
"""


def write_exercise(
    root: Path, *, toml: str = TOML, notebook: str = NOTEBOOK, zero: str = ZERO, card: str = CARD
) -> Path:
    """Write a content root with the exercise `add` and return the exercise's folder."""
    folder = root / "exercises" / "add"
    (folder / "mutants").mkdir(parents=True)
    (folder / "exercise.toml").write_text(toml)
    (folder / "notebook.py").write_text(notebook)
    (folder / "mutants" / "zero.py").write_text(zero)
    public = root / "data" / "toy" / "public"
    public.mkdir(parents=True)
    (public / "toy.csv").write_bytes(DATA)
    (public.parent / "card.toml").write_text(card)
    return folder
