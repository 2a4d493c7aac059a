// Paint a kernel of nine numbers, slide it over a small picture, and see each sum become one cell of the feature map.
import { button, change, html, number, onTheme, readout, svg } from "./parts.js";

const PICTURES = {
  shirt: `..............
....##..##....
..##########..
.############.
.############.
.###.####.###.
.....####.....
.....####.....
.....####.....
.....####.....
.....####.....
.....####.....
.....####.....
..............`,
  ring: `..............
..............
.....####.....
...########...
...###..###...
..###....###..
..##......##..
..##......##..
..###....###..
...###..###...
...########...
.....####.....
..............
..............`,
  stripes: `##..##..##..##
##..##..##..##
##..##..##..##
##..##..##..##
##..##..##..##
##..##..##..##
##..##..##..##
..............
##############
..............
##############
..............
##############
..............`,
};
const KERNELS = {
  "Nothing changes": [0, 0, 0, 0, 1, 0, 0, 0, 0],
  "Left to right": [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  "Top to bottom": [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  "All edges": [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  Blur: [1, 1, 1, 1, 1, 1, 1, 1, 1],
};
const SIDE = 14;
const CELL = 20;

const read = (name) => PICTURES[name].split("\n").map((line) => [...line].map((sign) => (sign === "#" ? 1 : 0)));

/** The feature map of a picture: each output is the sum of nine products. */
export function convolve(picture, kernel, stride, padded) {
  const at = (row, column) => picture[row]?.[column] ?? 0;
  const edge = padded ? 1 : 0;
  const size = Math.floor((picture.length + 2 * edge - 3) / stride) + 1;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const [top, left] = [i * stride - edge, j * stride - edge];
      return kernel.reduce((sum, weight, k) => sum + weight * at(top + Math.floor(k / 3), left + (k % 3)), 0);
    }),
  );
}

export function mount(stage) {
  let name = "shirt";
  let kernel = [...KERNELS["Left to right"]];
  let stride = 1;
  let padded = false;
  let place = [3, 3];
  let map = [];

  const frame = () => svg("rect", { class: "fig-kernel-window", fill: "none", rx: 2 });
  const [window, spot] = [frame(), frame()];
  const size = html("span");
  const input = svg("svg", {
    viewBox: `-${CELL} -${CELL} ${(SIDE + 2) * CELL} ${(SIDE + 2) * CELL}`,
    role: "img",
    class: "fig-panel",
  });
  const output = svg("svg", {
    viewBox: `-${CELL} -${CELL} ${(SIDE + 2) * CELL} ${(SIDE + 2) * CELL}`,
    class: "fig-panel fig-kernel-map",
    role: "application",
    tabindex: 0,
    "aria-label": "Feature map. Arrow keys move the window.",
    onkeydown: pressed,
    onpointerdown: pointed,
  });
  const fields = kernel.map((value, k) =>
    html("input", {
      type: "number",
      min: -9,
      max: 9,
      step: 1,
      value,
      class: "fig-kernel-weight",
      "aria-label": `Kernel, row ${Math.floor(k / 3) + 1}, column ${(k % 3) + 1}`,
      oninput: (event) => {
        kernel[k] = Math.max(-9, Math.min(9, Math.round(Number(event.target.value)) || 0));
        draw();
      },
      onchange: (event) => {
        event.target.value = kernel[k];
      },
    }),
  );
  const choice = (title, group, entries, chosen, hear) =>
    html(
      "fieldset",
      { class: "fig-choices" },
      html("legend", { class: "fig-label" }, title),
      ...entries.map(([value, text]) =>
        html(
          "label",
          {},
          html("input", {
            type: "radio",
            name: `kernel-${group}`,
            value,
            checked: value === chosen,
            onchange: () => {
              hear(value);
              draw();
            },
          }),
          text,
        ),
      ),
    );
  const live = readout();
  stage.append(
    html(
      "div",
      { class: "fig" },
      choice(
        "Picture",
        "picture",
        Object.keys(PICTURES).map((key) => [key, key]),
        name,
        (value) => {
          name = value;
        },
      ),
      html(
        "div",
        { class: "fig-panels fig-kernel" },
        html("div", { class: "fig-half" }, html("p", { class: "fig-label" }, "Picture, 14 × 14"), input),
        html(
          "div",
          { class: "fig-half" },
          html("p", { class: "fig-label" }, "Kernel, 3 × 3"),
          html("div", { class: "fig-kernel-grid" }, ...fields),
          html(
            "div",
            { class: "fig-buttons" },
            ...Object.keys(KERNELS).map((title) =>
              button(title, () => {
                kernel = [...KERNELS[title]];
                fields.forEach((field, k) => {
                  field.value = kernel[k];
                });
                draw();
              }),
            ),
          ),
        ),
        html("div", { class: "fig-half" }, html("p", { class: "fig-label" }, "Feature map: ", size), output),
      ),
      html(
        "div",
        { class: "fig-controls" },
        choice(
          "Stride",
          "stride",
          [
            ["1", "1"],
            ["2", "2"],
          ],
          "1",
          (value) => {
            stride = Number(value);
          },
        ),
        choice(
          "Padding",
          "padding",
          [
            ["valid", "valid"],
            ["same", "same"],
          ],
          "valid",
          (value) => {
            padded = value === "same";
          },
        ),
      ),
      live,
    ),
  );

  function pressed(event) {
    const move = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Home: [0, -99],
      End: [0, 99],
    }[event.key];
    if (!move) return;
    place = [place[0] + move[0], place[1] + move[1]];
    event.preventDefault();
    draw();
  }

  function pointed(event) {
    const box = output.getBoundingClientRect();
    const unit = (SIDE + 2) * CELL;
    place = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((part) =>
      Math.floor((part * unit - CELL) / CELL),
    );
    draw();
  }

  const cells = (values, peak) =>
    values.flatMap((row, i) =>
      row.map((value, j) =>
        svg("rect", {
          x: j * CELL,
          y: i * CELL,
          width: CELL - 1,
          height: CELL - 1,
          class: value < 0 ? "fig-kernel-minus" : "fig-kernel-plus",
          "fill-opacity": (0.04 + (0.96 * Math.abs(value)) / peak).toFixed(3),
        }),
      ),
    );

  function draw() {
    const picture = read(name);
    const edge = padded ? 1 : 0;
    map = convolve(picture, kernel, stride, padded);
    place = place.map((part) => Math.max(0, Math.min(map.length - 1, part)));
    const peak = Math.max(1, ...map.flat().map(Math.abs));
    const [top, left] = place.map((part) => part * stride - edge);
    change(window, { x: left * CELL - 1, y: top * CELL - 1, width: 3 * CELL + 1, height: 3 * CELL + 1 });
    change(spot, { x: place[1] * CELL - 1, y: place[0] * CELL - 1, width: CELL + 1, height: CELL + 1 });
    input.replaceChildren(...cells(picture, 1), window);
    output.replaceChildren(...cells(map, peak), spot);
    input.setAttribute("aria-label", `The picture: ${name}. The window is at row ${top + 1}, column ${left + 1}.`);
    size.textContent = `${map.length} × ${map.length}`;
    const terms = kernel.map((weight, k) => [weight, picture[top + Math.floor(k / 3)]?.[left + (k % 3)] ?? 0]);
    const counted = terms
      .filter(([weight, ink]) => weight && ink)
      .map(([weight]) => (weight < 0 ? `(${number(weight, 0)})` : weight));
    live.textContent =
      `Feature map row ${place[0] + 1}, column ${place[1] + 1}: ` +
      `${counted.length ? `${counted.join(" + ")} = ` : ""}${number(map[place[0]][place[1]], 0)}. ` +
      (counted.length
        ? "Only weights that lie on ink count; ink is 1, paper is 0. "
        : "No weight other than 0 lies on ink here. ") +
      `The whole map has ${map.length} × ${map.length} cells, from ` +
      `${number(Math.min(...map.flat()), 0)} to ${number(Math.max(...map.flat()), 0)}.`;
  }

  draw();
  const forget = onTheme(draw);
  return () => {
    forget();
    stage.replaceChildren();
  };
}
