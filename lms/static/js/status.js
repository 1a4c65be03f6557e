// The line that says where the work is, and the warning when it may be lost.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const UNSAFE = "Este navegador no deja guardar. Guarda tu avance en un archivo antes de cerrar.";

  lms.on("sync", show);
  lms.on("store", () => show(lms.outbox));

  function show(outbox) {
    const unsafe = lms.store.kind === "memory";
    const [state, words] = unsafe ? ["lost", "Sin guardar"] : {
      none: ["none", ""],
      kept: ["kept", "Guardado en este equipo"],
      pending: ["pending", "Guardado en este equipo · Por enviar (" + outbox.waiting + ")"],
      sent: ["sent", "Enviado"],
    }[outbox.state];
    lms.hooks("status").forEach((line) => {
      line.dataset.state = state;
      if (line.textContent !== words) line.textContent = words;
    });
    warn(unsafe ? UNSAFE : outbox.problem);
  }

  function warn(sentence) {
    lms.hooks("warning").forEach((line) => {
      line.hidden = !sentence;
      if (line.textContent !== sentence) line.textContent = sentence;
    });
  }
})(typeof window === "undefined" ? global : window);
