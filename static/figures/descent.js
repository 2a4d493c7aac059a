// A line through nine points, and the loss of its slope: drag the ball, choose a learning rate, take steps.
import { button, change, html, number, readout, slider, svg } from "./parts.js";

// x is spaced so that its mean square is 1: then L(w) = (w − 1.5)² + 0.3, a rate of 0.5 lands in one step and 1 is the
// edge.
const GAP = Math.sqrt(9 / 60);
const XS = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((i) => i * GAP);
const BEST = 1.5;
const NOISE = 0.3;
const RESIDUALS = orthogonal([0.7, -0.6, -0.5, 0.8, 0.3, -0.9, 0.4, 0.5, -0.7]);
const YS = XS.map((x, i) => BEST * x + RESIDUALS[i]);
const START = -1;
const RANGE = [-2, 5];
const TOP = 13;
const WIDE = 320;
const HIGH = 250;
const PAD = { left: 38, right: 12, top: 14, bottom: 36 };

/** Take out of the residuals what a line could explain, and scale their mean square to NOISE. */
function orthogonal(raw) {
  const mean = raw.reduce((a, b) => a + b) / raw.length;
  const centred = raw.map((r) => r - mean);
  const slope = centred.reduce((sum, r, i) => sum + r * XS[i], 0) / XS.reduce((sum, x) => sum + x * x, 0);
  const rest = centred.map((r, i) => r - slope * XS[i]);
  const size = rest.reduce((sum, r) => sum + r * r, 0) / rest.length;
  return rest.map((r) => r * Math.sqrt(NOISE / size));
}

const loss = (w) => XS.reduce((sum, x, i) => sum + (w * x - YS[i]) ** 2, 0) / XS.length;
const gradient = (w) => XS.reduce((sum, x, i) => sum + 2 * (w * x - YS[i]) * x, 0) / XS.length;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const across = (value, low, high) => PAD.left + ((value - low) / (high - low)) * (WIDE - PAD.left - PAD.right);
const down = (value, low, high) => HIGH - PAD.bottom - ((value - low) / (high - low)) * (HIGH - PAD.top - PAD.bottom);

function axes(xTicks, yTicks, xAt, yAt, xName, yName) {
  const group = svg("g", { class: "fig-axes" });
  for (const tick of xTicks) {
    group.append(svg("line", { x1: xAt(tick), x2: xAt(tick), y1: PAD.top, y2: HIGH - PAD.bottom, class: "fig-grid" }));
    group.append(svg("text", { x: xAt(tick), y: HIGH - PAD.bottom + 14, "text-anchor": "middle" }, number(tick, 0)));
  }
  for (const tick of yTicks) {
    group.append(svg("line", { x1: PAD.left, x2: WIDE - PAD.right, y1: yAt(tick), y2: yAt(tick), class: "fig-grid" }));
    group.append(svg("text", { x: PAD.left - 6, y: yAt(tick) + 4, "text-anchor": "end" }, number(tick, 0)));
  }
  group.append(
    svg("text", { x: (WIDE + PAD.left) / 2, y: HIGH - 4, "text-anchor": "middle", class: "fig-axis-name" }, xName),
  );
  group.append(svg("text", { x: PAD.left + 6, y: PAD.top + 10, class: "fig-axis-name" }, yName));
  return group;
}

export function mount(stage) {
  let rate = 0.1;
  let trail = [START];
  let offChart = false;

  // Left: the points and the line.
  const dataX = (x) => across(x, -2, 2);
  const dataY = (y) => down(y, -4, 4);
  const misses = XS.map((x, i) => svg("line", { x1: dataX(x), x2: dataX(x), y1: dataY(YS[i]), class: "fig-miss" }));
  const line = svg("line", { class: "fig-fit" });
  const clip = `descent-${Math.random().toString(36).slice(2)}`;
  const area = { x: PAD.left, y: PAD.top, width: WIDE - PAD.left - PAD.right, height: HIGH - PAD.top - PAD.bottom };
  const data = svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", class: "fig-panel" },
    svg("clipPath", { id: clip }, svg("rect", area)),
    axes([-2, -1, 0, 1, 2], [-4, -2, 0, 2, 4], dataX, dataY, "x", "y"),
    svg("g", { "clip-path": `url(#${clip})` }, ...misses, line),
    ...XS.map((x, i) => svg("circle", { cx: dataX(x), cy: dataY(YS[i]), r: 4.5, class: "fig-point" })),
  );

  // Right: the loss of every slope, and the ball.
  const slopeX = (w) => across(w, ...RANGE);
  const lossY = (value) => down(value, 0, TOP);
  const curve = Array.from({ length: 141 }, (_, i) => RANGE[0] + ((RANGE[1] - RANGE[0]) * i) / 140)
    .filter((w) => loss(w) <= TOP)
    .map((w) => `${slopeX(w).toFixed(1)},${lossY(loss(w)).toFixed(1)}`)
    .join(" ");
  const path = svg("polyline", { class: "fig-trail" });
  const marks = svg("g");
  const tangent = svg("line", { class: "fig-tangent" });
  const ball = svg("circle", {
    r: 10,
    class: "fig-ball",
    tabindex: 0,
    role: "slider",
    "aria-label": "Slope of the line. Arrow keys move it.",
    "aria-valuemin": RANGE[0],
    "aria-valuemax": RANGE[1],
    onkeydown: pressed,
    onpointerdown: grab,
  });
  const away = svg("text", { x: (WIDE + PAD.left) / 2, y: PAD.top + 44, "text-anchor": "middle", class: "fig-alarm" });
  const hill = svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "group", "aria-label": "Loss for each slope", class: "fig-panel" },
    axes([-2, -1, 0, 1, 2, 3, 4, 5], [0, 4, 8, 12], slopeX, lossY, "slope w", "loss L(w)"),
    svg("polyline", { points: curve, class: "fig-curve" }),
    path,
    marks,
    tangent,
    away,
    ball,
  );

  const live = readout();
  const rateSlider = slider({
    label: "Learning rate",
    min: 0.02,
    max: 1.2,
    step: 0.02,
    value: rate,
    show: (value) => number(value, 2),
    hear: (value) => {
      rate = value;
      draw();
    },
  });
  const root = html(
    "div",
    { class: "fig fig-descent" },
    html("div", { class: "fig-panels" }, data, hill),
    html(
      "div",
      { class: "fig-controls" },
      rateSlider,
      html(
        "div",
        { class: "fig-buttons" },
        button("Take a step", () => walk(1)),
        button("Take 10 steps", () => walk(10)),
        button("Start again", () => put(START)),
      ),
    ),
    live,
  );
  stage.append(root);

  function put(w) {
    trail = [clamp(w, ...RANGE)];
    offChart = false;
    draw();
  }

  function walk(steps) {
    for (let i = 0; i < steps && !offChart; i++) {
      const w = trail.at(-1);
      trail.push(w - rate * gradient(w));
      offChart = Math.abs(trail.at(-1)) > 1e4;
    }
    draw();
  }

  function pressed(event) {
    const moves = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 };
    const w = clamp(trail.at(-1), ...RANGE);
    if (event.key in moves) put(w + moves[event.key]);
    else if (event.key === "Home") put(RANGE[0]);
    else if (event.key === "End") put(RANGE[1]);
    else return;
    event.preventDefault();
  }

  function grab(event) {
    const follow = (move) => {
      const box = hill.getBoundingClientRect();
      const x = ((move.clientX - box.left) / box.width) * WIDE;
      put(RANGE[0] + ((x - PAD.left) / (WIDE - PAD.left - PAD.right)) * (RANGE[1] - RANGE[0]));
    };
    const release = () => {
      ball.removeEventListener("pointermove", follow);
      ball.removeEventListener("pointerup", release);
      ball.removeEventListener("pointercancel", release);
    };
    ball.setPointerCapture(event.pointerId);
    ball.addEventListener("pointermove", follow);
    ball.addEventListener("pointerup", release);
    ball.addEventListener("pointercancel", release);
    ball.focus();
    event.preventDefault();
  }

  function draw() {
    const w = trail.at(-1);
    const value = loss(w);
    const slope = gradient(w);
    change(line, {
      x1: dataX(-2),
      y1: dataY(clamp(-2 * w, -1e3, 1e3)),
      x2: dataX(2),
      y2: dataY(clamp(2 * w, -1e3, 1e3)),
    });
    for (const [i, miss] of misses.entries()) change(miss, { y2: dataY(clamp(w * XS[i], -1e3, 1e3)) });
    data.setAttribute("aria-label", `Nine points and the line through zero with slope ${number(w)}`);

    const shown = trail.filter((t) => t >= RANGE[0] && t <= RANGE[1] && loss(t) <= TOP);
    path.setAttribute("points", shown.map((t) => `${slopeX(t)},${lossY(loss(t))}`).join(" "));
    marks.replaceChildren(
      ...shown.map((t) => svg("circle", { cx: slopeX(t), cy: lossY(loss(t)), r: 3.5, class: "fig-mark" })),
    );
    const inside = w >= RANGE[0] && w <= RANGE[1] && value <= TOP;
    const at = clamp(w, ...RANGE);
    change(ball, {
      cx: slopeX(at),
      cy: inside ? lossY(value) : PAD.top,
      "aria-valuenow": number(at, 2).replace("−", "-"),
      "aria-valuetext": `slope ${number(w)}, loss ${number(value)}`,
    });
    const reach = Math.min(0.9, 2.2 / Math.max(1, Math.abs(slope)));
    change(
      tangent,
      inside
        ? {
            x1: slopeX(w - reach),
            y1: lossY(value - reach * slope),
            x2: slopeX(w + reach),
            y2: lossY(value + reach * slope),
          }
        : { x1: 0, x2: 0, y1: 0, y2: 0 },
    );
    away.textContent = inside ? "" : "The ball has left the picture.";

    const steps = trail.length - 1;
    const taken = steps === 0 ? "At the start" : steps === 1 ? "After 1 step" : `After ${steps} steps`;
    let verdict = "";
    if (steps > 0 && value > loss(trail.at(-2)) + 1e-9) verdict = " The loss has grown: this rate is too large.";
    else if (Math.abs(slope) < 0.01) verdict = " The curve is flat here: this is the lowest loss.";
    live.textContent =
      `${taken}: slope ${number(w)}, loss ${number(value)}, gradient ${number(slope, 3)}. ` +
      `The next step would move the slope by −${number(rate)} × ` +
      `${slope < 0 ? `(${number(slope, 3)})` : number(slope, 3)} = ` +
      `${number(-rate * slope, 3)}.${verdict}`;
  }

  draw();
  return () => stage.replaceChildren();
}
