// A scanner that types like a keyboard. On a counter page whatever it types is a scan; on every other
// page of somebody who works a counter a machine readable zone is one, wherever the focus lies.

// A person does not type three keys within this many milliseconds of each other; a scanner does.
const FAST = 45;
// After a line's end the scanner may go on with the next line of the zone.
const NEXT_LINE = 160;
// A zone that has begun waits so long for the rest of it: a busy page hears late.
const REST_OF_ZONE = 1500;
const SHORTEST = 8;
const ZONE_LINE = /^[A-Z0-9<]{28,}$/i;
const FIELDS = "textarea, select, input:not([type=radio], [type=checkbox])";

const scan = { text: "", keys: 0, last: 0, timer: 0, field: null, before: "" };

function reset() {
  clearTimeout(scan.timer);
  Object.assign(scan, { text: "", keys: 0, timer: 0, field: null, before: "" });
}

// True while the last keys came faster than a person types: their Enter accepts nothing.
export function typedByMachine() {
  return scan.keys > 2;
}

// The form that takes a scan here, and whether it takes this line.
function takes(line) {
  if (document.querySelector("form[data-scan]")) return scan.keys > SHORTEST;
  const away = document.querySelector("form[data-scan-away]");
  return Boolean(away) && line.includes("<") && ZONE_LINE.test(line);
}

// How long nothing more may come before the scan is taken as whole: two lines of a zone, three short ones.
function patience() {
  const lines = scan.text.split("\n");
  const whole = ZONE_LINE.test(lines[0]) ? (lines[0].length < 33 ? 3 : 2) : 1;
  return lines.length > whole ? NEXT_LINE : REST_OF_ZONE;
}

function finish() {
  const lines = scan.text.split("\n").map((l) => l.trim()).filter(Boolean);
  if (scan.field) scan.field.value = scan.before;
  reset();
  const form = document.querySelector("form[data-scan], form[data-scan-away]");
  if (!form || !lines.length) return;
  form.querySelector("[name=q]").value = lines.join("\n");
  form.requestSubmit();
}

const changed = (field) =>
  field.matches("[type=radio], [type=checkbox]")
    ? field.checked !== field.defaultChecked
    : field.matches("select")
      ? !(field.selectedOptions[0] ?? field.options[0])?.defaultSelected && field.selectedIndex > 0
      : field.matches("[type=hidden]")
        ? false
        : field.value !== field.defaultValue;

// True where somebody has begun to fill another form in: what he typed would be lost.
export function unsent(taken) {
  const forms = [...document.querySelectorAll("main form[method=post]")].filter((f) => f !== taken);
  return forms.some(
    (form) => form.querySelector(".entry-error") || [...form.querySelectorAll("input, textarea, select")].some(changed),
  );
}

// True when the key belongs to a scan.
export function hear(event) {
  // When the key was pressed, not when a busy page got round to it.
  const now = event.timeStamp;
  const gap = now - scan.last;
  const character = event.key.length === 1 ? event.key : event.key === "Enter" ? "\n" : "";
  if (!character || event.ctrlKey || event.altKey || event.metaKey) return false;
  scan.last = now;
  const between = scan.text.endsWith("\n") ? NEXT_LINE : FAST;
  if (gap > between) {
    reset();
    const active = document.activeElement;
    if (active?.matches?.(FIELDS)) {
      scan.field = active;
      scan.before = active.value;
    }
  }
  clearTimeout(scan.timer);
  const line = scan.text.slice(scan.text.lastIndexOf("\n") + 1);
  scan.text += character;
  scan.keys += 1;
  const end = character === "\n";
  // Once a line of it has ended, the scan ends when nothing more comes.
  if (scan.timer || (end && takes(line))) scan.timer = setTimeout(finish, patience());
  return end && scan.timer !== 0;
}
