// The 600 validation films of the lesson as dots: two borders sort them into clear, refer and mark.
import { button, change, html, readout, series, slider, svg } from "./parts.js";

// Calibrated probabilities of SIMULATED films, in thousandths.
const FILMS = {
  healthyA: series(`
    0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 3 3 3 3 3 3 3 3 3 3 4 4 4 4
    4 4 4 4 4 4 4 4 4 4 5 5 5 5 5 5 5 5 5 5 5 5 5 5 6 6 6 6 7 7 7 7 7 7 7 8 8 8 8 8 9 9 9 9 9 9 9 10 10 10 10 10 10
    11 11 11 11 11 11 12 12 12 13 13 13 13 13 14 14 14 15 15 16 16 16 16 17 17 17 17 17 18 18 18 19 19 19 19 19 20
    21 21 21 21 22 22 22 22 22 23 23 23 23 24 24 25 26 27 27 27 27 27 27 28 28 28 28 29 29 30 30 30 31 31 32 32 33
    33 33 34 34 34 34 35 37 40 43 44 45 45 45 46 47 47 48 49 49 49 49 50 51 51 52 52 52 54 54 54 56 57 57 60 61 63
    64 64 65 65 66 67 67 69 69 71 72 73 73 75 75 78 78 79 79 80 81 81 83 84 85 85 86 86 87 87 88 90 90 92 92 95 95
    100 102 104 105 105 105 105 113 116 120 122 126 126 128 129 135 138 142 145 146 146 148 150 155 155 164 165 165
    168 170 180 188 189 213 215 217 222 223 225 229 236 236 252 265 316 327 338 369 382 406 448 474 485 518 533 535
    656 717 727 754 831 832 935 943 960 968 977 996
  `),
  healthyB: series(`
    3 5 5 9 11 11 12 12 12 13 17 18 19 19 20 21 22 26 28 28 28 29 31 33 36 37 37 38 38 39 39 43 43 43 44 46 47 47 47
    48 48 50 50 51 51 53 54 54 57 58 60 60 61 61 62 63 63 66 68 73 74 78 78 79 83 86 89 92 93 94 94 95 95 96 96 96
    97 97 101 101 102 102 102 106 106 108 113 114 115 116 120 121 128 131 140 140 141 150 155 160 170 171 172 178
    194 200 201 202 202 203 222 222 225 228 231 236 238 239 245 249 251 255 260 281 285 304 309 314 338 415 468 572
    650 742 866
  `),
  illA: series(`
    15 23 32 80 112 137 138 211 277 306 413 551 552 581 664 706 751 762 860 871 918 932 952 958 980 981 983 983 985
    986 989 989 993 994 996 996 998 998 999 999 999 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000
    1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000
    1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000
  `),
  illB: series(`
    46 55 136 195 201 251 267 314 334 372 373 421 499 600 622 737 822 873 927 939 959 962 965 974 980 986 996 998
    999 999 999 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000
  `),
};
const HIGH = 210;
const PAD = 12;
const BINS = 50;
const BASE = 118; // healthy films stand above this line, films with a finding hang below it

const ALL = Object.entries(FILMS).flatMap(([key, films]) =>
  films.map((film) => ({ p: film / 1000, ill: key.startsWith("ill"), site: key.at(-1) })),
);
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
  const zones = ["clear", "refer", "mark"].map((name) =>
    svg("rect", { y: 0, height: HIGH - 22, class: `fig-triage-${name}` }),
  );
  const names = ["clear", "refer", "mark"].map((name) =>
    svg("text", { y: 16, "text-anchor": "middle", class: "fig-triage-name" }, name),
  );
  const bars = svg("g");
  const borders = [0, 1].map(() => svg("line", { y1: 0, y2: HIGH - 22, class: "fig-fit" }));
  const marks = [0, 0.25, 0.5, 0.75, 1].map((p) => [
    p,
    svg("text", { y: HIGH - 4, "text-anchor": p === 0 ? "start" : p === 1 ? "end" : "middle" }, String(p)),
  ]);
  const chart = svg(
    "svg",
    { role: "img", class: "fig-panel" },
    ...zones,
    bars,
    ...borders,
    ...names,
    svg("g", { class: "fig-axes" }, ...marks.map(([, text]) => text)),
  );
  const show = (value) => value.toFixed(2);
  const make = (label, value, hear) => slider({ label, min: 0, max: 1.01, step: 0.01, value, show, hear });
  const lower = make("Clear below", low, (value) => {
    low = value;
    if (high < low) {
      high = low;
      put(high, 1);
    }
    draw();
  });
  const upper = make("Mark from", high, (value) => {
    high = value;
    if (low > high) {
      low = high;
      put(low, 0);
    }
    draw();
  });
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

  stage.append(
    html(
      "div",
      { class: "fig" },
      html(
        "p",
        { class: "fig-legend" },
        html("span", { class: "fig-key" }),
        " healthy, above the line",
        html("span", { class: "fig-key fig-key-b" }),
        " with a finding, below the line; all films SIMULATED",
      ),
      chart,
      html("div", { class: "fig-controls" }, lower, upper),
      html(
        "div",
        { class: "fig-controls" },
        html(
          "fieldset",
          { class: "fig-choices" },
          html("legend", { class: "fig-label" }, "Films of"),
          ...[
            ["both", "both sites"],
            ["A", "site A"],
            ["B", "site B"],
          ].map(([value, text]) =>
            html(
              "label",
              {},
              html("input", {
                type: "radio",
                name: "triage-site",
                value,
                checked: value === site,
                onchange: () => {
                  site = value;
                  draw();
                },
              }),
              text,
            ),
          ),
        ),
        html(
          "div",
          { class: "fig-buttons" },
          button("One border at 0.5", () => {
            low = high = 0.5;
            put(0.5, 0);
            put(0.5, 1);
            draw();
          }),
          ...[0.1, 0.2, 0.4].map((budget) => button(`Refer ${percent(budget)}`, () => borderFor(budget))),
        ),
      ),
      html(
        "div",
        { class: "fig-triage-scroll" },
        html(
          "table",
          { class: "fig-triage-table" },
          html(
            "thead",
            {},
            html(
              "tr",
              {},
              ...["decision", "films", "with a finding", "share"].map((head) => html("th", { scope: "col" }, head)),
            ),
          ),
          table,
        ),
      ),
      live,
    ),
  );

  const chosen = () => ALL.filter((film) => site === "both" || film.site === site);

  function draw() {
    const films = chosen();
    const edges = [0, low, high, 1.01].map((p) => x(Math.min(1, p)));
    for (const [i, zone] of zones.entries()) change(zone, { x: edges[i], width: Math.max(0, edges[i + 1] - edges[i]) });
    names.forEach((text, i) => {
      change(text, { x: (edges[i] + edges[i + 1]) / 2 });
      text.textContent = edges[i + 1] - edges[i] > 44 ? ["clear", "refer", "mark"][i] : "";
    });
    for (const [i, border] of borders.entries()) change(border, { x1: edges[i + 1], x2: edges[i + 1] });
    const heights = Array.from({ length: BINS }, () => [0, 0]);
    films.forEach(({ p, ill }) => {
      heights[Math.min(BINS - 1, Math.floor(p * BINS))][Number(ill)] += 1;
    });
    const scale = (count) => (Math.sqrt(count) * (BASE - 26)) / Math.sqrt(Math.max(...heights.flat(), 1));
    const step = (wide() - 2 * PAD) / BINS;
    bars.replaceChildren(
      ...heights
        .flatMap(([healthy, ill], i) => [
          healthy
            ? svg("rect", {
                x: PAD + i * step + 1,
                width: step - 2,
                y: BASE - scale(healthy),
                height: scale(healthy),
                class: "fig-triage-healthy",
              })
            : null,
          ill
            ? svg("rect", {
                x: PAD + i * step + 1,
                width: step - 2,
                y: BASE + 2,
                height: scale(ill) * 0.75,
                class: "fig-triage-ill",
              })
            : null,
        ])
        .filter(Boolean),
    );
    const now = sort(films, low, high);
    const rows = [
      ["clear", now.cleared, now.missed],
      ["refer", now.referred, now.ill - now.missed - now.rightlyMarked],
      ["mark", now.marked, now.rightlyMarked],
    ];
    table.replaceChildren(
      ...rows.map(([name, count, ill]) =>
        html(
          "tr",
          {},
          html("th", { scope: "row" }, name),
          html("td", {}, String(count)),
          html("td", {}, String(ill)),
          html("td", {}, percent(count / now.films)),
        ),
      ),
    );
    for (const [p, text] of marks) change(text, { x: x(p) });
    change(chart, { viewBox: `0 0 ${wide()} ${HIGH}` });
    chart.setAttribute(
      "aria-label",
      `Histogram of ${now.films} films by probability. Borders at ${show(low)} and ${show(high)}.`,
    );
    live.textContent =
      `Of ${now.ill} films with a finding ${now.missed} are cleared: ` +
      `${percent(1 - now.missed / now.ill)} are caught. ` +
      `The radiologist looks at ${now.referred} films, ${percent(now.referred / now.films)} of the pile. ` +
      (now.marked
        ? `Of ${now.marked} marked films ${percent(now.rightlyMarked / now.marked)} have a finding.`
        : "Nothing is marked.");
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(stage);
  draw();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
