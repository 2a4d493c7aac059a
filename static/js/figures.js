// Mounts the figures of a lesson when they come near the view, and again after a change of theme, so that they redraw.
const mounted = new Map(); // figure element → function that unmounts it

async function mount(figure) {
  const stage = figure.querySelector(".stage");
  try {
    const { mount: build } = await import(figure.dataset.module);
    mounted.set(figure, build(stage) ?? (() => {}));
  } catch (error) {
    stage.replaceChildren(); // the text below says what the figure shows
    figure.dataset.failed = "";
    console.error(`figure ${figure.dataset.figure} could not be shown`, error);
  }
}

async function remount(figure) {
  mounted.get(figure)();
  mounted.delete(figure);
  figure.querySelector(".stage").replaceChildren();
  await mount(figure);
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((entry) => entry.isIntersecting)) {
      watcher.unobserve(entry.target);
      mount(entry.target);
    }
  },
  { rootMargin: "600px" },
);

for (const figure of document.querySelectorAll("figure[data-module]")) watcher.observe(figure);
document.addEventListener("themechange", () => [...mounted.keys()].forEach(remount));
