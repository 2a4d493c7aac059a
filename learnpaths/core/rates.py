"""How often somebody may do something: counted in Redis in one step, so that ten at once are ten."""

import math
import uuid
from pathlib import Path

from learnpaths.core.redis_scripts import read_script

_COUNT_USE = read_script(Path(__file__).with_name("scripts"), "count_use")


def count(scope: str, who: object, *, limit: int, seconds: int) -> int:
    """Count one use of `scope` by `who`. Return 0 if it is within the limit, else the seconds until the next is."""
    key = f"learnpaths:rate:{scope}:{who}"
    wait = _COUNT_USE.run([key], seconds * 1000, limit, uuid.uuid4().hex)
    return math.ceil(int(wait) / 1000)
