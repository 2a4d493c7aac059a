// Small pieces that the figures share: elements without inline styles, and one place that hears of a theme change.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

export function change(node, attributes) {
  return fill(node, attributes, []);
}

/** A labelled range input; `show` turns its value into the text beside it, `hear` gets each new value. */
export function slider({ label, min, max, step, value, show, hear }) {
  const output = html("output", { class: "fig-value" }, show(value));
  const input = html("input", { type: "range", min, max, step, value, "aria-valuetext": show(value) });
  input.addEventListener("input", () => {
    const text = show(Number(input.value));
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
    hear(Number(input.value));
  });
  return html("label", { class: "fig-slider" }, html("span", { class: "fig-label" }, label), input, output);
}

export const button = (text, press, extra = {}) =>
  html("button", { type: "button", class: "fig-button", onclick: press, ...extra }, text);

/** A line of text that screen readers speak when it changes. */
export const readout = () => html("p", { class: "fig-readout", role: "status", "aria-live": "polite" });

/** Numbers with a real minus sign. */
export function number(value, digits = 2) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = Math.abs(value) >= 1e5 ? value.toExponential(1) : value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** Call `redraw` when the colours of the page change; returns the function that stops it. */
export function onTheme(redraw) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const watcher = new MutationObserver(redraw);
  dark.addEventListener("change", redraw);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style"] });
  return () => {
    dark.removeEventListener("change", redraw);
    watcher.disconnect();
  };
}

/** The colour that a token has now, in a form that a canvas understands (it does not read light-dark()). */
export function colour(stage, token) {
  const probe = html("span", { hidden: true });
  stage.append(probe);
  probe.style.color = `var(${token})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** mulberry32: a small random generator, so that everybody sees the same points. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The numbers of a text, apart by white space. */
export const series = (text) => text.trim().split(/\s+/).map(Number);

/** Bytes from base 64, over any number of lines. */
export const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** Weights from base 64: each signed byte times the scale. */
export const weights = (scale, text) => Float32Array.from(new Int8Array(bytes(text).buffer), (value) => value * scale);
