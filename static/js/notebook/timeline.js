// Undo across cells: which editor was changed when. Each editor keeps its own history; this says whose turn it is.
import { redo, redoDepth, undo, undoDepth } from "../../vendor/codemirror.js";

const done = [];
const undone = [];
let isMoving = false;

// To be called after each change of an editor: a new step of its history is a new step of the page.
export function note(editor, before, after) {
  if (isMoving || undoDepth(after) <= undoDepth(before)) return;
  done.push(editor);
  undone.length = 0;
}

function move(from, to, depth, step) {
  while (from.length) {
    const editor = from.pop();
    if (!editor.view.dom.isConnected || !depth(editor.view.state)) continue; // its cell is gone, or its history is cut
    isMoving = true;
    step(editor.view);
    isMoving = false;
    to.push(editor);
    editor.show();
    return true;
  }
  return true; // nothing to undo here must not become the browser's own undo
}

export function undoLast() {
  return move(done, undone, undoDepth, undo);
}

export function redoLast() {
  return move(undone, done, redoDepth, redo);
}
