// Two drafts of one notebook, each as {cell: text}: the cells that differ.
export function differing(mine, other) {
  const isOwn = (id) => id.startsWith("scratch-"); // only these come and go
  const ids = [...Object.keys(mine), ...Object.keys(other).filter((id) => isOwn(id) && !(id in mine))];
  return ids.filter((id) => mine[id] !== other[id] && (isOwn(id) || id in other));
}

// Shows the cells that differ beside each other and asks which to keep.
export function askBetween(panel, title, mine, other) {
  const list = panel.querySelector("[data-conflict-cells]");
  const template = panel.querySelector("template");
  panel.querySelector("[data-conflict-title]").textContent = panel.dataset[title];
  list.replaceChildren(
    ...differing(mine, other).map((id) => {
      const item = template.content.cloneNode(true);
      item.querySelector("[data-name]").textContent = id;
      item.querySelector("[data-mine]").textContent = mine[id] ?? "";
      item.querySelector("[data-other]").textContent = other[id] ?? "";
      return item;
    }),
  );
  panel.hidden = false;
  panel.focus();
  panel.scrollIntoView({ block: "start" });
  return new Promise((resolve) => {
    for (const button of panel.querySelectorAll("[data-keep]")) {
      button.onclick = () => {
        panel.hidden = true;
        resolve(button.dataset.keep);
      };
    }
  });
}
