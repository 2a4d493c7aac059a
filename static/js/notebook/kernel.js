// The kernel of this exercise, on the worker host: asks it to run cells and hands on what it says, across lost
// connections.
const KINDS = ["cell", "output", "metrics", "check", "run"];
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const CROWDED_SECONDS = 30;

// Why a request was refused; `status` is 0 where no answer came.
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Kernel extends EventTarget {
  constructor(url, token) {
    super();
    this.url = url;
    this.token = token; // function: signing in elsewhere changes it
    this.state = { state: "none", cells: {} };
    this.pause = FIRST_PAUSE;
  }

  get isAlive() {
    return ["idle", "busy"].includes(this.state.state);
  }

  // After a reload: what the kernel still has, with the outputs since it started.
  async resume() {
    try {
      this.take(await this.ask("GET", ""));
      if (!["none", "ended"].includes(this.state.state)) this.follow("0");
    } catch {
      // The first run will say what is wrong.
    }
  }

  async run(cells, kind = "cells") {
    await this.connect();
    return (await this.ask("POST", "runs/", { cells, kind })).run;
  }

  interrupt() {
    return this.ask("POST", "interrupt/");
  }

  async restart() {
    await this.connect();
    return this.ask("POST", "restart/");
  }

  complete(code, cursor, signal) {
    return this.ask("POST", "complete/", { code, cursor }, signal);
  }

  inspect(code, cursor) {
    return this.ask("POST", "inspect/", { code, cursor });
  }

  async ask(method, path, body, signal) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = this.token();
    if (body) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(this.url + path, { method, headers, signal, body: body && JSON.stringify(body) });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refusal(0, "");
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      const errors = (answer.errors ?? []).map((error) => error.message).join(" ");
      throw new Refusal(response.status, [answer.detail ?? answer.title ?? "", errors].filter(Boolean).join(" "));
    }
    return answer;
  }

  // Resolves once events are flowing, so that nothing of a run is missed.
  connect() {
    return this.source?.readyState === EventSource.OPEN ? Promise.resolve() : this.follow(this.last ?? "");
  }

  follow(after) {
    this.source?.close();
    clearTimeout(this.timer);
    const source = new EventSource(this.address(after));
    this.source = source;
    source.addEventListener("kernel", (event) => this.take(this.parse(event)));
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.tell(kind, this.parse(event)));
    }
    return new Promise((resolve) => {
      source.addEventListener("open", () => {
        this.pause = FIRST_PAUSE;
        this.tell("connected", {});
        resolve();
      });
      source.addEventListener("error", () => {
        resolve(); // the request that waits for this will say what is wrong
        if (source === this.source) this.lost(source);
      });
    });
  }

  address(after) {
    return `${this.url}events/${after ? `?after=${encodeURIComponent(after)}` : ""}`;
  }

  // The browser tries again by itself unless the answer was no stream at all.
  lost(source) {
    this.tell("lost", {});
    if (source.readyState !== EventSource.CLOSED) return;
    this.timer = setTimeout(() => this.reconnect(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  async reconnect() {
    try {
      const state = await this.ask("GET", "");
      if (state.state === "none") return this.take(state);
      const crowded = await this.askWhetherCrowded();
      if (!crowded) return this.follow(this.last ?? "");
      this.take(state); // what there is without a stream
      this.tell("crowded", crowded);
      this.timer = setTimeout(() => this.reconnect(), crowded.seconds * 1000);
    } catch (refusal) {
      if (refusal.status === 401 || refusal.status === 403) this.tell("signedout", {});
      else this.timer = setTimeout(() => this.reconnect(), this.pause);
    }
  }

  // An EventSource does not say why it was refused, so this asks once more. Null where there is room for a stream.
  async askWhetherCrowded() {
    const stop = new AbortController();
    try {
      const response = await fetch(this.address(this.last ?? ""), {
        headers: { Accept: "application/json" },
        signal: stop.signal,
      });
      if (response.status !== 429) return null;
      const answer = await response.json().catch(() => ({}));
      return { message: answer.detail ?? "", seconds: Number(response.headers.get("Retry-After")) || CROWDED_SECONDS };
    } finally {
      stop.abort();
    }
  }

  parse(event) {
    if (event.lastEventId) this.last = event.lastEventId;
    return JSON.parse(event.data);
  }

  take(state) {
    this.state = state;
    this.tell("kernel", state);
  }

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
