"""A lesson's body in pieces, split once when the content is loaded: prose, code that runs in the page, places of checkpoints. No Django here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

_CHECKPOINT = re.compile(r'<div data-checkpoint="([a-z0-9-]+)"></div>')
_CELL = re.compile(r'(<pre[^>]* data-python="run"[^>]*>.*?</pre>)', re.DOTALL)
_FIGURE = re.compile(r'data-figure="([a-z0-9-]+)"')


@dataclass(frozen=True)
class Block:
    """Safe HTML, which is the lesson's cell of number `cell` (from 1) unless that is 0; or the place of a checkpoint, without HTML."""

    html: str = ""
    checkpoint: str = ""
    cell: int = 0
    figures: Sequence[str] = ()  # the names of those in the HTML


def split_body(html: str) -> list[Block]:
    """Split a rendered body at its checkpoints and cells."""
    blocks = []
    numbers = count(1)
    for index, part in enumerate(_CHECKPOINT.split(html)):
        if index % 2:
            blocks.append(Block(checkpoint=part))
        else:
            blocks += _split_cells(part, numbers)
    return blocks


def _split_cells(html: str, numbers: Iterator[int]) -> Iterator[Block]:
    for index, part in enumerate(_CELL.split(html)):
        if part.strip():
            yield Block(html=part, cell=next(numbers) if index % 2 else 0, figures=tuple(_FIGURE.findall(part)))
