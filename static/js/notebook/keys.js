// The keys of a notebook while no editor has the focus: j and k walk, Enter edits, letters act on the cell that is
// selected.
import { redoLast, undoLast } from "./timeline.js";

const TABBABLE =
  "a[href], button:not([disabled]), input, select, textarea, summary, [tabindex='0'], [contenteditable='true']";
const TWICE = 600; // milliseconds between the two of dd, ii, 00

export function listen(notebook, { scratch, finder, sheet, restart }) {
  let last = { key: "", time: 0 };

  const isTwice = (key, time) => last.key === key && time - last.time < TWICE;
  const acts = {
    Enter: (cell) => cell.edit(),
    j: (cell) => notebook.neighbour(cell, 1)?.select(),
    k: (cell) => notebook.neighbour(cell, -1)?.select(),
    ArrowDown: (cell) => notebook.neighbour(cell, 1)?.select(),
    ArrowUp: (cell) => notebook.neighbour(cell, -1)?.select(),
    a: (cell) => scratch?.add(cell, -1),
    b: (cell) => scratch?.add(cell, 1),
    z: () => scratch?.bringBack() || undoLast(),
    Z: () => redoLast(),
    f: () => finder.open(),
    d: (cell, twice) => twice && cell.role === "scratch" && scratch.delete(cell),
    i: (_cell, twice) => twice && notebook.kernel && notebook.interrupt(),
    0: (_cell, twice) => twice && restart(),
    Tab: (cell, _twice, event) => leave(cell, event),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      sheet.showModal();
      return;
    }
    const cell = notebook.cells.find((each) => each.element === event.target);
    if (!cell) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      if (event.shiftKey && (event.ctrlKey || event.metaKey)) notebook.check();
      else if (event.shiftKey) notebook.runAndNext(cell);
      else notebook.run([cell]);
      if (event.altKey) scratch?.add(cell, 1);
      return;
    }
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    const twice = isTwice(event.key, event.timeStamp);
    last = twice ? { key: "", time: 0 } : { key: event.key, time: event.timeStamp };
    if (act(cell, twice, event) !== false) event.preventDefault();
  });
}

// After Esc, Tab goes to what follows the editor and not back into it.
function leave(cell, event) {
  if (event.shiftKey || !cell.editor) return false;
  const all = [...document.querySelectorAll(TABBABLE)].filter((element) => element.checkVisibility());
  const next = all.find(
    (element) => cell.editor.view.dom.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING,
  );
  next?.focus();
  return Boolean(next);
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
