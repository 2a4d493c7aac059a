// Windows over three years of bicycles: choose lengths, split and scaler; an alarm says what leaks, and the scores are computed in the page.
import { change, html, number, random, readout, slider, svg } from "./parts.js";

// SIMULATED: bicycles across a bridge per day, the series of the lesson's first block, as little-endian 16-bit numbers.
const BIKES = (() => {
  const bytes = Uint8Array.from(atob("SwFUAUsBUgFKAeQAugBxAYoBbgFKATYB3wCcAB8BFAEKAQMB/gC/AKYAMwFYAUYBSQFUAfQAuwBFAUYBSAEyASsB1wC0AFIBYwFSAUwBVgENAccAkQG4AcABuQGeAUABGwEyAlYCQgL9AeIBXwH+ANYB5QHqAbkBmQEcAdQAtAGuAbABogHAAVgBGgG+AcgB0wHlAcMBZgEFAcoB7gHlARcCBwJgAREB0wG6AcgB0wHtAU8BKQESAk4CLQIHAv4BggE1AR8C/AHNAdkB7QFeAQgBAwLoAdEB4gGeATYB9ADNAd0B4wH2AdgBdAE5AVwCkQKdAqoCjwKnAU4BSAIjAigCEALpAU4BFQERAlECSQJnAooC7QFSAZwCsgKzArACpgLoAXoBZgJxAkwCbgJUAq4BSAFNAl4CJwIxAiYCcwEHAQECDwIDAgACOgKbAU8BNwKJAqYCxwKxAgYCowEVAxEDugLZAnICvAFhAWQCjwKBAmoCcgK2AYABzgLFAmwCOgJbArIBWAHAApgCegJkAm8CrwFQATcCaAKEAmwCZwKaAUQBkAKmAgADyQLLAvUBnQHuAt0CqQIlA/4C3gFvAb8CtQLkAv4C2QL0AXYBkgJnApICyQJ+AqkBNAEfAtUBvwHuAeQBdgEoAWgCfwJpAsYCnwK6AWYBjwLHApACowKuAtIBdgGHAvYCvgKYAloCpQFRAYgCegJnAisCBgK6AXcBiAJdAjICKwIgAnYBFwE2AlMCPQItAg4CPQEFAcoBwgG1Ac0BqgEeAfUA4gHXAegB3gHgAUEBEwEiAkMCSgLIAcoBSwEJAdkB6gHzAeYBzwFnAQ0BEQIgAv0B7AHHAVYBGAHxAdwB4QH4AeYBZAEWAQACAAIBAssB1AFLAQ8B6AH8AdQB8QG0AScB8wDsAf4B7QG9Aa8BNwEVAQ4C5gEdAgIC1wFwASMBBgIUAiMCNALxAY8BTAFHAiwC/wH4AdYBQQEPAfwB+QEHAicC8AFVASEBJwI0Ak0CFgLYAUEBBQHMAcwBsAGhAYUBJAH6AMMBzQG8AcsBxgFpAQ8BAQIbAggCEwLbAYUBHgEuAhMCMwIdAhQCfgFHAUoC8wHcAeMB0QFjATEBLwIMAjgCVwI8AtABaAFkAmsCigJZApMCugF2AcACwALdAooCrALjAXMBxwL+AgsDUwNdA4YC5QFoA4IDXANLAzgDXwLYAUADGgPeAgUD5gIpApUBlQKAAq0C1ALQAusBiAHHAssCYgJHAkACzwF8Af8C/gLqAkgCWgLIAZ4B5gIAA9oCpAKCAssBlwH0AucC6wLxAscCKAKNAdsCFAPTAuQCFQNHAqcB8AJHA04DQwNGA3MC4AFjA38DVgNGA3cDVQIbAksE4QPCA8EDeQNgAuIBoQOXA/MD7APDA+oCYwJmBFIErAS2BGoEzwJHAtsDiQNxA3gDqwOpAjoCxAPVA8sD7APSA9oCMQIVBDwE0wPLA50DTgL6AZADeANeA2ADogOSAh4CNQRhBIcEPwREBP0CgwJBBBYETgQgBOIDxAIcAi0E5wPKA8wDqAN8AuQBlQNxA4wDMQMLAzYCqQE6A1MDGwPUApAC5QF0AYgCogIRAxwDNQNWAvcBUgNRA1cDSwMuAzICvgEUA78CkwKuAu4CXALmAaoD6QOkAzQDIgMFApsBFwPpAugCHQMbA0sC7gHlA+8DFgTnA5gDkwL0AWsDVQPXAtYClALbAaQB7QLmAh0DJwM8Az0C2wE6AyIDLgP+AgoDfQLDAQ8DUQMxA1QDAAMrArMBHgM2A+YCqgLUAgwCowH4AhIDygKUAroC9QGkAd8CKQMhAx4DFQMQAnUBgQLVAv8C2QKyAgkCmAGsAu8C8AJ0AloCtAFpAZwCjwKBAoMCaAKvAXYBhQKFAjMCRAJXAr0BeAHBAtgC2gK6AtMC8wFqAboCFgPQArkChgLCAWkBZwJsAjMCHwL1AVgBAAEKAjIC9gHqAdgBTgH9APgBBQIaAi8CWQKFAWABvgLjAkIDLwMzAyUC0AFMAzcDiwNWAzADNwKsASQDUANIA8MC3QL/AXwB2QICA8cCMAPcAtcBZAHTAt8CyALAApsCzwFrAcMCCAPQAtcC7QL4AYwBswKYAqICiAKfAugBmAHpAuYC4gLhArsCCgK8AT0DsAN6A4gDWQNvAtsBqQPEA/gDlgNkA04CzgE3A04DSwNGAx8DSwL2AW8DiwOBA5UDgAOEAuoBjwN5A5QDigN+A2QCCwLxA0AExQScBMQEUgOvAvUEDgUXBdMEpQRjA/gCEAWPBFgESwQ6BAkDnAIJBQ4FxwSSBFYEDgM7AgUECwT8A+gDBATOAjYCPwROBFMEdQR2BDwDjgLjBAMFwgShBDAE2QIQArcDNAQOBD8ELATiAokC1ARtBK4EUgQyBCcDfQLpBDsFpgR1BHAEFANzAsAE8QSZBJcEUgTkAjECKwROBEoE/APnA6oCEALXA68D4gOGBIwEDgNtAhYEIwRDBGQECwT7ApQCQwUXBbsEqgTPA68CJwLpA7EDrAOHA7EDiwIMAsoDFAR+A3UDngOVAuwBsQPsA9wDmQNsA3UC6QEzAzkDRAM3AzYDXwINAl4EqAQwBIYDegOKAu0BqgOgA7gDogOsA2MC5gGFA1oDxwOhA+IDrAIfAjQEWQROBEYEzgOpAgQCxgO+A7IDpAOOA40C+QFsA2UDnAOnA7ED3QIdAv4DywOoA7UD+AOtAh4CJQTRA9MDrANhA3ECBwKCA6oDowNPA40DsgIHApEDzQOZAygDSwNbAh0C6QP6A5UEUwTeA8ECUQLfA64DsAP1ArkCEgKdAbcCKgPgAsYCrQL0AYwB3QL3Au4C7AJ8At0BZQFMAqECcgJ/Al8CrAFqAX0CqAK6AusCzgInAuoB0wP3A+0DewQ="), (sign) => sign.charCodeAt(0));
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => bytes[2 * i] + 256 * bytes[2 * i + 1]);
})();
const CUT = 822; // the first day of the test piece: three quarters are before it
const NEIGHBOURS = 5;
const DECAY = 10;
const SPLITS = { target: "by time, answers on one side", start: "by time, only the starts", shuffled: "shuffled" };
const MODELS = { lookup: "look-up", linear: "linear" };

/** Return the numbers 0 … count−1 in a mixed order, the same for everybody. */
function shuffled(count) {
  const order = Array.from({ length: count }, (_, i) => i);
  const draw = random(1);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Return the starts of training and test windows. */
export function divide(window, horizon, split) {
  const count = BIKES.length - window - horizon + 1;
  const all = Array.from({ length: count }, (_, i) => i);
  const train = all.filter((start) => start + window + horizon <= CUT);
  if (split === "target") return { train, test: all.filter((start) => start + window >= CUT) };
  if (split === "start") return { train: all.filter((start) => start < CUT), test: all.filter((start) => start >= CUT) };
  const order = shuffled(count);
  return { train: order.slice(0, train.length), test: order.slice(train.length) };
}

/** Five training windows that resemble this one most; the forecast is the mean of what followed them. */
function lookUp(train, window, horizon) {
  return (start) => {
    const best = [];
    for (const other of train) {
      let far = 0;
      for (let i = 0; i < window; i++) far += (BIKES[start + i] - BIKES[other + i]) ** 2;
      if (best.length < NEIGHBOURS || far < best.at(-1).far) {
        best.push({ far, other });
        best.sort((a, b) => a.far - b.far);
        best.length = Math.min(best.length, NEIGHBOURS);
      }
    }
    return Array.from({ length: horizon }, (_, h) => best.reduce((sum, { other }) => sum + BIKES[other + window + h], 0) / best.length);
  };
}

/** Linear weights with decay and no bias on scaled numbers: where it is unsure it falls back to the mean of the scaler. */
function linear(train, window, horizon, isScaledOnAll) {
  const part = isScaledOnAll ? BIKES : BIKES.subarray(0, CUT);
  const mean = meanOf(part);
  const spread = Math.sqrt(part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / part.length);
  const z = BIKES.map((value) => (value - mean) / spread);
  const rows = Array.from({ length: window }, (_, i) => {
    const row = new Float64Array(window + horizon);
    row[i] = DECAY;
    return row;
  });
  for (const start of train) {
    for (let i = 0; i < window; i++) {
      const left = z[start + i];
      for (let j = 0; j < window + horizon; j++) rows[i][j] += left * z[start + j];
    }
  }
  for (let i = 0; i < window; i++) { // Gauss and Jordan; the decay keeps the pivots away from zero
    const pivot = rows[i][i];
    for (let j = i; j < window + horizon; j++) rows[i][j] /= pivot;
    for (let k = 0; k < window; k++) {
      const factor = rows[k][i];
      if (k !== i && factor) for (let j = i; j < window + horizon; j++) rows[k][j] -= factor * rows[i][j];
    }
  }
  return (start) => Array.from({ length: horizon }, (_, h) => {
    let sum = 0;
    for (let i = 0; i < window; i++) sum += z[start + i] * rows[i][window + h];
    return sum * spread + mean;
  });
}

/** Mean absolute error over windows, for each of the forecasts. */
function errors(starts, window, horizon, forecasts) {
  const sums = forecasts.map(() => 0);
  for (const start of starts) {
    forecasts.forEach((forecast, k) => {
      const said = forecast(start);
      for (let h = 0; h < horizon; h++) sums[k] += Math.abs(said[h] - BIKES[start + window + h]);
    });
  }
  return sums.map((sum) => sum / starts.length / horizon);
}

/** Errors of the model, of seasonal-naive and of persistence on the test windows of a split. */
export function score({ window, horizon, split, model, isScaledOnAll }) {
  const { train, test } = divide(window, horizon, split);
  const fitted = model === "linear" ? linear(train, window, horizon, isScaledOnAll) : lookUp(train, window, horizon);
  const weekAgo = (start) => Array.from({ length: horizon }, (_, h) => BIKES[start + window - 7 + (h % 7)]);
  const today = (start) => Array(horizon).fill(BIKES[start + window - 1]);
  return errors(test, window, horizon, [fitted, weekAgo, today]);
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const choice = (name, legend, options, chosen, hear) => html(
  "fieldset", { class: "fig-choices" }, html("legend", { class: "fig-label" }, legend),
  ...Object.entries(options).map(([value, text]) => html("label", {}, html("input", { type: "radio", name, value, checked: value === chosen, onchange: () => hear(value) }), ` ${text}`)),
);

export function mount(stage) {
  const set = { window: 28, horizon: 14, split: "target", model: "lookup", isScaledOnAll: false };
  let at = 770;
  const id = `leaks-${Math.random().toString(36).slice(2)}`;
  const year = svg("svg", { role: "img", class: "fig-panel" });
  const close = svg("svg", { role: "img", class: "fig-panel" });
  const verdict = html("p", { class: "fig-verdict" });
  const alarms = html("ul", { class: "wl-alarms" });
  const table = html("tbody");
  const live = readout();
  const look = slider({ label: "Look at window", min: 0, max: BIKES.length - 84, step: 1, value: at, show: (value) => String(value), hear: (value) => { at = value; draw(); } });
  const scaler = html("input", { type: "checkbox", onchange: () => { set.isScaledOnAll = scaler.checked; measure(); } });
  stage.append(html("div", { class: "fig fig-window-leaks" },
    html("div", { class: "fig-controls" },
      slider({ label: "Window", min: 7, max: 56, step: 7, value: 28, show: (value) => `${value} days`, hear: (value) => { set.window = value; measure(); } }),
      slider({ label: "Horizon", min: 1, max: 28, step: 1, value: 14, show: (value) => `${value} ${value === 1 ? "day" : "days"}`, hear: (value) => { set.horizon = value; measure(); } })),
    choice(`${id}-split`, "Split", SPLITS, set.split, (value) => { set.split = value; measure(); }),
    html("div", { class: "fig-controls" },
      choice(`${id}-model`, "Model", MODELS, set.model, (value) => { set.model = value; measure(); }),
      html("div", { class: "fig-choices" }, html("label", {}, scaler, " Fit the scaler on all"))),
    html("p", { class: "fig-legend" },
      html("span", { class: "fig-key wl-train" }), " training answers", html("span", { class: "fig-key wl-test" }), " test answers; the line is the cut"),
    year, look, close,
    html("p", { class: "fig-legend" }, html("span", { class: "fig-key wl-in" }), " input", html("span", { class: "fig-key wl-out" }), " answer to be forecast"),
    verdict, alarms,
    html("table", { class: "wl-table" }, html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "On the test windows"), html("th", { scope: "col" }, "Error"), html("th", { scope: "col" }, "Seasonal = 1"))), table),
    live));

  function measure() {
    const found = score(set);
    const honest = score({ ...set, split: "target", isScaledOnAll: false });
    const leaks = [];
    if (set.split === "shuffled") leaks.push(`A shuffled split: the neighbour of nearly every test window, moved by one day, is a training window, and ${set.horizon > 1 ? `shares ${set.horizon - 1} of ${set.horizon} answers with it` : "often has its answer among the inputs"}.`);
    if (set.split === "start") leaks.push(`Windows are sorted by their start: the last training windows have answers up to ${set.window + set.horizon - 1} days behind the cut, and the same days are inputs and answers in the test.`);
    if (set.isScaledOnAll) leaks.push(`The scaler knows the mean of all three years (${number(meanOf(BIKES), 0)}), not only that of the days before the cut (${number(meanOf(BIKES.subarray(0, CUT)), 0)}). ${set.model === "lookup" ? "The look-up compares windows with each other and cannot use it; it is a leak all the same." : "The weights fall back to that mean where they are unsure."}`);
    verdict.textContent = leaks.length ? `Alarm: ${leaks.length === 1 ? "one leak" : `${leaks.length} leaks`}` : "No leak: whatever the model saw was known before the cut";
    verdict.className = `fig-verdict ${leaks.length ? "fig-bad" : "fig-good"}`;
    alarms.replaceChildren(...leaks.map((text) => html("li", {}, text)));
    const row = (name, error, naive) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, number(error, 1)), html("td", {}, number(error / naive)));
    const name = MODELS[set.model];
    table.replaceChildren(
      row(`${name}, as set above`, found[0], found[1]), row("seasonal-naive", found[1], found[1]), row("persistence", found[2], found[1]),
      ...(leaks.length ? [row(`${name}, without the leak`, honest[0], honest[1])] : []));
    live.textContent = `${name}: ${number(found[0] / found[1])} of the error of seasonal-naive.${leaks.length ? ` Without the leak it is ${number(honest[0] / honest[1])}.` : found[0] > found[1] ? " The baseline is better." : ""}`;
    draw();
  }

  /** Draw a stretch of the series; the width is that of the stage, so that text keeps its size on a phone. */
  function axes(panel, from, to, high, label) {
    const wide = Math.max(280, stage.clientWidth);
    const atX = (t) => 34 + ((t - from) / (to - from)) * (wide - 42);
    const most = 1500;
    const atY = (value) => high - 24 - (value / most) * (high - 34);
    const points = [];
    for (let t = from; t <= to; t++) points.push(`${atX(t).toFixed(1)},${atY(BIKES[t]).toFixed(1)}`);
    change(panel, { viewBox: `0 0 ${wide} ${high}`, "aria-label": label });
    panel.replaceChildren(
      svg("g", { class: "fig-axes" },
        ...[0, 500, 1000].flatMap((value) => [
          svg("line", { x1: 34, x2: wide - 8, y1: atY(value), y2: atY(value), class: "fig-grid" }),
          svg("text", { x: 30, y: atY(value) + 4, "text-anchor": "end" }, String(value))])),
      svg("polyline", { points: points.join(" "), class: "wl-line" }));
    if (CUT > from && CUT < to) panel.append(svg("line", { x1: atX(CUT - 0.5), x2: atX(CUT - 0.5), y1: 4, y2: high - 20, class: "wl-cut" }));
    return { atX, atY, wide };
  }

  function draw() {
    const { window, horizon, split } = set;
    const { train, test } = divide(window, horizon, split);
    const isTrain = new Set(train);
    const isTest = new Set(test);
    const whole = axes(year, 0, BIKES.length - 1, 130, "Three years of bicycles per day, growing, with a rhythm of weeks and of years; below, to which side each day's answers belong");
    const tick = (starts, y) => starts.map((start) => `M${whole.atX(start + window).toFixed(1)} ${y}v7`).join("");
    year.append(
      svg("path", { d: tick(train, 108), class: "wl-tick wl-train" }), svg("path", { d: tick(test, 118), class: "wl-tick wl-test" }),
      svg("rect", { x: whole.atX(at), y: 4, width: Math.max(2, whole.atX(at + window + horizon) - whole.atX(at)), height: 100, class: "wl-frame" }));
    const from = Math.max(0, Math.min(BIKES.length - 100, at - 10));
    const near = axes(close, from, from + 99, 170, `Window ${at}: inputs are days ${at} to ${at + window - 1}, answers days ${at + window} to ${at + window + horizon - 1}; the cut is day ${CUT}`);
    for (let t = at; t < at + window + horizon; t++) {
      const [x, y] = [near.atX(t), near.atY(BIKES[t])];
      close.append(t < at + window ? svg("circle", { cx: x, cy: y, r: 3, class: "wl-in" }) : svg("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, class: "wl-out" }));
    }
    const side = isTrain.has(at) ? "a training window" : isTest.has(at) ? "a test window" : "left out: its answers lie on both sides";
    close.append(svg("text", { x: 36, y: 164, class: "wl-side" }, `Window ${at}: ${side}`));
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(stage);
  measure();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
