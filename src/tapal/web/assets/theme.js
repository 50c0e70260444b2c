// Runs before the first paint: without a choice of its own a screen follows the machine's.
const root = document.documentElement;
if (!root.dataset.bsTheme && window.matchMedia("(prefers-color-scheme: dark)").matches) {
  root.dataset.bsTheme = "dark";
}
