// How far a cell of a notebook or of a lesson is: "" (it has not run), queued, running, and what came of it.
const BUSY = ["queued", "running"];

export class CellStatus {
  // `show` is called with {status, …}, whatever else was said of it, when something else is to be shown.
  constructor(element, show) {
    this.element = element;
    this.show = show;
    this.now = { status: "" };
    this.before = this.now; // what was known before it began to wait
  }

  get isBusy() {
    return BUSY.includes(this.now.status);
  }

  // Tells whether this is news. A cell that waits may turn out to have run already, as it is now: it is said to be well
  // without having run. Then it is as it was before.
  take(news) {
    if (news.status === "ok" && this.now.status === "queued") {
      this.settle();
      return false;
    }
    if (news.status === "queued" && !this.isBusy) this.before = this.now;
    this.become(news);
    return true;
  }

  // The run is over: what still waits did not have to run.
  settle() {
    if (this.now.status === "queued") this.become(this.before);
  }

  reset() {
    this.before = { status: "" };
    this.become(this.before);
  }

  become(now) {
    this.now = now;
    if (now.status) this.element.dataset.status = now.status;
    else delete this.element.dataset.status;
    this.show(now);
  }
}
