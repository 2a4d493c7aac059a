// Terminal text → spans. Colours become classes (both themes can show them); every other escape code is dropped.
const ESC = "\u001b";
const ESCAPE = new RegExp(
  `${ESC}(?:\\[([0-?]*)([ -/]*[@-~])|\\][^\\x07${ESC}]*(?:\\x07|${ESC}\\\\)?|[@-Z\\\\-_])`,
  "g",
);
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const KEPT = "\b\t\n\r";
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

export class Ansi {
  constructor() {
    this.classes = new Set();
  }

  // Appends text to a node, going on in the style that the text before ended with.
  append(node, text) {
    let from = 0;
    for (const match of text.matchAll(ESCAPE)) {
      this.add(node, text.slice(from, match.index));
      if (match[2] === "m") this.style(match[1]);
      from = match.index + match[0].length;
    }
    this.add(node, text.slice(from));
  }

  add(node, text) {
    const clean = text.replace(CONTROL, (sign) => (KEPT.includes(sign) ? sign : ""));
    if (!clean) return;
    if (!this.classes.size) {
      node.append(clean);
      return;
    }
    const span = document.createElement("span");
    span.className = [...this.classes].join(" ");
    span.textContent = clean;
    node.append(span);
  }

  style(codes) {
    const numbers = (codes || "0").split(";").map(Number);
    while (numbers.length) {
      const code = numbers.shift();
      if (code === 0) this.classes.clear();
      else if (code === 1) this.classes.add("ansi-bold");
      else if (code === 22) this.classes.delete("ansi-bold");
      else if (code === 4) this.classes.add("ansi-underline");
      else if (code === 24) this.classes.delete("ansi-underline");
      else if (code >= 30 && code <= 37) this.colour(NAMES[code - 30]);
      else if (code >= 90 && code <= 97) this.colour(NAMES[code - 90]);
      else if (code === 39) this.colour("");
      else if (code === 38 || code === 48) {
        const [mode, number] = numbers.splice(0, numbers[0] === 2 ? 4 : 2);
        if (code === 38) this.colour(mode === 5 && number < 16 ? NAMES[number % 8] : "");
      }
    }
  }

  colour(name) {
    for (const each of NAMES) this.classes.delete(`ansi-${each}`);
    if (name) this.classes.add(`ansi-${name}`);
  }
}

// A terminal of one line: \r goes back to its beginning, \b one character back. Returns what is then to be seen.
export function settle(line) {
  if (!/[\r\b]/.test(line)) return line;
  let seen = "";
  for (const part of line.replace(/[\r\b]+$/, "").split("\r")) {
    const written = erase(part);
    // Escape codes have no width, so a line that has some is replaced whole.
    if (!seen || written.length >= seen.length || (written && `${seen}${written}`.includes("\x1b")))
      seen = written || seen;
    else seen = written + seen.slice(written.length);
  }
  return seen;
}

function erase(text) {
  const kept = [];
  for (const character of text.replace(/[\b]+$/, "")) {
    if (character === "\b") kept.pop();
    else kept.push(character);
  }
  return kept.join("");
}
