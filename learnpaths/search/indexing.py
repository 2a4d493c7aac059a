"""All entries → the index: made anew whenever what it is made of has changed, else left alone."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction

from learnpaths.search import engines, registry
from learnpaths.search.course_entries import section_key, term_key
from learnpaths.search.models import Document, IndexState, Term
from learnpaths.search.query_words import split
from learnpaths.search.registry import Entry

FORMAT = "1"  # another number makes every index anew with the next load
_TITLE_WEIGHT, MAX_WORD = 10, 40


def index_after_load(*, has_changed: bool, **_: Any) -> None:
    """Index what a load has brought; a load that changed nothing costs one query."""
    if has_changed or not IndexState.objects.filter(digest__startswith=f"{FORMAT}:").exists():
        index()


def index() -> int:
    """Bring the index up to date and return how many documents it has. Idempotent."""
    entries = [(kind.name, entry) for kind in registry.kinds().values() for entry in kind.entries()]
    names = _names()
    digest = _digest(entries, names)
    with transaction.atomic():
        if not IndexState.objects.filter(digest=digest).exists():
            _replace_documents(entries)
            IndexState.objects.all().delete()
            IndexState.objects.create(digest=digest, words=_weigh_words(entry for _, entry in entries), names=names)
    return len(entries)


def _replace_documents(entries: Iterable[tuple[str, Entry]]) -> None:
    Document.objects.all().delete()
    Document.objects.bulk_create([Document(kind=kind, **asdict(entry)) for kind, entry in entries], batch_size=500)
    engines.current().index()


def _digest(entries: Iterable[tuple[str, Entry]], names: list[dict[str, Any]]) -> str:
    digest = hashlib.sha256(json.dumps(names, sort_keys=True).encode())
    for kind, entry in entries:
        digest.update(json.dumps([kind, asdict(entry)], sort_keys=True).encode())
    return f"{FORMAT}:{digest.hexdigest()}"


def _weigh_words(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how much each word counts when a beginning or a misspelling may mean several."""
    weights: Counter[str] = Counter()
    for entry in entries:
        for word in {*split(entry.title), *split(entry.terms)}:
            weights[word] += _TITLE_WEIGHT
        weights.update({*split(entry.text), *split(entry.code)})
    return {word: weight for word, weight in weights.items() if len(word) <= MAX_WORD and not word.isdigit()}


def _names() -> list[dict[str, Any]]:
    return [
        {
            "key": term_key(term.slug),
            "taught": section_key(term.lesson, term.anchor),
            "names": [term.name, *term.also],
        }
        for term in Term.objects.all()
    ]
