// A term's meaning goes away by Escape and stays inside the window; showing it is the stylesheet's.

const EDGE = 8;

function keepInside(term) {
  const means = term.querySelector(".term__means");
  term.classList.remove("term--end");
  if (means.getBoundingClientRect().right > document.documentElement.clientWidth - EDGE) {
    term.classList.add("term--end");
  }
}

function shownAgain(event) {
  const term = event.target.closest?.(".term");
  if (term) keepInside(term);
}

function left(event) {
  const term = event.target.closest?.(".term");
  if (term && !term.contains(event.relatedTarget)) term.classList.remove("term--dismissed");
}

document.addEventListener("mouseover", shownAgain);
document.addEventListener("focusin", shownAgain);
document.addEventListener("mouseout", left);
document.addEventListener("focusout", left);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) {
    term.classList.add("term--dismissed");
  }
});
