"""Automatic mutants: validation's own attack on an exercise. Each solution cell of the reference is replaced by junk of many kinds.

kinds.py     the catalogue            cells.py     which names a cell is the last to bind
attack.py    runs the mutants of an exercise in one jailed kernel, the checks in fresh examiners
trials.py    what came of each, and what that says about the exercise (pure)
junk/        the text of it: runs in the kernel, as a learner might have written it, and is never imported here
"""
