// Account forms of a server: the keyboard that fits the document, «mostrar» for PINs, and progress made without an account.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const page = root.document;
  if (!page) return;

  page.addEventListener("DOMContentLoaded", () => {
    page.querySelectorAll("form[data-account]").forEach((form) => {
      addShow(form);
      const type = form.querySelector("select[name=tipo]");
      const number = form.querySelector("input[name=documento]");
      if (type) fitKeyboard(type, number);
      else if (number) offerLetters(number);
    });
    offerGuestProgress();
    sayUnsent();
  });

  // One button shows or hides every PIN of a form.
  function addShow(form) {
    const pins = Array.from(form.querySelectorAll("input[type=password]"));
    if (!pins.length) return;
    const button = lms.el("button", { type: "button", class: "plain", "aria-pressed": "false" }, "Mostrar el PIN");
    button.addEventListener("click", () => {
      const show = button.getAttribute("aria-pressed") === "false";
      pins.forEach((pin) => { pin.type = show ? "text" : "password"; });
      button.setAttribute("aria-pressed", String(show));
      button.textContent = show ? "Ocultar el PIN" : "Mostrar el PIN";
    });
    const last = pins[pins.length - 1];
    last.parentNode.insertBefore(button, last.nextSibling);
    // A PIN left visible would be offered to the next person by the browser's memory of text fields.
    form.addEventListener("submit", () => pins.forEach((pin) => { pin.type = "password"; }));
  }

  // Only a DNI is all numbers; the other documents need letters.
  function fitKeyboard(type, number) {
    const fit = () => { number.inputMode = type.value === "dni" ? "numeric" : "text"; };
    type.addEventListener("change", fit);
    fit();
  }

  // Where the kind of document is not asked, nearly everybody types a DNI, and whoever has letters says so.
  function offerLetters(number) {
    if (/[^0-9-]/.test(number.value)) return;
    const button = lms.el("button", { type: "button", class: "plain" }, "Mi documento tiene letras");
    button.addEventListener("click", () => {
      number.inputMode = "text";
      number.focus();
      button.remove();
    });
    number.inputMode = "numeric";
    number.parentNode.insertBefore(button, number.nextSibling);
  }

  // The server cannot know what a guest did here and was not sent yet.
  function offerGuestProgress() {
    const offer = page.querySelector("[data-guest-progress]");
    if (!offer || !offer.hidden || !lms.on) return;
    lms.on("ready", () => Promise.resolve(lms.journal.events()).then((events) => {
      if (events.length && !lms.session.person) offer.hidden = false;
    }));
  }

  // Nor can it know whether somebody else's work still waits here.
  function sayUnsent() {
    const line = page.querySelector("[data-unsent]");
    if (!line || !lms.on) return;
    lms.on("ready", async () => {
      const records = await lms.store.records(line.dataset.unsent);
      line.hidden = records.every((record) => record.state === "sent");
    });
  }
})(typeof window === "undefined" ? global : window);
