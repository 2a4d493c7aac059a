// Find in all cells that one can write in: marks every place, walks through them, Esc goes back to the text.
import { announce, say } from "./words.js";

export class Finder {
  constructor(bar, notebook) {
    this.bar = bar;
    this.notebook = notebook;
    this.field = bar.querySelector("input");
    this.count = bar.querySelector("[data-find-count]");
    this.at = 0;
    this.field.addEventListener("input", () => this.search(0));
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.search(this.at + (event.shiftKey ? -1 : 1));
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    });
    bar.querySelector("[data-find-next]").addEventListener("click", () => this.search(this.at + 1));
    bar.querySelector("[data-find-previous]").addEventListener("click", () => this.search(this.at - 1));
    bar.querySelector("[data-find-close]").addEventListener("click", () => this.close());
  }

  open() {
    this.bar.hidden = false;
    this.field.select();
    this.field.focus();
    if (this.field.value) this.search(this.at);
  }

  get places() {
    const needle = this.field.value.toLowerCase();
    if (!needle) return [];
    return this.notebook.cells
      .filter((cell) => cell.editor)
      .flatMap((cell) => {
        const text = cell.editor.text.toLowerCase();
        const places = [];
        for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + needle.length)) {
          places.push({ cell, from, to: from + needle.length });
        }
        return places;
      });
  }

  search(at) {
    const places = this.places;
    this.at = places.length ? (at + places.length) % places.length : 0;
    for (const cell of this.notebook.cells.filter((each) => each.editor)) {
      const own = places.filter((place) => place.cell === cell);
      cell.editor.markFound(own, own.indexOf(places[this.at]));
    }
    const text = places.length ? say("said_find", { at: this.at + 1, total: places.length }) : say("said_found_none");
    this.count.textContent = this.field.value ? text : "";
    if (this.field.value) announce(text);
    places[this.at]?.cell.element.scrollIntoView({ block: "nearest" });
    return places[this.at];
  }

  close() {
    const place = this.field.value && this.search(this.at);
    for (const cell of this.notebook.cells) cell.editor?.markFound([], -1);
    this.bar.hidden = true;
    if (place) place.cell.editor.select(place.from, place.to);
    else this.notebook.cells.find((cell) => cell.editor)?.select();
  }
}
