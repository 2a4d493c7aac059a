// What every page needs: the theme, the search key, menus and messages that close.
const root = document.documentElement;

function isDark() {
  return (
    getComputedStyle(root).colorScheme === "dark" ||
    (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches)
  );
}

function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https, which a site on one machine lacks
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
}

// Times are written in the reader's zone: the server learns its name from a cookie.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes(`timezone=${zone}`)) {
  // biome-ignore lint/suspicious/noDocumentCookie: as above
  document.cookie = `timezone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.hidden = false;
  button.addEventListener("click", toggleTheme);
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const field = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

for (const button of document.querySelectorAll("[data-close-message]")) {
  button.addEventListener("click", () => {
    const messages = button.closest(".messages");
    button.parentElement.remove();
    (messages.querySelector("button") ?? document.querySelector("main")).focus();
  });
}

// The suggestions of the search box come with its first use; on a page of results also the arrow keys, at once.
const search = document.querySelector("[data-suggestions]");
async function enhanceSearch() {
  search.removeEventListener("focus", enhanceSearch);
  const { enhance } = await import(search.dataset.module);
  enhance(search);
}
if (search && document.querySelector("[data-results]")) enhanceSearch();
else search?.addEventListener("focus", enhanceSearch);
