// Two readers of a guest book: one adds up its words in any order, one is a small recurrent network that reads from
// left to right.
import { button, html, number, random, readout, weights } from "./parts.js";

// Both were trained on the 5,000 training entries of the data set guest-books (SIMULATED). Weights are bytes times a
// scale.
const WORDS = `
  . a across ada agree airy all although an and anything are arrived at aunt awful bad be bed bland blanket book
  boots boy bread breakfast bridge bright brother burnt bus but by cake called camp cards cellar cheerful clean
  climb climber coffee cold come comfortable company cook cosy counted couple cramped damp delicious descent dirty
  disagree dismal dog dormitory dreadful drew dried excellent expected far filthy fine fnie for forecast forty found
  four fresh friend friendly from fuond generous glacier gloomy go goats good graz great grumpy guide had hardly
  hearty heavenly horrible host hotel hut impatient in inn is it kind kitchen lake last leaflet left lift lovely map
  mattress may mean means milan miserable moonlight morning musty my nasty never night nine no noisy nonsense not
  now of old on one our out outside over paid pass path patient people perfect pillow played poor porridge promised
  quiet quite rather really ride ridge room rope rude school seven shabby site ski slept smelly so soup splendid
  spotless staff stale stamp stew stove stuffy superb supper table tasteless tasty ten terrace terrible that the
  there third thought tidy to tomorrow towel trace true truly twelve two unfriendly until us used valley very view
  village waited warden warm warned was washroom we weather welcome welcoming were which wonderful wrong yet
`
  .trim()
  .split(/\s+/);
const NUMBER = new Map(WORDS.map((word, i) => [word, i + 2]));
const UNITS = 12;
const WIDE = 8;
const [ROWS, INPUT, STATE, BIAS, LAST, LAST_BIAS, COUNT] = [
  weights(
    0.015027,
    `
      AP0C/QP/AgIE+A4NEPYICxME7yX1GvUFHyPp8PMS9RoG/gogH/3+2wMA8yD8DPfvDSboPv4X7vsQFOcQ7Q/iBO8bEzXhA+zX7AsXVRYs/5QW
      B+4W+hXv8BAs2xXxH+MDv/UnChz0EYEIB/kK/An66vAGAAYH/Abn8iH0IfoG5+AZAwID7fL5At7ZFvsh7SDXzNYt6DPeK+27DPIu/RsA5CP2
      As/86wMl79wl3yveIwAS+wDk9/sBB/r7B/0G9wX78fQNFQsEBubx9PwlCgQH3w/v/+/b+wUoEfH/4gP6ASLxJQE4CQj37fIi/DLzCOf97+8P
      AejpAvbl1yHKItkgAg4MAAAHEv/f2PEk49rwBALr8hgPJPsHsh/3AO8V/AkZAPIQ9PryAgQTB/UqBh305Af7/AIAAgP/IO79+/YC/R8lAPP1
      8hD3KCUe4A/hHd8d8yf5GREbAuP3AgURBgUC6yTp+wsVFu4b6uEg2RfeJPgKCfoJ9AL99iYg4BXZHeEg7R8PJggI/fMR/PPqA/0BGzDzAwrq
      IewuARztLPgQ9en7/wcWCgYA8PPlD9ke4Rf84uIa1SjOKPIZJekf6RvkDevyDBIgJhHN7NQjzivXIg7utS68FMIXKebmG98g6CEG9xD1HQIO
      +N0O7wrm/u8DEe33G+Im7RrzEQD5CvoI+f8G/PYJ9wP2+xoJ4xQBE+wi4wQAGQj8Bcre7hL6GfYRwtnRK8QqzSr+EQHuBPES7AYRG+cq7Brv
      +vwS9hL9BPwD2AoROQkO9975CvoV+g0C8AQK/fAD/PsQAQb8APcD/AcMJuIF7gvwAOUJ+xIBCfz9HvroHuEl3hwKGgEL/A3+5gkC+fn6/QAD
      IwfqJeUn4hXnCRE7DAX+4O38Ducg7RXwB/n8GgEI+OL2C/wK+vz7Aw4M7P/vDPAUAt8P8wnmEwYXDe0H6hPvGt7eH9kk3yYD3Cb9JPwH4ff7
      GPcF/AX+4OXpGAMW7g/IMw3oJ81Azw4OEfEN5RDqFe/iHeMo6yH1A/H27fbtAxsbB/MLBwwB4w4N9ysCFPHs5+En1x7ZI/zjFwYVFgUJ0gUk
      EBkKJAHpHgbp5fEM8zr0EPw7CQ8A0RgG/e3xCvwiCfLv+uTg+Sb1Bv0XABr57vgDDRgoExLOH/f60AT7/TT+AP8F//8BHOcGCycTDf3eKB7l
      Ft8o5hjdJRQuEff63gPoAfX36goT3QLuDOn3APru3B/hJ+En9P8VABP2B/Xm+PoMCAD8AOzn2SPcIuMf9O3/Ch4IGQjo4AMZDQX0DeHq4Rjf
      G+QY+QkF9w7tA/b06+8Q7yLvGPTg2RoMF/AR0+sVBhgHBfji8xP4FvkF+PnTHfYr/vPlvebaL9Uf3R/wDhzyCvQN7Afl4RkIIe8PzCDf9+oF
      BQQpCRXu/+kK6BHz7gsXFwIM6On3BwYF+wD9+g38EgMBBPEOEfgM9BbxBgUN/AT7AvYH9gn9BgIDAfQABPkB9AD8+Poa7ST5EvDx6/gUAw36
      EvbsEhMcFgwE2i/p4BDnJOgr+fcU//vyB/IfAez6+xH3HwQK7u3n9vUXAQX2EQAD/vnt2iDoLOcl5SP59ePwAfwV1chJzijWNM8uGeUh5ynn
      Cgkf5QDwF+8cBxvr/fEK8hb8LPjz9QP0EuMGERIZCQ3e6yMNDwYL/d0P+O7y6vD8F/EV/igHJPrc6twezyrYI/cABAUE/AUB+PEbBhEBCP73
      5OEc4xvnHvL/DwEsFhTu1BEK+C4BG/Pr+x3xE/AI8PTlxyboMuUt7Bsr4QLzDekQEfj36uju9xsgGegY5B/lCjf98h7nMu4lG/D68/kH/iDo
      7BvhFeQZ6vMb9iLtEe7wBQzw8fXo/BUT+PX/6er0Ht/mF+Eh5hgHHBTeCdsV5BwH/PH65vT2Hhv47e/mAvsi7eoWzRPeFRIuAeMQ9iLpIvT8
      BRYHBgfiEvAB697l+g/j+BziGesZ8fRD9BsFFvP0//b2DfMP/QX7FO8L9g308vkDAgH2+/4H9vYG8/XrAQQfFu4G6hvoB/kF9gAF8/7+ERD0
      LfMU8AkW8gb0/gAHG+ci3xH5ANviCSH2HAUQ/+wLHO7t4/z3IwAEAPj1Af4K+SH4KPcY+fPW1ynTJNgr8v0M/Q8EAwP06fwNAgb3DujWAvoa
      /Pv67tj9JSAc+QfTER/w7ez2/CHsHgAhCBsA6eIFDyAW7grn7Ar9GgIG++Ie9vbh8/34Gx8N7QLnDu0TJhDiAOYd3jQPBdzz9ur1KfgR8+/v
      5fMMDynO59v56yPZ/xk3GRwK0Q309Pb37xEgDiDrKegh4Qn3CP0Q/gb95M/QLu8X2hT0EBvsFe8W7f4PJuog8BrpGO0K/ezeBvAT
    `,
  ),
  weights(
    0.019768,
    `
      LPEMKfEBGgoQOvXtoiA33AYKG9vlH+0CDPji+QoQ5fwv4+AiaRc0ESseDQXeEDj+sUNa4ecjPukSTRMKCPHuBxcW6Q/wEuEKuuPd2/7a6/fq
      xuXwQ8vTVfz/zBcTxBbv5PsK8QHeIyP+BBTcJvUEBhUTBfPQCATX7Eks5PgLCen3FgYS6MroLA4bydTtKObvwOzogfQD7wX6uej0F9zvQxDq
      7iMIjBIl1PsBAN3xGvzr0wz2Jf36LREBAf7HCwvUsVJT0uQcI/sKHxEm9dXoECYtzegLIOIqqwTTuw/m++sX5fD9ScLQPfHu1hwHpRQS3iQd
      9OzrIQ8N5A3wLvcQRA0KBw44MwEhz+73z//5Ltj3OeP9NULSxgL99QEz4dwd
    `,
  ),
  weights(
    0.015106,
    `
      /KeKUISegbr5QIUK+uAQF9b75vkZ5Akp5f7hC/H19bsHtuHs//PM8t3/5vsV1Pfa39cG8vz63fnmJxjp7ycWH/LXHwcEIxolDB4PDRYtOwwH
      BSQXAArsAODe+Rf5AhbtVQv85hH6DBkSC/ER/yNeHF1IYC37ED/w3gcH5d/o+/UB4un63UMUKAzjFCMRIRws8RQE9jTzBzIC/BUGEA0AwycY
      9bMO/u8LzfMjKhP//P7gHhX2Bgr79Qj9FfAyMgc2IiEF6yUUCe8OCP0T++zd6jkt79bs3trBFQD/EvXo/PP5ARLZAvsNGM/nBBX0DCHyDi0S
      KvLWHzEaLQEREi4YMwA1Mjj47iPc5fIPDdMF8x3c+wQG9yI0LfL4FCPvAwsUsqzA1YTA2bvHw67Z7gIkCv0Z8u8MNQEZ3vr/CtLuEBfx/fMW
      JT80JjQqRB4PFyIf8OjF79LH7Oj4zr7wHynSAhr5Bhg2BtUpDlEW9RdLKP7x7wsUDvjkFuXeFDn69BznShAM4Q0AIiATD+cFuaby69DhurTm
      3vHezPgg6uwCA/nzKPTy6Pz6JMXiDCD55gkJ
    `,
  ),
  weights(
    0.012209,
    `
      20UCGwd/SzgF1fD77Pfz4/MH9QTzD+8M8wX8Avn9AvX+AP7020UCGwd/SzgF1fD77Pfz4/MH9QTzD+8M4gT8CfH+/fv8Bf70
    `,
  ),
  weights(0.014286, "I4GtnmNsgZfhusmZ"),
  weights(0.000672, "fw=="),
  weights(
    0.387043,
    `
      AAUA/gT5BBYD/P8A/f//Avzz8wD15PQC9f4KAgkdBf79/AIBAf79+xEdAP0F5gAWBwEjAQDw5BAC9wb8/vr4/PgP+APsDAEBFPkGAw0CGQH8
      CQr6AgMK/h7/DP8DGQrtA/n/6QMBAgAX/P/6+AL9FfX9/+sBA/ANA+f8+fv/A/zJBgEAHP8C/wYDAwAB/g8e/Q3+BfP5hgD/Bff9A/T75P76
      9f79/uz+AgAWBN3//QD+EwH86A8B9vT7APsD+wwCAgbt/fv++uH8+QAA+gAF/f8WfwL+AAMDK/sG/wH/
    `,
  ),
];
const COUNT_BIAS = -0.0449;
const EXAMPLES = [
  "The soup was good. The bed was not damp.",
  "The soup was not good. The bed was damp.",
  "The room was good but the soup was awful.",
  "Anything but dirty! And the warden was never rude.",
  "Ada called the soup delicious but that is wrong.",
  "The weather was awful and the path was horrible. The bed was clean.",
];

const squash = (x) => 1 / (1 + Math.exp(-x));
export const cut = (text) =>
  (
    text
      .toLowerCase()
      .replaceAll("!", ".")
      .match(/[a-z]+|\./g) || []
  ).slice(0, 60);
const numberOf = (word) => NUMBER.get(word) ?? 1;

/** One step of the GRU: reset and update gates, a candidate, and the new memory. */
function step(memory, word) {
  const row = ROWS.subarray(word * WIDE, word * WIDE + WIDE);
  const [inner, outer] = [new Float32Array(3 * UNITS), new Float32Array(3 * UNITS)];
  for (let j = 0; j < 3 * UNITS; j++) {
    inner[j] = BIAS[j];
    outer[j] = BIAS[3 * UNITS + j];
    for (let i = 0; i < WIDE; i++) inner[j] += row[i] * INPUT[i * 3 * UNITS + j];
    for (let i = 0; i < UNITS; i++) outer[j] += memory[i] * STATE[i * 3 * UNITS + j];
  }
  return memory.map((old, j) => {
    const keep = squash(inner[j] + outer[j]);
    const reset = squash(inner[UNITS + j] + outer[UNITS + j]);
    const fresh = Math.tanh(inner[2 * UNITS + j] + reset * outer[2 * UNITS + j]);
    return keep * old + (1 - keep) * fresh;
  });
}

/** After each word, the probability of praise that the network would give if the entry ended there. */
export function read(words) {
  let memory = new Float32Array(UNITS);
  return words.map((word) => {
    memory = step(memory, numberOf(word));
    return squash(memory.reduce((sum, value, i) => sum + value * LAST[i], LAST_BIAS[0]));
  });
}

/** The probability of praise from the words alone, whatever their order. */
export const count = (words) =>
  squash(words.reduce((sum, word) => sum + COUNT[numberOf(word)], 0) / Math.max(1, words.length) + COUNT_BIAS);

export function mount(stage) {
  const draw = random(7);
  const field = html("textarea", { class: "tok-field", rows: 2, maxlength: 240, oninput: () => show() });
  const list = html("ol", { class: "rdo-words", "aria-label": "Probability of praise after each word" });
  const [counted, readText] = [html("p", { class: "fig-verdict" }), html("p", { class: "fig-verdict" })];
  const note = html("p", { class: "fig-note rdo-unknown" });
  const live = readout();
  live.classList.add("fig-hidden");
  field.value = EXAMPLES[0];
  let at = 0;

  /** Mix the words of the text, full stops stay at the end. */
  function mix() {
    const words = field.value.match(/[A-Za-z]+/g) || [];
    for (let i = words.length - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [words[i], words[j]] = [words[j], words[i]];
    }
    field.value = `${words.join(" ").toLowerCase()}.`;
    show();
  }

  stage.append(
    html(
      "div",
      { class: "fig fig-reading-order" },
      html("label", { class: "tok-label" }, html("span", { class: "fig-label" }, "An entry"), field),
      html(
        "div",
        { class: "fig-buttons" },
        button("Next example", () => {
          at = (at + 1) % EXAMPLES.length;
          field.value = EXAMPLES[at];
          show();
        }),
        button("Mix the words", mix),
      ),
      html("div", { class: "rdo-verdicts" }, counted, readText),
      html(
        "p",
        { class: "fig-legend" },
        "The network after each word: bars to the right say praise, to the left complaint.",
      ),
      list,
      note,
      live,
    ),
  );

  const say = (p) => `${p >= 0.5 ? "praise" : "complaint"} (${number(p)})`;

  function show() {
    const words = cut(field.value);
    const after = read(words);
    const sum = count(words);
    const last = after.at(-1) ?? 0.5;
    counted.textContent = `Counting says: ${say(sum)}`;
    counted.className = `fig-verdict ${sum >= 0.5 ? "fig-good" : "fig-bad"}`;
    readText.textContent = `Reading says: ${say(last)}`;
    readText.className = `fig-verdict ${last >= 0.5 ? "fig-good" : "fig-bad"}`;
    list.replaceChildren(
      ...words.map((word, i) => {
        const fill = html("span", { class: `rdo-fill ${after[i] >= 0.5 ? "rdo-up" : "rdo-down"}` });
        fill.style.width = `${Math.abs(after[i] - 0.5) * 100}%`;
        return html(
          "li",
          {},
          html("span", { class: NUMBER.has(word) ? "" : "rdo-unknown" }, word),
          html("span", { class: "rdo-track", "aria-hidden": "true" }, fill),
          html("span", {}, number(after[i])),
        );
      }),
    );
    const strange = [...new Set(words.filter((word) => !NUMBER.has(word)))];
    note.textContent = strange.length
      ? `Unknown to both: ${strange.join(", ")}. They learned from ${WORDS.length} words.`
      : "";
    live.textContent = `Counting: ${say(sum)}. Reading: ${say(last)}. ${note.textContent}`;
  }

  show();
  return () => stage.replaceChildren();
}
