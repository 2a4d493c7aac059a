// The 600 validation films of the lesson as dots: two borders sort them into clear, refer and mark.
import { button, change, html, readout, slider, svg } from "./parts.js";

// Calibrated probabilities in thousandths, two signs each, of SIMULATED films; read() below turns them back.
const SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const FILMS = {
  healthyA: "000000000000000000000101010101010101010101010101010101020202020202020202020202020202030303030303030303030404040404040404040404040404050505050505050505050505050506060606070707070707070808080808090909090909090a0a0a0a0a0a0b0b0b0b0b0b0c0c0c0d0d0d0d0d0e0e0e0f0f0g0g0g0g0h0h0h0h0h0i0i0i0j0j0j0j0j0k0l0l0l0l0m0m0m0m0m0n0n0n0n0o0o0p0q0r0r0r0r0r0r0s0s0s0s0t0t0u0u0u0v0v0w0w0x0x0x0y0y0y0y0z0B0E0H0I0J0J0J0K0L0L0M0N0N0N0N0O0P0P0Q0Q0Q0S0S0S0U0V0V0Y0Z0_101011111213131515171819191b1b1e1e1f1f1g1h1h1j1k1l1l1m1m1n1n1o1q1q1s1s1v1v1A1C1E1F1F1F1F1N1Q1U1W1-1-2021272a2e2h2i2i2k2m2r2r2A2B2B2E2G2Q2Y2Z3l3n3p3u3v3x3B3I3I3Y494Y575i5N5-6m707q7B868l8nagbdbnbOc_d0eDeLf0f8fhfA",
  healthyB: "030505090b0b0c0c0c0d0h0i0j0j0k0l0m0q0s0s0s0t0v0x0A0B0B0C0C0D0D0H0H0H0I0K0L0L0L0M0M0O0O0P0P0R0S0S0V0W0Y0Y0Z0Z0-0_0_1214191a1e1e1f1j1m1p1s1t1u1u1v1v1w1w1w1x1x1B1B1C1C1C1G1G1I1N1O1P1Q1U1V20232c2c2d2m2r2w2G2H2I2O3238393a3a3b3u3u3x3A3D3I3K3L3R3V3X3_444p4t4M4R4W5i6v7k8YaabCdy",
  illA: "0f0n0w1g1M292a3j4l4O6t8D8E95aob2bLbWdsdDemeAeUe-fkflfnfnfpfqftftfxfyfAfAfCfCfDfDfDfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfEfE",
  illB: "0K0T2833393X4b4W5e5Q5R6B7P9o9KbxcSdFeveHe_f2f5fefkfqfAfCfDfDfDfEfEfEfEfEfEfEfEfEfEfEfE",
};
const HIGH = 210;
const PAD = 12;
const BINS = 50;
const BASE = 118; // healthy films stand above this line, films with a finding hang below it

const read = (text) => Array.from({ length: text.length / 2 }, (_, i) => (SIGNS.indexOf(text[2 * i]) * 64 + SIGNS.indexOf(text[2 * i + 1])) / 1000);
const ALL = Object.entries(FILMS).flatMap(([key, text]) => read(text).map((p) => ({ p, ill: key.startsWith("ill"), site: key.at(-1) })));
const percent = (share) => `${Math.round(100 * share)} %`;

/** Count what two borders do to a pile of films. */
export function sort(films, low, high) {
  const count = (test) => films.filter(test).length;
  const ill = count((film) => film.ill);
  const marked = count(({ p }) => p >= high);
  return {
    films: films.length,
    ill,
    cleared: count(({ p }) => p < low),
    referred: count(({ p }) => p >= low && p < high),
    marked,
    missed: count((film) => film.ill && film.p < low),
    rightlyMarked: count((film) => film.ill && film.p >= high),
  };
}

export function mount(stage) {
  let [low, high, site] = [0.5, 0.5, "both"];
  const wide = () => Math.max(280, stage.clientWidth);
  const x = (p) => PAD + p * (wide() - 2 * PAD);
  const zones = ["clear", "refer", "mark"].map((name) => svg("rect", { y: 0, height: HIGH - 22, class: `fig-triage-${name}` }));
  const names = ["clear", "refer", "mark"].map((name) => svg("text", { y: 16, "text-anchor": "middle", class: "fig-triage-name" }, name));
  const bars = svg("g");
  const borders = [0, 1].map(() => svg("line", { y1: 0, y2: HIGH - 22, class: "fig-fit" }));
  const marks = [0, 0.25, 0.5, 0.75, 1].map((p) => [p, svg("text", { y: HIGH - 4, "text-anchor": p === 0 ? "start" : p === 1 ? "end" : "middle" }, String(p))]);
  const chart = svg("svg", { role: "img", class: "fig-panel" }, ...zones, bars, ...borders, ...names, svg("g", { class: "fig-axes" }, ...marks.map(([, text]) => text)));
  const show = (value) => value.toFixed(2);
  const make = (label, value, hear) => slider({ label, min: 0, max: 1.01, step: 0.01, value, show, hear });
  const lower = make("Clear below", low, (value) => { low = value; if (high < low) put(high = low, 1); draw(); });
  const upper = make("Mark from", high, (value) => { high = value; if (low > high) put(low = high, 0); draw(); });
  const table = html("tbody");
  const live = readout();

  function put(value, which) {
    const input = [lower, upper][which].querySelector("input");
    input.value = value;
    input.setAttribute("aria-valuetext", show(value));
    [lower, upper][which].querySelector("output").textContent = show(value);
  }

  function borderFor(budget) {
    const films = chosen().sort((a, b) => b.p - a.p);
    let [ill, marked] = [0, 0];
    films.forEach((film, i) => {
      ill += film.ill;
      if (ill / (i + 1) >= 0.8) marked = i + 1;
    });
    const last = Math.min(films.length, marked + Math.floor(budget * films.length)) - 1;
    high = marked ? films[marked - 1].p : 1.01;
    low = budget ? films[last].p : high;
    put(low, 0);
    put(high, 1);
    draw();
  }

  stage.append(html("div", { class: "fig" },
    html("p", { class: "fig-legend" }, html("span", { class: "fig-key" }), " healthy, above the line", html("span", { class: "fig-key fig-key-b" }), " with a finding, below the line; all films SIMULATED"),
    chart,
    html("div", { class: "fig-controls" }, lower, upper),
    html("div", { class: "fig-controls" },
      html("fieldset", { class: "fig-choices" }, html("legend", { class: "fig-label" }, "Films of"), ...[["both", "both sites"], ["A", "site A"], ["B", "site B"]].map(([value, text]) => html("label", {}, html("input", {
        type: "radio", name: "triage-site", value, checked: value === site, onchange: () => { site = value; draw(); },
      }), text))),
      html("div", { class: "fig-buttons" }, button("One border at 0.5", () => { low = high = 0.5; put(0.5, 0); put(0.5, 1); draw(); }), ...[0.1, 0.2, 0.4].map((budget) => button(`Refer ${percent(budget)}`, () => borderFor(budget))))),
    html("div", { class: "fig-triage-scroll" }, html("table", { class: "fig-triage-table" }, html("thead", {}, html("tr", {}, ...["decision", "films", "with a finding", "share"].map((head) => html("th", { scope: "col" }, head)))), table)),
    live));

  const chosen = () => ALL.filter((film) => site === "both" || film.site === site);

  function draw() {
    const films = chosen();
    const edges = [0, low, high, 1.01].map((p) => x(Math.min(1, p)));
    zones.forEach((zone, i) => change(zone, { x: edges[i], width: Math.max(0, edges[i + 1] - edges[i]) }));
    names.forEach((text, i) => {
      change(text, { x: (edges[i] + edges[i + 1]) / 2 });
      text.textContent = edges[i + 1] - edges[i] > 44 ? ["clear", "refer", "mark"][i] : "";
    });
    borders.forEach((border, i) => change(border, { x1: edges[i + 1], x2: edges[i + 1] }));
    const heights = Array.from({ length: BINS }, () => [0, 0]);
    films.forEach(({ p, ill }) => { heights[Math.min(BINS - 1, Math.floor(p * BINS))][Number(ill)] += 1; });
    const scale = (count) => Math.sqrt(count) * (BASE - 26) / Math.sqrt(Math.max(...heights.flat(), 1));
    const step = (wide() - 2 * PAD) / BINS;
    bars.replaceChildren(...heights.flatMap(([healthy, ill], i) => [
      healthy ? svg("rect", { x: PAD + i * step + 1, width: step - 2, y: BASE - scale(healthy), height: scale(healthy), class: "fig-triage-healthy" }) : null,
      ill ? svg("rect", { x: PAD + i * step + 1, width: step - 2, y: BASE + 2, height: scale(ill) * 0.75, class: "fig-triage-ill" }) : null,
    ]).filter(Boolean));
    const now = sort(films, low, high);
    const rows = [
      ["clear", now.cleared, now.missed], ["refer", now.referred, now.ill - now.missed - now.rightlyMarked], ["mark", now.marked, now.rightlyMarked],
    ];
    table.replaceChildren(...rows.map(([name, count, ill]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, String(count)), html("td", {}, String(ill)), html("td", {}, percent(count / now.films)))));
    marks.forEach(([p, text]) => change(text, { x: x(p) }));
    change(chart, { viewBox: `0 0 ${wide()} ${HIGH}` });
    chart.setAttribute("aria-label", `Histogram of ${now.films} films by probability. Borders at ${show(low)} and ${show(high)}.`);
    live.textContent = `Of ${now.ill} films with a finding ${now.missed} are cleared: ${percent(1 - now.missed / now.ill)} are caught. ` +
      `The radiologist looks at ${now.referred} films, ${percent(now.referred / now.films)} of the pile. ` +
      (now.marked ? `Of ${now.marked} marked films ${percent(now.rightlyMarked / now.marked)} have a finding.` : "Nothing is marked.");
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(stage);
  draw();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
