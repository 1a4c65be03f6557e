// After a unit's last lesson: the moment to make a copy and to take the assessment.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.unitEnd = (form, unit) => {
    const old = form.parentNode.querySelector(".unit-end");
    if (old) old.remove();
    const next = form.dataset.next;
    const save = lms.outbox.pending().length
      ? lms.el("button", { type: "button", class: "second", click: lms.carrier.save }, "Guardar mi avance en un archivo")
      : null;
    const take = next ? lms.el("a", { class: "button", href: next }, unit.assessment ? "Ir a la evaluación" : "Seguir") : null;
    const heading = lms.el("h2", { tabindex: "-1" }, "Llegaste al final de la unidad " + unit.number);
    form.after(lms.el("div", { class: "unit-end notice good" }, lms.el("div", {}, heading,
      lms.el("p", {}, save ? "Guarda una copia de tu avance. Así no lo pierdes y puedes entregarlo." : "Tu avance ya fue enviado."),
      lms.el("p", { class: "actions" }, take, save))));
    heading.focus();
  };
})(typeof window === "undefined" ? global : window);
