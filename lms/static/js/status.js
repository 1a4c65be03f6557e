// The line that says where the work is, and the warning when it may be lost.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const UNSAFE = "Este navegador no deja guardar. Guarda tu avance en un archivo antes de cerrar.";

  lms.on("sync", show);
  lms.on("store", (kind) => {
    show(lms.outbox);
    if (kind === "memory") lms.lessons.prepare();
  });

  function show(outbox) {
    const state = lms.store.kind === "memory" ? "lost" : outbox.state;
    const words = {
      lost: "Sin guardar",
      none: "",
      kept: "Guardado en este equipo",
      pending: "Guardado en este equipo · Por enviar (" + outbox.waiting + ")",
      sent: "Enviado",
    }[state];
    lms.hooks("status").forEach((line) => {
      line.dataset.state = state;
      if (line.textContent !== words) line.textContent = words;
    });
    warn(state === "lost" ? UNSAFE : outbox.problem);
  }

  function warn(sentence) {
    lms.hooks("warning").forEach((line) => {
      line.hidden = !sentence;
      if (line.textContent !== sentence) line.textContent = sentence;
    });
  }
})(typeof window === "undefined" ? global : window);
