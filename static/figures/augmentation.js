// One picture, twelve random versions of it: which changes does the label survive?
import { button, colour, html, number, onTheme, random, readout, slider } from "./parts.js";

const SIDE = 28;
const COUNT = 12;
// 28 × 28 grey values as hexadecimal digits. The two clothes are from Fashion-MNIST (MIT), the six is drawn.
const PICTURES = {
  sneaker: `
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000002350000000000
    000000000000058a688100000000
    000000000026c87568ada3001581
    0000000079aa6557aabbcdffccc4
    0000003aa96669fdf9bba99866a6
    01245897858888cee798888789a7
    28898776766676bb89a9aaabbab9
    10034689999aabbbcddeeeeeedb9
    4642110012334433332222112111
    0246765532333445556655555433
    0000111444554433333333322221
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
  `,
  "T-shirt": `
    0000000039c5100009d530000000
    0000007aa9deffffffb9bb300000
    0000068878cdcddddea877920000
    00002767789eddedec8888770000
    000047676779deeec88878880000
    0000577566778998787779882000
    000065955666666666657a777000
    00018499555555555566ca76b000
    000476993555555555568b77a500
    000798a81645555555670d9aa500
    000036a616455555556708630000
    0000000046445555556700000000
    0000000046555555556700000000
    0000000046555555555800000000
    0000000046555554555800000000
    0000000046555565555820000000
    0000000056655565565830000000
    0000000056655665565760000000
    0000000067655676566680000000
    0000000177666676666680000000
    0000000277655687667692000000
    0000000578666687667694000000
    0000000678666798667795000000
    0000000778766699678787000000
    0000000788767799778887000000
    0000001a997777ab889aa9000000
    000000099ca99cdccba996000000
    0000000000798700000000000000
  `,
  "the digit 6": `
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000005a90000000000
    00000000000003cffe0000000000
    0000000000006ffffe0000000000
    000000000006fffb400000000000
    00000000004fff70000000000000
    0000000000dff600000000000000
    0000000006ffb000000000000000
    000000000cff2000000000000000
    000000002ffc0000000000000000
    000000005ff80000000000000000
    000000008ff8affc600000000000
    000000008ffffffffb1000000000
    000000008ffffcbfff9000000000
    000000006fff6003eff300000000
    000000005ffb00006ff900000000
    000000008fff10001ffb00000000
    000000008ffb10000ffb00000000
    000000006ff900005ffa00000000
    000000001ffe3001cff500000000
    0000000008ffe98dffb000000000
    0000000000cffffffe2000000000
    000000000008efffa10000000000
    0000000000000441000000000000
    0000000000000000000000000000
    0000000000000000000000000000
    0000000000000000000000000000
  `,
};
const read = (name) => Float32Array.from(PICTURES[name].replace(/\s/g, ""), (sign) => parseInt(sign, 16) / 15);

/** One random version of a picture; also returns the share of its ink that is still inside. */
export function vary(picture, { move, turn, mirror, flip, light }, draw) {
  const spread = () => draw() * 2 - 1;
  const [down, right] = [Math.round(spread() * move), Math.round(spread() * move)];
  const angle = (spread() * turn * Math.PI) / 180;
  const [mirrored, flipped] = [mirror && draw() < 0.5, flip && draw() < 0.5];
  const gain = 1 + spread() * light;
  const middle = (SIDE - 1) / 2;
  const result = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      // look back: where does this cell come from?
      const [y, x] = [row - middle - down, column - middle - right];
      let [v, u] = [y * Math.cos(angle) - x * Math.sin(angle), y * Math.sin(angle) + x * Math.cos(angle)];
      if (mirrored) u = -u;
      if (flipped) v = -v;
      const [r, c] = [Math.round(v + middle), Math.round(u + middle)];
      if (r >= 0 && r < SIDE && c >= 0 && c < SIDE) result[row * SIDE + column] = picture[r * SIDE + c];
    }
  }
  const ink = (values) => values.reduce((sum, value) => sum + value, 0);
  const kept = ink(result) / ink(picture);
  return { result: result.map((value) => Math.min(1, value * gain)), kept, mirrored, flipped, angle, down, right };
}

function doubts(name, { move, turn, mirror, flip, light }, kept) {
  const said = [];
  if (name === "the digit 6") {
    if (flip && mirror) said.push("Both mirrors together turn a 6 into a 9, and its label still says 6: a lie.");
    else if (mirror || flip) said.push("A mirrored 6 is no digit that anybody writes.");
    if (turn > 120) said.push("Turned by half a circle, a 6 is a 9, and its label still says 6: a lie.");
    else if (turn > 45) said.push("Turned so far, it is no longer clear which digit this is.");
  } else {
    if (flip)
      said.push(
        `Upside down it is still a ${name}, but one that the belt never shows: the network ` +
          "spends its strength on pictures that do not come.",
      );
    if (turn > 45)
      said.push(
        "Nobody lays clothes down like this. More variety than the world has makes the task harder for nothing.",
      );
  }
  if (kept < 0.9)
    said.push(
      `On average only ${Math.round(kept * 100)} % of the piece is still in the picture. ` +
        "From some point on the label promises what cannot be seen.",
    );
  if (light > 0.6) said.push("Some versions are nearly black.");
  if (!said.length)
    said.push(
      move || turn || mirror || flip || light
        ? "All of these could have come from the camera, and all keep their label. That is what augmentation is for."
        : "Twelve times the same picture. Nothing is gained.",
    );
  return said;
}

export function mount(stage) {
  let name = "sneaker";
  let seed = 1;
  const settings = { move: 0, turn: 0, mirror: false, flip: false, light: 0 };
  const gallery = html("div", { class: "fig-gallery", role: "img" });
  const canvases = Array.from({ length: COUNT }, () =>
    html("canvas", { width: SIDE * 4, height: SIDE * 4, "aria-hidden": "true" }),
  );
  gallery.append(...canvases);
  const live = readout();
  const set = (key) => (value) => {
    settings[key] = value;
    draw();
  };
  const check = (key, text) =>
    html("label", {}, html("input", { type: "checkbox", onchange: (event) => set(key)(event.target.checked) }), text);
  stage.append(
    html(
      "div",
      { class: "fig" },
      html(
        "fieldset",
        { class: "fig-choices" },
        html("legend", { class: "fig-label" }, "Picture"),
        ...Object.keys(PICTURES).map((key) =>
          html(
            "label",
            {},
            html("input", {
              type: "radio",
              name: "augmentation-picture",
              checked: key === name,
              onchange: () => {
                name = key;
                draw();
              },
            }),
            key,
          ),
        ),
      ),
      html(
        "div",
        { class: "fig-controls" },
        slider({
          label: "Move",
          min: 0,
          max: 14,
          step: 1,
          value: 0,
          show: (value) => `±${value} px`,
          hear: set("move"),
        }),
        slider({
          label: "Turn",
          min: 0,
          max: 180,
          step: 5,
          value: 0,
          show: (value) => `±${value}°`,
          hear: set("turn"),
        }),
        slider({
          label: "Light",
          min: 0,
          max: 0.9,
          step: 0.1,
          value: 0,
          show: (value) => `±${Math.round(value * 100)} %`,
          hear: set("light"),
        }),
        html(
          "fieldset",
          { class: "fig-choices" },
          html("legend", { class: "fig-label" }, "Mirror"),
          check("mirror", "left and right"),
          check("flip", "top and bottom"),
        ),
      ),
      gallery,
      html(
        "div",
        { class: "fig-buttons" },
        button("Twelve others", () => {
          seed += 1;
          draw();
        }),
      ),
      live,
    ),
  );

  function draw() {
    const [ink, paper] = ["--ink", "--paper"].map((token) =>
      colour(stage, token)
        .match(/[\d.]+/g)
        .map(Number),
    );
    const generator = random(seed);
    const versions = canvases.map(() => vary(read(name), settings, generator));
    versions.forEach(({ result }, i) => {
      const brush = canvases[i].getContext("2d");
      result.forEach((value, k) => {
        brush.fillStyle = `rgb(${ink
          .slice(0, 3)
          .map((part, c) => Math.round(paper[c] + (part - paper[c]) * value))
          .join(" ")})`;
        brush.fillRect((k % SIDE) * 4, Math.floor(k / SIDE) * 4, 4, 4);
      });
    });
    const kept = versions.reduce((sum, version) => sum + version.kept, 0) / COUNT;
    const mirrored = versions.filter((version) => version.mirrored !== version.flipped).length;
    gallery.setAttribute(
      "aria-label",
      `Twelve versions of ${name}: moved by up to ${settings.move} pixels, turned by up to ` +
        `${settings.turn} degrees, ${mirrored} of them as in a mirror.`,
    );
    live.textContent =
      `${number(kept * 100, 0)} % of the piece is in the picture, on average of these ` +
      `twelve. ${doubts(name, settings, kept).join(" ")}`;
  }

  draw();
  const forget = onTheme(draw);
  return () => {
    forget();
    stage.replaceChildren();
  };
}
