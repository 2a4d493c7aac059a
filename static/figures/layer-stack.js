// Stack layers and see what becomes of a picture of 28 × 28: shapes, parameters, and how much of the picture one number
// sees.
import { button, html, readout } from "./parts.js";

const MOST = 9;
const KINDS = {
  conv: { name: "Conv2D", note: "3 × 3, same, relu" },
  strided: { name: "Conv2D, stride 2", note: "3 × 3, same, relu" },
  pool: { name: "MaxPooling2D", note: "2 × 2" },
  average: { name: "GlobalAveragePooling2D", note: "the mean of each map" },
  flatten: { name: "Flatten", note: "all numbers in a row" },
  dense: { name: "Dense", note: "relu" },
};
const START = [["conv", 16], ["pool"], ["conv", 32], ["pool"], ["flatten"], ["dense", 64]];
const thousands = (value) => value.toLocaleString("en");

/** Shapes, parameters and field of view after each layer; a layer that does not fit carries a reason instead. */
export function follow(layers) {
  let [side, channels, row, field, jump] = [28, 1, null, 1, 1];
  const rows = [];
  for (const [kind, width] of layers) {
    let parameters = 0;
    let trouble = "";
    const flat = row !== null;
    if (["conv", "strided", "pool"].includes(kind)) {
      if (flat) trouble = "needs maps, but gets a row of numbers";
      else {
        const stride = kind === "conv" ? 1 : 2;
        if (kind === "pool" && side < 2) trouble = "the maps are too small for a 2 × 2 window";
        else {
          field += ((kind === "pool" ? 2 : 3) - 1) * jump;
          jump *= stride;
          side = kind === "pool" ? Math.floor(side / 2) : Math.ceil(side / stride);
          if (kind !== "pool") {
            parameters = 9 * channels * width + width;
            channels = width;
          }
        }
      }
    } else if (kind === "dense") {
      if (!flat) trouble = "works on the channels of each cell; put Flatten or GlobalAveragePooling2D before it";
      else {
        parameters = row * width + width;
        row = width;
      }
    } else if (flat) trouble = "is a row already";
    else {
      row = kind === "flatten" ? side * side * channels : channels;
      field = 28;
    }
    rows.push({
      kind,
      width,
      parameters,
      trouble,
      shape: row === null ? `${side} × ${side} × ${channels}` : `${row}`,
      field: Math.min(28, field),
      map: row === null,
    });
  }
  const inputs = row;
  return {
    rows,
    last: inputs === null ? null : inputs * 10 + 10,
    ok: inputs !== null && rows.every((entry) => !entry.trouble),
  };
}

export function mount(stage) {
  let layers = START.map((layer) => [...layer]);
  const list = html("ol", { class: "fig-stages" });
  const live = readout();
  const adders = html(
    "div",
    { class: "fig-buttons" },
    ...Object.entries(KINDS).map(([kind, { name }]) =>
      button(`+ ${name}`, () => {
        if (layers.length >= MOST) return;
        layers.push(["conv", "strided", "dense"].includes(kind) ? [kind, 32] : [kind]);
        draw();
        // the pressed button is disabled now
        if (layers.length >= MOST) list.children[MOST - 1].querySelector(".fig-layer-remove").focus();
      }),
    ),
  );
  stage.append(
    html(
      "div",
      { class: "fig" },
      html("p", { class: "fig-label" }, "A grey picture of 28 × 28 × 1 goes in"),
      list,
      adders,
      html(
        "div",
        { class: "fig-buttons" },
        button("The network of the lesson", () => set(START)),
        button("No hidden layer", () => set([["flatten"]])),
        button("Without Flatten", () => set([["conv", 16], ["pool"], ["conv", 32], ["pool"], ["average"]])),
      ),
      live,
    ),
  );

  function set(next) {
    layers = next.map((layer) => [...layer]);
    draw();
  }

  function widen(position, width) {
    layers[position][1] = width;
    draw();
    list.children[position]?.querySelector("select")?.focus();
  }

  function remove(position) {
    layers.splice(position, 1);
    draw();
    (
      list.children[Math.min(position, layers.length - 1)]?.querySelector(".fig-layer-remove") ??
      adders.querySelector("button")
    ).focus();
  }

  const place = ({ i, kind, parameters }, all) =>
    `layer ${i + 1}, ${KINDS[kind].name} (${Math.round((100 * parameters) / all)} %)`;

  function draw() {
    const { rows, last, ok } = follow(layers);
    list.replaceChildren(
      ...rows.map(({ kind, width, parameters, trouble, shape, field, map }, position) =>
        html(
          "li",
          { class: `fig-stage fig-layer${trouble ? " fig-layer-bad" : ""}` },
          html(
            "span",
            { class: "fig-stage-text" },
            html("strong", {}, KINDS[kind].name),
            html(
              "span",
              {},
              trouble
                ? `✕ ${trouble}`
                : `${KINDS[kind].note} → ${shape}; ` +
                    (parameters ? `${thousands(parameters)} parameters` : "no parameters") +
                    (map ? `; one cell sees ${field} × ${field} pixels` : ""),
            ),
          ),
          width === undefined
            ? null
            : html(
                "select",
                {
                  class: "fig-layer-width",
                  "aria-label": `Width of layer ${position + 1}, ${KINDS[kind].name}`,
                  onchange: (event) => widen(position, Number(event.target.value)),
                },
                ...[8, 16, 32, 64, 128].map((value) =>
                  html("option", { value, selected: value === width }, String(value)),
                ),
              ),
          button("✕", () => remove(position), {
            class: "fig-button fig-layer-remove",
            "aria-label": `Remove layer ${position + 1}, ${KINDS[kind].name}`,
          }),
        ),
      ),
      html(
        "li",
        { class: "fig-stage fig-layer" },
        html(
          "span",
          { class: "fig-stage-text" },
          html("strong", {}, "Dense(10), softmax"),
          html(
            "span",
            {},
            last === null
              ? "✕ needs a row of numbers: put Flatten or GlobalAveragePooling2D before it"
              : `ten probabilities; ${thousands(last)} parameters`,
          ),
        ),
      ),
    );
    for (const control of adders.children) control.disabled = layers.length >= MOST;
    const all = rows.reduce((sum, { parameters }) => sum + parameters, 0) + (last ?? 0);
    const heaviest = rows.reduce(
      (top, entry, i) => (entry.parameters > (top?.parameters ?? last ?? 0) ? { ...entry, i } : top),
      null,
    );
    const maps = rows.filter(({ map, trouble }) => map && !trouble).at(-1);
    live.textContent = ok
      ? `${thousands(all)} parameters in all. ` +
        `Most of them sit in ${heaviest ? place(heaviest, all) : "the last layer"}. ` +
        (maps
          ? `Before it became a row, one cell saw ${maps.field} × ${maps.field} of the 28 × 28 pixels.`
          : "No convolution: each number of the row is a single pixel.")
      : `This stack does not fit together: ${
          rows
            .filter(({ trouble }) => trouble)
            .map(({ kind, trouble }) => `${KINDS[kind].name} ${trouble}`)
            .join("; ") || "the last layer needs a row of numbers"
        }.`;
  }

  draw();
  return () => stage.replaceChildren();
}
