// A checkpoint is judged in its place. Without this the form is sent as any other, and so it is where the answer does
// not come.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-in-place]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  } catch {
    answer = null; // no connection: the browser's own page says so, and "back" has the answer still
  }
  if (!answer || !(answer.ok || answer.status === 422)) return form.submit();
  const place = form.closest(".checkpoint");
  const id = place.id;
  place.outerHTML = await answer.text();
  document.getElementById(id).querySelector("[autofocus]")?.focus();
});
