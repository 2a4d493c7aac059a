// A network with one hidden layer learns two half moons in the page: choose its width, train it, watch the two losses
// part.
import { button, change, colour, html, number, onTheme, random, readout, svg } from "./parts.js";

const WIDTHS = [1, 2, 4, 8, 32];
const TRAIN = 40;
const VALID = 200;
const NOISE = 0.27;
const RATE = 0.03;
const BOX = { left: -1.7, right: 2.7, low: -1.35, high: 1.85 };
const CELLS = 88;
const MAX_EPOCHS = 2000;
const CHART = { wide: 320, high: 233, left: 40, right: 12, top: 16, bottom: 34, top_loss: 1.2 };

function moons(count, draw) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return Array.from({ length: count }, (_, i) => {
    const angle = draw() * Math.PI;
    const [x, y] = i % 2 ? [1 - Math.cos(angle), 0.5 - Math.sin(angle)] : [Math.cos(angle), Math.sin(angle)];
    return { x: x + NOISE * normal(), y: y + NOISE * normal(), label: i % 2 };
  });
}

/** One hidden tanh layer, a sigmoid at the end, cross-entropy, Adam on the whole training part. */
export class Network {
  constructor(width, seed = 5) {
    const draw = random(seed);
    this.width = width;
    this.size = 4 * width + 1; // two inputs, one bias and one output weight per unit, one bias at the end
    this.weights = Float64Array.from({ length: this.size }, () => (draw() - 0.5) * 2);
    this.first = new Float64Array(this.size);
    this.second = new Float64Array(this.size);
    this.epoch = 0;
  }

  /** Return the probability of label 1; leaves the hidden values in `hidden`. */
  read(x, y, hidden = new Float64Array(this.width)) {
    const w = this.weights;
    let score = w[this.size - 1];
    for (let i = 0; i < this.width; i++) {
      hidden[i] = Math.tanh(w[4 * i] * x + w[4 * i + 1] * y + w[4 * i + 2]);
      score += w[4 * i + 3] * hidden[i];
    }
    return 1 / (1 + Math.exp(-score));
  }

  train(points) {
    const slopes = new Float64Array(this.size);
    const hidden = new Float64Array(this.width);
    for (const { x, y, label } of points) {
      const miss = (this.read(x, y, hidden) - label) / points.length;
      slopes[this.size - 1] += miss;
      for (let i = 0; i < this.width; i++) {
        const back = miss * this.weights[4 * i + 3] * (1 - hidden[i] * hidden[i]);
        slopes[4 * i] += back * x;
        slopes[4 * i + 1] += back * y;
        slopes[4 * i + 2] += back;
        slopes[4 * i + 3] += miss * hidden[i];
      }
    }
    this.epoch += 1;
    const [fade, grow] = [1 - 0.9 ** this.epoch, 1 - 0.999 ** this.epoch];
    for (let i = 0; i < this.size; i++) {
      this.first[i] = 0.9 * this.first[i] + 0.1 * slopes[i];
      this.second[i] = 0.999 * this.second[i] + 0.001 * slopes[i] * slopes[i];
      this.weights[i] -= (RATE * this.first[i]) / fade / (Math.sqrt(this.second[i] / grow) + 1e-8);
    }
  }

  loss(points) {
    let sum = 0;
    for (const { x, y, label } of points) {
      const p = Math.min(1 - 1e-9, Math.max(1e-9, this.read(x, y)));
      sum -= Math.log(label ? p : 1 - p);
    }
    return sum / points.length;
  }

  accuracy(points) {
    return points.filter(({ x, y, label }) => this.read(x, y) > 0.5 === (label === 1)).length / points.length;
  }
}

const draw = random(11);
export const training = moons(TRAIN, draw);
export const validation = moons(VALID, draw);

export function mount(stage) {
  let width = 8;
  let network;
  let diary;
  let goal = 0;
  let frame = 0;

  const canvas = html("canvas", { class: "fig-map", width: 440, height: 320, role: "img" });
  const paintbrush = canvas.getContext("2d");
  const trainLine = svg("polyline", { class: "fig-curve" });
  const validLine = svg("polyline", { class: "fig-curve fig-second" });
  const lowest = svg("line", { class: "fig-lowest" });
  const lowestName = svg("text", { class: "fig-axis-name" });
  const ticks = svg("g");
  const chart = svg(
    "svg",
    { viewBox: `0 0 ${CHART.wide} ${CHART.high}`, role: "img", class: "fig-panel" },
    ticks,
    lowest,
    trainLine,
    validLine,
    lowestName,
  );
  const choices = html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, "Hidden units"),
    ...WIDTHS.map((value) =>
      html(
        "label",
        {},
        html("input", { type: "radio", value, checked: value === width, onchange: () => choose(value) }),
        ` ${value}`,
      ),
    ),
  );
  const name = `capacity-${Math.random().toString(36).slice(2)}`;
  for (const input of choices.querySelectorAll("input")) input.name = name;
  const runButton = button("Train 1,000 epochs", () => (frame ? stop() : go(1000)));
  const live = readout();
  const counter = html("p", { class: "fig-counter" });
  stage.append(
    html(
      "div",
      { class: "fig fig-capacity" },
      html(
        "div",
        { class: "fig-panels" },
        html(
          "div",
          { class: "fig-half" },
          canvas,
          html(
            "p",
            { class: "fig-legend" },
            html("span", { class: "fig-key fig-key-a" }),
            " one moon",
            html("span", { class: "fig-key fig-key-b" }),
            " the other (large: 40 training points, small: 200 validation points)",
          ),
        ),
        html(
          "div",
          { class: "fig-half" },
          chart,
          html(
            "p",
            { class: "fig-legend" },
            html("span", { class: "fig-dash" }),
            " training loss",
            html("span", { class: "fig-dash fig-second" }),
            " validation loss",
          ),
        ),
      ),
      html(
        "div",
        { class: "fig-controls" },
        choices,
        html(
          "div",
          { class: "fig-buttons" },
          button("Train 20 epochs", () => go(20)),
          runButton,
          button("Start again", () => choose(width)),
        ),
      ),
      counter,
      live,
    ),
  );

  function choose(value) {
    stop(false);
    width = value;
    network = new Network(width);
    diary = [[network.loss(training), network.loss(validation)]];
    show(true);
  }

  function go(epochs) {
    stop(false);
    goal = Math.min(MAX_EPOCHS, network.epoch + epochs);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      learn(goal - network.epoch);
      show(true);
      return;
    }
    runButton.textContent = "Stop";
    frame = requestAnimationFrame(turn);
  }

  function turn() {
    learn(Math.min(goal - network.epoch, goal > 100 && goal - network.epoch > 20 ? 12 : 4));
    if (network.epoch >= goal) return stop();
    show(false);
    frame = requestAnimationFrame(turn);
  }

  function stop(speak = true) {
    cancelAnimationFrame(frame);
    frame = 0;
    runButton.textContent = "Train 1,000 epochs";
    if (speak) show(true);
  }

  function learn(epochs) {
    for (let i = 0; i < epochs; i++) {
      network.train(training);
      diary.push([network.loss(training), network.loss(validation)]);
    }
  }

  function show(speak) {
    paint();
    plot();
    const [now, other] = diary.at(-1);
    const best = diary.reduce((low, [, value], epoch) => (value < diary[low][1] ? epoch : low), 0);
    counter.textContent = `Epoch ${network.epoch} · training loss ${number(now)} · validation loss ${number(other)}`;
    if (!speak) return;
    const [right, rightToo] = [network.accuracy(training), network.accuracy(validation)];
    live.textContent =
      `${network.width} hidden unit${network.width > 1 ? "s" : ""} (${network.size} ` +
      `parameters), epoch ${network.epoch}: ` +
      `${Math.round(right * 100)} % of the training points right, ` +
      `${Math.round(rightToo * 100)} % of the validation points. ` +
      (network.epoch > 0 && best < network.epoch - 10
        ? `The validation loss was lowest at epoch ${best} (${number(diary[best][1])}) and is ${number(other)} now.`
        : "");
    canvas.setAttribute(
      "aria-label",
      "Map of the plane, coloured by what the network would say. " +
        `${Math.round(rightToo * 100)} % of the validation points lie on their own side.`,
    );
  }

  function paint() {
    const [a, b, paper, ink] = ["--accent", "--bad", "--paper", "--ink"].map((token) => colour(stage, token));
    const { width: wide, height: high } = canvas;
    const toX = (x) => ((x - BOX.left) / (BOX.right - BOX.left)) * wide;
    const toY = (y) => ((BOX.high - y) / (BOX.high - BOX.low)) * high;
    paintbrush.globalAlpha = 1;
    paintbrush.fillStyle = paper;
    paintbrush.fillRect(0, 0, wide, high);
    const side = wide / CELLS;
    for (let column = 0; column < CELLS; column++) {
      for (let row = 0; row * side < high; row++) {
        const x = BOX.left + ((column + 0.5) / CELLS) * (BOX.right - BOX.left);
        const y = BOX.high - (((row + 0.5) * side) / high) * (BOX.high - BOX.low);
        const p = network.read(x, y);
        paintbrush.globalAlpha = 0.06 + 0.5 * Math.abs(p - 0.5);
        paintbrush.fillStyle = p > 0.5 ? b : a;
        paintbrush.fillRect(column * side, row * side, side, side);
      }
    }
    const dot = ({ x, y, label }, size, filled) => {
      paintbrush.beginPath();
      if (label) paintbrush.rect(toX(x) - size * 0.9, toY(y) - size * 0.9, size * 1.8, size * 1.8);
      else paintbrush.arc(toX(x), toY(y), size, 0, 7);
      paintbrush.fillStyle = label ? b : a;
      paintbrush.fill();
      if (filled) paintbrush.stroke();
    };
    paintbrush.globalAlpha = 0.55;
    for (const point of validation) dot(point, 2.2, false);
    paintbrush.globalAlpha = 1;
    paintbrush.strokeStyle = ink;
    paintbrush.lineWidth = 1.5;
    for (const point of training) dot(point, 6, true);
  }

  function plot() {
    const last = Math.max(100, network.epoch);
    const atX = (epoch) => CHART.left + (epoch / last) * (CHART.wide - CHART.left - CHART.right);
    const atY = (value) =>
      CHART.high -
      CHART.bottom -
      (Math.min(value, CHART.top_loss) / CHART.top_loss) * (CHART.high - CHART.top - CHART.bottom);
    const every = Math.max(1, Math.floor(diary.length / 250));
    const line = (column) =>
      diary
        .map((row, epoch) => [epoch, row[column]])
        .filter(([epoch]) => epoch % every === 0 || epoch === diary.length - 1)
        .map(([epoch, value]) => `${atX(epoch).toFixed(1)},${atY(value).toFixed(1)}`)
        .join(" ");
    trainLine.setAttribute("points", line(0));
    validLine.setAttribute("points", line(1));
    const best = diary.reduce((low, [, value], epoch) => (value < diary[low][1] ? epoch : low), 0);
    const marked = network.epoch > 0 && best < network.epoch - 10;
    change(lowest, { x1: atX(best), x2: atX(best), y1: CHART.top, y2: marked ? CHART.high - CHART.bottom : CHART.top });
    const late = atX(best) > CHART.wide * 0.6;
    change(lowestName, { x: atX(best) + (late ? -5 : 5), y: CHART.top + 10, "text-anchor": late ? "end" : "start" });
    lowestName.textContent = marked ? `lowest: epoch ${best}` : "";
    ticks.replaceChildren(
      ...[0, 0.4, 0.8, 1.2].flatMap((value) => [
        svg("line", {
          x1: CHART.left,
          x2: CHART.wide - CHART.right,
          y1: atY(value),
          y2: atY(value),
          class: "fig-grid",
        }),
        svg("text", { x: CHART.left - 6, y: atY(value) + 4, "text-anchor": "end" }, value.toFixed(1)),
      ]),
      ...[0, last / 2, last].map((epoch) =>
        svg(
          "text",
          { x: atX(epoch), y: CHART.high - CHART.bottom + 15, "text-anchor": epoch === last ? "end" : "middle" },
          String(Math.round(epoch)),
        ),
      ),
      svg(
        "text",
        { x: (CHART.wide + CHART.left) / 2, y: CHART.high - 3, "text-anchor": "middle", class: "fig-axis-name" },
        "epoch",
      ),
    );
    ticks.setAttribute("class", "fig-axes");
    chart.setAttribute(
      "aria-label",
      `Loss after each epoch: training ${number(diary.at(-1)[0])}, validation ${number(diary.at(-1)[1])}`,
    );
  }

  choose(width);
  const forget = onTheme(() => show(false));
  return () => {
    stop(false);
    forget();
    stage.replaceChildren();
  };
}
