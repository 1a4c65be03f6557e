// Opening and finishing lessons.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const lessons = (lms.lessons = {});
  const opening = new Set();

  lessons.start = () => {
    lms.hooks("complete").forEach((form) => {
      form.addEventListener("submit", (event) => finish(event, form));
      if (!said(form)) form.append(lms.el("output", { class: "actions finished", "aria-live": "off" }));
      form.after(lms.el("div", { class: "unit-end", "aria-live": "polite" }));
    });
    lms.on("change", mark);
    lms.on("route", (route) => open(route.view));
    lms.on("person", () => {
      lms.hooks("complete").forEach((form) => {
        lms.aloud(said(form), false);
        lms.fill(form.nextElementSibling);
      });
      mark();
      open(root.document.querySelector(".view.current") || root.document);
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
    const article = view.querySelector("[data-lesson]");
    if (!article) return;
    reach(article);
    const { lesson, version } = article.dataset;
    await lms.people.known;
    const once = [lms.journal.profile(), lesson, version].join();
    if (opening.has(once)) return;
    opening.add(once);
    if (isLast(lesson)) lessons.prepare();
    if (lms.journal.of("lesson.opened", lesson).some((event) => event.version === version)) return;
    lms.journal.append("lesson.opened", lms.about(article, lesson));
  }

  // A copy is offered where there is no network, so its code must come before.
  lessons.prepare = () => {
    if (lms.parts && !lms.carrier) root.document.head.append(lms.el("script", { src: lms.parts.carrying }));
  };

  async function finish(event, form) {
    const lesson = form.dataset.lesson;
    const article = root.document.querySelector('article[data-lesson="' + lesson + '"]');
    if (!article) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true; // two taps must not finish it twice
    lms.aloud(said(form), true);
    await lms.journal.append("lesson.completed", lms.about(article, lesson));
    button.disabled = false;
    const onward = said(form).querySelector("a");
    if (onward) onward.focus(); // its button is gone
    if (isLast(lesson) && lms.unitEnd) lms.unitEnd(form.nextElementSibling, lms.unitOf(lesson));
  }

  // What was completed before a lesson became another one does not finish it.
  function reached({ lesson, since }) {
    const times = lms.journal.of("lesson.completed", lesson);
    if (times.some(({ version }) => lms.rank(version) >= lms.rank(since))) return "done";
    return times.length ? "changed" : "";
  }

  const said = (form) => form.querySelector(".finished");

  // The button becomes a state, with the way onward. Where the server has said so there is no button.
  function mark() {
    lms.hooks("complete").forEach((form) => {
      const button = form.querySelector("button");
      const now = reached(form.dataset);
      const words = said(form);
      if (!button || (words.dataset.now || "") === now) return;
      words.dataset.now = now;
      button.hidden = now === "done";
      lms.fill(words, now && lms.state(now, button.hidden ? "Lección hecha" : "Cambió: vuelve a verla"), button.hidden ? onward(form) : "");
      const listed = button.hidden && root.document.querySelector(".toc [aria-current] .state");
      if (listed) listed.replaceWith(lms.state(now, lms.el("span", { class: "sr" }, "Hecha: ")));
    });
  }

  function onward({ dataset }) {
    const words = /^#e|\/evaluaciones\//.test(dataset.next) ? "Ir a la evaluación" : "Ir a la lección siguiente";
    return dataset.next ? lms.el("a", { class: "button", href: dataset.next }, words) : "";
  }

  function isLast(lesson) {
    const unit = lms.unitOf(lesson);
    return Boolean(unit) && unit.lessons[unit.lessons.length - 1].id === lesson;
  }
})(typeof window === "undefined" ? global : window);
