"""Reads: what a search finds, what the box suggests, the glossary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from learnpaths.core.caches import ProcessCache
from learnpaths.search import engines, queries, ranking, registry, snippets
from learnpaths.search.candidates import Candidate
from learnpaths.search.course_entries import listed_lessons
from learnpaths.search.lexicon import Lexicon
from learnpaths.search.models import Document, IndexState, Term
from learnpaths.search.queries import Query
from learnpaths.search.registry import PersonalResult
from learnpaths.search.snippets import Part

CANDIDATES = 300  # of one query; what stands further back nobody reads
IN_GROUP, ON_PAGE, SUGGESTIONS = 5, 20, 8
_lexicons: ProcessCache[str, Lexicon] = ProcessCache(2)


@dataclass(frozen=True)
class Result:
    title: list[Part]
    url: str
    trail: str
    snippet: list[Part]
    is_code: bool = False


@dataclass(frozen=True)
class Group:
    """The results of one kind: the first of them, or one page."""

    kind: str
    label: str
    results: Sequence[Result]
    total: int


@dataclass(frozen=True)
class Definition:
    """A term with the address of the section that teaches it, "" where none does."""

    term: Term
    url: str = ""
    lesson: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found. `near` are words to try where there is nothing."""

    query: Query = field(default_factory=Query)
    definition: Definition | None = None
    groups: Sequence[Group] = ()
    personal: Sequence[tuple[Any, Sequence[PersonalResult]]] = ()
    near: Sequence[str] = ()
    pages: int = 1

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.personal or self.definition)


def search(text: str, *, user: Any, kind: str = "", page: int = 1) -> Found:
    """Return what a visitor or a person finds, in groups of kinds, or one page of one kind. `text` is already short."""
    lexicon = _lexicon()
    query = queries.parse(text, lexicon)
    if not query.clauses:
        return Found(query)
    query, candidates = _find(query, kind)
    if kind:
        shown, pages = _page(candidates, page)
        return Found(query, None, _groups(shown, query, {kind: len(candidates)}) if shown else (), pages=pages)
    definition = _definition(query, candidates)
    rest = [each for each in candidates if definition is None or each.key != query.name.key]  # type: ignore[union-attr]
    found = Found(query, definition, _first_of_groups(rest, query), _personal(user, query))
    return replace(found, near=_near(query, lexicon)) if found.is_empty else found


def suggest(text: str) -> list[Candidate]:
    """Return the few documents that somebody may mean who is still typing."""
    query = queries.parse(text, _lexicon())
    return _find(query, "")[1][:SUGGESTIONS] if query.clauses else []


def _lexicon() -> Lexicon:
    digest = IndexState.objects.values_list("digest", flat=True).first() or ""
    return _lexicons.get_or_make(digest, lambda: _read_lexicon(digest))


def _read_lexicon(digest: str) -> Lexicon:
    state = IndexState.objects.filter(digest=digest).first()
    return Lexicon(state.words, state.names) if state else Lexicon({})


def _find(query: Query, kind: str) -> tuple[Query, list[Candidate]]:
    """Return the candidates with all words, or if there are none those with one, and the query that found them."""
    candidates = engines.current().find(query, kind=kind, limit=CANDIDATES)
    if not candidates and len(query.clauses) > 1:
        query = replace(query, is_relaxed=True)
        candidates = engines.current().find(query, kind=kind, limit=CANDIDATES)
    return query, ranking.rank(candidates, query)


def _page(candidates: Sequence[Candidate], page: int) -> tuple[Sequence[Candidate], int]:
    start = (page - 1) * ON_PAGE
    return candidates[start : start + ON_PAGE], max(1, -(-len(candidates) // ON_PAGE))


def _first_of_groups(candidates: Sequence[Candidate], query: Query) -> list[Group]:
    """Return the kinds in the order of their best, each with its first few."""
    order = {kind: place for place, kind in enumerate(dict.fromkeys(each.kind for each in candidates))}
    by_kind = groupby(sorted(candidates, key=lambda each: order[each.kind]), key=lambda each: each.kind)
    members = {kind: list(group) for kind, group in by_kind}
    shown = [each for group in members.values() for each in group[:IN_GROUP]]
    return _groups(shown, query, {kind: len(group) for kind, group in members.items()})


def _groups(shown: Sequence[Candidate], query: Query, totals: dict[str, int]) -> list[Group]:
    texts = {row[0]: row[1:] for row in _texts(shown)}
    wanted = ranking.marked_roots(query.clauses)
    return [
        Group(kind, _label(kind), [_result(each, *texts[each.id], wanted) for each in group], totals[kind])
        for kind, group in groupby(shown, key=lambda each: each.kind)
    ]


def _texts(candidates: Iterable[Candidate]) -> Iterable[tuple[int, str, str]]:
    return Document.objects.filter(pk__in=[each.id for each in candidates]).values_list("pk", "text", "code")


def _label(kind: str) -> str:
    return str(registry.kinds()[kind].label) if kind in registry.kinds() else kind


def _result(candidate: Candidate, text: str, code: str, wanted: frozenset[str]) -> Result:
    snippet = snippets.cut(text, wanted)
    title = list(snippets.mark(candidate.title, wanted))
    is_code = not any(part.is_marked for part in (*snippet, *title)) and any(
        part.is_marked for part in snippets.cut(code, wanted)
    )
    return Result(title, candidate.url, candidate.trail, snippets.cut(code, wanted) if is_code else snippet, is_code)


def _definition(query: Query, candidates: Sequence[Candidate]) -> Definition | None:
    """Return the term that the query is the name of."""
    if not query.name or not candidates or candidates[0].key != query.name.key:
        return None
    term = Term.objects.filter(slug=query.name.key.partition("/")[2]).first()
    return next(iter(_with_places([term])), None) if term else None


def _with_places(terms: Sequence[Term]) -> list[Definition]:
    steps = {step.slug: step for step in listed_lessons().filter(slug__in={term.lesson for term in terms})}
    definitions = []
    for term in terms:
        step = steps.get(term.lesson)
        url = step.get_absolute_url() + (f"#{term.anchor}" if term.anchor else "") if step else ""
        definitions.append(Definition(term, url, step.title if step else ""))
    return definitions


def _personal(user: Any, query: Query) -> list[tuple[Any, Sequence[PersonalResult]]]:
    if not user.is_authenticated:
        return []
    found = ((kind.label, kind.find(user, query.words)) for kind in registry.personal_kinds())
    return [(label, results) for label, results in found if results]


def _near(query: Query, lexicon: Lexicon) -> list[str]:
    """Return known words that look like those of a query that found nothing."""
    near = (word for typed in query.words for word in lexicon.near(typed, limit=4, distance=3))
    return list(dict.fromkeys(near))[:SUGGESTIONS]


def stamp() -> str:
    """Return what changes whenever anything that can be found does."""
    return IndexState.objects.values_list("digest", flat=True).first() or ""


def definitions(text: str = "") -> list[tuple[str, list[Definition]]]:
    """Return the glossary by first letter; with a text only the terms that have it in a name or in the definition."""
    wanted = text.casefold()
    terms = [
        term for term in Term.objects.all() if wanted in " ".join([term.name, *term.also, term.definition]).casefold()
    ]
    terms.sort(key=lambda term: (_letter(term), term.name.casefold()))
    return [
        (letter, list(group))
        for letter, group in groupby(_with_places(terms), key=lambda definition: _letter(definition.term))
    ]


def _letter(term: Term) -> str:
    first = term.name[:1].upper()
    return first if first.isalpha() else "#"
