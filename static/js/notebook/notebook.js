// The notebook: which cells there are, running them, and what the kernel says about them.
import { Cell } from "./cell.js";
import { csrfToken } from "./csrf.js";
import { Kernel } from "./kernel.js";
import { KernelBar } from "./kernel_bar.js";
import { announce, say, seconds } from "./words.js";

export class Notebook {
  constructor(form, { onChange }) {
    this.form = form;
    this.onChange = onChange;
    const url = form.dataset.kernelUrl;
    this.kernel = url ? new Kernel(url, () => csrfToken(form)) : null;
    this.cells = [];
    this.runs = new Map(); // id of a run → the cells that were sent, in order
    this.ranBefore = []; // what had run in the kernel that ended
    for (const element of form.querySelectorAll("[data-cell]")) this.cells.push(new Cell(element, this));
    this.state = new KernelBar(this);
    if (this.kernel) this.listen();
  }

  cell(id) {
    return this.cells.find((cell) => cell.id === id);
  }

  get solutions() {
    return this.cells.filter((cell) => cell.role === "solution");
  }

  read() {
    return Object.fromEntries(this.solutions.map((cell) => [cell.id, cell.editor.text]));
  }

  write(sources) {
    for (const cell of this.solutions) {
      if (cell.id in sources) cell.editor.text = sources[cell.id];
    }
  }

  // What an editor asks of the notebook.
  handlers(cell) {
    return {
      change: () => {
        cell.markChanged();
        this.onChange(cell);
      },
      run: () => this.run([cell]),
      runAndNext: () => this.runAndNext(cell),
      runAndAdd: () => {
        this.run([cell]);
        this.scratch?.add(cell, 1);
      },
      check: () => this.check(),
      find: () => this.finder?.open(),
      leave: () => cell.select(),
      above: () => this.neighbour(cell, -1, (other) => other.editor)?.edit(1) ?? false,
      below: () => this.neighbour(cell, 1, (other) => other.editor)?.edit(-1) ?? false,
    };
  }

  neighbour(cell, step, isWanted = () => true) {
    let index = this.cells.indexOf(cell) + step;
    while (this.cells[index] && !isWanted(this.cells[index])) index += step;
    return this.cells[index] ?? null;
  }

  // --- running ---

  runAndNext(cell) {
    this.run([cell]);
    this.neighbour(cell, 1, (other) => other.isCode)?.select();
  }

  runAll() {
    return this.run(this.cells.filter((cell) => cell.isRun));
  }

  runTo(cell) {
    return this.run(this.cells.slice(0, this.cells.indexOf(cell) + 1).filter((each) => each.isRun || each === cell));
  }

  runAgain() {
    const ids = new Set(this.ranBefore);
    return this.run(this.cells.filter((cell) => ids.has(cell.id)));
  }

  check() {
    return this.send(
      this.cells.filter((cell) => cell.isRun),
      "check",
    );
  }

  run(cells) {
    const wanted = cells.filter((cell) => cell.isCode);
    return this.send([...this.missingSetup(wanted), ...wanted], "cells");
  }

  // The locked cells at the top (imports, data) run by themselves before the first of the learner's.
  missingSetup(wanted) {
    const ran = this.kernel?.state.cells ?? {};
    const missing = [];
    for (const cell of this.cells) {
      if (cell.role === "solution" || wanted.includes(cell)) break;
      if (cell.role === "setup" && (!this.isStarted || !(cell.id in ran)) && !cell.progress.isBusy) missing.push(cell);
    }
    return missing;
  }

  get isStarted() {
    return this.kernel?.isAlive;
  }

  async send(cells, kind) {
    if (!this.kernel || !cells.length) return this.state.needsSignIn();
    if (kind === "check") this.state.checking();
    try {
      const run = await this.kernel.run(
        cells.map((cell) => cell.request),
        kind,
      );
      this.runs.set(run, { cells, kind, checks: [] });
    } catch (refusal) {
      this.state.refused(refusal);
    }
  }

  interrupt() {
    return this.ask(() => this.kernel.interrupt());
  }

  restart() {
    return this.ask(() => this.kernel.restart());
  }

  async ask(call) {
    try {
      await call();
    } catch (refusal) {
      this.state.refused(refusal);
    }
  }

  // --- what the kernel says ---

  listen() {
    const on = (kind, act) => this.kernel.addEventListener(kind, (event) => act(event.detail));
    on("kernel", (state) => this.took(state));
    on("cell", (event) => this.cellChanged(event));
    on("output", ({ cell, output }) => this.cell(cell)?.outputs?.add(output));
    on("metrics", (metrics) => this.cell(metrics.cell)?.outputs?.addMetrics(metrics));
    on("check", (check) => this.checked(check));
    on("run", (event) => this.runEnded(event));
    on("lost", () => this.state.lost());
    on("connected", () => this.state.connected());
    on("crowded", ({ message }) => this.state.crowded(message));
    on("signedout", () => this.state.refused({ status: 401, message: "" }));
  }

  took(state) {
    if (state.state === "ended" || state.state === "none") {
      const ran = this.cells.filter((cell) => cell.isRun && cell.count).map((cell) => cell.id);
      if (ran.length) this.ranBefore = ran;
      for (const cell of this.cells) if (cell.isCode) cell.reset();
    } else {
      for (const [id, { count }] of Object.entries(state.cells ?? {})) {
        const cell = this.cell(id);
        if (cell) cell.count = count;
      }
    }
    this.state.show();
  }

  cellChanged({ run, cell: id, status, ...rest }) {
    const cell = this.cell(id);
    if (!cell) return;
    const isNews = cell.take({ status, ...rest });
    this.state.running = status === "running" ? cell : this.state.running === cell ? null : this.state.running;
    this.state.show();
    if (!isNews) return;
    if (status === "ok" && this.runs.get(run)?.cells.length === 1)
      announce(say("said_ok", { cell: cell.name, seconds: seconds(rest.seconds ?? 0) }));
    if (status === "error") announce(say("said_error", { cell: cell.name, message: cell.errorText }));
  }

  checked(check) {
    const cell = this.cell(check.id);
    if (cell) cell.setOutcome(check);
    const row = document.querySelector(`[data-check="${CSS.escape(check.id)}"]`);
    if (row) {
      row.dataset.outcome = check.outcome;
      row.querySelector("[data-check-outcome]").textContent = say(`check_${check.outcome}`);
    }
    const run = this.runs.get(check.run) ?? { checks: [], kind: "" };
    run.checks.push(check);
    if (run.kind === "check") this.state.checking(run.checks);
  }

  runEnded({ run: id, status, message }) {
    const run = this.runs.get(id);
    this.runs.delete(id);
    for (const cell of this.cells) cell.progress.settle();
    if (!run) return;
    if (run.kind === "check") this.state.checkEnded(run.checks, status, message || this.reasonOf(run));
    else if (status === "finished" && run.cells.length > 1) announce(say("said_all", { count: run.cells.length }));
    else if (status === "stopped") announce(say("said_stopped"));
    if (status === "failed" && message) this.state.warn(message);
  }

  // Why a run did not go to its end: the first of its cells that raised.
  reasonOf(run) {
    const cell = run.cells.find((each) => each.status === "error");
    return cell ? say("said_error", { cell: cell.name, message: cell.errorText }) : "";
  }
}
