// Counts down how long an approval can be undone, and takes the button away when it no longer can.

function countDown(form) {
  const end = Date.now() + 1000 * Number(form.querySelector("[data-undo-left]").textContent);
  const tick = window.setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    form.querySelector("[data-undo-left]").textContent = String(Math.max(left, 0));
    if (left <= 0) {
      window.clearInterval(tick);
      form.querySelector("button").remove();
    }
  }, 250);
}

document.querySelectorAll("[data-undo-until]").forEach(countDown);
