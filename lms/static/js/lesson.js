// Opening and finishing lessons.
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
  };

  async function open(view) {
    const article = view && view.querySelector("article.lesson");
    if (!article) return;
    const { lesson, version } = article.dataset;
    await lms.people.known;
    const once = [lms.journal.profile(), lesson, version].join("|");
    if (opening.has(once)) return;
    opening.add(once);
    prepare(lesson);
    if (lms.journal.of("lesson.opened", lesson).some((event) => event.version === version)) return;
    lms.journal.append("lesson.opened", lms.about(article, lesson));
  }

  async function finish(event, form) {
    const lesson = form.dataset.lesson;
    const article = root.document.querySelector('article[data-lesson="' + lesson + '"]');
    if (!article) return;
    event.preventDefault();
    if (!done(lesson)) await lms.journal.append("lesson.completed", lms.about(article, lesson));
    if (isLast(lesson) && lms.unitEnd) return lms.unitEnd(form, lms.unitOf(lesson));
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

  // A unit's end offers a copy when there is no network, so its code must come before.
  function prepare(lesson) {
    if (lms.parts && !lms.unitEnd && isLast(lesson)) root.document.head.append(lms.el("script", { src: lms.parts.carrying }));
  }

  function isLast(lesson) {
    const unit = lms.unitOf(lesson);
    return Boolean(unit) && unit.lessons[unit.lessons.length - 1].id === lesson;
  }
})(typeof window === "undefined" ? global : window);
