// One picture, twelve random versions of it: which changes does the label survive?
import { button, colour, html, number, onTheme, random, readout, slider } from "./parts.js";

const SIDE = 28;
const COUNT = 12;
// 28 × 28 grey values as hexadecimal digits. The two clothes are from Fashion-MNIST (MIT), the six is drawn.
const PICTURES = {
  sneaker: "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002350000000000000000000000058a688100000000000000000026c87568ada30015810000000079aa6557aabbcdffccc40000003aa96669fdf9bba99866a601245897858888cee798888789a728898776766676bb89a9aaabbab910034689999aabbbcddeeeeeedb946421100123344333322221121110246765532333445556655555433000011144455443333333332222100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
  "T-shirt": "0000000039c5100009d5300000000000007aa9deffffffb9bb3000000000068878cdcddddea87792000000002767789eddedec8888770000000047676779deeec888788800000000577566778998787779882000000065955666666666657a77700000018499555555555566ca76b000000476993555555555568b77a500000798a81645555555670d9aa500000036a616455555556708630000000000004644555555670000000000000000465555555567000000000000000046555555555800000000000000004655555455580000000000000000465555655558200000000000000056655565565830000000000000005665566556576000000000000000676556765666800000000000000177666676666680000000000000027765568766769200000000000005786666876676940000000000000678666798667795000000000000077876669967878700000000000007887677997788870000000000001a997777ab889aa9000000000000099ca99cdccba9960000000000000000798700000000000000",
  "the digit 6": "000000000000000000000000000000000000000000000000000000000000000000000005a9000000000000000000000003cffe00000000000000000000006ffffe0000000000000000000006fffb40000000000000000000004fff700000000000000000000000dff6000000000000000000000006ffb000000000000000000000000cff2000000000000000000000002ffc0000000000000000000000005ff80000000000000000000000008ff8affc600000000000000000008ffffffffb1000000000000000008ffffcbfff9000000000000000006fff6003eff300000000000000005ffb00006ff900000000000000008fff10001ffb00000000000000008ffb10000ffb00000000000000006ff900005ffa00000000000000001ffe3001cff5000000000000000008ffe98dffb0000000000000000000cffffffe2000000000000000000008efffa100000000000000000000000441000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
};
const read = (name) => Float32Array.from(PICTURES[name], (sign) => parseInt(sign, 16) / 15);

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
    if (flip) said.push(`Upside down it is still a ${name}, but one that the belt never shows: the network spends its strength on pictures that do not come.`);
    if (turn > 45) said.push("Nobody lays clothes down like this. More variety than the world has makes the task harder for nothing.");
  }
  if (kept < 0.9) said.push(`On average only ${Math.round(kept * 100)} % of the piece is still in the picture. From some point on the label promises what cannot be seen.`);
  if (light > 0.6) said.push("Some versions are nearly black.");
  if (!said.length) said.push(move || turn || mirror || flip || light ? "All of these could have come from the camera, and all keep their label. That is what augmentation is for." : "Twelve times the same picture. Nothing is gained.");
  return said;
}

export function mount(stage) {
  let name = "sneaker";
  let seed = 1;
  const settings = { move: 0, turn: 0, mirror: false, flip: false, light: 0 };
  const gallery = html("div", { class: "fig-gallery", role: "img" });
  const canvases = Array.from({ length: COUNT }, () => html("canvas", { width: SIDE * 4, height: SIDE * 4, "aria-hidden": "true" }));
  gallery.append(...canvases);
  const live = readout();
  const set = (key) => (value) => {
    settings[key] = value;
    draw();
  };
  const check = (key, text) => html("label", {}, html("input", { type: "checkbox", onchange: (event) => set(key)(event.target.checked) }), text);
  stage.append(html("div", { class: "fig" },
    html("fieldset", { class: "fig-choices" }, html("legend", { class: "fig-label" }, "Picture"), ...Object.keys(PICTURES).map((key) => html("label", {}, html("input", {
      type: "radio", name: "augmentation-picture", checked: key === name, onchange: () => { name = key; draw(); },
    }), key))),
    html("div", { class: "fig-controls" },
      slider({ label: "Move", min: 0, max: 14, step: 1, value: 0, show: (value) => `±${value} px`, hear: set("move") }),
      slider({ label: "Turn", min: 0, max: 180, step: 5, value: 0, show: (value) => `±${value}°`, hear: set("turn") }),
      slider({ label: "Light", min: 0, max: 0.9, step: 0.1, value: 0, show: (value) => `±${Math.round(value * 100)} %`, hear: set("light") }),
      html("fieldset", { class: "fig-choices" }, html("legend", { class: "fig-label" }, "Mirror"), check("mirror", "left and right"), check("flip", "top and bottom"))),
    gallery,
    html("div", { class: "fig-buttons" }, button("Twelve others", () => { seed += 1; draw(); })),
    live));

  function draw() {
    const [ink, paper] = ["--ink", "--paper"].map((token) => colour(stage, token).match(/[\d.]+/g).map(Number));
    const generator = random(seed);
    const versions = canvases.map(() => vary(read(name), settings, generator));
    versions.forEach(({ result }, i) => {
      const brush = canvases[i].getContext("2d");
      result.forEach((value, k) => {
        brush.fillStyle = `rgb(${ink.slice(0, 3).map((part, c) => Math.round(paper[c] + (part - paper[c]) * value)).join(" ")})`;
        brush.fillRect((k % SIDE) * 4, Math.floor(k / SIDE) * 4, 4, 4);
      });
    });
    const kept = versions.reduce((sum, version) => sum + version.kept, 0) / COUNT;
    const mirrored = versions.filter((version) => version.mirrored !== version.flipped).length;
    gallery.setAttribute("aria-label", `Twelve versions of ${name}: moved by up to ${settings.move} pixels, turned by up to ${settings.turn} degrees, ${mirrored} of them as in a mirror.`);
    live.textContent = `${number(kept * 100, 0)} % of the piece is in the picture, on average of these twelve. ${doubts(name, settings, kept).join(" ")}`;
  }

  draw();
  const forget = onTheme(draw);
  return () => {
    forget();
    stage.replaceChildren();
  };
}
