"""The one rule of people's names: what may stand on a page, in a class, and signed on a certificate.

A name in any script is a name. What has no sign of its own, or turns the signs around it, is not part of one: it makes a name look like
another, or like nothing at all.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 80  # characters of a name once it is clean
MOST_MARKS = 8  # on one letter: more than Tibetan and Burmese stack, and few enough to stay in the line
_WHITE = "\t\n\r"  # control characters that are mere white space
_JOINERS = "\u200c\u200d"
_VIRAMA = 9  # the combining class of the sign that a conjunct is made with
# Scripts whose spelling needs the two joiners, as they begin the names of their characters.
# fmt: off
_JOINING_SCRIPTS = frozenset([
    "ADLAM", "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "MALAYALAM", "MANDAIC", "MONGOLIAN",
    "MYANMAR", "NKO", "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU",
])
# fmt: on
# Letters of Malayalam and Bengali that were written with a joiner at the end before they had a code of their own.
_OLD_SPELLINGS = {
    "\u0d23\u0d4d\u200d": "\u0d7a",
    "\u0d28\u0d4d\u200d": "\u0d7b",
    "\u0d30\u0d4d\u200d": "\u0d7c",
    "\u0d32\u0d4d\u200d": "\u0d7d",
    "\u0d33\u0d4d\u200d": "\u0d7e",
    "\u0d15\u0d4d\u200d": "\u0d7f",
    "\u09a4\u09cd\u200d": "\u09ce",
}
# Not of a category of invisible signs, and yet nothing is seen: fillers, a blank of Braille, selectors without a sign to select.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))  # which of several drawings of a Han character
_MONGOLIAN_SELECTORS = frozenset("\u180b\u180c\u180d\u180f")


def clean(name: str) -> str:
    """Return the name as it is kept: composed (NFC), white space as single spaces. Raises ValidationError for what is no name.

    An empty name stays empty: whether one is needed is another question.
    """
    for old, new in _OLD_SPELLINGS.items():
        name = name.replace(old, new)
    name = unicodedata.normalize("NFC", name)
    _refuse_invisible(name)
    name = " ".join(name.split())
    if name and not any(unicodedata.category(sign).startswith("L") for sign in name):
        raise ValidationError(_("A name has at least one letter."), code="no_letter")
    if _marks_too_many(name):
        raise ValidationError(_("There are too many marks on one letter of the name, or on none."), code="marks")
    if len(name) > LONGEST:
        raise ValidationError(
            _("The name has %(length)s characters; at most %(most)s fit.") % {"length": len(name), "most": LONGEST},
            code="too_long",
        )
    return name


def kept(name: str) -> str:
    """Return the name as it is kept; empty where it is none."""
    try:
        return clean(name)
    except ValidationError:
        return ""


def _refuse_invisible(name: str) -> None:
    for place, sign in enumerate(name):
        if _is_refused(name, place, sign):
            number = f"U+{ord(sign):04X}"
            raise ValidationError(
                _(
                    "The name has a character that cannot be seen or is in no alphabet (%(number)s, the %(place)s. one). Write it anew."
                )
                % {"number": number, "place": place + 1},
                code="invisible",
            )


def _is_refused(name: str, place: int, sign: str) -> bool:
    if sign in _JOINERS:
        return not _is_between_letters(name, place)
    if sign in _BLANK:
        return True
    if _is_selector(sign):
        return not _selects(name, place)
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") and sign not in _WHITE


def _is_between_letters(name: str, place: int) -> bool:
    """Return whether a joiner stands inside a word of a script that is written with it: after a letter and its marks, before a letter.

    Bengali and Kannada write it before the sign of a conjunct too, which then stands between it and the letter.
    """
    before, after = name[max(place - 1, 0) : place], name[place + 1 : place + 2]
    if after and unicodedata.combining(after) == _VIRAMA:
        after = name[place + 2 : place + 3]
    if not (before and after and _script(before) == _script(after) and _script(before) in _JOINING_SCRIPTS):
        return False
    is_after_letter = unicodedata.category(before)[0] == "L" or unicodedata.category(before) in ("Mn", "Mc")
    return is_after_letter and unicodedata.category(after)[0] == "L"


def _is_selector(sign: str) -> bool:
    return sign in _MONGOLIAN_SELECTORS or any(low <= ord(sign) <= high for low, high in _SELECTORS)


def _selects(name: str, place: int) -> bool:
    """Return whether a selector follows a sign that it can select a drawing of."""
    script = _script(name[place - 1]) if place else ""
    return script == ("MONGOLIAN" if name[place] in _MONGOLIAN_SELECTORS else "CJK")


def _script(sign: str) -> str:
    """Return the first word of a character's name, which for letters is their script; empty where it has none."""
    return unicodedata.name(sign, "").partition(" ")[0]


def _marks_too_many(name: str) -> bool:
    run, has_base = 0, False
    for sign in name:
        is_mark = unicodedata.category(sign).startswith("M")
        run = run + 1 if is_mark else 0
        if is_mark and (not has_base or run > MOST_MARKS):
            return True
        has_base = is_mark or sign != " "
    return False
