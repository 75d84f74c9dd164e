// The search field as a combobox: what htmx fetched below it is a list that arrows walk through.
// Enter opens the chosen one, else searches; Escape closes the list, then empties the field.

const field = document.querySelector("[role=combobox][aria-controls]");
const list = field && document.getElementById(field.getAttribute("aria-controls"));
const status = document.getElementById("suggestions-status");

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function show(open) {
  list.hidden = !open;
  field.setAttribute("aria-expanded", String(open));
  if (!open) choose(null);
}

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function move(step) {
  const all = options();
  if (!all.length) return;
  if (list.hidden) show(true);
  const at = all.indexOf(chosen());
  choose(all.at(at < 0 && step < 0 ? -1 : (at + step) % all.length));
}

function arrived() {
  const found = options().length;
  choose(null);
  show(found > 0 && document.activeElement === field);
  status.textContent = found ? `${found} suggestions, arrow down to choose` : "";
}

function key(event) {
  if (event.isComposing) return;
  const option = chosen();
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter" && option && !list.hidden) location.assign(option.dataset.url);
  else if (event.key === "Escape" && !list.hidden) show(false);
  else return;
  event.preventDefault();
}

if (list) {
  field.addEventListener("keydown", key);
  field.addEventListener("input", () => choose(null));
  field.addEventListener("blur", () => show(false));
  list.addEventListener("htmx:afterSwap", arrived);
  // The field keeps the focus while the mouse is pressed, so that the list is still there.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option?.dataset.url) location.assign(option.dataset.url);
  });
}
