"""JSON-LD to bytes: only packaged contexts, nothing dropped in silence, no costly graph."""

import hashlib
import json
import re
import subprocess
import sys

import pytest

from certification.openbadges import canonical, limits
from certification.openbadges.canonical import CREDENTIALS_V2, OPEN_BADGES
from certification.openbadges.errors import Malformed, TooCostly, UnknownContext
from tests.certification.openbadges.conftest import open_badge

BASE = {"@context": [CREDENTIALS_V2, OPEN_BADGES], "type": ["VerifiableCredential"], "issuer": "did:web:a.example"}


def test_it_canonizes_a_badge() -> None:
    text = canonical.canonize(open_badge().to_json())
    assert '<https://schema.org/name> "Foundations"' in text
    assert all(line.endswith(" .") for line in text.splitlines())


def test_order_of_members_does_not_matter() -> None:
    badge = open_badge().to_json()
    assert canonical.canonize(dict(reversed(badge.items()))) == canonical.canonize(badge)


def test_context_files_are_the_ones_of_the_card() -> None:
    card = (canonical.FOLDER / "README.md").read_text()
    digests = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", card, re.M))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in canonical.FOLDER.glob("*.json")}
    assert {name: digest for digest, name in digests.items()} == files
    assert {path.name for path in canonical.CONTEXTS.values()} == set(files)


def test_our_contexts_equal_those_of_another_package() -> None:
    contexts = pytest.importorskip("openbadgeslib.ob3.contexts")
    for url in canonical.CONTEXTS:
        assert canonical._load_context(url) == contexts.load_context(url), url


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"favouriteColour": "blue"}, "No context defines"),
        ({"type": ["VerifiableCredential", "MadeUpCredential"]}, "MadeUpCredential"),
        ({"id": "certificates/1"}, "not an absolute address"),
        ({"issuer": "somebody"}, "not an absolute address"),
        ({"https://schema.org/name": "x"}, "not a plain term"),
        ({"@id": "urn:x:y"}, "not a plain term"),
        ({"@included": [{"id": "urn:x:y"}]}, "not a plain term"),
        ({"@context": [CREDENTIALS_V2, {"evil": "https://evil.example/"}]}, "list of addresses"),
        ({"@context": CREDENTIALS_V2}, "list of addresses"),
        ({"credentialSubject": {"@context": [CREDENTIALS_V2], "id": "urn:x:y"}}, "not a plain term"),
        ({"name": float("nan")}, "not finite"),
    ],
)
def test_what_a_signature_would_not_cover_is_refused(change, message) -> None:
    with pytest.raises(Malformed, match=message):
        canonical.canonize(BASE | change)


def test_an_unknown_context_is_refused_and_not_fetched() -> None:
    with pytest.raises(UnknownContext, match="never fetched"):
        canonical.canonize(BASE | {"@context": [CREDENTIALS_V2, "http://127.0.0.1:1/context.json"]})


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[]", "{", "[" * 100_000, '{"a": "' + "x" * canonical.MAX_BYTES + '"}']
)
def test_ambiguous_or_huge_json_is_refused(text) -> None:
    with pytest.raises(Malformed):
        canonical.parse(text)


def twins(depth: int) -> list:
    """Unnamed parts, seven of each, all alike: telling them apart is factorial."""
    children = twins(depth - 1) if depth else []
    return [{"type": "VerifiableCredential", **({"evidence": children} if children else {})} for _ in range(7)]


def test_a_poison_graph_ends_early() -> None:
    with pytest.raises(TooCostly, match="alike"):
        canonical.canonize(BASE | {"evidence": twins(2)})


def test_named_blank_nodes_are_refused() -> None:
    """With them a few kilobytes can make a clique."""
    with pytest.raises(Malformed, match="not an absolute address"):
        canonical.canonize(BASE | {"evidence": [{"id": "_:b1", "type": "VerifiableCredential", "evidence": ["_:b2"]}]})


def test_too_many_values_are_refused_before_any_work() -> None:
    with pytest.raises(TooCostly):
        canonical.canonize(BASE | {"evidence": [{"id": f"urn:x:{i}"} for i in range(limits.MAX_VALUES)]})


def test_deep_nesting_is_refused() -> None:
    node: dict = {"id": "urn:x:y"}
    for _ in range(100):
        node = {"evidence": node}
    with pytest.raises(TooCostly):
        canonical.canonize(BASE | node)


def test_the_package_needs_no_django() -> None:
    program = (
        "import sys\n"
        "for name in ('django', 'celery', 'redis', 'rest_framework'): sys.modules[name] = None\n"
        "from certification.openbadges import canonical, credential, keys, signing, statuslist, verifier\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_text_in_a_language_is_a_text() -> None:
    document = json.loads(json.dumps(BASE | {"name": {"@value": "Grundlagen", "@language": "de"}}))
    assert '"Grundlagen"@de' in canonical.canonize(document)
