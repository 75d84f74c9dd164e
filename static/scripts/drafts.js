// Keeps what is typed in forms marked data-draft through a lost session, in this browser, for
// twelve hours: locked with a key that only pages for the same post carry, filed under the person,
// and forgotten once saved or signed out.

const PREFIX = "liaison-draft:";
const LIFETIME = 12 * 60 * 60 * 1000;
const PAUSE = 400;
const NEVER = new Set(["csrfmiddlewaretoken", "save_all_the_same"]);

const meta = (name) => [...document.querySelectorAll(`meta[name="${name}"]`)].map((one) => one.content);
const [owner] = meta("draft-owner");
const nameOf = (address) => `${PREFIX}${owner}:${address}`;
const here = () => nameOf(location.pathname + location.search);
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text = (found) => btoa(found.reduce((letters, one) => letters + String.fromCharCode(one), ""));

function names(beginning) {
  const all = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at));
  return all.filter((name) => name.startsWith(beginning));
}

function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function forgetOld() {
  for (const name of names(PREFIX)) {
    const draft = kept(name);
    if (!draft || !(Date.now() - draft.at < LIFETIME)) localStorage.removeItem(name);
  }
}

function forgetMine() {
  for (const name of names(`${PREFIX}${owner}:`)) localStorage.removeItem(name);
}

function said(form) {
  const values = [...new FormData(form)].filter(
    ([name, value]) => !NEVER.has(name) && !name.startsWith("keep.") && typeof value === "string",
  );
  const secret = new Set([...form.querySelectorAll("input[type=password]")].map((one) => one.name));
  return values.filter(([name]) => !secret.has(name));
}

const typed = (values) => JSON.stringify(values.filter(([name]) => name !== "version"));

async function keyOf(form) {
  const raw = bytes(form.dataset.draft);
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function keep(form, name) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(said(form)));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(form), plain);
  const draft = { at: Date.now(), iv: text(iv), locked: text(new Uint8Array(locked)) };
  try {
    localStorage.setItem(name, JSON.stringify(draft));
  } catch {
    localStorage.removeItem(name);
  }
}

async function opened(form, draft) {
  try {
    const how = { name: "AES-GCM", iv: bytes(draft.iv) };
    const plain = await crypto.subtle.decrypt(how, await keyOf(form), bytes(draft.locked));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

function restore(form, values) {
  const left = new Map();
  for (const [name, value] of values) left.set(name, [...(left.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || NEVER.has(field.name)) continue;
    const mine = left.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
    else if (["submit", "button", "password", "file"].includes(field.type)) continue;
    else if (mine.length) field.value = mine[0];
  }
  for (const fold of form.querySelectorAll("details")) fold.open = true;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "usa-button usa-button--outline usa-button--small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function offer(form, draft, values, name) {
  const note = document.createElement("div");
  note.className = "note note--draft";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  const at = new Date(draft.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  words.textContent = `You have unsaved text from ${at}.`;
  const acts = document.createElement("p");
  acts.className = "acts";
  const done = () => {
    note.remove();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  acts.append(
    button("Restore", () => {
      restore(form, values);
      done();
    }),
    button("Discard", () => {
      localStorage.removeItem(name);
      done();
    }),
  );
  note.append(words, acts);
  form.before(note);
}

function explain(form) {
  const words = document.createElement("p");
  words.className = "quiet form__kept";
  words.textContent =
    "What you type is kept in this browser for 12 hours, readable only by you while signed in here. Saving or signing out removes it.";
  form.append(words);
}

async function watch(form) {
  const name = here();
  const draft = "draftKept" in form.dataset ? null : kept(name);
  const values = draft && (await opened(form, draft));
  if (values && typed(values) !== typed(said(form))) offer(form, draft, values, name);
  let wait = 0;
  let doing = "";
  const soon = () => {
    clearTimeout(wait);
    wait = setTimeout(() => keep(form, name), PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", async (event) => {
    clearTimeout(wait);
    if (doing === "sending") return;
    event.preventDefault();
    if (doing === "keeping") return;
    doing = "keeping";
    await keep(form, name).catch(() => {});
    // Not before this event is over: a form that is being submitted ignores being asked again.
    setTimeout(() => {
      doing = "sending";
      form.requestSubmit(event.submitter);
      doing = "";
    });
  });
  explain(form);
}

function signsOut(form) {
  return new URL(form.getAttribute("action") || "", location).pathname === "/account/logout/";
}

if (owner) {
  forgetOld();
  for (const address of meta("draft-saved")) localStorage.removeItem(nameOf(address));
  document.addEventListener("submit", (event) => {
    if (signsOut(event.target)) forgetMine();
  });
  if (window.crypto?.subtle) {
    for (const form of document.querySelectorAll("form[data-draft]")) watch(form);
  }
}
