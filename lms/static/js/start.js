// Wires the page once it is whole: behaviour first, so that nothing waits for storage; then who is here.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  if (!root.document) return;
  let begun = false;

  async function start() {
    if (begun) return;
    begun = true;
    lms.started = true; // exports show themselves as a book when no script gets this far
    const opened = lms.store.open();
    [lms.forms, lms.lessons, lms.tools, lms.assessments, lms.progressView, lms.carrier, lms.router].filter(Boolean).forEach((part) => part.start());
    lms.on("elsewhere", async () => {
      await lms.journal.reload();
      lms.emit("change");
    });
    await opened;
    await lms.people.start();
    lms.emit("ready");
    await lms.outbox.start();
  }

  // Escape closes an open menu, and leaves the focus where it was opened.
  root.document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && root.document.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });

  if (root.document.readyState === "complete") start();
  root.document.addEventListener("DOMContentLoaded", start);
  root.addEventListener("load", start);
})(typeof window === "undefined" ? global : window);
