// The keyboard path of the desk: F-keys press the button they are printed on, Enter accepts, Esc steps back.
import { hear, typedByMachine, unsent } from "./_scan.js";

function press(key) {
  const target = [...document.querySelectorAll(`[data-key="${key}"]`)].find((e) => e.offsetParent);
  if (!target) return false;
  target.click();
  if (target.tagName === "SUMMARY") {
    const sheet = target.parentElement;
    setTimeout(() => sheet.querySelector("form input:not([type=hidden]), form select, form textarea")?.focus());
  } else if (target.matches("input, textarea")) {
    target.focus();
    target.select?.();
  }
  return true;
}

function stepBack() {
  const open = document.querySelector("details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary")?.focus();
    return true;
  }
  const back = document.querySelector("[data-back]");
  if (back && leaves()) back.click();
  return Boolean(back);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (hear(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (/^F\d{1,2}$/.test(event.key) && press(event.key)) event.preventDefault();
    else if (event.key === "Escape" && stepBack()) event.preventDefault();
    else if (event.key === "Enter" && !typedByMachine() && accepts(event)) event.preventDefault();
  },
  true,
);

// Enter accepts when the focus lies nowhere in particular, or in the scan field left empty.
function accepts(event) {
  const active = document.activeElement;
  const field = active?.matches?.("[name=q]");
  if (field && active.value.trim()) {
    if (active.tagName === "TEXTAREA") {
      active.form.requestSubmit();
      return true;
    }
    return false;
  }
  if (active && active !== document.body && !field && active.id !== "main") return false;
  const key = document.querySelector("[data-accept]");
  if (!key) return Boolean(field);
  key.click();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const menu = document.querySelector("details.who[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

function leaves(form) {
  return !unsent(form) || window.confirm(document.body.dataset.unsent);
}

// A form is sent once, however often the key is pressed; another that somebody has begun is asked about.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent || !leaves(event.target)) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
