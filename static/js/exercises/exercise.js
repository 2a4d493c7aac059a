// The page of an exercise: editors, drafts, resets, hints.
import { askBetween } from "./conflict.js";
import { Drafts } from "./drafts.js";
import { grow, makeEditor, replaceText } from "./editor.js";

const form = document.querySelector("[data-notebook]");
const panel = document.querySelector("[data-conflict]");
const starters = JSON.parse(document.getElementById("starters").textContent);
const cells = new Map(
  [...form.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell.querySelector("textarea")]),
);

function read() {
  return Object.fromEntries([...cells].map(([id, area]) => [id, area.value]));
}

function write(sources) {
  for (const [id, area] of cells) {
    if (id in sources) area.value = sources[id];
    grow(area);
  }
}

async function onConflict(other, revision) {
  const choice = await askBetween(panel, "newer", read(), other);
  if (choice === "other") write(other);
  await drafts.resolved(revision);
}

const drafts = new Drafts(form, { read, status: document.querySelector("[data-draft-status]"), onConflict });

async function offerLocal() {
  const local = drafts.local();
  if (!local) return;
  const mine = read();
  const differs = Object.keys(mine).some((id) => id in local.sources && local.sources[id] !== mine[id]);
  if (!differs) {
    drafts.forget();
  } else if (drafts.base === 0 || !drafts.url) {
    write(local.sources); // nothing on the server that it could hide
    drafts.save();
  } else {
    const choice = await askBetween(panel, "local", mine, local.sources);
    if (choice === "other") write(local.sources);
    else drafts.forget();
    drafts.save();
  }
}

for (const [id, area] of cells) {
  makeEditor(area);
  area.addEventListener("input", () => drafts.changed());
  const reset = area.closest("[data-cell]").querySelector("[data-reset]");
  reset.hidden = false;
  reset.addEventListener("click", () => replaceText(area, starters[id]));
}

for (const hint of form.querySelectorAll("[data-hint]")) {
  hint.addEventListener("toggle", () => {
    if (!hint.open) return;
    const body = new URLSearchParams({
      csrfmiddlewaretoken: drafts.token,
      cell: hint.closest("[data-cell]").dataset.cell,
      stage: hint.dataset.hint,
    });
    fetch(form.dataset.hintUrl, { method: "POST", body, keepalive: true }).catch(() => {});
  });
}

let isSubmitting = false;
form.addEventListener("submit", () => {
  isSubmitting = true; // the submission keeps the draft itself
  drafts.keepLocally();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && !isSubmitting) drafts.leave();
});
window.addEventListener("pagehide", () => {
  if (!isSubmitting) drafts.leave();
});
window.addEventListener("pageshow", () => { isSubmitting = false; });

offerLocal();
