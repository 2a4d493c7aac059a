// What a cell has put out, as it comes. All of it is a stranger's: text is text, markup lives in a frame without
// scripts.
import { Ansi, settle } from "./ansi.js";
import { Curve } from "./curve.js";
import { say } from "./words.js";

const LONG_TRACEBACK = 12;
const FRAME_EDGE = 16; // room for a scroll bar below
const MAX_FRAME = 600;
const KINDS = [
  "text/html",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "text/markdown",
  "text/latex",
  "application/json",
  "text/plain",
];
const shown = new Map(); // display id → the blocks that show it, in any cell

export class Outputs {
  constructor(element, { name, onLine }) {
    this.element = element;
    this.name = name; // of the cell, for labels
    this.onLine = onLine;
    this.curves = new Map();
  }

  clear() {
    for (const curve of this.curves.values()) curve.remove();
    this.curves.clear();
    this.element.replaceChildren();
    this.stream = null;
    this.isToBeCleared = false;
    this.element.hidden = true;
  }

  add(output) {
    if (output.output_type === "clear_output") return this.clearOrWait(output);
    if (this.isToBeCleared) this.clear();
    this.element.hidden = false;
    if (output.output_type === "stream") return this.addText(output);
    this.stream = null;
    if (output.output_type === "error") return this.addError(output);
    if (output.output_type === "update_display_data") return this.update(output);
    return this.addData(output);
  }

  // What waits is cleared by the next output, so that nothing flickers.
  clearOrWait({ wait }) {
    if (wait) this.isToBeCleared = true;
    else this.clear();
  }

  addText({ name, text }) {
    if (this.stream?.name !== name) {
      this.stream = new Stream(name);
      this.element.append(this.stream.element);
    }
    this.stream.write(Array.isArray(text) ? text.join("") : text);
  }

  addData(output) {
    const block = make("div", "out-data");
    this.element.append(block);
    const id = output.transient?.display_id;
    if (id) shown.set(id, [...(shown.get(id) ?? []).filter((each) => each.isConnected), block]);
    fill(block, output.data, this.name);
  }

  update(output) {
    for (const block of shown.get(output.transient?.display_id) ?? []) fill(block, output.data, this.name);
  }

  addError({ ename, evalue, traceback, line }) {
    const block = make("div", "out-error");
    const head = make("p", "out-error-head");
    const what = make("span");
    what.dataset.error = "";
    what.append(make("strong", "", ename), evalue ? `: ${plain(evalue)}` : "");
    head.append(what);
    block.append(head);
    if (line) {
      const button = make("button", "link-button", say("line", { line }));
      button.type = "button";
      button.addEventListener("click", () => this.onLine(line, true));
      head.append(" ", button);
      this.onLine(line, false);
    }
    const text = (Array.isArray(traceback) ? traceback : [traceback ?? ""]).join("\n");
    if (text.trim()) block.append(tracebackOf(text));
    this.element.append(block);
  }

  addMetrics(metrics) {
    if (this.isToBeCleared) this.clear();
    this.element.hidden = false;
    const key = `${metrics.run}:${metrics.fit}`;
    if (!this.curves.has(key)) {
      const curve = new Curve();
      this.curves.set(key, curve);
      this.element.append(curve.element);
      this.stream = null;
    }
    this.curves.get(key).add(metrics);
  }
}

// Text that goes on where it stopped, also in the middle of a line.
class Stream {
  constructor(name) {
    this.name = name;
    this.element = make("pre", `out-text ${name}`);
    this.element.tabIndex = 0;
    this.ansi = new Ansi();
    this.tail = document.createElement("span");
    this.element.append(this.tail);
    this.line = "";
  }

  write(text) {
    const lines = (this.line + text.replaceAll("\r\n", "\n")).split("\n");
    this.line = lines.pop();
    if (lines.length) {
      const done = document.createDocumentFragment();
      for (const line of lines) this.ansi.append(done, `${settle(line)}\n`);
      this.tail.before(done);
    }
    this.tail.replaceChildren();
    const preview = new Ansi();
    preview.classes = new Set(this.ansi.classes);
    preview.append(this.tail, settle(this.line));
  }
}

function fill(block, data, name) {
  const kind = KINDS.find((each) => each in data);
  const value = kind && Array.isArray(data[kind]) ? data[kind].join("") : data[kind];
  block.replaceChildren();
  if (kind === "text/html") block.append(frame(value, data, name));
  else if (kind === "image/svg+xml")
    block.append(picture(`data:${kind};charset=utf-8,${encodeURIComponent(value)}`, data, name));
  else if (kind?.startsWith("image/"))
    block.append(picture(`data:${kind};base64,${value.replace(/\s/g, "")}`, data, name));
  else if (kind === "application/json") block.append(text(JSON.stringify(value, null, 2)));
  else if (kind) block.append(text(value));
}

function text(value) {
  const element = make("pre", "out-text result");
  element.tabIndex = 0;
  new Ansi().append(element, value);
  return element;
}

function picture(source, data, name) {
  const image = document.createElement("img");
  const caption = data["text/plain"];
  image.src = source; // an image runs no script, also an SVG
  image.alt = say("image", { cell: name }) + (caption && !/^<Figure/.test(caption) ? `: ${caption}` : "");
  image.loading = "lazy";
  return image;
}

// Same-origin only so that its height can be read; without allow-scripts nothing in it runs.
function frame(markup, data, name) {
  const element = document.createElement("iframe");
  element.className = "out-frame";
  element.setAttribute("sandbox", "allow-same-origin");
  element.title = say("frame", { cell: name });
  element.referrerPolicy = "no-referrer";
  element.addEventListener("load", () => fit(element));
  import("./markup.js").then(
    ({ purify }) => {
      element.srcdoc = framed(purify(markup));
    },
    () => element.replaceWith(text(data["text/plain"] ?? "")), // no connection: the words without their form
  );
  return element;
}

function fit(frame) {
  const body = frame.contentDocument?.body;
  if (!body?.childNodes.length) return; // the markup is still on its way
  const height = Math.ceil(body.getBoundingClientRect().height) + FRAME_EDGE;
  frame.style.blockSize = `${Math.min(height, MAX_FRAME)}px`;
}

function framed(body) {
  const theme = getComputedStyle(document.documentElement).colorScheme;
  const chosen = document.documentElement.dataset.theme ?? "";
  const sheet = document.querySelector("[data-output-sheet]").dataset.outputSheet;
  const tokens = document.querySelector("link[href*='css/tokens']").href;
  return `<!doctype html>
    <html lang="en" data-theme="${chosen}">
      <head>
        <meta name="color-scheme" content="${theme}">
        <link rel="stylesheet" href="${tokens}">
        <link rel="stylesheet" href="${sheet}">
      </head>
      <body>${body}</body>
    </html>`;
}

function tracebackOf(value) {
  const element = make("pre", "out-text traceback");
  element.tabIndex = 0;
  new Ansi().append(element, value);
  if (value.split("\n").length <= LONG_TRACEBACK) return element;
  const details = document.createElement("details");
  details.append(make("summary", "", say("traceback")), element);
  return details;
}

function plain(value) {
  const node = document.createElement("span");
  new Ansi().append(node, String(value));
  return node.textContent;
}

export function make(tag, className = "", content = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content) element.textContent = content;
  return element;
}
