// The search box as a combobox: suggestions while one types, walked with the arrow keys.
// Loaded when the box is first used; without it the box is a plain form.
const PAUSE = 150; // milliseconds without a key before the server is asked

class SearchBox {
  constructor(field) {
    this.field = field;
    this.form = field.form;
    this.answers = new Map();
    this.list = document.createElement("div");
    this.list.id = "search-suggestions";
    this.list.className = "suggestions";
    this.list.role = "listbox";
    this.list.hidden = true;
    this.list.setAttribute("aria-label", field.labels[0].textContent);
    this.status = document.createElement("p");
    this.status.className = "unseen";
    this.status.role = "status";
    this.form.append(this.list, this.status);
    field.role = "combobox";
    field.autocomplete = "off";
    for (const [name, value] of [
      ["autocomplete", "list"],
      ["expanded", "false"],
      ["controls", this.list.id],
    ])
      field.setAttribute(`aria-${name}`, value);
    field.addEventListener("input", () => this.wait());
    field.addEventListener("keydown", (event) => this.press(event));
    field.addEventListener("blur", () => this.close());
    // A press on an option must not take the focus, or the list is gone before the click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get options() {
    return [...this.list.children];
  }

  get active() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const text = this.field.value.trim();
    if (text.length < 2) return this.close();
    if (!this.answers.has(text)) {
      const url = `${this.field.dataset.suggestions}?q=${encodeURIComponent(text.slice(0, 100))}`;
      try {
        const response = await fetch(url);
        if (!response.ok) return this.close();
        this.answers.set(text, await response.json());
      } catch {
        return this.close(); // no network: the form still works when there is one again
      }
    }
    if (this.field.value.trim() === text && document.activeElement === this.field) this.show(this.answers.get(text));
  }

  show({ items, status }) {
    this.list.replaceChildren(...items.map(optionOf));
    this.status.textContent = status;
    this.list.hidden = items.length === 0;
    this.field.setAttribute("aria-expanded", String(items.length > 0));
    this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.show({ items: [], status: "" });
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey) {
      event.preventDefault();
      if (this.list.hidden) this.ask();
      else this.walk(step);
    } else if (event.key === "Enter" && this.active) {
      event.preventDefault();
      location.assign(this.active.href);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // the first press closes the list, the second empties the field
      this.close();
    }
  }

  /** Go on by one; before the first and after the last is the field itself. */
  walk(step) {
    const places = [null, ...this.options];
    const next = places.at((places.indexOf(this.active) + step) % places.length);
    for (const option of this.options) option.setAttribute("aria-selected", String(option === next));
    if (next) {
      this.field.setAttribute("aria-activedescendant", next.id);
      next.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }
}

/** An option that is a link, so that it can also be opened beside the page. */
function optionOf({ title, url, note }, index) {
  const option = document.createElement("a");
  option.id = `search-suggestion-${index}`;
  option.href = url;
  option.role = "option";
  option.tabIndex = -1;
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("span");
  name.textContent = title;
  const place = document.createElement("span");
  place.className = "soft";
  place.textContent = note;
  option.append(name, place);
  return option;
}

/** On the page of results the arrow keys go from one to the next. */
function walkResults(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = [...document.querySelectorAll("[data-results] :is(h2, h3) a")];
  const here = links.indexOf(document.activeElement);
  if (!step || here < 0 || !links[here + step]) return;
  event.preventDefault();
  links[here + step].focus();
}

export function enhance(field) {
  const box = new SearchBox(field);
  document.addEventListener("keydown", walkResults);
  if (document.activeElement === field && field.value !== field.defaultValue) box.wait();
}
