import { announce, say } from "./words.js";

// The bar's line about the kernel, its buttons, and the notes under it.
export class KernelBar {
  constructor(notebook) {
    this.notebook = notebook;
    this.bar = document.querySelector("[data-bar]");
    this.pill = this.bar.querySelector("[data-kernel]");
    this.text = this.bar.querySelector("[data-kernel-text]");
    this.summary = document.querySelector("[data-check-summary]");
    this.note = document.querySelector("[data-kernel-note]");
    this.running = null;
    this.bar.hidden = false;
    this.show();
  }

  show() {
    const { kernel } = this.notebook;
    const state = kernel?.state ?? { state: "none" };
    if (
      this.pill.dataset.kernel === state.state &&
      this.text.textContent &&
      state.state !== "busy" &&
      state.state !== "waiting"
    ) {
      this.buttons(state);
      return;
    }
    this.pill.dataset.kernel = state.state;
    this.text.textContent = this.words(state);
    this.buttons(state);
    if (state.state === "ended") this.ended(state);
    else if (state.state !== "none") this.note.hidden = true;
  }

  words({ state, position, seconds: wait }) {
    if (state === "waiting") {
      const before = position - 1; // the first one's place is 1
      if (before < 1) return say("waiting_first");
      return wait
        ? say("waiting_time", { position: before, seconds: Math.ceil(wait) })
        : say("waiting", { position: before });
    }
    if (state === "busy" && this.running) return say("busy_cell", { cell: this.running.name });
    return say(state);
  }

  buttons({ state }) {
    const isOff = !this.notebook.kernel;
    for (const button of this.bar.querySelectorAll("[data-act]")) {
      if (button.dataset.act === "stop") button.disabled = isOff || !["busy", "waiting", "starting"].includes(state);
      if (button.dataset.act === "restart") button.disabled = isOff || state === "none";
    }
  }

  ended({ message, reason }) {
    this.running = null;
    const isOwn = reason === "restarted";
    if (isOwn) announce(say("said_restarted"));
    this.warn(isOwn ? "" : message || say("ended"), Boolean(this.notebook.ranBefore.length));
  }

  warn(message, canRunAgain = false) {
    this.note.querySelector("[data-kernel-message]").textContent = message;
    this.note.querySelector("[data-act='run-again']").hidden = !canRunAgain;
    this.note.hidden = !message;
    if (message) announce(message);
  }

  lost() {
    this.pill.dataset.kernel = "lost";
    this.text.textContent = say("reconnecting");
  }

  // There are as many streams as there may be: the note stays until this page has one again.
  crowded(message) {
    if (this.isCrowded && !this.note.hidden) return;
    this.isCrowded = true;
    this.warn(message);
  }

  connected() {
    if (this.isCrowded) this.warn("");
    this.isCrowded = false;
    this.show();
  }

  refused({ status, message }) {
    this.summary.hidden = true;
    if (status === 401 || status === 403) this.warn(say("signed_out"));
    else this.warn(message || say("unreachable"));
  }

  needsSignIn() {
    if (!this.notebook.kernel) document.querySelector("[data-sign-in]")?.focus();
  }

  checking(checks = []) {
    this.summary.hidden = false;
    this.summary.dataset.tone = "";
    this.summary.textContent = checks.length ? this.tally(checks) : say("checking");
  }

  tally(checks) {
    const passed = checks.filter((check) => check.outcome === "passed");
    const sum = (list, key) => list.reduce((total, check) => total + check[key], 0);
    return say("checked", {
      passed: passed.length,
      total: checks.length,
      points: sum(checks, "points"),
      max: sum(checks, "max_points"),
    });
  }

  checkEnded(checks, status, message) {
    const isWhole = status === "finished" && checks.length;
    const isGood = isWhole && checks.every((check) => check.outcome === "passed");
    const text = isWhole ? this.tally(checks) : say("check_stopped", { message });
    const hidden = document.querySelector("[data-check][data-hidden]") && isWhole ? ` ${say("checked_hidden")}` : "";
    this.summary.hidden = false;
    this.summary.dataset.tone = isGood ? "good" : "warn";
    this.summary.textContent = text + hidden;
    announce(text + hidden);
  }
}
