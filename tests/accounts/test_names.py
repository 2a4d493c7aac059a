"""Names in every script are names; what cannot be seen is refused."""
# ruff: noqa: RUF001 - the names of many scripts have letters that look like others

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from learnpaths.accounts import names

NAMES = {
    "Latin": "Ada Lovelace",
    "Latin with marks": "Nguyễn Thị Ánh Dương",
    "Latin with signs": "Seán Ó Briain-O'Neill, Jr.",
    "Hawaiian": "Kealiʻi Kaʻōpūiki",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Андрій Шевченко",
    "Armenian": "Արամ Խաչատրյան",
    "Hebrew": "זאב ז׳בוטינסקי",
    "Arabic": "محمد بن سلمان",
    "Arabic with vowels": "مُحَمَّد",
    "Persian with a non-joiner": "علی‌رضا کریمی",
    "Syriac": "ܐܦܪܝܡ",
    "Hindi": "लक्ष्मी शर्मा",
    "Hindi with a joiner": "क्‍षितिज",
    "Bengali": "র‍্যাচেল রহমান",
    "Sinhala with a joiner": "ශ්‍රීමාල්",
    "Tamil": "கார்த்திகேயன்",
    "Malayalam": "മോഹൻലാൽ",
    "Kannada": "ಸೂರ‍್ಯ",
    "Thai": "สมชาย ใจดี",
    "Lao": "ສົມສັກ",
    "Khmer": "ស៊ីសុវត្ថិ",
    "Burmese": "အောင်ဆန်းစုကြည်",
    "Tibetan": "བསྟན་འཛིན་རྒྱ་མཚོ",
    "Amharic": "ኃይለ ሥላሴ",
    "Georgian": "შოთა რუსთაველი",
    "Chinese": "王小明",
    "Japanese": "髙橋 はなこ",
    "Japanese with a selected drawing": "葛\U000e0100城",
    "Korean": "김연아",
    "Cherokee": "ᏍᏏᏉᏯ",
    "one letter": "O",
    "with a number": "X Æ A-12",
    "both directions": "David דוד Cohen",
}
REFUSED = {
    "override": "Ada \u202eecalevoL",
    "isolate": "\u2066Ada\u2069",
    "mark of direction": "Ada\u200f",
    "zero width space": "Ada\u200bLovelace",
    "word joiner": "Ada\u2060",
    "byte order mark": "\ufeffAda",
    "soft hyphen": "Ada\u00adLovelace",
    "tag": "Ada\U000e0041",
    "NUL": "Ada\0",
    "escape": "Ada\x1b[31m",
    "next line": "Ada\x85Lovelace",
    "separator of files": "Ada\x1cLovelace",
    "surrogate": "Ada\ud800",
    "private use": "Ada\ue000",
    "unassigned": "Ada\u0378",
    "no character": "Ada\ufffe",
    "Hangul filler": "\u3164",
    "filler beside a name": "김\u3164연아",
    "Braille blank": "Ada\u2800",
    "grapheme joiner": "Ada\u034f",
    "selector after a letter": "Ada\ufe0f",
    "selector at first": "\U000e0100葛",
    "joiner in Latin": "Ada\u200dLovelace",
    "non-joiner in Latin": "Ada\u200cLovelace",
    "joiner at first": "\u200dعلی",
    "non-joiner at the end": "علی\u200c",
    "two joiners": "علی\u200c\u200cرضا",
    "joiner between scripts": "علی\u200cAda",
    "joiner of an emoji": "Ada 👩\u200d💻",
    "punctuation": "...",
    "marks": "\u0301\u0301",
    "mark at first": "\u0301Ada",
    "mark after a space": "Ada \u0301Lovelace",
    "digits": "12345",
    "an emoji": "🎓",
    "a heap of marks": "A" + "\u0335" * 30 + "da",
    "too long": "x" * 81,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_it_is_a_name(name):
    assert names.clean(name) == names.kept(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_it_is_none(name):
    with pytest.raises(ValidationError):
        names.clean(name)
    assert names.kept(name) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada \t\n King\u00a0Noel\u3000", "Ada King Noel"),
        ("Ame\u0301lie", "Am\u00e9lie"),
        ("മോഹന്\u200d", "മോഹൻ"),
        ("উত্\u200dপল", "উৎপল"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_it_is_kept_in_one_form(typed, kept):
    assert names.clean(typed) == kept
    assert names.clean(kept) == kept


def test_the_message_says_which_character():
    with pytest.raises(ValidationError, match=r"U\+202E, the 5\. one"):
        names.clean("Ada \u202eecalevoL")


def test_the_profile_takes_the_rule(client, alice):
    client.force_login(alice)
    answer = client.post("/accounts/profile/", {"display_name": "Ada \u202eecalevoL"})
    assert answer.status_code == 422
    assert "U+202E" in answer.text
    client.post("/accounts/profile/", {"display_name": "Ame\u0301lie"})
    alice.refresh_from_db()
    assert alice.display_name == "Am\u00e9lie"


def test_the_admin_site_takes_the_rule(client, alice, charlie):
    client.force_login(charlie)
    url = f"/admin/accounts/user/{alice.pk}/change/"
    answer = client.post(url, {"email": alice.email, "display_name": "\u3164"})
    assert "U+3164" in answer.text
    new = {
        "email": "eve@example.org",
        "display_name": "\u3164",
        "password1": "x-long-enough",
        "password2": "x-long-enough",
    }
    assert "U+3164" in client.post("/admin/accounts/user/add/", new).text
