// Hides every page of a session once nothing was done on any of them for a while, takes what it
// showed out of the document, and brings it back as it was when the session is unlocked.

const ACTIVE = "liaison-active";
const LOCKED = "liaison-locked";
const seconds = Number(document.querySelector('meta[name="idle-lock"]')?.content);
const TOLD_EVERY = (seconds * 1000) / 6;
const DOINGS = ["pointerdown", "keydown", "input", "wheel", "touchstart"];

let hidden = null;
let toldAt = Date.now();

function remember(name, value) {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // Without storage each page keeps its own time.
  }
  if (name === ACTIVE) lastHere = value;
}

let lastHere = Date.now();
const lastActive = () => Math.max(lastHere, Number(localStorage.getItem(ACTIVE)) || 0);

function send(address) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || hidden?.token || "";
  return fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
}

function did() {
  if (hidden) return;
  const now = Date.now();
  if (now - lastHere > 1000) remember(ACTIVE, now);
  if (now - toldAt > TOLD_EVERY) {
    toldAt = now;
    send("/account/session/active/").catch(() => {});
  }
}

async function stands() {
  const answer = await fetch("/account/session/", { headers: { "X-Background": "1" } });
  return (await answer.json()).state;
}

function leave() {
  location.assign(`/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
}

function cover() {
  const made = document.createElement("main");
  made.className = "page page--narrow idle";
  made.tabIndex = -1;
  made.setAttribute("aria-labelledby", "idle-title");
  const title = document.createElement("h1");
  title.className = "page__title";
  title.id = "idle-title";
  title.textContent = "This session is locked";
  const words = document.createElement("p");
  words.textContent = "Nothing was done here for a while. Unlock it to go on where you were; what you typed is still there.";
  const acts = document.createElement("p");
  acts.className = "acts";
  const link = document.createElement("a");
  link.className = "usa-button";
  link.href = "/account/locked/?next=/account/unlocked/";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Unlock";
  acts.append(link);
  made.append(title, words, acts);
  return made;
}

function hide() {
  if (hidden) return;
  const focused = document.activeElement;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  const kept = document.createDocumentFragment();
  kept.append(...document.body.childNodes);
  hidden = { kept, focused, token, title: document.title };
  document.title = "Locked · Liaison";
  const covering = cover();
  document.body.append(covering);
  covering.focus();
}

function show() {
  if (!hidden) return;
  document.body.replaceChildren(hidden.kept);
  document.title = hidden.title;
  hidden.focused?.focus?.();
  hidden = null;
  toldAt = Date.now();
  remember(ACTIVE, toldAt);
}

async function lock() {
  hide();
  remember(LOCKED, Date.now());
  await send("/account/lock/").catch(() => {});
}

async function ask() {
  try {
    const state = await stands();
    if (state === "open") show();
    else if (state === "over") leave();
    else hide();
  } catch {
    // The portal cannot be reached: what is hidden stays hidden.
  }
}

function look() {
  if (hidden) {
    if (document.visibilityState === "visible") ask();
  } else if (Date.now() - lastActive() >= seconds * 1000) {
    lock();
  }
}

if (seconds > 0) {
  remember(ACTIVE, Date.now());
  for (const doing of DOINGS) document.addEventListener(doing, did, { passive: true, capture: true });
  window.addEventListener("storage", (event) => {
    if (event.key === LOCKED) hide();
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) ask();
  });
  window.setInterval(look, 2000);
}
