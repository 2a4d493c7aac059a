// The page's words, translated by the server, with {names} filled in.
const words = JSON.parse(document.getElementById("words").textContent);

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function seconds(value) {
  return value < 9.95 ? value.toFixed(value < 0.095 ? 2 : 1) : String(Math.round(value));
}

const region = document.querySelector("[data-spoken]");
let last = 0;

// Said to a screen reader. The same words twice are said twice.
export function announce(text) {
  region.textContent = "";
  clearTimeout(last);
  last = setTimeout(() => {
    region.textContent = text;
  }, 60);
}
