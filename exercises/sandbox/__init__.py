"""Host side of the engine: starts jails, talks to what runs in them, enforces limits. No Django, Celery or Redis.

`run` grades one job on a `Zygote`; everything else here serves it. What comes out of a jail is untrusted and is checked
for size and shape before it is used.
"""
