// Shows a password while it is typed. Without script the field is a plain one.
for (const button of document.querySelectorAll("[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  const word = button.querySelector("span");

  function show(isShown) {
    if (isShown === (field.type === "text")) return;
    field.type = isShown ? "text" : "password";
    [word.textContent, button.dataset.other] = [button.dataset.other, word.textContent];
  }

  field.autocapitalize = "off";
  field.spellcheck = false;
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false)); // what a browser offers to keep is a password
}
