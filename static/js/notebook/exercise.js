// The page of an exercise: the notebook, its drafts, resets, hints, keys.
import { askBetween, differing } from "./conflict.js";
import { csrfToken } from "./csrf.js";
import { Drafts } from "./drafts.js";
import { Finder } from "./find.js";
import * as keys from "./keys.js";
import { Notebook } from "./notebook.js";
import { Scratch } from "./scratch.js";
import { undoLast } from "./timeline.js";
import { say } from "./words.js";

const form = document.querySelector("[data-notebook]");
const panel = document.querySelector("[data-conflict]");
const sheet = document.querySelector("[data-keys]");
const starters = JSON.parse(document.getElementById("starters").textContent);

const kept = JSON.parse(document.getElementById("scratch")?.textContent ?? "[]");

const notebook = new Notebook(form, { onChange: () => drafts.changed() });
const scratch = notebook.kernel ? new Scratch(notebook, kept, { onChange: () => drafts.changed() }) : null;
const drafts = new Drafts(form, { read, status: document.querySelector("[data-draft-status]"), onConflict });
const finder = new Finder(document.querySelector("[data-find]"), notebook);
Object.assign(notebook, { scratch, finder });

// --- drafts ---

function read() {
  return scratch ? { sources: notebook.read(), scratch: scratch.read() } : { sources: notebook.read() };
}

function write(draft) {
  notebook.write(draft.sources);
  if (draft.scratch) scratch?.write(draft.scratch); // a visitor's page has none
}

// All texts of a draft by cell. Where it says nothing of scratch cells, those of the page stay.
function texts({ sources, scratch: own = scratch?.read() ?? [] }) {
  return { ...sources, ...Object.fromEntries(own.map((cell) => [cell.id, cell.source])) };
}

async function onConflict(other, revision) {
  const [mine, theirs] = [texts(read()), texts(other)];
  const choice = differing(mine, theirs).length ? await askBetween(panel, "newer", mine, theirs) : "mine";
  if (choice === "other") write(other);
  await drafts.resolved(revision);
}

async function offerLocal() {
  const newer = drafts.newer();
  if (newer) {
    write(newer);
    drafts.agreed(newer.revision);
  }
  const local = drafts.local();
  if (!local) return;
  const [mine, other] = [texts(read()), texts(local)];
  if (!differing(mine, other).length) {
    drafts.forget();
  } else if (drafts.base === 0 || !drafts.url) {
    write(local); // nothing on the server that it could hide
    drafts.save();
  } else {
    const choice = await askBetween(panel, "local", mine, other);
    if (choice === "other") write(local);
    else drafts.forget();
    drafts.save();
  }
}

let isSubmitting = false;
form.addEventListener("submit", () => {
  isSubmitting = true; // the submission keeps the draft itself
  form.elements.csrfmiddlewaretoken.value = csrfToken(form);
  if (scratch) form.elements.scratch.value = JSON.stringify(scratch.read());
  drafts.keepLocally();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && !isSubmitting) drafts.leave();
  if (document.visibilityState === "visible") drafts.retry();
});
window.addEventListener("focus", () => drafts.retry());
window.addEventListener("online", () => drafts.retry());
window.addEventListener("pagehide", () => {
  if (!isSubmitting) drafts.leave();
});
window.addEventListener("pageshow", () => {
  isSubmitting = false;
});

// --- buttons ---

function restart() {
  if (notebook.kernel && confirm(say("restart_sure"))) notebook.restart();
}

const acts = {
  "run-all": () => notebook.runAll(),
  "run-again": () => notebook.runAgain(),
  stop: () => notebook.interrupt(),
  restart,
  check: () => notebook.check(),
  undo: () => undoLast(),
  find: () => finder.open(),
  keys: () => sheet.showModal(),
};
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => acts[button.dataset.act]());
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const cell = button && notebook.cell(button.closest("[data-cell]").dataset.cell);
  if (!cell) return;
  button.closest("details[data-menu]")?.removeAttribute("open");
  if (button.dataset.do === "run") notebook.run([cell]);
  else if (button.dataset.do === "run-to") notebook.runTo(cell);
  else if (button.dataset.do === "reset") {
    cell.editor.text = starters[cell.id];
    cell.edit();
  }
});
for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
if (notebook.kernel) for (const element of document.querySelectorAll("[data-with-kernel]")) element.hidden = false;

keys.listen(notebook, { scratch, finder, sheet, restart });

for (const hint of form.querySelectorAll("[data-hint]")) {
  hint.addEventListener("toggle", () => {
    if (!hint.open) return;
    const body = new URLSearchParams({
      csrfmiddlewaretoken: csrfToken(form),
      cell: hint.closest("[data-cell]").dataset.cell,
      stage: hint.dataset.hint,
    });
    fetch(form.dataset.hintUrl, { method: "POST", body, keepalive: true }).catch(() => {});
  });
}

document.documentElement.dataset.notebookReady = "";
offerLocal();
notebook.kernel?.resume();
