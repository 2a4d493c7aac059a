// Call a tf.function with arguments of several kinds and see which calls trace anew. The rules are those of TensorFlow
// 2.21.
import { button, html, readout } from "./parts.js";

const DECORATORS = {
  plain: "@tf.function",
  reduce: "@tf.function(reduce_retracing=True)",
  signature: "@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])",
};
const KINDS = { python: "Python number", numpy: "NumPy array", tensor: "tensor" };
const DTYPES = ["float32", "float64", "int32"];
const SHAPES = { 3: [3], 4: [4], 5: [5], "2 × 3": [2, 3], "one number": [] };
const SHOWN = 6;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
/**
 * Does a trace with shape `wide` also take an argument of shape `narrow`? null is an unknown length, an unknown shape
 * has no list.
 */
const covers = (wide, narrow) =>
  wide === null ||
  (narrow !== null && wide.length === narrow.length && wide.every((size, i) => size === null || size === narrow[i]));
const merge = (a, b) =>
  a === null || b === null || a.length !== b.length ? null : a.map((size, i) => (size === b[i] ? size : null));

/** One tf.function: remembers its traces, and says of each call whether it was "new", "reused" or "refused". */
export class Traced {
  constructor(decorator) {
    this.decorator = decorator;
    this.traces = [];
  }

  call(argument) {
    const wanted = this.typeOf(argument);
    if (wanted === null) return { outcome: "refused" };
    const known = this.traces.findIndex(
      (trace) =>
        trace.dtype === wanted.dtype &&
        trace.value === wanted.value &&
        (same(trace.shape, wanted.shape) || covers(trace.shape, wanted.shape)),
    );
    if (known >= 0) {
      this.traces[known].calls += 1;
      return { outcome: "reused", trace: known };
    }
    this.traces.push({ ...wanted, shape: this.relaxed(wanted), calls: 1 });
    return { outcome: "new", trace: this.traces.length - 1 };
  }

  typeOf({ kind, dtype, shape, value }) {
    if (this.decorator === "signature") {
      const fits = kind !== "python" && shape.length === 1 && (kind === "numpy" || dtype === "float32");
      return fits ? { dtype: "float32", shape: [null] } : null;
    }
    return kind === "python" ? { dtype: "python", value, shape: [] } : { dtype, shape };
  }

  relaxed({ dtype, shape }) {
    if (this.decorator !== "reduce" || dtype === "python") return shape;
    return this.traces
      .filter((trace) => trace.dtype === dtype)
      .reduce((wide, trace) => merge(wide, trace.shape), shape);
  }
}

const shapeText = (shape) =>
  shape === null ? "any shape" : `(${shape.map((size) => size ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`;
const traceText = ({ dtype, value, shape }) =>
  dtype === "python"
    ? `the Python value ${value}`
    : `${dtype}, ${shape === null ? "any shape" : `shape ${shapeText(shape)}`}`;

function codeOf({ kind, dtype, shape, value }) {
  if (kind === "python") return `f(${value})`;
  const size = shape.length === 1 ? String(shape[0]) : `(${shape.join(", ")})`;
  return kind === "numpy"
    ? `f(np.full(${size}, ${value}, "${dtype}"))`
    : `f(tf.fill(${size.replace(/^\d+$/, "[$&]").replace(/^\((.*)\)$/, "[$1]")}, tf.constant(${value}, "${dtype}")))`;
}

function radios(legend, options, chosen, hear) {
  const name = `retraces-${Math.random().toString(36).slice(2)}`;
  return html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, legend),
    ...options.map(([value, text]) =>
      html(
        "label",
        {},
        html("input", { type: "radio", name, value, checked: value === chosen, onchange: () => hear(value) }),
        text,
      ),
    ),
  );
}

export function mount(stage) {
  const argument = { kind: "python", dtype: "float32", shape: "3", value: 0 };
  let decorator = "plain";
  let newValues = true;
  let traced;
  let history;

  const code = html("pre", { class: "fig-code", tabindex: 0, "aria-label": "The function and the next call" });
  const shapes = radios(
    "Shape",
    Object.keys(SHAPES).map((name) => [name, name]),
    argument.shape,
    (value) => choose({ shape: value }),
  );
  const dtypes = radios(
    "Type",
    DTYPES.map((name) => [name, name]),
    argument.dtype,
    (value) => choose({ dtype: value }),
  );
  const values = radios(
    "Value",
    [
      ["new", "another one at each call"],
      ["same", "always the same"],
    ],
    "new",
    (value) => {
      newValues = value === "new";
      show();
    },
  );
  const tally = html("p", { class: "fig-verdict" });
  const traces = html("ol", { class: "fig-traces", "aria-label": "Traces" });
  const calls = html("ol", { class: "fig-calls", "aria-label": "Last calls" });
  const live = readout();
  stage.append(
    html(
      "div",
      { class: "fig fig-retraces" },
      html(
        "div",
        { class: "fig-panels" },
        html(
          "div",
          { class: "fig-half" },
          radios(
            "Decorator",
            [
              ["plain", "plain"],
              ["reduce", "reduce_retracing"],
              ["signature", "input_signature"],
            ],
            decorator,
            (value) => {
              decorator = value;
              begin();
            },
          ),
          radios("Argument", Object.entries(KINDS), argument.kind, (value) => choose({ kind: value })),
          values,
          dtypes,
          shapes,
        ),
        html(
          "div",
          { class: "fig-half" },
          code,
          html(
            "div",
            { class: "fig-buttons" },
            button("Call it", () => call(1)),
            button("Call it 5 times", () => call(5)),
            button("Start again", begin),
          ),
          tally,
          traces,
          html("p", { class: "fig-label" }, "Last calls"),
          calls,
        ),
      ),
      live,
    ),
  );

  function next() {
    return {
      ...argument,
      shape: SHAPES[argument.shape],
      value: newValues ? argument.value + 1 : Math.max(1, argument.value),
    };
  }

  function choose(part) {
    Object.assign(argument, part);
    show();
  }

  function begin() {
    traced = new Traced(decorator);
    history = [];
    argument.value = 0;
    show("Nothing has been called yet.");
  }

  function call(times) {
    const before = traced.traces.length;
    for (let i = 0; i < times; i++) {
      const made = next();
      argument.value = made.value;
      history.push({ text: codeOf(made), ...traced.call(made) });
    }
    const found = traced.traces.length - before;
    const { outcome, trace } = history.at(-1);
    if (outcome === "refused")
      return show("TypeError: this argument does not fit the signature. Nothing was traced, and nothing ran.");
    const made = times === 1 ? "This call" : `These ${times} calls`;
    const done =
      found === 0 ? `used trace ${trace + 1} again` : `made ${found} new ${found === 1 ? "trace" : "traces"}`;
    show(`${made} ${done}. ` + `The last call ran the trace for ${traceText(traced.traces[trace])}.`);
  }

  function show(text) {
    for (const part of [shapes, dtypes]) part.disabled = argument.kind === "python";
    code.textContent =
      `${DECORATORS[decorator].replace("(input", "(\n    input").replace(/\]\)$/, "],\n)")}\ndef ` +
      `f(x):\n    return x * x\n\n${codeOf(next())}`;
    const count = traced.traces.length;
    const ran = history.filter(({ outcome }) => outcome !== "refused").length;
    tally.textContent = `${ran} ${ran === 1 ? "call" : "calls"}, ${count} ${count === 1 ? "trace" : "traces"}`;
    tally.className = `fig-verdict fig-${count > 3 ? "bad" : count > 0 && ran > count ? "good" : "weak"}`;
    traces.replaceChildren(
      ...traced.traces.map((trace) =>
        html("li", {}, `${traceText(trace)}: ${trace.calls} ${trace.calls === 1 ? "call" : "calls"}`),
      ),
    );
    const first = Math.max(0, history.length - SHOWN);
    calls.setAttribute("start", first + 1);
    calls.replaceChildren(
      ...history
        .slice(first)
        .map(({ text: line, outcome, trace }) =>
          html(
            "li",
            { class: `fig-call fig-${outcome}` },
            html("code", {}, line),
            html(
              "span",
              {},
              { new: `traced: ${trace + 1}`, reused: `used trace ${trace + 1}`, refused: "TypeError" }[outcome],
            ),
          ),
        ),
    );
    if (text) live.textContent = text;
  }

  begin();
  return () => stage.replaceChildren();
}
