import { csrfToken } from "./csrf.js";

// Keeps what is written, {sources: {cell: text}, scratch: [cell, …]}: on the server for those who are signed in, in
// this browser for all others and while the server is away.
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const DELAY = 2000;
const RETRY = 10000;
const KEEPALIVE_LIMIT = 60000; // browsers refuse larger requests while a page closes

export class Drafts {
  constructor(form, { read, status, onConflict }) {
    this.form = form;
    this.read = read;
    this.status = status;
    this.onConflict = onConflict;
    this.url = form.dataset.draftUrl;
    this.base = Number(form.dataset.revision);
    // Each person's own, on a shared computer too. What was written before signing in belongs to whoever signs in next.
    const { owner, notebook } = form.dataset;
    this.keys = [...new Set([`draft:${owner}:${notebook}`, `draft::${notebook}`])];
    this.saved = JSON.stringify(read());
    this.isBlocked = false;
    this.saving = Promise.resolve();
  }

  get isChanged() {
    return JSON.stringify(this.read()) !== this.saved;
  }

  // What this browser kept and the server does not have: {sources, scratch}, or null.
  local() {
    try {
      return JSON.parse(this.keys.map((key) => localStorage.getItem(key)).find(Boolean) ?? null);
    } catch {
      return null;
    }
  }

  forget() {
    for (const key of this.keys) localStorage.removeItem(key);
  }

  // A page that was made while this was being saved does not know of it; this tab does.
  remember(text) {
    try {
      sessionStorage.setItem(this.keys[0], JSON.stringify({ ...JSON.parse(text), revision: this.base }));
    } catch {
      // A full or forbidden storage: the next page shows what the server had.
    }
  }

  // The draft that this tab saved after the page was made: {sources, scratch, revision}, or null.
  newer() {
    try {
      const draft = JSON.parse(sessionStorage.getItem(this.keys[0]));
      return this.url && draft?.revision > this.base ? draft : null;
    } catch {
      return null; // a forbidden storage
    }
  }

  keepLocally() {
    try {
      localStorage.setItem(this.keys[0], JSON.stringify(this.read()));
    } catch {
      // A full or forbidden storage: the page itself still has the text.
    }
  }

  changed() {
    this.keepLocally();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), DELAY);
  }

  save() {
    clearTimeout(this.timer);
    this.saving = this.saving.then(() => this.send());
    return this.saving;
  }

  async send() {
    if (!this.url || this.isBlocked || !this.isChanged) return;
    const text = JSON.stringify(this.read());
    this.say("saving");
    try {
      const response = await this.put(text);
      await this.answered(response, text);
    } catch {
      this.keepLocally();
      this.say("offline");
      this.timer = setTimeout(() => this.save(), RETRY);
    }
  }

  put(text, options = {}) {
    return fetch(this.url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken(this.form) },
      body: `{"base": ${this.base}, ${text.slice(1)}`,
      ...options,
    });
  }

  async answered(response, text) {
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      this.base = answer.revision;
      this.saved = text;
      if (!this.isChanged) this.forget();
      this.remember(text);
      this.say("saved");
    } else if (response.status === 409) {
      this.isBlocked = true;
      this.say("conflict");
      this.onConflict(answer.draft, answer.draft.revision);
    } else if (response.status === 401 || response.status === 403) {
      this.keepLocally();
      this.say("signedout");
      this.timer = setTimeout(() => this.save(), RETRY); // signed in again in another tab, this page goes on
    } else if (response.status < 500) {
      this.say("refused", (answer.errors || []).map((error) => error.message).join(" ") || answer.detail);
    } else {
      throw new Error(`${response.status}`);
    }
  }

  // Coming back to the page is a good moment to try again what could not be saved.
  retry() {
    if (["offline", "signedout"].includes(this.status?.dataset.now)) this.save();
  }

  // The page shows what the server has.
  agreed(revision) {
    this.base = revision;
    this.saved = JSON.stringify(this.read());
  }

  // After a choice between two drafts: go on from the newer one's revision.
  resolved(base) {
    this.base = base;
    this.saved = "";
    this.isBlocked = false;
    return this.save();
  }

  leave() {
    clearTimeout(this.timer);
    if (!this.isChanged) return;
    this.keepLocally();
    const text = JSON.stringify(this.read());
    if (this.url && !this.isBlocked && text.length < KEEPALIVE_LIMIT) {
      this.put(text, { keepalive: true })
        .then((response) => this.answered(response, text))
        .catch(() => {});
    }
  }

  say(state, detail = "") {
    if (!this.status) return;
    const time = state === "saved" ? ` ${new Date().toLocaleTimeString(document.documentElement.lang, CLOCK)}` : "";
    this.status.textContent = `${this.status.dataset[state]}${time}${detail ? ` ${detail}` : ""}`;
    this.status.dataset.now = state;
  }
}
