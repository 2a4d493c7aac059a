// How far back does a network see? A stack of causal convolutions, with or without dilation, against the fading memory
// of a recurrent layer.
import { change, html, number, readout, slider, svg } from "./parts.js";

const STEPS = 41; // the present and 40 steps before it
const CHANNELS = 16;

/** The gaps between the inputs of each layer, from the first to the last. */
export const gaps = ({ layers, doubles }) => Array.from({ length: layers }, (_, i) => (doubles ? 2 ** i : 1));

/** The number of input steps that the last output depends on. */
export const field = ({ kernel, ...set }) => 1 + (kernel - 1) * gaps(set).reduce((sum, gap) => sum + gap, 0);

/** For each row from the output down to the input, how many paths lead from the last output to each step ago. */
export function paths({ kernel, ...set }) {
  let row = new Map([[0, 1]]);
  const rows = [row];
  for (const gap of gaps(set).reverse()) {
    const below = new Map();
    for (const [ago, count] of row) {
      for (let i = 0; i < kernel; i++) below.set(ago + i * gap, (below.get(ago + i * gap) ?? 0) + count);
    }
    row = below;
    rows.push(row);
  }
  return rows;
}

/**
 * What both networks cost, with 16 channels all through: weights, multiplications for one more step, numbers to keep
 * between steps.
 */
export const costs = ({ kernel, ...set }) => ({
  convolution: [
    set.layers * (kernel * CHANNELS ** 2 + CHANNELS),
    set.layers * kernel * CHANNELS ** 2,
    (kernel - 1) * CHANNELS * gaps(set).reduce((sum, gap) => sum + gap, 0),
    set.layers,
  ],
  recurrent: [3 * (2 * CHANNELS ** 2 + 2 * CHANNELS), 3 * 2 * CHANNELS ** 2, CHANNELS, 64],
});

export function mount(stage) {
  const set = { kernel: 3, layers: 4, doubles: false };
  let event = 20;
  let keep = 0.9;
  const tree = svg("svg", { role: "img", class: "fig-panel" });
  const chain = svg("svg", { role: "img", class: "fig-panel" });
  const verdicts = html("div", { class: "rf-verdicts" });
  const table = html("tbody");
  const live = readout();
  live.classList.add("fig-hidden");
  const doubles = html("input", {
    type: "checkbox",
    onchange: () => {
      set.doubles = doubles.checked;
      show();
    },
  });
  const whole = (value) => String(value);
  stage.append(
    html(
      "div",
      { class: "fig fig-receptive-field" },
      slider({
        label: "Event, steps ago",
        min: 0,
        max: STEPS - 1,
        step: 1,
        value: event,
        show: whole,
        hear: (value) => {
          event = value;
          show();
        },
      }),
      html("p", { class: "fig-label" }, "Causal convolutions"),
      html(
        "div",
        { class: "fig-controls" },
        slider({
          label: "Kernel",
          min: 2,
          max: 4,
          step: 1,
          value: set.kernel,
          show: whole,
          hear: (value) => {
            set.kernel = value;
            show();
          },
        }),
        slider({
          label: "Layers",
          min: 1,
          max: 5,
          step: 1,
          value: set.layers,
          show: whole,
          hear: (value) => {
            set.layers = value;
            show();
          },
        }),
        html("div", { class: "fig-choices" }, html("label", {}, doubles, " Dilation doubles with each layer")),
      ),
      tree,
      html("p", { class: "fig-label" }, "A recurrent memory"),
      html(
        "div",
        { class: "fig-controls" },
        slider({
          label: "Gate keeps",
          min: 0.5,
          max: 0.995,
          step: 0.005,
          value: keep,
          show: (value) => number(value, 3),
          hear: (value) => {
            keep = value;
            show();
          },
        }),
      ),
      chain,
      html(
        "p",
        { class: "fig-legend" },
        html("span", { class: "rf-key-event" }),
        " the event; the present is on the right. The stronger a step is drawn, the more of it is left in the memory.",
      ),
      verdicts,
      html(
        "table",
        { class: "rf-table" },
        html(
          "thead",
          {},
          html("tr", {}, html("td"), html("th", { scope: "col" }, "Convolutions"), html("th", { scope: "col" }, "GRU")),
        ),
        table,
      ),
      live,
    ),
  );

  function show() {
    const rows = paths(set);
    const reach = field(set);
    const left = keep ** event;
    drawTree(rows);
    drawChain();
    const routes = rows.at(-1).get(event) ?? 0;
    const isSeen = routes > 0;
    const said = [
      isSeen
        ? `Convolutions: the event is seen, by ${routes} ${routes === 1 ? "path" : "paths"}`
        : `Convolutions: ${event} steps ago is outside; they see ${reach} steps, the present included`,
      `Memory: ${number(100 * left, left < 0.1 ? 1 : 0)} % of the event is left`,
    ];
    verdicts.replaceChildren(
      html("p", { class: `fig-verdict ${isSeen ? "fig-good" : "fig-bad"}` }, said[0]),
      html("p", { class: `fig-verdict ${left > 0.1 ? "fig-good" : left > 0.01 ? "fig-weak" : "fig-bad"}` }, said[1]),
    );
    const { convolution, recurrent } = costs(set);
    const until = Math.round(Math.log(0.01) / Math.log(keep));
    table.replaceChildren(
      ...[
        ["steps seen", reach, `1 % after ${until}`],
        ["weights, 16 channels", convolution[0], recurrent[0]],
        ["multiplications for one more step", convolution[1], recurrent[1]],
        ["numbers to keep between steps", convolution[2], recurrent[2]],
        ["turns one after the other, 64 steps", convolution[3], recurrent[3]],
      ].map(([name, a, b]) =>
        html(
          "tr",
          {},
          html("th", { scope: "row" }, name),
          html("td", {}, a.toLocaleString("en")),
          html("td", {}, b.toLocaleString("en")),
        ),
      ),
    );
    live.textContent = said.join(". ");
  }

  const wide = () => Math.max(280, stage.clientWidth);
  const atX = (ago) => wide() - 12 - (ago / (STEPS - 1)) * (wide() - 24);

  function drawTree(rows) {
    const gap = 30;
    const high = 40 + gap * set.layers;
    const atY = (row) => 12 + gap * row;
    const lines = [];
    const dots = [];
    const steps = gaps(set).reverse();
    rows.forEach((row, depth) => {
      for (let ago = 0; ago < STEPS; ago++) {
        const isOn = row.has(ago);
        const isEvent = depth === rows.length - 1 && ago === event;
        dots.push(
          svg("circle", { cx: atX(ago), cy: atY(depth), r: isOn ? 3.4 : 1.6, class: isOn ? "rf-on" : "rf-off" }),
        );
        if (isEvent) dots.push(svg("circle", { cx: atX(ago), cy: atY(depth), r: 6.5, class: "rf-event" }));
        if (!isOn || depth === rows.length - 1) continue;
        for (let i = 0; i < set.kernel; i++) {
          const to = ago + i * steps[depth];
          if (to < STEPS)
            lines.push(
              svg("line", { x1: atX(ago), y1: atY(depth), x2: atX(to), y2: atY(depth + 1), class: "rf-edge" }),
            );
        }
      }
    });
    change(tree, {
      viewBox: `0 0 ${wide()} ${high}`,
      "aria-label":
        `${set.layers} layers of kernel ${set.kernel} above ${STEPS} input steps: the last ` +
        `output depends on ${field(set)} steps`,
    });
    tree.replaceChildren(...lines, ...dots, axis(high));
  }

  const axis = (high) =>
    svg(
      "g",
      { class: "fig-axes" },
      ...[40, 30, 20, 10, 0].map((ago) =>
        svg(
          "text",
          { x: atX(ago), y: high - 2, "text-anchor": ago === 40 ? "start" : ago ? "middle" : "end" },
          ago ? String(ago) : "now",
        ),
      ),
    );

  function drawChain() {
    const parts = [];
    for (let ago = 0; ago < STEPS; ago++) {
      const x = atX(ago);
      if (ago) parts.push(svg("line", { x1: x, x2: atX(ago - 1), y1: 14, y2: 14, class: "rf-edge" }));
      const strength = svg("circle", { cx: x, cy: 40, r: 3.4, class: "rf-on" });
      strength.style.opacity = Math.max(0.06, keep ** ago);
      parts.push(
        svg("line", { x1: x, x2: x, y1: 17, y2: 37, class: "rf-drop" }),
        svg("circle", { cx: x, cy: 14, r: 2.6, class: "rf-state" }),
        strength,
      );
      if (ago === event) parts.push(svg("circle", { cx: x, cy: 40, r: 6.5, class: "rf-event" }));
    }
    change(chain, {
      viewBox: `0 0 ${wide()} 66`,
      "aria-label":
        "A chain of memories, one for each step, each fed by its input; " +
        `${number(100 * keep, 1)} % of a value stays from step to step`,
    });
    chain.replaceChildren(...parts, axis(66));
  }

  const watcher = new ResizeObserver(show);
  watcher.observe(stage);
  show();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
