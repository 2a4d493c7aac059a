// The cells of a lesson: marked blocks of its code run in the page, on one kernel of the learner's for the lesson. What
// speaks to the kernel and shows outputs is the notebook's own, and comes with the first run.
import { CellStatus } from "../notebook/cell_status.js";
import { announce, say, seconds } from "../notebook/words.js";

const SPOKEN = 300; // characters of an output that are read out
const page = document.querySelector("[data-lesson-kernel]");
let loading = null; // the kernel, once a cell has been run
let latest = null; // the cell that ran last, which tells how its kernel ended
let isAsked = false; // a run of this page is spoken of, not what comes again after a reload
// in this tab: that cells were run, and the edited ones
const KEPT = `lesson:${page.dataset.owner}:${page.dataset.lessonKernel}`;

// A block of Python of the lesson, which runs before the cells below it.
class Block {
  constructor(code, index) {
    this.code = code;
    this.index = index;
    this.id = `scratch-${index + 1}`;
  }

  get source() {
    return this.code.textContent;
  }

  changed({ status }) {
    if (status === "running") this.waiting?.tell(say("before", { number: this.index + 1, count: this.waiting.index }));
  }

  // It has no place for its outputs; an error concerns the cell that waits for it.
  add(output) {
    if (output.output_type === "error") this.waiting?.add(output);
  }

  addMetrics() {}

  get waiting() {
    return cells.find((cell) => cell.index > this.index && cell.isBusy);
  }
}

class Cell extends Block {
  constructor(code, index) {
    super(code, index);
    this.element = code.closest("[data-lesson-cell]");
    this.name = say("cell", { number: this.element.dataset.lessonCell });
    this.area = this.find("[data-source]");
    this.progress = new CellStatus(this.element, (now) => this.showStatus(now));
    for (const name of ["run", "stop", "edit", "reset"])
      this.button(name).addEventListener("click", () => this[name]());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.shiftKey || ![this.area, this.code].includes(event.target)) return;
      event.preventDefault();
      this.run();
    });
    this.area.addEventListener("input", keep);
    this.find("[data-tools]").hidden = false;
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  button(name) {
    return this.find(`[data-do=${name}]`);
  }

  get source() {
    return this.area.hidden ? super.source : this.area.value;
  }

  get isBusy() {
    return this.progress.isBusy;
  }

  // --- what the learner does ---

  async run() {
    if (this.isBusy) return;
    isAsked = true;
    keep();
    this.progress.take({ status: "queued", text: say("asking") });
    this.isTaken = this.isStopped = this.isSkipped = false;
    try {
      const kernel = await load();
      const sources = blocks.slice(0, this.index + 1).map(({ id, source }) => ({ id, source }));
      await kernel.run(sources, "to");
    } catch (refusal) {
      this.refuse(refusal);
    }
  }

  async stop() {
    this.isStopped = true;
    try {
      await (await load()).interrupt();
    } catch (refusal) {
      this.refuse(refusal);
    }
  }

  edit() {
    this.open(super.source);
    this.area.focus();
    keep();
  }

  open(text) {
    this.area.value = text;
    this.area.rows = text.split("\n").length + 1;
    this.area.setSelectionRange(0, 0); // else the end of its last line is what one sees
    this.show(true);
  }

  reset() {
    this.show(false);
    keep();
    this.button("edit").focus();
    announce(say("reset"));
  }

  show(isEdited) {
    this.area.hidden = !isEdited;
    this.code.parentElement.hidden = isEdited;
    this.button("edit").hidden = isEdited;
    this.button("reset").hidden = !isEdited;
  }

  pointTo(line, isToGo) {
    if (!isToGo) return;
    if (this.area.hidden) this.edit();
    const lines = this.area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  }

  // --- what is known of it ---

  showStatus({ text = "" }) {
    const [shown, gone] = this.isBusy ? ["stop", "run"] : ["run", "stop"];
    const hadFocus = document.activeElement === this.button(gone);
    this.button(shown).hidden = false;
    this.button(gone).hidden = true;
    if (hadFocus) this.button(shown).focus();
    this.tell(text);
  }

  tell(text, isToKeep = true) {
    if (isToKeep) this.progress.now.text = text;
    this.find("[data-cell-state]").textContent = text;
  }

  end(text) {
    this.progress.take({ status: "ended", text });
    announce(`${this.name}: ${text}`);
  }

  refuse({ status, message }) {
    this.end(status === 401 || status === 403 ? say("signed_out") : (status && message) || say("unreachable"));
  }

  changed({ status, seconds: time }) {
    this.isTaken = true;
    if (status === "skipped") {
      this.isSkipped = true; // the end of the run says why
      return;
    }
    if (status === "running") {
      this.outputs.clear();
      latest = this;
    }
    const isNews = this.progress.take({ status, text: this.textOf(status, time) });
    if (isNews && isAsked) this.announceEnd(status, time);
  }

  textOf(status, time) {
    if (status !== "queued") return say(status, { seconds: seconds(time ?? 0) });
    return this.isBusy ? this.progress.now.text : say("running");
  }

  announceEnd(status, time) {
    const output = this.outputs.element;
    if (status === "ok")
      announce(`${say("said_ok", { cell: this.name, seconds: seconds(time) })} ${output.textContent.slice(0, SPOKEN)}`);
    if (status === "error")
      announce(
        say("said_error", { cell: this.name, message: output.querySelector("[data-error]")?.textContent ?? "" }),
      );
    if (status === "interrupted") announce(say("said_stopped"));
  }

  runEnded({ status, message }) {
    if (!this.isSkipped) return;
    this.isSkipped = false;
    const why = message || say(status === "failed" ? "not_run" : "stopped");
    this.end(this.isStopped ? say("stopped") : why);
  }

  // A kernel that ended before it took this run is not the one that will do it.
  kernelChanged({ state, position, message }) {
    if (state === "ended" && this.isTaken && (this.isBusy || this === latest)) this.end(message);
    if (!this.isBusy) return;
    if (state === "waiting")
      this.tell(position > 1 ? say("waiting", { position: position - 1 }) : say("waiting_first"));
    else if (state === "starting") this.tell(say("starting"));
  }

  add(output) {
    this.outputs.add(output);
  }

  addMetrics(metrics) {
    this.outputs.addMetrics(metrics);
  }
}

function load() {
  loading ??= start().catch((error) => {
    loading = null; // so that the next click tries again
    throw error;
  });
  return loading;
}

async function start() {
  const [{ Kernel }, { Outputs }, { csrfToken }] = await Promise.all([
    import("../notebook/kernel.js"),
    import("../notebook/outputs.js"),
    import("../notebook/csrf.js"),
  ]);
  for (const href of page.dataset.sheets.split(" ")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  for (const cell of cells) {
    cell.outputs = new Outputs(cell.find("[data-outputs]"), {
      name: cell.name,
      onLine: (line, isToGo) => cell.pointTo(line, isToGo),
    });
  }
  const kernel = new Kernel(page.dataset.lessonKernel, () => csrfToken(page));
  const on = (kind, act) => kernel.addEventListener(kind, (event) => act(event.detail));
  const of = (id) => blocks.find((block) => block.id === id);
  on("cell", (event) => of(event.cell)?.changed(event));
  on("output", ({ cell, output }) => of(cell)?.add(output));
  on("metrics", (metrics) => of(metrics.cell)?.addMetrics(metrics));
  on("kernel", (state) => {
    for (const cell of cells) cell.kernelChanged(state);
    if (state.state === "ended") latest = null;
  });
  on("run", (event) => {
    for (const cell of cells) cell.runEnded(event);
  });
  const busy = (act) => () => cells.filter((cell) => cell.isBusy).forEach(act);
  on(
    "lost",
    busy((cell) => cell.tell(say("reconnecting"), false)),
  );
  on(
    "connected",
    busy((cell) => cell.tell(cell.progress.now.text)),
  );
  on("crowded", ({ message }) => busy((cell) => cell.tell(message, false))());
  on(
    "signedout",
    busy((cell) => cell.end(say("signed_out"))),
  );
  return kernel;
}

const blocks = [...document.querySelectorAll("pre[data-python]")].map(
  (code, index) => new (code.closest("[data-lesson-cell]") ? Cell : Block)(code, index),
);
const cells = blocks.filter((block) => block instanceof Cell);

function keep() {
  const edited = cells.filter((cell) => !cell.area.hidden).map((cell) => [cell.id, cell.area.value]);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(edited)));
  } catch {
    // A full or forbidden storage: a reload begins anew.
  }
}

// After a reload: what was edited, and what the kernel still has.
function restore() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    // A forbidden storage: a reload begins anew.
  }
  if (!kept) return;
  for (const cell of cells) if (cell.id in kept) cell.open(kept[cell.id]);
  load().then(
    (kernel) => kernel.resume(),
    () => {},
  );
}

restore();
