from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serving.running import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Make sites over folders of this test; none of them is left running."""
    made: list[Site] = []

    def site(folder: str = "state", **environment: str) -> Site:
        made.append(Site(tmp_path / folder, **environment))
        return made[-1]

    yield site
    for each in made:
        each.kill()
