// Cells of the learner's own, to try things in. They run in the same kernel, live in this browser, and are never submitted.
import { Cell } from "./cell.js";
import { announce, say } from "./words.js";

export class Scratch {
  constructor(form, notebook) {
    this.form = form;
    this.notebook = notebook;
    this.template = document.querySelector("[data-scratch]");
    this.key = `scratch:${form.dataset.owner}:${form.dataset.notebook}`;
    this.deleted = [];
    this.restore();
  }

  // `side` is -1 for above the cell, 1 for below.
  add(neighbour, side, { id = this.newId(), source = "", isToEdit = true } = {}) {
    const element = this.template.content.firstElementChild.cloneNode(true);
    const number = this.cells.length + 1;
    element.id = `cell-${id}`;
    element.dataset.cell = id;
    element.dataset.name = id;
    element.querySelector("label").id = `label-${id}`;
    element.querySelector("[data-label]").textContent = say("scratch_cell", { number });
    element.querySelector("textarea").value = source;
    if (side < 0) neighbour.element.before(element);
    else neighbour.element.after(element);
    const cell = new Cell(element, this.notebook);
    this.notebook.cells.splice(this.notebook.cells.indexOf(neighbour) + (side > 0 ? 1 : 0), 0, cell);
    element.querySelector("[data-delete]").addEventListener("click", () => this.delete(cell));
    this.keep();
    if (isToEdit) {
      cell.edit();
      announce(say("said_added"));
    }
    return cell;
  }

  delete(cell) {
    const { cells } = this.notebook;
    const index = cells.indexOf(cell);
    this.deleted.push({ source: cell.editor.text, after: cells[index - 1]?.id });
    cells.splice(index, 1);
    cell.editor.view.destroy();
    cell.element.remove();
    this.keep();
    (cells[index] ?? cells[index - 1])?.select();
    announce(say("said_deleted"));
  }

  bringBack() {
    const last = this.deleted.pop();
    const neighbour = last && (this.notebook.cell(last.after) ?? this.notebook.cells[0]);
    if (neighbour) this.add(neighbour, 1, { source: last.source });
    return Boolean(neighbour);
  }

  get cells() {
    return this.notebook.cells.filter((cell) => cell.role === "scratch");
  }

  newId() {
    return `scratch-${Math.random().toString(36).slice(2, 10)}`;
  }

  keep() {
    const kept = this.cells.map((cell) => {
      const after = this.notebook.cells[this.notebook.cells.indexOf(cell) - 1];
      return { id: cell.id, source: cell.editor.text, after: after?.id ?? "" };
    });
    try {
      if (kept.length) localStorage.setItem(this.key, JSON.stringify(kept));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden storage: the page itself still has them.
    }
  }

  restore() {
    let kept = [];
    try {
      kept = JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return;
    }
    for (const { id, source, after } of kept) {
      const neighbour = this.notebook.cell(after);
      if (neighbour) this.add(neighbour, 1, { id, source, isToEdit: false });
      else this.add(this.notebook.cells[0], -1, { id, source, isToEdit: false });
    }
  }
}
