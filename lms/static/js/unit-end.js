// After a unit's last lesson: the moment to make a copy of what could not be sent.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const PATIENCE = 1500; // ms until a slow server counts as none

  lms.unitEnd = async (place, unit) => {
    if (lms.session.send) {
      await Promise.race([lms.outbox.flush(), new Promise((resolve) => root.setTimeout(resolve, PATIENCE))]);
    }
    const save = lms.el("button", { type: "button", class: "second", click: lms.carrier.save }, "Guardar mi avance en un archivo");
    const left = lms.outbox.pending().length > 0;
    lms.fill(place, lms.el("div", { class: "notice good" }, lms.el("div", {},
      lms.el("h2", {}, "Llegaste al final de la unidad " + unit.number),
      lms.el("p", {}, left ? "Guarda una copia de tu avance. Así no lo pierdes y puedes entregarlo." : "Tu avance ya fue enviado."),
      left ? lms.el("p", { class: "actions" }, save) : "")));
  };
})(typeof window === "undefined" ? global : window);
