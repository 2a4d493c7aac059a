"""Finds badges of other issuers that impersonate this site: by an address, its DID or the name of the issuer, look-alike letters included.

Anybody can sign a badge with a key of their own and write into it what they like. What only we may say is found in every
spelling that browsers or eyes take for ours; such a badge is a forgery, not a badge of a stranger.
"""

# ruff: noqa: RUF001, SIM905 - letters that look like others are what this module is about, and tables of them are long
import re
import socket
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from .errors import TooCostly
from .errors import gettext_noop as _

LONGEST_NAME = 200  # letters of a name that are compared
MAX_NAMES = 64  # texts about who stands behind a badge
# Members that may lead to another site without claiming anything in its name.
_REFERENCES = frozenset({"alignment"})
_WHO = frozenset({"issuer", "creator", "parentOrg"})  # members that say who stands behind a badge
_NO_IDENTITY = frozenset(
    "a ag and authentic authority badge badges bv by certificate certificates certification certifications certified "
    "co com company corp corporation credential credentials de dev edu ev foundation genuine gmbh group inc incorporated "
    "io issuer issuing limited llc llp ltd net of official officially online org organisation organization original plc "
    "platform program programme real sa sarl se site srl team the tm trusted verified website www".split()
)
# Letters of other scripts that look like a Latin one, each with it; marked and styled Latin letters need no entry.
_LOOKALIKES = {
    pair[0]: pair[1]
    for pair in (
        "аa вb сc ԁd еe ѕs іi јj кk ӏl мm нh оo рp ԛq гr тt уy ѵv ԝw хx ьb пn һh үy ҽe "
        "αa βb εe ζz ιi κk οo ρp σo ςs τt χx γy ѡw օo սu ոn հh ցg զq ıi "
        "Ꭺa Ꭼe Ꮮl Ꭱr Ꭲt Ꮋh Ꮪs Ꮲp Ꮤw Ꮩv Ꮯc Ꮇm Ᏼb Ꮐg Ꮶk Ꮓz Ꭻj Ꭰd "
        "ꓮa ꓡl ꓰe ꓣr ꓠn ꓑp ꓔt ꓧh ꓢs ꓐb ꓚc ꓓd ꓝf ꓖg ꓙj ꓗk ꓟm ꓳo ꓴu ꓦv ꓪw ꓫx ꓬy ꓜz"
    ).split()
}
_DIGITS = str.maketrans("01345$@|!i", "oleassalll")  # and i, whose capital is a small l
_EDGES = "".join(map(chr, range(33))) + "\u00a0\u200b\u2060\ufeff"
_REMOVED = str.maketrans("", "", "\t\n\r")  # browsers leave these out of an address
_OVERRIDES = str.maketrans("", "", "\u202d\u202e\u2066\u2067\u2068")
# Accents and what else is put over Latin letters, and the choosers of a letter's style; not the vowel signs of a script
_MARKS = (
    (0x300, 0x36F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)
_BLANKS = "\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0"
_SPECIAL = frozenset({"http", "https", "ws", "wss", "ftp", "ftps"})  # browsers read these with any number of slashes


@dataclass(frozen=True)
class Site:
    """Who we are: our DID, our name and our origin."""

    did: str
    name: str
    origin: str


class Alike(StrEnum):
    SAME = "same"
    SIMILAR = "similar"  # it has our name among other words, as a user group's or a competitor's may
    DIFFERENT = "different"


@dataclass(frozen=True)
class Impersonation:
    """What a foreign badge says that only we may say: an `address` of ours, or our `name`."""

    kind: str
    text: str


def find_impersonation(document: dict[str, Any], site: Site) -> Impersonation | None:
    """Return the first thing in a foreign badge that only this site may say; None where it speaks for itself.

    Raises TooCostly where there is too much to compare.
    """
    own_host = read_host(site.origin)
    for text in _texts(document):
        if is_at_host(text, own_host):
            return Impersonation("address", text)
    for text in _names(document):
        if compare_names(text, site.name) == Alike.SAME:
            return Impersonation("name", text)
    return None


def has_similar_name(document: dict[str, Any], site: Site) -> bool:
    """True if the issuer of a foreign badge has our name among other words."""
    return any(compare_names(text, site.name) == Alike.SIMILAR for text in _names(document))


def is_at_host(text: str, own_host: str) -> bool:
    """True if `text` is an address or a did:web at our host, whatever its scheme, port, account and path.

    Our origin has no path, so everything at the host is below it. Another port of a host is not another owner.
    """
    if not own_host:
        return False
    text = text.strip(_EDGES).translate(_REMOVED)
    bare = re.match(r"[^\s/\\?#]+(?=[/\\?#])", text)  # "learn.example/certificates/…", as people write it
    hosts = (read_host(text), _fold_host(bare[0].partition(":")[0]) if bare else "")
    return any(_is_alike(host.removeprefix("www."), own_host.removeprefix("www.")) for host in hosts if host)


def read_host(text: str) -> str:
    """Return the host of an address or a did:web as a browser understands it, folded; "" where there is none."""
    if text[:8].lower() == "did:web:":
        text = "https://" + unquote(re.split(r"[:/?#]", text[8:], maxsplit=1)[0])
    match = re.match(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?([/\\]*)([^/\\?#]*)", text)
    scheme, slashes, authority = ((match[1] or "").lower(), match[2], match[3]) if match else ("", "", "")
    if scheme not in _SPECIAL and len(slashes) < 2:
        return ""
    for _time in range(3):  # an escape may be escaped
        authority = unquote(authority)
    host = authority.rpartition("@")[2]
    return _fold_host(host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0])


def compare_names(theirs: str, ours: str) -> Alike:
    """Compare two names as a hasty reader does: case, spaces, marks, look-alike letters, "Inc." and "official" are nothing."""
    own_words = _read_words(ours)
    core = _as_seen("".join([word for word in own_words if word not in _FILLERS] or own_words))
    # Written backwards, a name can be shown forwards.
    spellings = {theirs, theirs[::-1]} if theirs.translate(_OVERRIDES) != theirs else {theirs}
    degrees = {_find_core(words, core) for spelling in spellings for words in _read_words_in_two_ways(spelling)}
    return next((alike for alike in (Alike.SAME, Alike.SIMILAR) if core and alike in degrees), Alike.DIFFERENT)


def fold(text: str) -> str:
    """Return `text` without what the eye does not see: marks, invisible characters, case, kinds of letters."""
    compatible = unicodedata.normalize("NFKD", text).casefold()
    visible = (char for char in unicodedata.normalize("NFKD", compatible) if not _is_invisible(char))
    return " ".join("".join(map(_latin, visible)).split())


def show(text: str, longest: int = 300) -> str:
    """Return what a badge says as a page can show it: not endless, and without characters that hide or turn text."""
    safe = "".join(" " if char.isspace() else char for char in text[: 2 * longest] if not _is_hidden(char))
    return safe if len(safe) <= longest and len(text) <= 2 * longest else safe[: longest - 1] + "…"


def _is_hidden(char: str) -> bool:
    """True for what no name needs; the joiners of Indic and Arabic words and of emoji are kept."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in "\u200c\u200d" and not char.isspace()


def _find_core(words: list[str], core: str) -> Alike:
    """Look for the words that spell `core`; what is left over decides whether the name is the same."""
    closest = Alike.DIFFERENT
    for start in range(len(words)):
        letters = ""
        for end in range(start, len(words)):
            letters += words[end]
            if _is_alike(_as_seen(letters), core):
                if all(word in _FILLERS for word in words[:start] + words[end + 1 :]):
                    return Alike.SAME
                closest = Alike.SIMILAR
            if len(letters) >= len(core):
                break
    return Alike.SAME if _is_core_in_disguise(_as_seen("".join(words)), core) else closest


def _is_core_in_disguise(letters: str, core: str) -> bool:
    """True if `letters` are `core` with nothing but words without identity glued on, in any spacing."""
    for start in range(len(letters) - len(core) + 1):
        end = start + len(core)
        if _is_alike(letters[start:end], core) and _is_filler(letters[:start]) and _is_filler(letters[end:]):
            return True
    return False


def _is_filler(letters: str) -> bool:
    """True if `letters` are words without identity, written together."""
    reachable = {0}
    for end in range(1, len(letters) + 1):
        if any(start in reachable and letters[start:end] in _FILLERS for start in range(max(0, end - 15), end)):
            reachable.add(end)
    return len(letters) in reachable


def _is_alike(theirs: str, ours: str) -> bool:
    """True if the texts are equal where they can be compared; a letter of no known impersonation may stand for a Latin one."""
    if len(theirs) != len(ours):
        return False
    unknown = 0
    for their, our in zip(theirs, ours, strict=True):
        if their == our:
            continue
        if their.isascii() or not our.isascii():
            return False
        unknown += 1
    return unknown * 2 <= len(ours)


def _read_words(text: str) -> list[str]:
    """Return the words of a text: letters, digits, and the vowel signs that belong to them."""
    apart = "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in fold(text))
    return [_as_letters(word) for word in apart.split()]


def _read_words_in_two_ways(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a name with symbols as gaps between them, and with symbols as letters: "Le▲rnpaths"."""
    text = text[:LONGEST_NAME]
    whole = (_as_letters("".join(filter(_can_be_letter, word))) for word in fold(text).split())
    return _read_words(text), [word for word in whole if word]


def _as_letters(word: str) -> str:
    """Return a word with its digits read as the letters that they imitate; a number stays one."""
    return word if word.isdigit() else word.translate(_DIGITS)


def _as_seen(letters: str) -> str:
    """Return letters with two of them read as the one that they look like."""
    return letters.replace("rn", "m").replace("vv", "w")


def _can_be_letter(char: str) -> bool:
    return char.isalnum() or not char.isascii() or char in "$@|!"


_FILLERS = frozenset(map(_as_letters, _NO_IDENTITY))


def _is_invisible(char: str) -> bool:
    code = ord(char)
    return (
        (unicodedata.category(char).startswith("C") and not char.isspace())
        or any(first <= code <= last for first, last in _MARKS)
        or char in _BLANKS
    )


@lru_cache(4096)
def _latin(char: str) -> str:
    """Return the Latin letter that a character looks like, or the character itself."""
    if char.isascii():
        return char
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    name = unicodedata.name(char, "")
    if "LATIN" in name or name.startswith("REGIONAL INDICATOR"):
        letter = re.search(r"(?:SMALL CAPITAL|LETTER) ([A-Z])(?: WITH .*)?$", name)
        return letter[1].lower() if letter else char
    return char


def _fold_host(host: str) -> str:
    """Return a host with its Punycode read, without trailing dots; IPv4 in its usual form."""
    host = re.sub("[。．｡]", ".", host)
    labels = [_read_label(label) for label in fold(host).replace(" ", "").split(".")]
    folded = ".".join(labels).rstrip(".")
    if re.fullmatch(r"[0-9a-fx.]+", folded):
        try:
            return socket.inet_ntoa(socket.inet_aton(folded))
        except OSError:
            return folded
    return folded


def _read_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return fold(label[4:].encode("ascii").decode("punycode"))
    except (UnicodeError, ValueError, OverflowError):
        return label


def _texts(node: Any) -> Iterator[str]:
    """Yield each text of a badge that could claim something in the name of another site."""
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            stack.extend(value for key, value in node.items() if key != "@context" and key not in _REFERENCES)
        elif isinstance(node, list):
            stack.extend(node)


def _names(node: Any) -> list[str]:
    """Return the texts of a badge about who stands behind it. Raises TooCostly."""
    names: list[str] = []
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                if key in _WHO:
                    names.extend(text for text in _texts(value) if text not in names)
                elif key not in _REFERENCES:
                    stack.append(value)
        elif isinstance(node, list):
            stack.extend(node)
        if len(names) > MAX_NAMES:
            raise TooCostly(_("It says too much about its issuer."))
    return names
