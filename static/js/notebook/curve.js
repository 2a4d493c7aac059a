// The live curve of a Keras fit: one small chart per metric, training and validation in it, with the numbers beside it.
import { say } from "./words.js";

const HEIGHT = 170;
const shown = new Set();
let library = null; // loaded when the first curve comes

function load() {
  library ??= import("../../vendor/uplot.js").then((module) => module.default);
  return library;
}

export class Curve {
  constructor() {
    this.rows = new Map(); // epoch → values
    this.charts = new Map(); // metric → {chart, holder}
    this.element = document.createElement("figure");
    this.element.className = "curve";
    this.head = document.createElement("figcaption");
    this.progress = document.createElement("progress");
    this.progress.setAttribute("aria-hidden", "true"); // the caption says it in words
    this.holders = document.createElement("div");
    this.holders.className = "curve-charts";
    this.table = document.createElement("table");
    this.table.className = "table";
    const box = document.createElement("div");
    box.className = "scroll";
    box.tabIndex = 0;
    box.append(this.table);
    const twin = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = say("as_table");
    twin.append(summary, box);
    this.element.append(this.head, this.progress, this.holders, twin);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.holders);
    shown.add(this);
  }

  remove() {
    this.watcher.disconnect();
    for (const { chart } of this.charts.values()) chart.destroy();
    shown.delete(this);
    this.element.remove();
  }

  add({ epoch, epochs, batch, values, seconds }) {
    this.epochs = epochs;
    this.progress.max = epochs || 1;
    this.progress.value = batch ? epoch - 1 : epoch;
    const numbers = Object.entries(values).map(([name, value]) => `${name} ${short(value)}`);
    this.head.textContent = [say("epoch_of", { epoch, epochs }), ...numbers].join(" · ");
    this.progress.hidden = !batch && epoch >= epochs;
    if (batch) return;
    this.rows.set(epoch, { ...values, [say("seconds")]: seconds });
    this.tabulate();
    this.draw();
  }

  get metrics() {
    const names = new Set([...this.rows.values()].flatMap((row) => Object.keys(row)));
    names.delete(say("seconds"));
    return [...new Set([...names].map((name) => name.replace(/^val_/, "")))];
  }

  series(name) {
    return [...this.rows.values()].map((row) => (Number.isFinite(row[name]) ? row[name] : null));
  }

  tabulate() {
    const names = [...new Set([...this.rows.values()].flatMap((row) => Object.keys(row)))];
    const head = document.createElement("tr");
    head.append(...[say("epoch"), ...names].map((name) => cell("th", name)));
    const lines = [...this.rows].map(([epoch, row]) => {
      const line = document.createElement("tr");
      line.append(cell("td", epoch), ...names.map((name) => cell("td", short(row[name]))));
      return line;
    });
    this.table.replaceChildren(head, ...lines);
  }

  async draw() {
    const Plot = await load();
    if (!shown.has(this)) return;
    for (const metric of this.metrics) {
      const data = [[...this.rows.keys()], this.series(metric), this.series(`val_${metric}`)];
      const known = this.charts.get(metric);
      if (known) known.chart.setData(data);
      else this.charts.set(metric, this.chart(Plot, metric, data));
    }
  }

  chart(Plot, metric, data) {
    const holder = document.createElement("div");
    holder.setAttribute("role", "img");
    holder.setAttribute("aria-label", say("curve", { metric }));
    const title = document.createElement("p");
    title.className = "curve-title";
    title.textContent = metric;
    holder.append(title);
    this.holders.append(holder);
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--ink-soft"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
      font: `12px ${colour("--sans")}`,
    };
    const width = Math.max(holder.clientWidth, 120);
    const whole = (_, values) => values.map((value) => (Number.isInteger(value) ? value : ""));
    const options = {
      width,
      height: HEIGHT,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: (_, low, high) => [Math.min(low, 1), Math.max(high, this.epochs || 1, 2)] } },
      axes: [
        { ...axis, values: whole, size: 30 },
        { ...axis, size: 52, values: (_, values) => values.map(short) },
      ],
      series: [
        {},
        { label: say("training"), stroke: colour("--accent"), width: 2, points: { size: 5 } },
        { label: say("validation"), stroke: colour("--warn"), width: 2, dash: [6, 4], points: { size: 5 } },
      ],
    };
    const chart = new Plot(options, data, holder);
    holder.append(legend(data[2].some((value) => value !== null)));
    return { chart, holder };
  }

  resize() {
    for (const { chart, holder } of this.charts.values()) {
      const width = Math.max(holder.clientWidth, 120);
      if (Math.abs(width - chart.width) > 1) chart.setSize({ width, height: HEIGHT });
    }
  }

  // A canvas keeps the colours that it was drawn with.
  redraw() {
    for (const { chart, holder } of this.charts.values()) {
      chart.destroy();
      holder.remove();
    }
    this.charts.clear();
    this.draw();
  }
}

function legend(hasValidation) {
  const element = document.createElement("p");
  element.className = "curve-legend";
  element.append(key("training"));
  if (hasValidation) element.append(key("validation"));
  return element;
}

function key(name) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = say(name);
  return element;
}

function cell(tag, content) {
  const element = document.createElement(tag);
  if (tag === "th") element.scope = "col";
  element.textContent = content ?? "";
  return element;
}

function short(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "–";
}

function redrawAll() {
  for (const curve of shown) curve.redraw();
}

document.addEventListener("themechange", redrawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
