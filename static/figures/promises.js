// Fourteen things that a keynote of 2020 put forward: guess what became of each, then read it.
import { button, html, readout } from "./parts.js";

const FATES = { alive: "Still there", moved: "Under another name", ended: "Ended or stuck" };
const PROMISES = [
  [
    "Keras is the way in",
    "alive",
    "tf.keras is Keras 3 now and also runs on JAX and PyTorch. compile, fit, evaluate and predict are what they were.",
  ],
  [
    "TensorBoard.dev: share your curves by a link",
    "ended",
    "The service was closed. TensorBoard itself goes on, on your own machine.",
  ],
  ["TensorFlow Lite: models on phones", "moved", "It is called LiteRT. The files still end in .tflite."],
  [
    "Eager execution and a core that stays as it is",
    "alive",
    "Code for the core of 2.1 mostly runs on 2.21. What breaks is at the edges, most often in Keras.",
  ],
  [
    "TensorFlow Hub: more than a thousand trained models",
    "moved",
    "Models moved to Kaggle and Keras Hub. In code, keras.layers.TFSMLayer or keras_hub " +
      "stands where hub.KerasLayer stood.",
  ],
  [
    "A certificate for developers",
    "ended",
    "It closed in May 2024, and nothing open took its place. That is why this site exists.",
  ],
  ["tf.data and TensorFlow Datasets", "alive", "Both are maintained, and a lesson of this path is about them."],
  [
    "TFX: whole pipelines, with data validation",
    "ended",
    "The packages are stuck on old versions. The ideas (schema, skew, drift) are as useful " +
      "as ever; pandera can check a schema.",
  ],
  ["A profiler inside TensorBoard", "moved", "It is called XProf, and still shows where the time of a step goes."],
  [
    "TF-Agents: reinforcement learning",
    "ended",
    "Stuck on old versions. The environments live on in gymnasium, and an agent is a short program.",
  ],
  ["JAX for research", "alive", "It has grown a great deal, and is one of the three engines of Keras 3."],
  [
    "TensorFlow.js: models in the web page",
    "moved",
    "Its converter is stuck. LiteRT.js runs .tflite files in the browser.",
  ],
  [
    "Federated learning and privacy as packages",
    "ended",
    "Stuck on old versions. Federated averaging is thirty lines, flwr runs it between " +
      "machines, dp-accounting counts the privacy.",
  ],
  ["MLIR and XLA: compilers under the bonnet", "alive", "You meet them when you write jit_compile=True."],
];

export function mount(stage) {
  let at = 0;
  let guesses = [];
  const card = html("div", { class: "fig-card" });
  const tally = html("div", { class: "fig-panels fig-tally" });
  const live = readout();
  const again = button("Start again", restart);
  stage.append(
    html(
      "div",
      { class: "fig fig-promises" },
      card,
      live,
      tally,
      html(
        "div",
        { class: "fig-buttons" },
        again,
        button("Show all", () => {
          guesses = PROMISES.map((_, i) => guesses[i] ?? null);
          at = PROMISES.length;
          draw();
        }),
      ),
    ),
  );

  function restart() {
    at = 0;
    guesses = [];
    draw();
  }

  function guess(fate) {
    guesses[at] = fate;
    draw();
    card.querySelector("button").focus();
  }

  function next() {
    at += 1;
    draw();
    (card.querySelector("button") ?? again).focus();
  }

  function draw() {
    card.replaceChildren();
    const right = guesses.filter((fate, i) => fate === PROMISES[i][1]).length;
    const made = guesses.filter((fate) => fate).length;
    if (at < PROMISES.length) {
      const [promise, fate, story] = PROMISES[at];
      const answered = guesses[at] !== undefined;
      card.append(
        html("p", { class: "fig-label" }, `2020, number ${at + 1} of ${PROMISES.length}`),
        html("p", { class: "fig-promise" }, promise),
        html(
          "div",
          { class: "fig-buttons" },
          ...(answered
            ? [button(at + 1 < PROMISES.length ? "Next" : "See all", next)]
            : Object.entries(FATES).map(([key, name]) => button(name, () => guess(key)))),
        ),
      );
      live.textContent = answered
        ? `${guesses[at] === fate ? "✓ Right" : "✕ No"}: ${FATES[fate].toLowerCase()}. ${story}`
        : "What became of it? Guess.";
    } else {
      live.textContent = made ? `You guessed ${right} of ${made} right. Here is all of it.` : "Here is all of it.";
    }
    tally.replaceChildren(
      ...Object.entries(FATES).map(([key, name]) => {
        const known = PROMISES.filter(([, fate], i) => fate === key && guesses[i] !== undefined);
        return html(
          "div",
          {},
          html("p", { class: "fig-label" }, `${name} (${known.length})`),
          html(
            "ul",
            { class: `fig-fates fig-${key}` },
            ...known.map(([promise, , story]) =>
              html("li", {}, promise, at >= PROMISES.length ? html("span", {}, story) : null),
            ),
          ),
        );
      }),
    );
  }

  draw();
  return () => stage.replaceChildren();
}
