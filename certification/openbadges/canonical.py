"""From JSON-LD to the bytes that a signature covers: RDF Dataset Canonicalization (RDFC-1.0) through PyLD.

A signature covers the RDF that a document expands to, while everybody reads its JSON. Whatever could make the two say
different things is refused before: terms that no context defines (JSON-LD drops them silently), relative types and ids
(dropped, or signed as nonsense), inline contexts, and members spelled as IRIs or keywords instead of terms.
"""

import functools
import json
import math
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from . import limits
from .errors import Malformed, TooCostly, UnknownContext
from .errors import gettext_noop as _
from .limits import MAX_BYTES

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FOLDER = Path(__file__).parent / "contexts"
CONTEXTS: dict[str, Path] = {
    CREDENTIALS_V2: FOLDER / "credentials-v2.json",
    "https://w3id.org/security/data-integrity/v2": FOLDER / "data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": FOLDER / "multikey-v1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": FOLDER / "open-badges-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": FOLDER / "open-badges-3.0.2.json",
    OPEN_BADGES: FOLDER / "open-badges-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": FOLDER / "open-badges-extensions.json",
}
MAX_PERMUTATIONS = 2000
MAX_CPU_SECONDS = 2.0
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*")
_VALUE_KEYS = {"@value", "@language", "@direction"}
_pyld = threading.Lock()  # PyLD's caches are shared by the process and not safe between threads


def parse(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in `text`. Raises Malformed for anything ambiguous: duplicate keys, NaN, too large."""
    if len(text) > MAX_BYTES:
        raise Malformed(_("It is larger than %(limit)s KiB."), limit=MAX_BYTES // 1024)
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("It is not JSON: %(error)s"), error=error) from error
    if not isinstance(document, dict):
        raise Malformed(_("It is JSON, but not an object."))
    return document


def check_form(document: dict[str, Any]) -> None:
    """Raise Malformed where the JSON could be read differently from the RDF that is signed, TooCostly for its size."""
    limits.check(document)
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts or not all(isinstance(url, str) for url in contexts):
        raise Malformed(_("Its “@context” must be a list of addresses."))
    for url in contexts:
        _load_context(url)
    for node in _walk({key: value for key, value in document.items() if key != "@context"}):
        if isinstance(node, dict):
            _check_keys(node)


def expand(document: dict[str, Any]) -> list[Any]:
    """Return the expanded form. Raises Malformed if a term or type has no meaning in the document's contexts."""
    check_form(document)
    dropped: list[str] = []
    try:
        with _pyld:
            # Without a base PyLD would make up http://example.org/base/ and turn what is relative into an absolute lie.
            options = {"documentLoader": _document_loader, "base": None}
            expanded: list[Any] = jsonld.expand(document, options, dropped.append)
    except jsonld.JsonLdError as error:
        raise Malformed(_("It is not valid JSON-LD: %(error)s"), error=_first_line(error)) from error
    if dropped:
        terms = ", ".join(sorted({str(term) for term in dropped}))
        raise Malformed(_("No context defines: %(terms)s. A signature would not cover it."), terms=terms)
    _check_iris(expanded)
    return expanded


def canonize(document: dict[str, Any]) -> str:
    """Return the canonical N-Quads of `document`. Raises Malformed, or TooCostly for graphs made to be expensive."""
    expanded = expand(document)
    try:
        with _pyld:
            dataset = jsonld.to_rdf(expanded, {"documentLoader": _document_loader, "base": None})
    except jsonld.JsonLdError as error:
        raise Malformed(_("It is not valid JSON-LD: %(error)s"), error=_first_line(error)) from error
    text: str = _MeteredCanonizer().main(dataset, {"format": "application/n-quads"})
    if not text:
        raise Malformed(_("It says nothing: its canonical form is empty."))
    return text


class _MeteredCanonizer(URDNA2015):  # type: ignore[misc]
    """RDFC-1.0 with a bound: telling like blank nodes apart is factorial, and the input is not authenticated yet."""

    def __init__(self) -> None:
        super().__init__()
        self.permutations = 0
        self.deadline = time.thread_time() + MAX_CPU_SECONDS

    def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
        related = super().create_hash_to_related(id_, issuer)
        self.permutations += 1 + sum(math.factorial(min(len(group), 12)) for group in related.values())
        if self.permutations > MAX_PERMUTATIONS or time.thread_time() > self.deadline:
            raise TooCostly(_("Its unnamed parts are too alike to be told apart with reasonable work."))
        return related


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:100]!r} is there twice")
    return result


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _check_keys(node: dict[str, Any]) -> None:
    if "@value" in node and set(node) <= _VALUE_KEYS:
        return  # a text in a language
    for key in node:
        if key.startswith("@") or ":" in key:
            raise Malformed(
                _("The member “%(key)s” is not a plain term; it could hide a meaning from readers."), key=key
            )


def _check_iris(expanded: Any) -> None:
    for node in _walk(expanded):
        if not isinstance(node, dict):
            continue
        for type_ in node.get("@type", []) if isinstance(node.get("@type"), list) else [node.get("@type")]:
            if type_ is not None and not _is_absolute(type_):
                raise Malformed(_("The type “%(type)s” has no meaning in its contexts."), type=type_)
        if "@id" in node and not _is_absolute(node["@id"]):
            raise Malformed(_("“%(id)s” is not an absolute address."), id=node["@id"])


def _walk(node: Any) -> Iterator[Any]:
    """Yield everything in a document (bounded by `limits`), or in its expanded form, which is about twice as deep."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())


def _is_absolute(value: Any) -> bool:
    return isinstance(value, str) and (_ABSOLUTE_IRI.fullmatch(value) is not None or value == "@json")


@functools.cache
def _load_context(url: str) -> dict[str, Any]:
    if url not in CONTEXTS:
        raise UnknownContext(_("The context %(url)s is not packaged here, and contexts are never fetched."), url=url)
    document: dict[str, Any] = json.loads(CONTEXTS[url].read_text("utf-8"))
    return document


def _document_loader(url: str, options: Any = None) -> dict[str, Any]:
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": _load_context(url),
    }


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__
