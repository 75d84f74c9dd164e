// Keys for what the page offers: whatever carries data-shortcut is pressed, followed or focused.
// "g h" is one key after the other; j, k and x move and mark in lists.  Never while one types.

const SINGLE = document.body.dataset.singleKeys !== "off";
const PATIENCE = 1500;
const TYPING = [
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit])",
  "textarea",
  "select",
  "[contenteditable]",
].join();
const ROWS = "main [data-row], main table.rows tbody tr";
const MOVES = [
  ["j", "Next row"],
  ["k", "Row before"],
  ["x", "Mark the row"],
];

let before = "";
let timer = 0;

function isShown(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function offered() {
  return [...document.querySelectorAll("[data-shortcut]")].filter(isShown);
}

function rows() {
  return [...document.querySelectorAll(ROWS)].filter(isShown);
}

function currentRow() {
  return rows().find((row) => row.contains(document.activeElement));
}

function wordsFor(element) {
  return element.dataset.shortcutLabel || element.textContent.trim();
}

function move(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  const target = next?.querySelector("a[href]") || next?.querySelector("button, input");
  target?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

function mark() {
  const box = currentRow()?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function press(keys) {
  const fitting = offered().filter((element) => element.dataset.shortcut === keys);
  const row = currentRow();
  const element = fitting.find((one) => row?.contains(one)) || fitting[0];
  if (!element) return false;
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
  return true;
}

function act(keys) {
  if (press(keys)) return true;
  if (keys === "j") return move(1);
  if (keys === "k") return move(-1);
  return keys === "x" && mark();
}

function begins(key) {
  return offered().some((element) => element.dataset.shortcut.startsWith(`${key} `));
}

function onKey(event) {
  const aside = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (!SINGLE || aside || event.defaultPrevented || event.key.length !== 1) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  const keys = before ? `${before} ${event.key}` : event.key;
  clearTimeout(timer);
  const pending = !before && begins(event.key);
  before = pending ? event.key : "";
  if (pending) timer = setTimeout(() => (before = ""), PATIENCE);
  if (pending || act(keys)) event.preventDefault();
}

function made(name, text, ...children) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function line(keys, words) {
  const shown = keys.split(" ").map((key) => made("kbd", key));
  return made("div", "", made("dt", "", ...shown), made("dd", words));
}

function link(words, address) {
  const element = made("a", words);
  element.href = address;
  return element;
}

function sheet(help) {
  const known = new Map(offered().map((one) => [one.dataset.shortcut, wordsFor(one)]));
  if (rows().length) MOVES.forEach(([key, words]) => known.has(key) || known.set(key, words));
  const list = made("dl", "", ...[...known].map(([keys, words]) => line(keys, words)));
  list.className = "keys";
  const close = made("button", "Close");
  close.className = "usa-button usa-button--outline";
  const acts = made("div", "", close, link("All shortcuts", help), link("Turn them off", "/preferences/"));
  acts.className = "acts";
  const title = made("h2", "Keyboard shortcuts on this page");
  title.id = "shortcut-sheet-title";
  const dialog = made("dialog", "", title, list, acts);
  dialog.className = "key-sheet";
  dialog.setAttribute("aria-labelledby", title.id);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", onKey);
document.querySelector('[data-shortcut="?"]')?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !SINGLE) return;
  event.preventDefault();
  sheet(event.currentTarget.href);
});
if (SINGLE) {
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const keys = element.dataset.shortcut;
    if (keys.length === 1) element.setAttribute("aria-keyshortcuts", keys);
  }
}
