// Follows a submission: each event of the stream brings the status fragment up to date. While there is no stream, the
// fragment polls itself (its [data-poll] element); an open stream takes that element away.
const PAUSE = 300;
let timer = 0;
let source = null;

function status() {
  return document.getElementById("status");
}

async function refresh() {
  timer = 0;
  const url = status().dataset.statusUrl; // gone once it has finished
  if (!url) return;
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok) return; // polling, or the next event, tries again
  const fragment = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("status");
  if (source?.readyState === EventSource.OPEN) fragment.querySelector("[data-poll]")?.remove();
  speak(fragment);
  const hadFocus = status().contains(document.activeElement);
  status().replaceWith(fragment);
  window.htmx?.process(fragment);
  if (hadFocus) (fragment.querySelector("button, a") ?? document.getElementById("content")).focus();
  if (fragment.dataset.state === "finished") source?.close();
}

// A live region that stays: one that is replaced along with the fragment would not be read out.
function speak(fragment) {
  const text = fragment.querySelector("[data-headline]").textContent.trim();
  const spoken = document.querySelector("[data-spoken]");
  if (spoken.textContent !== text) spoken.textContent = text;
}

function refreshSoon() {
  timer ||= setTimeout(refresh, PAUSE);
}

function follow() {
  const url = status()?.dataset.events;
  if (!url || !window.EventSource) return;
  source = new EventSource(url);
  source.addEventListener("open", () => status().querySelector("[data-poll]")?.remove());
  for (const kind of ["queued", "started", "cell", "check"]) source.addEventListener(kind, refreshSoon);
  source.addEventListener("finished", () => {
    source.close();
    clearTimeout(timer);
    refresh();
  });
  source.addEventListener("error", refreshSoon); // the fragment comes back with its polling
}

document.addEventListener("htmx:afterSwap", () => {
  speak(status());
  if (status()?.dataset.state === "finished") source?.close();
});
follow();
