// Sunspots since 1950: move the day of the forecast and let seasonal-naive, a linear and a dense network run; below,
// their error for each horizon.
import { bytes, change, html, number, readout, series, slider, svg } from "./parts.js";

// Means of quarters from 1939 to autumn 2013 (source: WDC-SILSO, Royal Observatory of Belgium, Brussels, version 1).
const SPOTS = series(`
  74.1 109.5 105.3 66.1 64.4 66.3 79.8 60.6 45.5 40.7 64.3 39.5 47.5 32.4 18.4 24.1 22.9 15.9 14.2 12.3 5.1 2.6 12
  18.7 17.6 32.9 34.5 47.4 70.1 78 105.9 115.9 126.3 171.7 172 136 96.5 177.2 147.8 123.4 153 125 131.6 130.9 102
  101.1 75.8 56.8 58.6 100.7 68.5 49.9 28.5 29.6 40.8 26.7 13.5 20.7 17.1 4.1 3.9 0.9 4.9 7.9 16.3 24 36.7 74.9
  105.3 121.3 157.3 182.9 150.9 180.2 193.7 234.7 186 180.9 197.6 173.8 182.1 168 164.8 120.1 118.2 117.3 127.7 86
  52.3 63.3 63.2 36.7 44.9 44 31.6 29.9 20.4 36.1 30.5 24.5 16.5 9.1 5.7 9.5 14.5 15.6 12.5 17.6 26 47.2 52.7 61.6
  105.4 74.4 91.8 103 108.6 106.2 107.5 101.2 120.2 110.9 95.4 95.7 114.1 114.6 101.7 88.4 77 59.7 64.2 65.7 76.7
  77.2 72.4 49.4 44.1 46.5 36 26 25 38.6 43.2 30.9 14 8.5 27.3 12.1 11.4 14.5 10.6 13.7 16.1 23.3 31.8 38.7 74 92.5
  88.9 115.2 147.4 128.5 163.3 181.9 146.9 167.1 142.2 162.3 130.3 124.9 156.6 150 142.9 104.9 110.8 106.6 67.3 90.3
  68.1 40.9 75.3 64.1 26.2 17.8 16.5 22.6 15.2 17.4 13.6 11.1 9.8 19.1 9.2 30 35.2 42.5 58.4 83.3 115.2 143.1 152.6
  155.1 157.5 166 149.4 126 158.3 135.5 148.8 143.7 158.4 132.2 139.3 79.6 71.4 87.7 73.4 57.8 40.8 47 41.7 20.6
  27.8 29.4 28.4 14.7 13.5 13.4 8.4 7.4 8.1 10.7 7.3 15.6 28.7 34.3 42.3 60.1 83.9 70.5 65.7 102.6 92.9 111.5 113.8
  124 136.8 103.5 96.6 112.8 113 121.4 106.6 109.9 108.5 91.3 62.3 64 68.2 59.8 44.1 41.3 39.9 36.5 28.3 35.4 32.8
  22.6 10.3 22.1 13.2 15.2 10.7 9.1 6 4.2 4.9 3.2 0.8 2.6 1.1 2.2 2.5 6.6 15.8 10.1 20.3 19.8 34.7 44.3 57.5 85.9
  51.8 62.9 63.6 52 53 67.9 53.3
`);
// Weights of the lesson's two networks, learned from what was known before 1950, times 10,000, as little-endian 16-bit
// numbers: linear 44 × 12 and 12; dense 44 × 24, 24, 24 × 12 and 12.
const WEIGHTS = Array.from(
  new Int16Array(
    bytes(`
      HQCxAJAAAf8U/jn/+/4O/8r/x//0AHYAbwDu/4oAPgExAJj+7P+s/0r/AwBv/8wA3QCKAA0ALwFBArMAN/+HAP3/m//4/3L/PAAH
      AbMAWAB8AawCEQGA/8oAJgCk/xUA2v8qAAUBuABrAIcBnQLyAHz/1AAPAJv/awAZAGUASAH1AMcA2QHhAjUBqf/5ADcALQCrAFwA
      cgAvASgB0gDOAQoDVQHa/yYBTv+1/0EA7P8dAIsAlQBYAFUBwAIOAY3/Ov/Z/kL/4v+f/5z/JwBKAPP/BQFwAsYA8f8z/8n+Nf/O
      /47/m/8yAEEA4v8DAWsCXwI1AWgA5v84ADIBvACTAEsBIgHAAMQB7gDWAqUB2ABSALwAqQEiAfwAnwF0AQYBIgFKASQDIQJ5AbQA
      PwE2AnkBRgHiAZ8BKAHQAfUBtAOZAj0CSwGwAc4C8gG7AU4CXf/9AKoBqwFJA2QC9gH/AIQBoQLVAaoBHP/O/nYAPQFbAa8C6gGY
      AYYAKgFAAn0BcwA6/+/+qACJAX4B0wINArQBqwA/AUwC+/7w/7/+dP4yAPcA+QBhApgBWAFRAPIAj//q/uD/jP4f/hgAygDFAEoC
      fAFMAU4A6/+D/9/+zP93/gX+//+2ALQAPwJ5AUUB+QBOAOH/Tv9NAOT+c/5mAA8BAwGGAq4BaQAVAWAAGQCY/3sAKv/B/osAJgET
      AZICCQCbAEcBaAD3/8r/iwAm/+b+nwBJATkBTAAfALEAbQGdABcA7f+tAD7///6sAFMB6f7k/7v/NQDWACkAoP98/04A5v62/nYA
      uP5c/lv/IP+H/zAAjv8X//r+3P+G/mf+JAC1/lj+aP89/4P/OgCf/xb//f7c/4H+gABfAO/+jP6f/3X/tP9kAM7/Qv8o//3//v+B
      AGMA8P6P/qP/cf+r/2UA0/9B/yn/eAA6ALoAlwAg/8z+2f+g/97/jgD//2T/fwC/AH0A8wDHAGv/Cv8LANz/DQDAACkAsADYABEB
      2wBQATkB1f9n/2IAHABFAPQA6v2z/+D/HwDj/z4ATQAR/4z+ov9s/7P/dP+e/Wj/pf/s/5f/AwAgANP+V/5r/z7/2f7r/hr97f4n
      /2T/Hv+a/67/cP7z/R3/Iv4E/iD+N/z2/TH+ff5S/tf+Cf/g/Xv9+P8S/vn9Ev40/Nr9Fv5m/j7+0v4C/9T9KP2w/tb8m/yY/LL6
      ePzi/Df9Pf32/Uj+pv5s/P39L/wG/MP7+vng+zr8t/y9/IT9MwKN/0z9CP9k/Rb9x/zj+rf8+/xS/Tv9jgRTBJYBc/9IAdL/TP+w
      /s/8U/5t/on+RQZhBwwHjQSmAokEzgLkAUIBBP89AAUABAl7CnELVQsLCX0H4wiHBrQFfATdAacCrxEhEV0SxBM0FE4SyA/5D9YN
      BgwBCnsG8wG5An0DcwSZBZEGewdJCAkJuQk6CqUKU/hpCK4HZP8280f1DAHH9CUNfPkrAUP3WgPu+2sCy/js+XQCwgV7/eP7p/+Z
      ARMIKQHU+Y4Gpv2e9oT3O/aXBcwGffT08uH7Zf85Ac8HAwfDBA7/AvkFCPcC7wAX/ukDEQXoCbP79QfAAuH5X/1wBTADSAFW89X6
      IwJ0AO/4lAhc/Eb28v4pAZ0HCQtw/KwASQJYBG0Cvvcw+HoERv30BAn+ZvPhArr5JwevBLUBp/d2/gT3fAKFBdcFfQqA/oL8jvpP
      +Wb7zwCY/MQGFPgB/R/6D/Up/rn/gAHN/4H3Vf4DAngIdvxzDXf6qgX1/akGSgDJ+KH6DwEgCYQEg/+Q+kQJLv8J/mUCaP+S9kb5
      2ASH+9cEnf0pA3EBTAgW9sP+pPfn9NUEYwFW/U/9OvbqBxUH3P6+8cr5VP0NB+UFIQiGCScDxQcx+8L/wfZKA4L/RAVb/Z0Imf4w
      +mcGZwfwBM4CTQTKAAH+Qf4CAvn/TADv8lv+V/9PB/YIGQfRAND8lgEDBQwLuQmB85oK2AE1CLX/EQCq+lwGYwH09FAJ5//K+0b/
      NgVK+Z4Bkfwm9mr7LPkMAOEDSfm/+/X+JApx+jEJxQNEBbb1xABTBUr8ZwUeBC8Ip/tp/yoAAv7d+hAFqQqE97sF5QMpBRz28gU0
      9eL+9f6YBpsBKPm2+AYEIvXCASoJW/4F/xj/2vmg/4v58gjrCp39DPug/lP5EPZT9gkL1AnPAv4IIfscBaoE8/4l//H4MQct/w34
      FAnk9BX9eP36+sQAqP3RCIb9KPvj+eADB/TM+TD17/8m9wb7SQm1AnL4+ghPC3T8EPsyAST/CwCu+zP/l/+B/9cJTPlQ+lAHjPw3
      B/X05wqM/Uv5kQDXAj4EGvwL/UoBbgDH+WD7eQDNBWUAjwTY9JMBl/kBCDv8cAhXBE32JgfZBKz9evdgCVr/o/67+zYF2QWx9sH7
      aPen97P+JQaO968ArPpjBvH/EwGhAk38Mvhb+cMJhAXR/WYC7gMD/gwKTQnv9JzzxQhn/EUDg/8f+Sn+Yf9uAsMBNwHR/Wn49/X+
      /CH//gUv/lIBPADE/cAJ4PZhCegJ3fuS9Rz/hwVuBOMHhQQ/BmwIIPk7BTX+bv87/uIJ4woAAq4K//YfAlr/mv0ZCh35+AD897QA
      TgbG/qn0XwV1+7AF4vtEBhf3MgFV/ln8Lfrq9SYCIwC+/Z76VfutBdYADgy6/Yn8cAcl9jYClPkZ/438D/zE/OT7Pf1V9177zAJP
      AhT+HQDV/mz6r/nO/wz/L/86+EoHagcaBpAMqQQT+2X6Nv6h/v/0TgmKCVn6lwLV9FMC7AYo/DX3WfdD9N4INQuG9XAG+PUjBjT1
      WfnK96UEEgKgAwwF7QHeCqf8sPjy+H0HOAdp+iX/zwTL/8P/PgiRAo/7XfdPByL22gU297ME/wdTARL3hwVF/3T/NwXa9DwFgANI
      BCcCyAV8A7UCQP4a91kC7v8m88cHo/n6CW/76gT79mD1CPro9V4J+gFd84r8UQL4CXn/bAUV/gf7GAZ5/IkHf/1IBEb3xfsS/z38
      dwJJ8Yn2sP5h9pb8rArT//sKFAUl/i0BNPMG+lEDwP2h+cgBpPqhBKD9NPbW9aH4tvfO+Lv2G/6Y++sD5Qb1/xIBcQKi/zQHGAdO
      A7j8Pvm9BsUCUvjM/mkHWfjlCjvyRvY/CM0GxvtOBZYBGQG3/Nf7zvQj+vHzrARQ+X4BlQZf9+MAM/hl+UP/X/nrAOj5twIR/h35
      dQNeBG397PxIAcb/ZADR/J8BQALuCBX8R/uE9e//0wNK9yn4YwRI+o8D6geO+8gHF/uLB6ABxv5sBZcFmAhfA7YEhgEv9pj6iflY
      ++z4bv6FCWT7hAWM/ML/B/xq+1IC1wE3/yL/Ef1AAGD+8PTAAu30LvcyAvj5YfmyApX89v8gBKn7zPWU/B4KwwUz+6L0vvfS+9gI
      VP5h/Qf7uwHH+Cn5m/hhAUgJLfzr//70+vw3/BL7M/jtA8r61gYuAlr5+Qe1++j7lfo880X4xwV1Bu8CRAW4BZT8HPvW+jwEzfhU
      BIT8PPufASb3FAYq+Mz+twL++ij/2vauBnf3uvI9AFn/mwkkA5/3xP1W/gD4JgRjBqQJ7vwkBNz8E/VJ/zMKpP4090n4T/bf/KT1
      j/k2Ba0ETACH/nYJHgVPBwgF+fkr9gj0KQZC/jX7yfdq/+325/ob/kkH+PG//Mz7Cfjw9pf7eP1x9d3zhfqj+nEDTwOaAJH08vfg
      /Q/+gwPl/+EEF/SJAhwHIP8J/gb/GwWu/Un/7fdD/hf39fRLCVMDQP1s9GAIK/ZTAoMKhf5NB88EJQPP+bf/agED9lPwsQGf+akE
      E/r0+xQCZvkU91z7B/ddA9gFrfnq/mACPQmtBVX6KwGC+N73RfucAdL4nvLd/iMGJQGc93n4kPW8Bp/54/7/8mkBUgs0/ZwG5PYt
      +MH4wgOY/OT7P+oo9oX8hf8PBDb39QNn+eb6+AD7/Av7HAi8ATv0WvwZACIAUf7t+gj7BwCO/UgAHvjuAKr5r++X9633Uvs9/XP5
      1PSnAaj5HANs/CwFhv3K/CLuwPwX+9sANQcK99IDJvdO/9n2zvYZAvX66ALtCA30EPji+mn4kwFCABD6bvuE/gfzO/ZN/fr1DgFQ
      CeELT/kf95r4y/2LBn4BJQUD/ND1DQAW+qvy0QYABU76s/gZ+fTiX/7d+G8G9gRQ9xEQuwvxAcIDLQcEDCUCsgxcCV78nBT7/nr3
      8A0P/ZYDPgXB90/bQPuR99v7UxJSBmINoA7TBQAJZwthE68RFQgL/N34k/wAAM8GGwUC/rv/AAAAALT+t/48/QAABgNm/yX+KwBz
      /g4EJv7LASMD3AGL/mn+rAiHBEELnAW+A0UEdgCGDyP/9AP/A0sGYADWCJD6wAXp+isKZvqLAo4HufNtBJn6t/aq8yD1WAVE9mb7
      sgRpCIQL+f9sEcwT+AhD++H/RwXaBr4CsAOwDX0GbQ74DBIFngY0AGTy3P7ZBgkIdAZE8x4MBQCWAWf5Zwz8CWD+ivViDGcDDPyA
      CwP3pgsfDDUK0PXk93P7gP31CbLyCvlBA4D/tgVx9MQGVQccDRcE3f3PC9nygv7v9EH73/ji+D32Qf6a+yj8M+1W9WX0BvBI7R7u
      TvIX7L/s/ftG/38IagCZ8DkGmPcf8kz9oQU3Brj/GvyEAbr+B/f//5r7y/ehCpX14QfLDLr9lPsq//X2kvr4//vxeAZT8owP3giv
      BVcHNgfpDgQNRg6tBm8MbQPE/d4DN/vd/iIG4fMjDRjylO/iCTQM1QB/CIP9VhDJ814QeAzbDL8HOwKUAasCtQQg+zwATvr0/n/8
      5v4v/swMLgy2BukRthAIDz8HfwDeChIAeP8n9j35afk49uACUAuC8/n45fHC9Z3zoQOSC4AG3/2iCCQFRg9bA10JFhJ7CjgMzgEk
      DwP7yAqHD5QNLvjX+soNRQ+9/XUK7QkVAiAJRggm+9H7owqlCncKaPzS/q4I+fnECqMEZ/6PDX0HKgcQ/44IuQQh/VX+YQD/AP39
      vQJxC6UIav7gBK/6kQ6ICS3/UPk5/c8INf0oDWjxNvbr+IT4wgGDDWnyjgpXBkL8DvMq8h76QvXr+3v4F/nZChwNuwHiALwBjwCi
      Ah4BLADlAkYCbwQtAlMC
    `).buffer,
  ),
  (value) => value / 1e4,
);
const [CYCLE, HORIZON, UNITS, FIRST] = [44, 12, 24, 1939];
const ORIGINS = SPOTS.length - CYCLE - HORIZON + 1; // the first is the beginning of 1950

/** Multiply a row by the matrix that begins at a place of the weights, and add the numbers behind the matrix. */
function layer(row, place, outputs) {
  return Array.from({ length: outputs }, (_, j) =>
    row.reduce(
      (sum, value, i) => sum + value * WEIGHTS[place + i * outputs + j],
      WEIGHTS[place + row.length * outputs + j],
    ),
  );
}

/** The forecasts of the twelve quarters after the quarters before `at`, an index into SPOTS. */
export function forecasts(at) {
  const row = SPOTS.slice(at - CYCLE, at).map((value) => value / 100);
  const dense = (CYCLE + 1) * HORIZON;
  const hidden = layer(row, dense, UNITS).map((value) => Math.max(0, value));
  const unscaled = (out) => out.map((value) => value * 100);
  return {
    seasonal: SPOTS.slice(at - CYCLE, at - CYCLE + HORIZON),
    persistence: Array(HORIZON).fill(SPOTS[at - 1]),
    linear: unscaled(layer(row, 0, HORIZON)),
    dense: unscaled(layer(hidden, dense + (CYCLE + 1) * UNITS, HORIZON)),
  };
}

/** Mean absolute errors for each horizon, from one origin or from all. */
export function errors(origins = Array.from({ length: ORIGINS }, (_, i) => CYCLE + i)) {
  const sums = {};
  for (const at of origins) {
    for (const [name, said] of Object.entries(forecasts(at))) {
      sums[name] ??= Array(HORIZON).fill(0);
      said.forEach((value, h) => {
        sums[name][h] += Math.abs(value - SPOTS[at + h]) / origins.length;
      });
    }
  }
  return sums;
}

const NAMES = { seasonal: "seasonal-naive", persistence: "persistence", linear: "linear", dense: "dense" };
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const when = (at) => `${FIRST + Math.floor(at / 4)}, quarter ${(at % 4) + 1}`;

export function mount(stage) {
  const all = errors();
  const shown = new Set(["seasonal", "linear", "dense", "truth"]);
  let at = CYCLE + 104;
  const strip = svg("svg", { role: "img", class: "fig-panel fr-strip" });
  const race = svg("svg", { role: "img", class: "fig-panel" });
  const byHorizon = svg("svg", { role: "img", class: "fig-panel" });
  const live = readout();
  const origin = slider({
    label: "Forecast from",
    min: 0,
    max: ORIGINS - 1,
    step: 1,
    value: at - CYCLE,
    show: (value) => when(value + CYCLE),
    hear: (value) => {
      at = value + CYCLE;
      show();
    },
  });
  origin.classList.add("fr-origin");
  const input = origin.querySelector("input");
  const key = (name) =>
    svg(
      "svg",
      { viewBox: "0 0 30 8", class: "fr-key", "aria-hidden": "true" },
      svg("line", { x1: 0, x2: 30, y1: 4, y2: 4, class: `fr-line fr-${name}` }),
    );
  const boxes = html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, "Show"),
    ...["seasonal", "persistence", "linear", "dense", "truth"].map((name) => {
      const box = html("input", {
        type: "checkbox",
        checked: shown.has(name),
        onchange: () => {
          shown[box.checked ? "add" : "delete"](name);
          show();
        },
      });
      return html("label", {}, box, key(name), NAMES[name] ?? "what came");
    }),
  );
  let isDragged = false;
  const drag = (event) => {
    const box = strip.getBoundingClientRect();
    const index = Math.round(((event.clientX - box.left - 34) / (box.width - 42)) * (SPOTS.length - 1)) - CYCLE;
    input.value = Math.max(0, Math.min(ORIGINS - 1, index));
    input.dispatchEvent(new Event("input"));
  };
  strip.addEventListener("pointerdown", (event) => {
    isDragged = true;
    strip.setPointerCapture(event.pointerId);
    drag(event);
  });
  strip.addEventListener("pointermove", (event) => isDragged && drag(event));
  for (const end of ["pointerup", "pointercancel"])
    strip.addEventListener(end, () => {
      isDragged = false;
    });
  stage.append(
    html(
      "div",
      { class: "fig fig-forecast-race" },
      origin,
      strip,
      boxes,
      race,
      html("p", { class: "fig-label" }, "Error for each horizon, all 244 origins; seasonal-naive = 1"),
      byHorizon,
      live,
    ),
  );

  const wide = () => Math.max(280, stage.clientWidth);

  /** Scales and grid of a drawing: steps from `from` to `to`, values from 0 to `most`. */
  function plane(panel, { from, to, most, high, values, marks }) {
    const atX = (t) => 34 + ((t - from) / (to - from)) * (wide() - 42);
    const atY = (value) => high - 22 - (Math.max(0, Math.min(most, value)) / most) * (high - 30);
    const line = (row, start, name) =>
      svg("polyline", {
        points: row.map((value, i) => `${atX(start + i).toFixed(1)},${atY(value).toFixed(1)}`).join(" "),
        class: `fr-line fr-${name}`,
      });
    change(panel, { viewBox: `0 0 ${wide()} ${high}` });
    panel.replaceChildren(
      svg(
        "g",
        { class: "fig-axes" },
        ...values.flatMap((value) => [
          svg("line", { x1: 34, x2: wide() - 8, y1: atY(value), y2: atY(value), class: "fig-grid" }),
          svg("text", { x: 29, y: atY(value) + 4, "text-anchor": "end" }, String(value)),
        ]),
        ...marks.map(([t, text]) => svg("text", { x: atX(t), y: high - 4, "text-anchor": "middle" }, text)),
      ),
    );
    return {
      atX,
      atY,
      line,
      upright: (t) => svg("line", { x1: atX(t), x2: atX(t), y1: 4, y2: high - 20, class: "fr-now" }),
    };
  }

  function show() {
    const decade = (year) => [(year - FIRST) * 4, String(year)];
    const whole = plane(strip, {
      from: 0,
      to: SPOTS.length - 1,
      most: 260,
      high: 96,
      values: [0, 200],
      marks: [1950, 1970, 1990, 2010].map(decade),
    });
    strip.append(whole.line(SPOTS, 0, "past"), whole.upright(at - 0.5));
    strip.setAttribute(
      "aria-label",
      `Sunspots from 1939 to 2013 in seven cycles of about eleven years; the forecast begins in ${when(at)}`,
    );

    const said = forecasts(at);
    const first = Math.ceil((at - CYCLE) / 4 / 4) * 4;
    const near = plane(race, {
      from: at - CYCLE,
      to: at + HORIZON + 2,
      most: 260,
      high: 230,
      values: [0, 100, 200],
      marks: [0, 16, 32, 48]
        .map((k) => [first * 4 + k, String(FIRST + first + k / 4)])
        .filter(([t]) => t <= at + HORIZON),
    });
    race.append(near.line(SPOTS.slice(at - CYCLE, at), at - CYCLE, "past"), near.upright(at - 0.5));
    if (shown.has("truth")) race.append(near.line(SPOTS.slice(at - 1, at + HORIZON), at - 1, "truth"));
    for (const name of Object.keys(NAMES)) if (shown.has(name)) race.append(near.line(said[name], at, name));
    race.setAttribute("aria-label", `Eleven years before ${when(at)} and three years of forecasts after it`);

    const ratio = plane(byHorizon, {
      from: 1,
      to: HORIZON,
      most: 1.6,
      high: 170,
      values: [0, 0.5, 1, 1.5],
      marks: [1, 4, 8, 12].map((h) => [h, h === 1 ? "1" : `${h}`]),
    });
    for (const name of Object.keys(NAMES)) {
      if (shown.has(name))
        byHorizon.append(
          ratio.line(
            all[name].map((error, h) => error / all.seasonal[h]).filter((value) => value <= 1.6),
            1,
            name,
          ),
        );
    }
    byHorizon.setAttribute(
      "aria-label",
      "Error divided by that of seasonal-naive, 1 to 12 quarters ahead: linear from " +
        `${number(all.linear[0] / all.seasonal[0])} to ` +
        `${number(all.linear[11] / all.seasonal[11])}, dense from ` +
        `${number(all.dense[0] / all.seasonal[0])} to ` +
        `${number(all.dense[11] / all.seasonal[11])}`,
    );

    const here = errors([at]);
    const tell = (table, name) => number(mean(table[name]) / mean(table.seasonal));
    live.textContent =
      `From ${when(at)}: seasonal-naive misses by ${number(mean(here.seasonal), 0)} spots, ` +
      `linear by ${number(mean(here.linear), 0)} (ratio ${tell(here, "linear")}), dense by ` +
      `${number(mean(here.dense), 0)} (${tell(here, "dense")}). From all origins: linear ` +
      `${tell(all, "linear")}, dense ${tell(all, "dense")}, persistence ` +
      `${tell(all, "persistence")}.`;
  }

  const watcher = new ResizeObserver(show);
  watcher.observe(stage);
  show();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
