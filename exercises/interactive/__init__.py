"""The notebook in the page: a jailed kernel per learner and exercise, held by a host, reached only through Redis.

`sessions` and `journal` are all that a web process imports; `host` and what it uses live where the jails are.
"""
