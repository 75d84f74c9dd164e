// Sends a form that waited for a confirmation, once: the person pressed its button before.

const form = document.querySelector("form[data-send-now]");
if (form) {
  form.requestSubmit();
}
