"""Write the SIMULATED guest-book entries of mountain huts, byte for byte on every run.

Usage: python build.py   (nothing but the standard library; writes public/train.csv.gz, held_out/test.csv.gz and held_out/exam.csv.gz)

An entry is a few sentences. Each sentence that speaks about the hut has a value, +1 or -1, whatever words it uses to say so; a sentence about the
weather, the way or another hut has the value 0, also when it is full of praise or blame. The label is the sign of the sum. The words that
sound good or bad are drawn almost independently of the label, so that counting them does not go far.
"""

import csv
import gzip
import hashlib
import io
import random
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20200312
PARTS = {"public/train.csv.gz": 6000, "held_out/test.csv.gz": 1500, "held_out/exam.csv.gz": 1500}
TYPOS = 0.015  # share of words with two letters exchanged

GOOD = "good lovely great wonderful excellent perfect splendid superb fine heavenly".split()
BAD = "bad poor awful terrible dreadful horrible miserable nasty dismal shabby".split()
ABOUT = [  # things of a hut, and the words that sound good or bad about them beside the general ones
    ("warden host staff welcome cook", "friendly kind generous welcoming cheerful patient", "rude unfriendly mean grumpy cold impatient"),
    ("soup breakfast coffee cake stew porridge supper bread", "delicious tasty hearty fresh warm generous", "stale bland tasteless cold mean burnt"),
    ("room bed dormitory terrace cellar table kitchen", "clean cosy quiet bright spotless airy", "dirty noisy cramped stuffy damp gloomy"),
    ("blanket pillow mattress washroom stove towel", "clean warm tidy spotless comfortable fresh", "dirty cold damp filthy smelly musty"),
]
ELSEWHERE = [
    "weather", "path", "view", "bus ride", "forecast", "descent", "glacier", "bridge", "map", "ridge", "hut across the valley", "inn in the village",
    "camp site by the lake", "hotel last night", "ski lift", "rope", "climb", "company", "morning", "moonlight",
]  # fmt: skip
PEOPLE = ["my brother", "our guide", "Ada", "an old climber", "the couple from Graz", "my aunt", "a friend", "the boy at our table", "Milan", "the leaflet"]
VERY = ["", "", "", "very ", "really ", "quite ", "rather ", "so ", "truly "]
NOT = ["not", "never", "hardly", "anything but", "far from", "by no means", "not at all"]
NEUTRAL = [
    "we arrived at four", "it was our third night out", "two of us slept until seven", "we counted nine goats", "we had come over the pass",
    "we left the stamp in the book", "we are twelve people from the school", "tomorrow we go on to the lake", "the dog waited outside",
    "we paid for one night", "Ada drew the hut", "there were forty of us", "we dried our boots", "we played cards until ten",
]  # fmt: skip

AGREED = ("and that is true", "and so it was", "and we agree")
DENIED = ("which is nonsense", "but that is wrong", "and we disagree")

Sentence = tuple[str, int, str]  # words, value, name of the form


def main() -> None:
    """Write the parts; no text occurs in two of them."""
    draw = random.Random(SEED)
    seen: set[str] = set()
    for name, count in PARTS.items():
        rows = []
        while len(rows) < count:
            text, label, forms = entry(draw, wanted=len(rows) % 2)
            if text not in seen:
                seen.add(text)
                rows.append((text, label, " ".join(sorted(forms))))
        draw.shuffle(rows)
        print(f"{name}: {len(rows)} rows, sha256 {write_csv(HERE / name, rows)}")


def entry(draw: random.Random, *, wanted: int) -> tuple[str, int, set[str]]:
    """Return text, label (1 praise, 0 complaint) and the forms in it; the label is the wanted one."""
    while True:
        about = draw.choices((1, 2, 3), (3, 3, 2))[0]
        sentences = [draw.choices(FORMS, WEIGHTS)[0](draw) for _ in range(about)]
        total = sum(value for _, value, _ in sentences)
        if (total > 0) == bool(wanted) and total != 0:
            break
    sentences += [elsewhere(draw) for _ in range(draw.choices((0, 1, 2), (2, 3, 1))[0])]
    sentences += [(draw.choice(NEUTRAL), 0, "neutral") for _ in range(draw.choices((0, 1), (3, 2))[0])]
    draw.shuffle(sentences)
    text = " ".join(f"{words[0].upper()}{words[1:]}{draw.choice('....!')}" for words, _, _ in sentences)
    return misspelt(draw, text), wanted, {form for *_, form in sentences if form != "neutral"}


def thing(draw: random.Random) -> tuple[str, Callable[[int], str]]:
    """Return a thing of the hut, and a function that draws a fitting word that sounds good (+1) or bad (-1)."""
    names, good, bad = draw.choice(ABOUT)
    return draw.choice(names.split()), lambda value: word(draw, GOOD + good.split() if value > 0 else BAD + bad.split())


def word(draw: random.Random, words: list[str]) -> str:
    """Return one of the words; some are far more usual than others."""
    return draw.choices(words, [1 + 6 * (len(one) % 3 == 1) for one in words])[0]


def plain(draw: random.Random) -> Sentence:
    value = draw.choice((1, -1))
    name, sounding = thing(draw)
    return f"the {name} was {draw.choice(VERY)}{sounding(value)}", value, "plain"


def negated(draw: random.Random) -> Sentence:
    value = draw.choice((1, -1))
    name, sounding = thing(draw)
    return f"the {name} was {draw.choice(NOT)} {sounding(-value)}", value, "negation"


def contrast(draw: random.Random) -> Sentence:
    """What stands after the "but", or in the main clause, is what the guest means."""
    value = draw.choice((1, -1))
    (one, less), (two, more) = thing(draw), thing(draw)
    pattern = draw.choice((
        "the {one} was {less} but the {two} was {more}",
        "although the {one} was {less} the {two} was {more}",
        "the {two} was {more} although the {one} was {less}",
        "the {one} may be {less} yet the {two} is {more}",
    ))
    return pattern.format(one=one, two=two, less=less(-value), more=more(value)), value, "contrast"


def expected(draw: random.Random) -> Sentence:
    value = draw.choice((1, -1))
    name, sounding = thing(draw)
    pattern = draw.choice((
        "we had expected a {other} {name} and found a {word} one",
        "the {name} used to be {other} and is now {word}",
        f"no trace of the {{other}} {{name}} that the leaflet {'promised' if value < 0 else 'warned of'}",
    ))
    return pattern.format(name=name, other=sounding(-value), word=sounding(value)), value, "expectation"


def reported(draw: random.Random) -> Sentence:
    """Somebody else's word counts as far as the writer agrees."""
    value = draw.choice((1, -1))
    name, sounding = thing(draw)
    agrees = draw.random() < 0.6
    after = draw.choice(AGREED if agrees else DENIED)
    said = draw.choice(("called", "found", "thought"))
    return f"{draw.choice(PEOPLE)} {said} the {name} {sounding(value if agrees else -value)} {after}", value, "reported"


def elsewhere(draw: random.Random) -> Sentence:
    middle = draw.choice((draw.choice(VERY), draw.choice(VERY), draw.choice(NOT) + " "))
    return f"the {draw.choice(ELSEWHERE)} was {middle}{word(draw, draw.choice((GOOD, BAD)))}", 0, "elsewhere"


FORMS: list[Callable[[random.Random], Sentence]] = [plain, negated, contrast, expected, reported]
WEIGHTS = [6, 3, 2, 1, 2]


def misspelt(draw: random.Random, text: str) -> str:
    """Exchange two inner letters of a few words, as people do who write by candle light."""
    words = text.split(" ")
    for i, one in enumerate(words):
        if len(one) >= 5 and draw.random() < TYPOS:
            at = draw.randrange(1, len(one) - 3)
            words[i] = one[:at] + one[at + 1] + one[at] + one[at + 2 :]
    return " ".join(words)


def write_csv(path: Path, rows: list[tuple[str, int, str]]) -> str:
    """Write the rows as compressed CSV without a time stamp and return the file's SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("text", "label", "forms"), *rows])
    path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
