/* Says on the buttons of a list how many rows are chosen, and ticks all of the page at once. */

function count(form) {
  const every = form.querySelector("[data-chosen-every]");
  const ticked = form.querySelectorAll("[name=case]:checked").length;
  const number = every && every.checked ? "all" : ticked;
  for (const button of form.querySelectorAll("[data-chosen-words]")) {
    button.textContent = button.dataset.chosenWords.replace("{}", number);
    button.disabled = number === 0;
  }
}

function addTickAll(form) {
  const head = form.querySelector("thead .rows__pick");
  const boxes = [...form.querySelectorAll("[name=case]")];
  const label = document.createElement("label");
  const box = document.createElement("input");
  const words = document.createElement("span");
  label.className = "pick";
  box.type = "checkbox";
  words.className = "usa-sr-only";
  words.textContent = "Choose every case on this page";
  label.append(box, words);
  head.replaceChildren(label);
  box.addEventListener("change", () => {
    for (const one of boxes) one.checked = box.checked;
    count(form);
  });
  form.addEventListener("change", () => {
    box.checked = boxes.length > 0 && boxes.every((one) => one.checked);
    count(form);
  });
}

for (const form of document.querySelectorAll("[data-chosen]")) {
  addTickAll(form);
  count(form);
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-chosen]")) count(form);
});
