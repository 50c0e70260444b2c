// The keyboard path of the desk: F-keys press the button they are printed on, Esc steps back,
// and a scanner that types like a keyboard is heard anywhere on a page that takes scans.

// A person does not type three keys within this many milliseconds of each other; a scanner does.
const FAST = 45;
// After a line's end the scanner may go on with the next line of the zone.
const NEXT_LINE = 160;
const SHORTEST = 8;

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
  if (back) back.click();
  return Boolean(back);
}

const scan = { text: "", keys: 0, last: 0, timer: 0, field: null, before: "" };

function reset() {
  clearTimeout(scan.timer);
  Object.assign(scan, { text: "", keys: 0, field: null, before: "" });
}

function finish() {
  const lines = scan.text.split("\n").map((l) => l.trim()).filter(Boolean);
  if (scan.field) scan.field.value = scan.before;
  reset();
  const form = document.querySelector("form[data-scan]");
  if (!form || !lines.length) return;
  form.querySelector("[name=q]").value = lines.join("\n");
  form.requestSubmit();
}

// True when the key belongs to a burst that a machine types.
function hear(event) {
  // When the key was pressed, not when a busy page got round to it.
  const now = event.timeStamp;
  const gap = now - scan.last;
  scan.last = now;
  const character = event.key.length === 1 ? event.key : event.key === "Enter" ? "\n" : "";
  if (!character || event.ctrlKey || event.altKey || event.metaKey) return false;
  const between = scan.text.endsWith("\n") ? NEXT_LINE : FAST;
  if (gap > between) {
    reset();
    const active = document.activeElement;
    if (active?.matches?.("textarea, input:not([type=radio], [type=checkbox])")) {
      scan.field = active;
      scan.before = active.value;
    }
  }
  clearTimeout(scan.timer);
  scan.text += character;
  scan.keys += 1;
  if (character === "\n" && scan.keys > SHORTEST) {
    scan.timer = setTimeout(finish, NEXT_LINE);
    return true;
  }
  return false;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (document.querySelector("form[data-scan]") && hear(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (/^F\d{1,2}$/.test(event.key) && press(event.key)) event.preventDefault();
    else if (event.key === "Escape" && stepBack()) event.preventDefault();
    else if (event.key === "Enter" && accepts(event)) event.preventDefault();
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

// A form is sent once, however often the key is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
