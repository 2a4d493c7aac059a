"""What poses as ours, in every spelling, and what does not."""
# ruff: noqa: RUF001 - look-alike letters are the subject

import pytest

from certification.openbadges import impersonation
from certification.openbadges.errors import TooCostly
from certification.openbadges.impersonation import Alike, Impersonation, Site

SITE = Site(did="did:web:learn.example", name="Learnpaths", origin="https://learn.example")


@pytest.mark.parametrize(
    "text",
    [
        "https://learn.example/certificates/1/",
        "http://learn.example/",
        "https://learn.example",
        "https://LEARN.Example/x",
        "https://learn.example:443/x",
        "https://learn.example:8443/x",
        "https://learn.example./x",
        "https://user:secret@learn.example/x",
        "https://evil.example@learn.example/x",
        "https://www.learn.example/x",
        "https:learn.example/x",
        "https:\\\\learn.example\\x",
        "https:////learn.example/x",
        "ht\ttps://learn.exa\nmple/x",
        "  https://learn.example/x",
        "\ufeffhttps://learn.example/x",
        "//learn.example/x",
        "learn.example/certificates/1/",
        "learn.example:443/x",
        "ftp://learn.example/x",
        "ipfs://learn.example/x",
        "https://le%61rn.example/x",
        "https://le%2561rn.example/x",
        "https://learn%2Eexample/x",
        "https://ｌｅａｒｎ.example/x",
        "https://learn。example/x",
        "https://le\u00adarn.example/x",
        "https://le\u200barn.example/x",
        "https://leаrn.example/x",
        "https://xn--lern-63d.example/x",
        "https://learn.example/../../x",
        "https://learn.example?x",
        "https://learn.example#x",
        "did:web:learn.example",
        "DID:WEB:Learn.Example",
        "did:web:learn.example#key",
        "did:web:learn.example%3A443",
        "did:web:learn.example:certificates:1",
    ],
)
def test_our_address_in_every_spelling(text) -> None:
    document = {"id": "urn:x:y", "issuer": "did:key:z6Mk", "evidence": [{"id": text}]}
    assert impersonation.find_impersonation(document, SITE) == Impersonation("address", text)


@pytest.mark.parametrize(
    "text",
    [
        "https://elsewhere.example/x",
        "https://learn.example.evil.example/x",
        "https://notlearn.example/x",
        "https://badges.learn.example/x",
        "https://elsewhere.example/https://learn.example/",
        "https://elsewhere.example/?to=learn.example",
        "https://elsewhere.example/#@learn.example/",
        "urn:uuid:5a0c1a39-6f52-4a5a-9a54-3a5b2b0d7b51",
        "did:web:elsewhere.example:learn.example",
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "mailto:ada@learn.example",
        "Earned at https://learn.example/, as she says.",
        "",
    ],
)
def test_other_addresses(text) -> None:
    assert impersonation.find_impersonation({"id": text, "issuer": {"id": text, "url": text}}, SITE) is None


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        ("http://localhost:8000", "https://LOCALHOST./x"),
        ("http://127.0.0.1:8000", "http://0x7f.1/x"),
        ("http://127.0.0.1:8000", "http://2130706433:8000/x"),
        ("http://[::1]:8000", "http://[::1]/x"),
        ("https://bücher.example", "https://xn--bcher-kva.example/x"),
        ("https://xn--bcher-kva.example", "https://BÜCHER.example/x"),
    ],
)
def test_other_kinds_of_origins(origin, text) -> None:
    assert impersonation.is_at_host(text, impersonation.read_host(origin))


WHERE = [
    lambda text: {"id": text},
    lambda text: {"issuer": text},
    lambda text: {"issuer": {"id": text}},
    lambda text: {"issuer": {"id": "did:key:z", "url": text}},
    lambda text: {"issuer": {"id": "did:key:z", "image": {"id": text}}},
    lambda text: {"evidence": [{"id": text}]},
    lambda text: {"evidence": {"id": text}},
    lambda text: {"credentialSubject": {"achievement": {"id": text}}},
    lambda text: {"credentialSubject": {"achievement": {"criteria": {"id": text}}}},
    lambda text: {"credentialSubject": {"achievement": {"creator": {"id": text}}}},
    lambda text: {"credentialSubject": {"achievement": {"image": {"id": text}}}},
    lambda text: {"credentialSubject": {"result": [{"resultDescription": text}]}},
    lambda text: {"credentialStatus": {"id": "urn:x:y", "statusListCredential": text}},
    lambda text: {"credentialStatus": [{"id": text}]},
    lambda text: {"credentialSchema": [{"id": text}]},
    lambda text: {"refreshService": {"id": text}},
    lambda text: {"termsOfUse": [{"id": text}]},
    lambda text: {"proof": {"verificationMethod": text}},
]


@pytest.mark.parametrize("place", WHERE)
def test_our_address_anywhere(place) -> None:
    assert impersonation.find_impersonation(place("https://learn.example/x"), SITE)


def test_an_alignment_may_lead_to_us() -> None:
    alignment = [{"type": ["Alignment"], "targetUrl": "https://learn.example/credentials/foundations/"}]
    assert (
        impersonation.find_impersonation({"credentialSubject": {"achievement": {"alignment": alignment}}}, SITE) is None
    )


@pytest.mark.parametrize(
    "name",
    [
        "Learnpaths",
        "  LEARN\u00a0PATHS ",
        "learn-paths",
        "L.e.a.r.n.p.a.t.h.s",
        "Learnpaths, Inc.",
        "The Official Learnpaths",
        "Learnpaths (verified issuer)",
        "LearnpathsOfficial",
        "Learnpaths™",
        "Learnpaths® GmbH",
        "learnpaths.org",
        "— Learnpaths —",
        "Le\u200barn\u2060paths",
        "Learn\u00adpaths",
        "Learnpaths\ufe0f\U000e0041",
        "\u202eshtapnraeL\u202c",
        "Léàrnpaths",
        "Łearnpaths",
        "Ｌｅａｒｎｐａｔｈｓ",
        "𝕷𝖊𝖆𝖗𝖓𝖕𝖆𝖙𝖍𝖘",
        "🅛🅔🅐🅡🅝🅟🅐🅣🅗🅢",
        "🇱🇪🇦🇷🇳🇵🇦🇹🇭🇸",
        "ʟᴇᴀʀɴᴘᴀᴛʜs",
        "Lеаrnраthѕ",  # Cyrillic
        "Leαrnpαths",  # Greek
        "ᏞeᎪrnᏢᎪths",  # Cherokee
        "ꓡꓰꓮꓣꓠꓑꓮꓔꓧꓢ",  # Lisu
        "1earnpaths",
        "Iearnpaths",
        "Leampaths",
        "L3arnpath5",
        "Learnp@ths",
        "Le▲rnpaths",
    ],
)
def test_our_name_in_every_disguise(name) -> None:
    document = {"issuer": {"id": "did:key:z", "name": name}}
    assert impersonation.find_impersonation(document, SITE) == Impersonation("name", name)


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("Friends of Learnpaths", Alike.SIMILAR),
        ("Learnpaths Users Group Berlin", Alike.SIMILAR),
        ("Learnpaths 2", Alike.SIMILAR),
        ("Lärnpaths", Alike.DIFFERENT),
        ("Learn", Alike.DIFFERENT),
        ("Unlearnpaths", Alike.DIFFERENT),
        ("Московский", Alike.DIFFERENT),
        ("東京大学", Alike.DIFFERENT),
        ("", Alike.DIFFERENT),
    ],
)
def test_other_names(name, alike) -> None:
    assert impersonation.compare_names(name, "Learnpaths") == alike


@pytest.mark.parametrize(
    ("theirs", "ours", "alike"),
    [
        ("東京大学", "東京大学", Alike.SAME),
        ("京都大学", "東京大学", Alike.DIFFERENT),
        ("Universitat Koln", "Universität Köln", Alike.SAME),
        ("Open University", "The Open University", Alike.SAME),
        ("Oxford University Press", "University of Oxford", Alike.DIFFERENT),
        ("हिन्दी", "हिन्दू", Alike.DIFFERENT),
        ("Anything", "", Alike.DIFFERENT),
    ],
)
def test_sites_of_other_names(theirs, ours, alike) -> None:
    assert impersonation.compare_names(theirs, ours) == alike


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": {"id": "did:key:z", "name": [{"@value": "Learnpaths", "@language": "en"}]}},
        {"issuer": {"id": "did:key:z", "parentOrg": {"name": "Learnpaths"}}},
        {"credentialSubject": {"achievement": {"creator": {"name": "Learnpaths"}}}},
        {"issuer": {"id": "did:key:z", "otherIdentifier": [{"identifier": "learnpaths"}]}},
    ],
)
def test_our_name_wherever_somebody_stands_behind_a_badge(document) -> None:
    assert impersonation.find_impersonation(document, SITE)


def test_our_name_elsewhere_is_a_word() -> None:
    document = {
        "name": "Learnpaths",
        "credentialSubject": {"achievement": {"name": "Learnpaths", "tag": ["Learnpaths"]}},
    }
    assert impersonation.find_impersonation(document, SITE) is None


def test_endless_names_are_refused() -> None:
    with pytest.raises(TooCostly):
        impersonation.find_impersonation({"issuer": {"name": [f"name {n}" for n in range(250)]}}, SITE)


def test_what_is_shown_is_short_and_hides_nothing() -> None:
    assert impersonation.show("Ada\u202e\u0000 Lovelace\n") == "Ada Lovelace "
    assert impersonation.show("क्‍ष") == "क्‍ष"
    assert len(impersonation.show("x" * 10_000)) == 300
