// Below the warning that nothing is kept here: the button that puts what was done into a file, while it is still known.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.on("store", offer);
  offer(lms.store.kind); // a live page brings this file once the warning is there

  function offer(kind) {
    if (kind !== "memory" || lms.hooks("unsaved").length) return;
    lms.hooks("warning").forEach((line) => line.after(lms.el("p", { class: "actions", "data-lms": "unsaved" },
      lms.el("button", { type: "button", click: lms.carrier.save }, "Guardar mi avance en un archivo"))));
  }
})(typeof window === "undefined" ? global : window);
