// Cells of the learner's own, to try things in. They run in the same kernel, are kept with the draft, and are never
// submitted.
import { Cell } from "./cell.js";
import { announce, say } from "./words.js";

export class Scratch {
  constructor(notebook, kept, { onChange }) {
    this.notebook = notebook;
    this.onChange = onChange;
    this.template = document.querySelector("[data-scratch]");
    this.deleted = [];
    this.write(kept);
  }

  // `side` is -1 for above the cell, 1 for below.
  add(neighbour, side, source = "") {
    const cell = this.put(neighbour, side, this.newId(), source);
    this.onChange();
    cell.edit();
    announce(say("said_added"));
    return cell;
  }

  put(neighbour, side, id, source) {
    const element = this.template.content.firstElementChild.cloneNode(true);
    const number = this.cells.length + 1;
    element.id = `cell-${id}`;
    element.dataset.cell = id;
    element.dataset.name = say("scratch_name", { number });
    element.querySelector("label").id = `label-${id}`;
    element.querySelector("[data-label]").textContent = say("scratch_cell", { number });
    element.querySelector("textarea").value = source;
    if (side < 0) neighbour.element.before(element);
    else neighbour.element.after(element);
    const cell = new Cell(element, this.notebook);
    this.notebook.cells.splice(this.notebook.cells.indexOf(neighbour) + (side > 0 ? 1 : 0), 0, cell);
    element.querySelector("[data-delete]").addEventListener("click", () => this.delete(cell));
    return cell;
  }

  delete(cell) {
    const { cells } = this.notebook;
    const index = cells.indexOf(cell);
    this.deleted.push({ source: cell.editor.text, after: cells[index - 1]?.id });
    this.take(cell);
    this.onChange();
    (cells[index] ?? cells[index - 1])?.select();
    announce(say("said_deleted"));
  }

  take(cell) {
    this.notebook.cells.splice(this.notebook.cells.indexOf(cell), 1);
    cell.editor.view.destroy();
    cell.element.remove();
  }

  bringBack() {
    const last = this.deleted.pop();
    const neighbour = last && (this.notebook.cell(last.after) ?? this.notebook.cells[0]);
    if (neighbour) this.add(neighbour, 1, last.source);
    return Boolean(neighbour);
  }

  get cells() {
    return this.notebook.cells.filter((cell) => cell.role === "scratch");
  }

  newId() {
    return `scratch-${Math.random().toString(36).slice(2, 10)}`;
  }

  // As the server keeps them: [{id, source, after}, …] in the order of the notebook.
  read() {
    return this.cells.map((cell) => {
      const above = this.notebook.cells[this.notebook.cells.indexOf(cell) - 1];
      return { id: cell.id, source: cell.editor.text, after: above?.id ?? "" };
    });
  }

  write(kept) {
    for (const cell of this.cells) this.take(cell);
    for (const { id, source, after } of kept) {
      const above = this.notebook.cell(after);
      if (above) this.put(above, 1, id, source);
      else this.put(this.notebook.cells[0], -1, id, source);
    }
  }
}
