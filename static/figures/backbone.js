// Cut a trained network at different depths and give it few or many examples: measured accuracies, one line for each
// depth.
import { change, html, readout, slider, svg } from "./parts.js";

// Nearest mean on 336 fragments, mean of 20 draws of the examples; rows are depths, columns 1, 2, 4, 8 and 16 examples
// of each picture.
const SHOTS = [1, 2, 4, 8, 16];
const DEPTHS = [
  {
    name: "the pixels themselves",
    size: "256 grey values",
    trained: [0.147, 0.142, 0.159, 0.168, 0.173],
    random: null,
  },
  {
    name: "after the first convolution",
    size: "32 features",
    trained: [0.288, 0.327, 0.331, 0.352, 0.345],
    random: [0.35, 0.361, 0.368, 0.381, 0.39],
  },
  {
    name: "after block 1 of 11",
    size: "16 features",
    trained: [0.307, 0.351, 0.377, 0.402, 0.396],
    random: [0.378, 0.418, 0.447, 0.46, 0.458],
  },
  {
    name: "after block 3 of 11",
    size: "24 features",
    trained: [0.504, 0.585, 0.624, 0.67, 0.702],
    random: [0.354, 0.412, 0.433, 0.44, 0.452],
  },
  {
    name: "after block 5 of 11",
    size: "40 features",
    trained: [0.588, 0.659, 0.708, 0.733, 0.747],
    random: [0.374, 0.412, 0.427, 0.454, 0.467],
  },
  {
    name: "after block 8 of 11",
    size: "80 features",
    trained: [0.633, 0.747, 0.79, 0.841, 0.863],
    random: [0.283, 0.331, 0.359, 0.402, 0.432],
  },
  {
    name: "after block 11 of 11",
    size: "112 features",
    trained: [0.698, 0.781, 0.85, 0.907, 0.932],
    random: [0.227, 0.278, 0.335, 0.366, 0.39],
  },
];
const HIGH = 270;
const PAD = { left: 44, right: 14, top: 12, bottom: 42 };
const percent = (share) => `${(100 * share).toFixed(0)} %`;

export function mount(stage) {
  let [depth, shots, trained] = [0, 3, true];
  const wide = () => Math.min(600, Math.max(280, stage.clientWidth));
  const x = (column) => PAD.left + (column / (SHOTS.length - 1)) * (wide() - PAD.left - PAD.right);
  const y = (share) => HIGH - PAD.bottom - share * (HIGH - PAD.top - PAD.bottom);
  const axes = svg("g", { class: "fig-axes" });
  const lines = svg("g");
  const dot = svg("circle", { r: 8, class: "fig-ball" });
  const chart = svg("svg", { role: "img", class: "fig-panel fig-backbone" }, axes, lines, dot);
  const live = readout();
  const choice = html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, "Weights"),
    ...[
      [true, "trained on a million photographs"],
      [false, "random"],
    ].map(([value, text]) =>
      html(
        "label",
        {},
        html("input", {
          type: "radio",
          name: "backbone-weights",
          value: String(value),
          checked: value,
          onchange: () => {
            trained = value;
            draw();
          },
        }),
        text,
      ),
    ),
  );
  stage.append(
    html(
      "div",
      { class: "fig" },
      chart,
      html(
        "div",
        { class: "fig-controls" },
        slider({
          label: "Cut",
          min: 0,
          max: DEPTHS.length - 1,
          step: 1,
          value: depth,
          show: (value) => DEPTHS[value].name,
          hear: (value) => {
            depth = value;
            draw();
          },
        }),
        slider({
          label: "Examples",
          min: 0,
          max: SHOTS.length - 1,
          step: 1,
          value: shots,
          show: (value) => `${SHOTS[value]} each`,
          hear: (value) => {
            shots = value;
            draw();
          },
        }),
      ),
      choice,
      live,
    ),
  );

  const row = (index) => (trained ? DEPTHS[index].trained : (DEPTHS[index].random ?? DEPTHS[index].trained));

  function draw() {
    change(chart, { viewBox: `0 0 ${wide()} ${HIGH}` });
    axes.replaceChildren(
      ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
        svg("line", { x1: PAD.left, x2: wide() - PAD.right, y1: y(share), y2: y(share), class: "fig-grid" }),
        svg("text", { x: PAD.left - 6, y: y(share) + 4, "text-anchor": "end" }, percent(share)),
      ]),
      ...SHOTS.map((count, column) =>
        svg("text", { x: x(column), y: HIGH - PAD.bottom + 17, "text-anchor": "middle" }, String(count)),
      ),
      svg(
        "text",
        { x: (wide() + PAD.left) / 2, y: HIGH - 5, "text-anchor": "middle", class: "fig-axis-name" },
        "examples of each picture",
      ),
    );
    lines.replaceChildren(
      ...DEPTHS.map((_, index) => index)
        .sort((a, b) => (a === depth) - (b === depth))
        .map((index) =>
          svg("polyline", {
            points: row(index)
              .map((share, column) => `${x(column)},${y(share)}`)
              .join(" "),
            class: `fig-backbone-line${index === depth ? " fig-backbone-chosen" : ""}`,
          }),
        ),
    );
    const share = row(depth)[shots];
    change(dot, { cx: x(shots), cy: y(share) });
    chart.setAttribute(
      "aria-label",
      `Accuracy against examples. The chosen line, ${DEPTHS[depth].name}, goes from ` +
        `${percent(row(depth)[0])} to ${percent(row(depth).at(-1))}.`,
    );
    const what = depth === 0 ? "no network at all" : trained ? "trained weights" : "random weights";
    live.textContent =
      `Cut ${DEPTHS[depth].name} (${DEPTHS[depth].size}, ${what}), ${SHOTS[shots]} ` +
      `${SHOTS[shots] === 1 ? "example" : "examples"} of each picture: ${percent(share)} of ` +
      "336 new fragments are sorted rightly. Guessing gives 7 %." +
      (depth && trained ? ` With random weights the same cut reaches ${percent(DEPTHS[depth].random[shots])}.` : "");
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(stage);
  draw();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
