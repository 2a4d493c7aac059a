// 52 held-out weeks of forecasts with a spread: widen or narrow the interval and watch coverage, width and likelihood together.
import { change, html, number, readout, slider, svg } from "./parts.js";

// SIMULATED: 364 days of the lesson's test piece, then the mean and the spread that its network gave, as little-endian 16-bit numbers.
const [TRUTH, MEAN, SPREAD] = (() => {
  const bytes = Uint8Array.from(atob("bQPnAoIDpgPDA6EDZAMpA3kCFQILA6EC5wIzA1sDEgNjAkQDRwO0AnEDIQNOAn8CIwNqA/YCRwPuAosCjgHuAgYDCQMvA4IDEwUUAysDeQPnAhUDDgOXA3gDZQNHAyUDcAPkAoICKgLhAsoCwgKnAtUCXAJYArUC1QKwAqoCjAIxAuEBjgKyAqECegJzAmQB1wGDApUCgwKMAlcCAwKMAYgCYwLOAugCiAKPAmcDqwJ6AoECdAJQAukBMAIgAkwCiwKDAh0CtAG8AVwChQJcAlYCDgJXAYEBKgJVAjUCBQLpAWoBJQIyAvwBBgIfAgkCJgLGAhgCEgI+Aj8CSAIHAtMB7wH7AQYCAAIhAvkBUwHLAbsB/wHyARICdgG3AewByQHsAdYB0gFBAfsA7QG0Ab0BAgISAm4BaAILAgYCAwLzAQICugHsAf0BCALYAfUB+AGNAasB7QEHAvsBAwIPAowBEAIhAhsCCgLqAQgC0AE3AkYCIwJVAjUCRgL6AUgC8gEeAhcCDQIBAjQBUgEOAikC8gH1AUcCTgH8AVgCdAJTAkMCjAJSAt8CTQJXAoACRgJFAmYCgwKRApcClQJdAmECzQFiAqYCYQKTAnkCfwImAuwCjgKdAmEClgKOAhgCOgKCAm8CsQLcArUClwI7AtgC0AILA6gC6wKVATkC7wIZA8QCBwP+ArQBYwIVA7sC5AI6A9QCQwLGAckCCAMVAxgDLQOtAmgCFwM7AzkDWQMtA3MC4QIXAzADngMwA5QDSAJbAvQC0wIqA48DjANFBkcFJwT2A5MDuQMjAwgDaQNdA1IDFwOQA4QDnQNmBOYDdwPNA84DdANIApACtAN1A24DiQOAA08C6wFTA38DrANxA1sD0wI9A5kDVgOCA2QDsgPtAr4DiwMFBKADyQNJA9QB6AENA24DnAOEA3kDLAN+AmADiQMfA5cDmQMeA6gDXwPSA5sDSgOFA9sCtwJwA38DigOdA2sDrwL5AkUDSwPsAgUDPwO7AqICEQMiAxQD8AIzA8wCfwIqAy0DKAMZAxwDQAK1AuECMAPwAhADPgPXAn4DKAM1AwwD2gIqA+sCGANZAx8DFwPrAjQDLwKOAvICFQPpAtkC2gI5AmMC9wLfAsYCzAK8AhICLwKyArICsQKkAoYCAwLdAY4CjgKRApUCbwLvAQQCcQKEAnkClgKOAhICOQK/AqMCngKMAnoC9gEXAogCSAJtAmwCdQLlAQcCZgJpAnECWgJOAscBxQE5AkcCVAI+AigCmAGpAVYCRQImAiYCGQKtAfcBbgI0AicCLAIwAuwBFgIrAhwCHQINAh8C0wHsAQ0CCAL6AQECFQK+AZ8BBwITAu0B/AH+AZQBfQHKAQAC5gHYAfwBpQGLASUCEAL/AQ8C/gGiAcYBFwIKAgwC9wEFAq8BvwEJAhICEQL8AQ4CqwG0ASQCJQIYAhMCBwKoAdABMwI1AiYCMgIvAuAB/QFWAi0CJQIhAiICxwGwARkCKAIoAgQCEwK2AZsBLwI+AksCQQIxAuIBGwKIAlcCVwJhAlIC+QE5An8CfQJ9Am0CbQL4AQgCkgKIAnECggJpAgMCLgKvAoMCmQJ0AnECGwI5ApoCcgJ8Ao0CrQIxAm0CqwK9ArgC1QLKAlcCBwLQAtkC5gLZAuYCLwIKAu4C+QLzAt4C/gJNAmkC1wLqAvUC+wIcA6UCewICAxoDAQM8A0cDswKOAjMDKwMrA24DRwOyApoCTgMiA/kCJgNzA98C6AOtA+UDmANdA5kDPgMNA7EDMQN5A+kCaQP9AR4DqQOFA2EDmgOCA/kCvQJZA24DXgNpA0MDvQJYAmIDXANVA48DhAPJAr4CdQN3A1sDgwNhA9YCLwOZA1wDkQOVA4oD5gJ6AkoDSANCA3wDdQPMAucCVwNPA0YDRQNyA/8CKAOEA0ADhgODAzQAtgCaAFIANwA2ADIANQCrAJAAPAAuADQANwA7AKQAhABBADkAMwA1ADEAmACAAEEAPgBCADEAOQCLAIwAMwAzAD4ALgA3AJsArwBbADEAMAAxADIAcwC5AEcARgA/AFIARQBqAIsAPgA1AD0APAA8AIQAcQA6ADoANgA1ADcAiwB2ADIAOQA4ADUAMQCFAGIAKAAtAC0ALQAtAHkAbQAsACgAJgAsADEAewB3AFEAOwAoADEANQB9AGsANAAxADUAQAA/AHMAZgAwACoALQAuACwAbwBbACcAIAAjACMAKABlAFgAJgAgACAAIQApAGQAYQAzACUAKQAxADEAYQBrADEAJgAuADgAKwBjAGAAKQAiACYALQAiAGAAUQAmAB4AIwAmAB4AWgBKAB8AGQAfACQAHwBVAEYAJQAdAB8AIgAiAFgAUQArACAAKwAuACoAWABWACUAHQAmACsAKABcAFQAKAAgACYAKAAmAGAAXgAvACMAKgAwAC4AaABmADIAJgArADEALABoAFQAIwAeACgALAAmAF0AUQAkAB0AJAAkACYAaQBpADkAKgAuAC4AMABzAHoAPAA5ADsAQQA4AHoAbwAyADYAMwA4ADcAegB3AEAANgAzADYAOgB7AHgAMwA1ADkAOwBEAHwAfgBBAEAAPAA5ADQAjwBuADIAPAA4ADQANACMAFgANAA2ADAALAA9AIEAbAAyADcANwAxADUAjwCJAEcAOQA3ADIAMwCmAIcATgA8ADgAPgA5AL0AgwBAADIAMQA2ADcAwAC4AIAAQQAsAEMALABmAGkAOABJADEATgBOAG0AgABRAD0APQBBAEEAlgBsAD0AOQA+AEAAOACxAHsAMwAsADEAMgAxAKUAlQBHADAAMAAxADQAuACMAE8APAA8AD4AOQC/AHwANAAsADYAMwA3AKgAlgBHACcALgArAC0ArgCdAFYAPQA8ADcA"), (sign) => sign.charCodeAt(0));
  const all = Array.from({ length: bytes.length / 2 }, (_, i) => bytes[2 * i] + 256 * bytes[2 * i + 1]);
  return [all.slice(0, 364), all.slice(364, 728), all.slice(728)];
})();
const ONE = 92; // spread of the mistakes on the validation piece, for all days alike
const FIRST = 4; // weekday of the first day; 5 and 6 are the weekend
const REACH = 1.645; // spreads to each side that hold 90 % of a bell curve
const ASKED = 0.9;
const SHOWN = 56;
const KINDS = { one: "one for all days", own: "one for each day" };
const isWeekend = (day) => (day + FIRST) % 7 >= 5;

/** Coverage (all, working days, weekends), mean width and negative log-likelihood for a factor on the spread. */
export function measure(kind, factor) {
  const days = { all: 0, work: 0, weekend: 0 };
  const inside = { all: 0, work: 0, weekend: 0 };
  let width = 0;
  let loss = 0;
  TRUTH.forEach((truth, day) => {
    const spread = factor * (kind === "own" ? SPREAD[day] : ONE);
    const z = (truth - MEAN[day]) / spread;
    for (const group of ["all", isWeekend(day) ? "weekend" : "work"]) {
      days[group] += 1;
      inside[group] += Math.abs(z) <= REACH;
    }
    width += 2 * REACH * spread;
    loss += Math.log(spread) + 0.5 * Math.log(2 * Math.PI) + 0.5 * z * z;
  });
  const coverage = Object.fromEntries(Object.keys(days).map((group) => [group, inside[group] / days[group]]));
  return { ...coverage, width: width / TRUTH.length, loss: loss / TRUTH.length };
}

export function mount(stage) {
  let kind = "one";
  let factor = 1;
  let week = 0;
  const name = `coverage-${Math.random().toString(36).slice(2)}`;
  const chart = svg("svg", { role: "img", class: "fig-panel" });
  const curve = svg("svg", { role: "img", class: "fig-panel" });
  const bars = html("div", { class: "ic-bars" });
  const live = readout();
  const choices = html("fieldset", { class: "fig-choices" }, html("legend", { class: "fig-label" }, "Kind of spread"),
    ...Object.entries(KINDS).map(([value, text]) => html("label", {}, html("input", { type: "radio", name, value, checked: value === kind, onchange: () => { kind = value; show(); } }), ` ${text}`)));
  stage.append(html("div", { class: "fig fig-interval-coverage" },
    choices,
    html("div", { class: "fig-controls" },
      slider({ label: "Spread ×", min: 0.2, max: 2.5, step: 0.05, value: 1, show: (value) => number(value), hear: (value) => { factor = value; show(); } }),
      slider({ label: "From week", min: 1, max: 45, step: 1, value: 1, show: (value) => String(value), hear: (value) => { week = value - 1; show(); } })),
    chart,
    html("p", { class: "fig-legend" }, html("span", { class: "fig-key ic-band" }), " 90 % interval of a day", html("span", { class: "fig-key ic-key-in" }), " true number, inside", html("span", { class: "ic-key-out", "aria-hidden": "true" }, "×"), " outside"),
    html("div", { class: "fig-half" }, bars),
    html("p", { class: "fig-label" }, "Negative log-likelihood: lower is better; dashed, the other kind"),
    curve,
    live));

  function show() {
    const now = measure(kind, factor);
    draw();
    plot(now);
    bars.replaceChildren(
      html("p", { class: "fig-label" }, "How many of 364 days are inside? Asked: 90 %"),
      ...[["all", "all days"], ["work", "working days"], ["weekend", "weekends"]].map(([group, text]) => {
        const fill = html("span", { class: "ic-fill" });
        fill.style.width = `${now[group] * 100}%`;
        return html("p", { class: "ic-row" }, html("span", {}, text), html("span", { class: "ic-track", "aria-hidden": "true" }, fill), html("span", {}, `${number(100 * now[group], 0)} %`));
      }),
      html("p", { class: "fig-counter" }, `Mean width: ${number(now.width, 0)} bicycles`));
    const fit = (share) => (share > ASKED + 0.03 ? "too wide" : share < ASKED - 0.03 ? "too narrow" : "right");
    const [work, weekend] = [fit(now.work), fit(now.weekend)];
    const word = work === weekend ? `The intervals are ${work} on both kinds of days.` : `The intervals are ${work} on working days and ${weekend} at weekends.`;
    live.textContent = `Inside: ${number(100 * now.all, 0)} % of all days, ${number(100 * now.work, 0)} % of working days, ${number(100 * now.weekend, 0)} % of weekends; width ${number(now.width, 0)}; negative log-likelihood ${number(now.loss)}. ${word}`;
  }

  function draw() {
    const wide = Math.max(280, stage.clientWidth);
    const high = 210;
    const atX = (i) => 44 + ((i + 0.5) / SHOWN) * (wide - 50);
    const atY = (value) => high - 22 - (Math.max(0, Math.min(1800, value)) / 1800) * (high - 30);
    const from = 7 * week;
    const marks = [];
    for (let i = 0; i < SHOWN; i++) {
      const day = from + i;
      const reach = REACH * factor * (kind === "own" ? SPREAD[day] : ONE);
      const [x, y] = [atX(i), atY(TRUTH[day])];
      marks.push(svg("line", { x1: x, x2: x, y1: atY(MEAN[day] - reach), y2: atY(MEAN[day] + reach), class: isWeekend(day) ? "ic-band ic-free" : "ic-band" }));
      if (Math.abs(TRUTH[day] - MEAN[day]) <= reach) marks.push(svg("circle", { cx: x, cy: y, r: 2.2, class: "ic-in" }));
      else marks.push(svg("path", { d: `M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7`, class: "ic-out" }));
    }
    change(chart, { viewBox: `0 0 ${wide} ${high}`, "aria-label": `Eight weeks from week ${week + 1}: a forecast interval for each day, weekends darker, and the true number` });
    chart.replaceChildren(
      svg("g", { class: "fig-axes" }, ...[0, 500, 1000, 1500].flatMap((value) => [
        svg("line", { x1: 42, x2: wide - 4, y1: atY(value), y2: atY(value), class: "fig-grid" }),
        svg("text", { x: 36, y: atY(value) + 4, "text-anchor": "end" }, String(value))]),
      ...[0, 2, 4, 6].map((w) => svg("text", { x: atX(7 * w), y: high - 4 }, `week ${week + w + 1}`))),
      ...marks);
  }

  function plot(now) {
    const [wide, high, low, top] = [Math.max(280, stage.clientWidth), 190, 5.5, 8];
    const atX = (value) => 36 + ((value - 0.2) / 2.3) * (wide - 46);
    const atY = (value) => high - 32 - ((Math.min(top, value) - low) / (top - low)) * (high - 44);
    const line = (which) => {
      const points = [];
      for (let value = 0.2; value <= 2.5; value += 0.05) {
        const { loss } = measure(which, value);
        if (loss <= top) points.push(`${atX(value).toFixed(1)},${atY(loss).toFixed(1)}`);
      }
      return svg("polyline", { points: points.join(" "), class: `fig-curve ${which === kind ? "" : "ic-other"}` });
    };
    change(curve, { viewBox: `0 0 ${wide} ${high}`, "aria-label": `Negative log-likelihood against the factor on the spread; now ${number(now.loss)} at ${number(factor)}` });
    curve.replaceChildren(
      svg("g", { class: "fig-axes" },
        ...[6, 7, 8].flatMap((value) => [
          svg("line", { x1: 34, x2: wide - 8, y1: atY(value), y2: atY(value), class: "fig-grid" }),
          svg("text", { x: 28, y: atY(value) + 4, "text-anchor": "end" }, String(value))]),
        ...[0.5, 1, 1.5, 2, 2.5].map((value) => svg("text", { x: atX(value), y: high - 18, "text-anchor": "middle" }, String(value))),
        svg("text", { x: wide / 2, y: high - 3, "text-anchor": "middle", class: "fig-axis-name" }, "spread ×")),
      line("one"), line("own"),
      svg("circle", { cx: atX(factor), cy: atY(now.loss), r: 6, class: "ic-here" }));
  }

  const watcher = new ResizeObserver(show);
  watcher.observe(stage);
  show();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
