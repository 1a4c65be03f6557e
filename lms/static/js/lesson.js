// Opening and finishing lessons, and what comes after the last one of a unit.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const lessons = (lms.lessons = {});
  const labels = new Map(); // button → what it says at first
  const opening = new Set();
  const PATIENCE = 1500; // ms a slow server may delay the next page; the line is safe in any case

  lessons.start = () => {
    lms.hooks("complete").forEach((form) => form.addEventListener("submit", (event) => finish(event, form)));
    lms.on("change", mark);
    lms.on("route", (route) => open(route.view));
    lms.on("person", () => {
      mark();
      open(root.document.querySelector(".view") ? root.document.querySelector(".view.current") : root.document);
    });
    root.addEventListener("resize", () => root.document.querySelectorAll("article.lesson").forEach(reach));
  };

  // What is wider than the screen is scrolled, by the keyboard too.
  function reach(article) {
    article.querySelectorAll("table").forEach((table) => {
      if (table.scrollWidth > table.clientWidth + 1) table.tabIndex = 0;
      else table.removeAttribute("tabindex");
    });
  }

  async function open(view) {
    const article = view && view.querySelector("article.lesson");
    if (!article) return;
    reach(article);
    const { lesson, version } = article.dataset;
    await lms.people.known;
    const once = [lms.journal.profile(), lesson, version].join("|");
    if (opening.has(once)) return;
    opening.add(once);
    if (lms.journal.of("lesson.opened", lesson).some((event) => event.version === version)) return;
    lms.journal.append("lesson.opened", lms.about(article, lesson));
  }

  async function finish(event, form) {
    const lesson = form.dataset.lesson;
    const article = root.document.querySelector('article[data-lesson="' + lesson + '"]');
    if (!article) return;
    event.preventDefault();
    if (!done(lesson)) await lms.journal.append("lesson.completed", lms.about(article, lesson));
    const unit = lms.unitOf(lesson);
    if (unit && unit.lessons[unit.lessons.length - 1].id === lesson) return celebrate(form, unit);
    return go(form.dataset.next);
  }

  async function go(next) {
    if (!next) return;
    if (next[0] === "#") {
      lms.router.go(next);
      return;
    }
    if (lms.session.send) {
      await Promise.race([lms.outbox.flush(), new Promise((resolve) => root.setTimeout(resolve, PATIENCE))]);
    }
    root.location.href = next;
  }

  function done(lesson) {
    return lms.journal.of("lesson.completed", lesson).length > 0;
  }

  function mark() {
    lms.hooks("complete").forEach((form) => {
      const finished = done(form.dataset.lesson);
      form.dataset.state = finished ? "done" : "none";
      const button = form.querySelector("button");
      if (!labels.has(button)) labels.set(button, Array.from(button.childNodes));
      if (finished) lms.fill(button, lms.icon("done"), form.dataset.next ? "Lección hecha. Seguir" : "Lección hecha");
      else lms.fill(button, ...labels.get(button));
    });
  }

  // A unit's end is the moment to make a copy and to take the assessment.
  function celebrate(form, unit) {
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
  }
})(typeof window === "undefined" ? global : window);
