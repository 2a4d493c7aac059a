// Byte-pair encoding in the page: pieces are learned from a short text, a slider says how many, and whatever is typed
// is cut with them.
import { button, html, number, readout, slider } from "./parts.js";

const TEXT = `The hut stands above the last trees. Whoever comes over the pass before evening finds the lower door
open, soup on the stove and a dry blanket. Whoever comes later finds the same, only the soup is thinner. The warden
writes everything down: how many slept here, how many wanted supper, who forgot a glove, who left without paying. In
the winter room lies an older book, in another warden's hand. The oldest entries are shorter, and the ink is paler.
One guest thanks the warden for a candle. Another complains that the water was colder than promised, the climb
longer, the weather worse and the company louder. The warden reads the complaints every morning and answers the
friendly ones first. She has learned that people who are tired write harder words, and that warmer socks make kinder
readers. So she warms the socks. Nobody has ever complained about that. Walkers come and go, the readers and the
writers, the singers and the sleepers; the bed is theirs for a night and the book is theirs for longer. When the
weather turns, the walkers stay indoors, playing cards, mending gloves, writing letters, reading the entries of
earlier walkers and adding their own. The hut is then louder than the wind.`;
const MERGES = 160;
const START = "The warden's gloves are warmer than the weather.";
const EXAMPLES = [START, "unforgettable sleepwalkers", "Übernachtung 12 €"];
const GAP = "\u2423"; // stands before the first letter of a word, so that pieces know where words begin

/** Cut at spaces and beside punctuation; no piece ever reaches across. */
const words = (text) =>
  [...` ${text}`.replace(/\s+/g, GAP).matchAll(/\u2423?[\p{L}\p{N}]+|\u2423?[^\u2423]/gu)].map(([word]) => [...word]);

/** Join every place where `left` is followed by `right`. */
function join(symbols, left, right) {
  const joined = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      joined.push(left + right);
      i += 1;
    } else joined.push(symbols[i]);
  }
  return joined;
}

/**
 * Return the single signs of the text and the pairs to join, the most frequent first (of equals the first in the
 * alphabet).
 */
export function learn(text, merges) {
  let cut = words(text);
  const letters = [...new Set(cut.flat())].sort();
  const pairs = [];
  while (pairs.length < merges) {
    const counts = new Map();
    for (const word of cut)
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) || 0) + 1);
      }
    const [best, count] = [...counts].reduce(
      (a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a),
      ["", 0],
    );
    if (count < 2) break;
    const [left, right] = best.split(" ");
    pairs.push({ left, right, count });
    cut = cut.map((word) => join(word, left, right));
  }
  return { letters, pairs };
}

/**
 * Return the pieces of a text after the first `merges` joins; a sign that the text never showed is a piece of its own.
 */
export function cut(text, { pairs }, merges) {
  return words(text).flatMap((word) =>
    pairs.slice(0, merges).reduce((symbols, { left, right }) => join(symbols, left, right), word),
  );
}

export function mount(stage) {
  const known = learn(TEXT, MERGES);
  const ids = new Map(
    [...known.letters, ...known.pairs.map(({ left, right }) => left + right)].map((piece, i) => [piece, i + 1]),
  );
  let merges = 0;

  const field = html("textarea", {
    class: "tok-field",
    rows: 2,
    maxlength: 160,
    spellcheck: "false",
    oninput: () => draw(),
  });
  field.value = START;
  const pieces = html("ol", { class: "tok-pieces", "aria-label": "Pieces, with their numbers" });
  const facts = html("p", { class: "fig-counter" });
  const newest = html("p", { class: "fig-note" });
  const live = readout();
  const joins = slider({
    label: "Joins learned",
    min: 0,
    max: known.pairs.length,
    step: 1,
    value: 0,
    show: String,
    hear: (value) => {
      merges = value;
      draw();
    },
  });
  stage.append(
    html(
      "div",
      { class: "fig fig-tokeniser" },
      html("label", { class: "tok-label" }, html("span", { class: "fig-label" }, "Your text"), field),
      html(
        "div",
        { class: "fig-buttons" },
        ...EXAMPLES.map((text, i) =>
          button(["Known words", "New words", "New signs"][i], () => {
            field.value = text;
            draw();
          }),
        ),
      ),
      joins,
      pieces,
      facts,
      newest,
      live,
    ),
  );

  function draw() {
    const found = cut(field.value, known, merges);
    const strange = found.filter((piece) => !ids.has(piece));
    const signs = field.value.replace(/\s+/g, " ").trim().length;
    pieces.replaceChildren(
      ...found.map((piece) =>
        html(
          "li",
          { class: `tok-piece${piece.startsWith(GAP) ? " tok-first" : ""}${ids.has(piece) ? "" : " tok-strange"}` },
          html("span", {}, piece),
          html("span", { class: "tok-id" }, ids.has(piece) ? String(ids.get(piece)) : "unknown"),
        ),
      ),
    );
    const last = known.pairs[merges - 1];
    facts.textContent =
      `Vocabulary ${known.letters.length + merges} pieces · your text ${found.length} tokens ` +
      `for ${signs} signs · ${found.length ? number(signs / found.length, 1) : "0.0"} signs ` +
      "a token";
    newest.textContent = last
      ? `Join ${merges}: “${last.left}” + “${last.right}” → “${last.left + last.right}”, ` +
        `${last.count} times in the learning text when it was chosen.`
      : "No joins yet: every sign is a token, and ␣ marks where a word begins.";
    live.textContent =
      `${found.length} tokens with ${merges} joins` +
      (strange.length
        ? `; unknown: ${[...new Set(strange)].join(" ")}. The learning text never showed ` +
          `${strange.length === 1 ? "this sign" : "these signs"}.`
        : "; nothing unknown.");
  }

  draw();
  return () => stage.replaceChildren();
}
