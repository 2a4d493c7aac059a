// One cell of the notebook: its editor if it has one, how it last ran, and what it put out.
import { CellStatus } from "./cell_status.js";
import { Editor } from "./editor.js";
import { Outputs } from "./outputs.js";
import { say, seconds } from "./words.js";

export class Cell {
  constructor(element, notebook) {
    this.element = element;
    this.id = element.dataset.cell;
    this.role = element.dataset.role;
    this.progress = new CellStatus(element, (now) => this.show(now));
    this.count = 0;
    element.tabIndex = -1;
    const area = element.querySelector("textarea");
    if (area) {
      const label = element.querySelector("label");
      label.removeAttribute("for");
      this.editor = new Editor(area, {
        label: label.id,
        describedBy: "editor-help",
        kernel: notebook.kernel,
        on: notebook.handlers(this),
      });
    }
    const outputs = element.querySelector("[data-outputs]");
    if (outputs)
      this.outputs = new Outputs(outputs, { name: this.name, onLine: (line, isToGo) => this.pointTo(line, isToGo) });
  }

  get isCode() {
    return this.role !== "text";
  }

  get isRun() {
    return this.role === "setup" || this.role === "solution";
  }

  get name() {
    return this.element.dataset.name || this.id;
  }

  get errorText() {
    return this.element.querySelector(".out-error-head [data-error]")?.textContent ?? "";
  }

  // What is sent to run it. The source of a locked cell is known to the server.
  get request() {
    return { id: this.id, source: this.editor?.text ?? "" };
  }

  begin() {
    this.outputs?.clear();
    this.editor?.markLine(0);
    this.ran = this.editor?.text;
    this.markChanged();
    this.setMessage("");
  }

  get status() {
    return this.progress.now.status;
  }

  take({ count, ...news }) {
    if (news.status === "running") this.begin(); // what waits may have run already, and keeps what it put out
    if (count) this.count = count;
    return this.progress.take(news);
  }

  show({ status, seconds: time }) {
    const state = this.element.querySelector("[data-cell-state]");
    if (!state) return;
    const number = this.count && status !== "queued" ? `[${this.count}]` : "";
    const words = status && say(status, { seconds: seconds(time ?? 0) });
    state.textContent = [number, words].filter(Boolean).join(" ");
    this.element.querySelector("[data-outputs]")?.setAttribute("aria-busy", String(status === "running"));
  }

  reset() {
    this.count = 0;
    this.ran = undefined;
    this.progress.reset();
    this.markChanged();
    if (this.role === "check") this.setOutcome({ outcome: "", message: "" });
  }

  // An output that belongs to another text than the one shown says so.
  markChanged() {
    const isChanged = this.ran !== undefined && this.editor && this.editor.text !== this.ran;
    const state = this.element.querySelector("[data-cell-state]");
    if (isChanged) state.dataset.changed = say("changed");
    else delete state.dataset.changed;
  }

  setOutcome({ outcome, message }) {
    this.element.dataset.outcome = outcome;
    this.element.querySelector("[data-cell-state]").textContent = outcome ? say(`check_${outcome}`) : "";
    this.setMessage(outcome === "passed" ? "" : message);
  }

  setMessage(message) {
    const place = this.element.querySelector("[data-check-message]");
    if (!place) return;
    place.textContent = message ?? "";
    place.hidden = !message;
  }

  pointTo(line, isToGo) {
    if (!this.editor) return;
    this.editor.markLine(line);
    if (isToGo) this.editor.goTo(line);
  }

  select() {
    this.element.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  edit(side = 0) {
    if (this.editor) this.editor.focus(side);
    else this.select();
  }
}
