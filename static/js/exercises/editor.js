// A text area as a small code editor: Tab indents, Enter keeps the indentation, Esc and then Tab leaves, it grows with its text.
const INDENT = "    ";
const growsByItself = CSS.supports("field-sizing", "content");

export function replaceText(area, text) {
  area.focus();
  area.select();
  insert(area, text);
}

export function grow(area) {
  if (growsByItself) return;
  area.style.blockSize = "auto";
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}

export function makeEditor(area) {
  let isLeaving = false;
  area.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !isLeaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      if (event.shiftKey) dedentLines(area);
      else if (area.value.slice(area.selectionStart, area.selectionEnd).includes("\n")) indentLines(area);
      else insert(area, INDENT);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      event.preventDefault();
      insert(area, `\n${nextIndent(area)}`);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      area.form.querySelector("button[type=submit]")?.click();
    }
    if (event.key !== "Shift") isLeaving = event.key === "Escape";
  });
  area.addEventListener("blur", () => { isLeaving = false; });
  area.addEventListener("input", () => grow(area));
  grow(area);
}

// execCommand is the only way to change a text area that keeps the browser's undo.
function insert(area, text) {
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  if (!done) area.dispatchEvent(new Event("input", { bubbles: true }));
}

function lineStart(area) {
  return area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
}

function nextIndent(area) {
  const line = area.value.slice(lineStart(area), area.selectionStart);
  const indent = line.match(/^[ ]*/)[0];
  return /:\s*(#.*)?$/.test(line) ? indent + INDENT : indent;
}

function changeLines(area, change) {
  const start = lineStart(area);
  const end = area.selectionEnd;
  const lines = area.value.slice(start, end).split("\n").map(change);
  area.setSelectionRange(start, end);
  insert(area, lines.join("\n"));
  area.setSelectionRange(start, start + lines.join("\n").length);
}

function indentLines(area) {
  changeLines(area, (line) => (line ? INDENT + line : line));
}

function dedentLines(area) {
  changeLines(area, (line) => line.replace(/^ {1,4}/, ""));
}
