// What has been done, drawn from this device's events: states in the indexes, «Mi avance», where to go on.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const WORDS = { done: "Hecha", started: "Empezada", none: "Por hacer" };
  let asked = 0;

  lms.progressView = { start: () => ["person", "change", "elsewhere"].forEach((name) => lms.on(name, soon)) };

  // Many events may arrive together; one drawing is enough.
  function soon() {
    root.clearTimeout(asked);
    asked = root.setTimeout(draw, 30);
  }

  function draw() {
    const outline = lms.outline();
    if (!outline || !lms.progress) return;
    const events = lms.journal.events().filter((event) => event.course === outline.course);
    const progress = lms.progress(outline, events);
    outline.units.forEach((unit) => {
      unit.lessons.forEach((lesson) => state(lesson.id, lessonState(progress.lessons[lesson.id])));
      if (unit.assessment) state(unit.assessment.id, assessmentState(progress.units[unit.id].assessment));
    });
    lms.hooks("progress").forEach((place) => lms.fill(place, ...whole(outline, progress)));
    lms.hooks("resume").forEach((link) => resume(link, outline, progress, events));
  }

  function lessonState(lesson) {
    if (lesson && lesson.completed) return ["done", WORDS.done];
    const begun = lesson && (lesson.opened || Object.keys(lesson.exercises || {}).length);
    return begun ? ["started", WORDS.started] : ["none", WORDS.none];
  }

  function assessmentState(result) {
    if (!result || !result.attempts) return ["none", WORDS.none];
    return [result.passed ? "done" : "started", "Nota " + lms.number(result.mark)];
  }

  function state(item, [name, words]) {
    root.document.querySelectorAll('[data-state-of="' + item + '"]').forEach((place) => {
      place.dataset.state = name;
      place.className = "state " + name;
      lms.fill(place, lms.icon(name), words);
    });
  }

  function whole(outline, progress) {
    const total = lms.el("p", { class: "sum" }, bar(progress.percent, "Avance del curso"), progress.percent + " %");
    return [total].concat(outline.units.map((unit) => section(unit, progress)));
  }

  function section(unit, progress) {
    const now = progress.units[unit.id];
    const items = unit.lessons.map((lesson) =>
      row("#l/" + lesson.id, lesson.number + " " + lesson.title, lessonState(progress.lessons[lesson.id])));
    if (unit.assessment) {
      items.push(row("#e/" + unit.assessment.id, unit.assessment.title, assessmentState(now.assessment)));
    }
    const share = now.lessons ? Math.round((100 * now.completed_lessons) / now.lessons) : 0;
    return lms.el("section", { class: "course" }, lms.el("h2", {}, "Unidad " + unit.number + ". " + unit.title),
      lms.el("p", { class: "sum" }, bar(share, "Avance de la unidad " + unit.number),
        now.completed_lessons + " de " + now.lessons + " lecciones"),
      lms.el("ul", { class: "links" }, ...items));
  }

  // The same drawing as the server's progress bar: attributes only, since pages allow no inline style.
  const bar = (percent, label) =>
    lms.shape({ class: "bar", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100,
      "aria-valuenow": percent }, "rect", { width: percent + "%", height: "100%", rx: 5 });

  function row(href, title, [name, words]) {
    return lms.el("li", {}, lms.el("a", { href }, title), lms.state(name, words));
  }

  // The lesson opened last, or the one after it if that one is finished.
  function resume(link, outline, progress, events) {
    const order = outline.units.reduce((all, unit) => all.concat(unit.lessons.map((lesson) => lesson.id)), []);
    const opened = events.filter((event) => event.type === "lesson.opened" && order.indexOf(event.item) >= 0);
    link.hidden = !opened.length;
    if (!opened.length) return;
    const last = opened[opened.length - 1].item;
    const left = order.slice(order.indexOf(last)).concat(order).find((id) => lessonState(progress.lessons[id])[0] !== "done");
    link.href = "#l/" + (left || last);
  }
})(typeof window === "undefined" ? global : window);
