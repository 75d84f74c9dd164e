// Asks the browser for a passkey, or for a new one, and sends what it answers with the form.

const FAILED = "Your device gave no passkey, so nothing was sent. Try again, or use another way.";

async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") {
    return JSON.parse(form.dataset.options);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`options: ${answer.status}`);
  }
  return (await answer.json()).request_options;
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  const ask = form.dataset.passkey === "add" ? "create" : "get";
  return window.webauthnJSON[ask](options);
}

function onSubmit(event) {
  const form = event.target;
  event.preventDefault();
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = "";
  credentialFor(form)
    .then((credential) => {
      form.elements.namedItem("credential").value = JSON.stringify(credential);
      form.submit();
    })
    .catch(() => {
      said.textContent = FAILED;
    });
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  form.addEventListener("submit", onSubmit);
});
