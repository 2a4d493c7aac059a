// Put the six operations of a data pipeline into an order and see what it does: a leakage alarm and the batches of two
// epochs.
import { button, html, number, random, readout } from "./parts.js";

const ROWS = [12, 9, 11, 10, 8, 12, 10, 11, 9, 10, 12, 11, 13, 9, 12, 93].map((value, i) => ({
  id: i + 1,
  value,
  failing: i >= 8,
}));
const STAGES = {
  split: { name: "Split", what: "every fourth row goes to the test part" },
  fit: { name: "Fit the scaler", what: "compute mean and spread of the rows that have come this far" },
  scale: { name: "Scale", what: "subtract the mean, divide by the spread" },
  shuffle: { name: "Shuffle", what: "a new order in every epoch" },
  batch: { name: "Batch", what: "four at a time" },
  prefetch: { name: "Prefetch", what: "prepare the next batch while this one is used" },
};
const GOOD = ["split", "fit", "scale", "shuffle", "batch", "prefetch"];
const START = ["fit", "scale", "shuffle", "split", "batch", "prefetch"];
const SIZE = 4;

function shuffled(items, draw) {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}

const chunks = (rows) =>
  Array.from({ length: Math.ceil(rows.length / SIZE) }, (_, i) => rows.slice(i * SIZE, i * SIZE + SIZE));
const isTest = (_, position) => position % 4 === 3;

/** Run one epoch of the pipeline; returns the training batches, the test rows and the rows that the scaler saw. */
function run(order, epoch) {
  const draw = random(40 + epoch);
  let items = ROWS.map((row) => [row]); // items are batches of one until they are batched
  let test = [];
  let seen = null;
  for (const stage of order) {
    if (stage === "split") {
      test = items.filter(isTest).flat();
      items = items.filter((item, position) => !isTest(item, position));
    }
    if (stage === "fit") seen = items.flat();
    if (stage === "shuffle") items = shuffled(items, draw);
    if (stage === "batch") items = chunks(items.flat());
  }
  return { batches: items, test, seen };
}

/** What is to be said about an order; each finding is [kind, text], kinds: leak, broken, weak. */
export function judge(order) {
  const at = Object.fromEntries(order.map((stage, position) => [stage, position]));
  const findings = [];
  const [first, second] = [run(order, 1), run(order, 2)];
  if (at.scale < at.fit)
    findings.push(["broken", "Scale comes before its numbers exist: there is no mean to subtract yet."]);
  const peeked = first.seen.filter((row) => first.test.includes(row));
  if (at.fit < at.split)
    findings.push(["leak", `The scaler saw ${peeked.length} test rows. Its mean now carries what they say.`]);
  const crossed = second.batches.flat().filter((row) => first.test.includes(row));
  if (at.shuffle < at.split) {
    findings.push([
      "leak",
      crossed.length
        ? `Shuffling before the split moves the border in each epoch: ${crossed.length} rows ` +
          "that were test in epoch 1 are training rows in epoch 2."
        : "Shuffling before the split moves the border in each epoch.",
    ]);
  }
  if (at.batch < at.split)
    findings.push(["weak", "The split divides whole batches instead of rows: the test part is one solid block."]);
  if (at.batch < at.shuffle)
    findings.push(["weak", "Whole batches are shuffled, so neighbours of a sorted table stay together in a batch."]);
  if (at.prefetch !== order.length - 1)
    findings.push([
      "weak",
      `Prefetch is not last: the work after it (${order
        .slice(at.prefetch + 1)
        .map((s) => STAGES[s].name.toLowerCase())
        .join(", ")}) is not done ahead.`,
    ]);
  return { findings, epochs: [first, second] };
}

export function mount(stage) {
  let order = [...START];
  const list = html("ol", { class: "fig-stages", "aria-label": "Operations, first one first" });
  const alarm = html("p", { class: "fig-verdict" });
  const points = html("ul", { class: "fig-findings" });
  const scaler = html("p", { class: "fig-note" });
  const epochs = html("div", { class: "fig-epochs" });
  const live = readout();
  live.classList.add("fig-hidden");
  stage.append(
    html(
      "div",
      { class: "fig fig-pipeline" },
      html(
        "div",
        { class: "fig-panels" },
        html(
          "div",
          { class: "fig-half" },
          list,
          html(
            "div",
            { class: "fig-buttons" },
            button("Start again", () => set(START)),
            button("Show a sound order", () => set(GOOD)),
          ),
        ),
        html(
          "div",
          { class: "fig-half" },
          alarm,
          points,
          scaler,
          epochs,
          html(
            "p",
            { class: "fig-legend" },
            html("span", { class: "fig-row" }, "3"),
            " healthy",
            html("span", { class: "fig-row fig-failing" }, "9"),
            " failing",
            html("span", { class: "fig-row fig-test" }, "4"),
            " was test in epoch 1",
          ),
        ),
      ),
      live,
    ),
  );

  function set(next) {
    order = [...next];
    build();
    draw();
  }

  function move(name, by) {
    const from = order.indexOf(name);
    const to = from + by;
    if (to < 0 || to >= order.length) return;
    order.splice(from, 1);
    order.splice(to, 0, name);
    build();
    draw();
    const item = list.children[to];
    const wanted = item.querySelector(by < 0 ? ".fig-up" : ".fig-down");
    (wanted.disabled ? item.querySelector("button:not(:disabled)") : wanted).focus();
  }

  function build() {
    list.replaceChildren(
      ...order.map((name, position) =>
        html(
          "li",
          { class: "fig-stage" },
          html(
            "span",
            { class: "fig-stage-text" },
            html("strong", {}, STAGES[name].name),
            html("span", {}, STAGES[name].what),
          ),
          html(
            "span",
            { class: "fig-stage-moves" },
            button("↑", () => move(name, -1), {
              class: "fig-button fig-up",
              "aria-label": `Move ${STAGES[name].name} earlier`,
              disabled: position === 0,
            }),
            button("↓", () => move(name, 1), {
              class: "fig-button fig-down",
              "aria-label": `Move ${STAGES[name].name} later`,
              disabled: position === order.length - 1,
            }),
          ),
        ),
      ),
    );
  }

  function draw() {
    const { findings, epochs: runs } = judge(order);
    const leaks = findings.filter(([kind]) => kind === "leak").length;
    const broken = findings.some(([kind]) => kind === "broken");
    const [kind, head] = broken
      ? ["bad", "✕ This pipeline does not run."]
      : leaks
        ? ["bad", "⚠ Leak: the test part is no test any more."]
        : findings.length
          ? ["weak", "No leak, but not a good order yet."]
          : ["good", "✓ No leak, and a good order."];
    alarm.className = `fig-verdict fig-${kind}`;
    alarm.textContent = head;
    points.replaceChildren(...findings.map(([, text]) => html("li", {}, text)));
    const { seen } = runs[0];
    const mean = seen.reduce((sum, row) => sum + row.value, 0) / seen.length;
    scaler.textContent = broken
      ? ""
      : `The scaler learned from ${seen.length} rows: mean ${number(mean, 1)}. (Row 16 reads ` +
        "93; all others lie between 8 and 13.)";
    const before = new Set(runs[0].test);
    epochs.replaceChildren(
      ...(broken
        ? []
        : runs.map((result, i) =>
            html(
              "div",
              {},
              html("p", { class: "fig-label" }, `Training batches of epoch ${i + 1}`),
              html(
                "div",
                { class: "fig-batches" },
                ...result.batches.map((batch) =>
                  html(
                    "span",
                    { class: "fig-batch" },
                    ...batch.map((row) =>
                      html(
                        "span",
                        { class: `fig-row${row.failing ? " fig-failing" : ""}${before.has(row) ? " fig-test" : ""}` },
                        String(row.id),
                      ),
                    ),
                  ),
                ),
              ),
            ),
          )),
    );
    live.textContent =
      `${order.map((name) => STAGES[name].name).join(", ")}. ${head.replace(/^[^\w]+/, "")} ` +
      `${findings.map(([, text]) => text).join(" ")}`;
  }

  build();
  draw();
  return () => stage.replaceChildren();
}
