// What has been done, drawn from this device's events: states in the indexes, «Mi avance», where to go on.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const WORDS = { done: "Hecha", started: "Empezada", none: "Por hacer", changed: "Cambió: vuelve a verla" };
  let asked = 0;

  // A course's bars and marks as elements.
  const of = (outline) => whole(outline, lms.progress(outline, eventsOf(outline)));
  const eventsOf = ({ course }) => lms.journal.events().filter((event) => event.course === course);
  // Where a lesson ("l") or an assessment ("e") is: in this document, or beside the course's own page.
  const place = ({ home }, kind, id) => (home ? home + (kind === "e" ? "evaluaciones/" : "") + id : "#" + kind + "/" + id);

  lms.progressView = { of, start: () => ["person", "change", "elsewhere"].forEach((name) => lms.on(name, soon)) };

  // Many events may arrive together; one drawing is enough.
  function soon() {
    root.clearTimeout(asked);
    asked = root.setTimeout(draw, 30);
  }

  function draw() {
    const outline = lms.outline();
    if (!outline || !lms.progress) return;
    const events = eventsOf(outline);
    const progress = lms.progress(outline, events);
    outline.units.forEach((unit) => {
      unit.lessons.forEach((lesson) => state(lesson.id, lessonState(progress.lessons[lesson.id])));
      if (unit.assessment) state(unit.assessment.id, assessmentState(progress.units[unit.id].assessment));
    });
    lms.hooks("progress").forEach((place) => lms.fill(place, ...whole(outline, progress)));
    lms.hooks("resume").forEach((link) => resume(link, outline, lms.resume(outline, progress, events), progress));
  }

  function lessonState(lesson) {
    if (lesson && lesson.completed) return ["done", WORDS.done];
    if (lesson && lesson.ever_completed) return ["changed", WORDS.changed];
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
      lms.fill(place, lms.icon(name), "short" in place.dataset ? lms.el("span", { class: "sr" }, words + ": ") : words);
    });
  }

  function whole(outline, progress) {
    const total = lms.el("p", { class: "sum" }, bar(progress.percent, "Avance del curso"), progress.percent + " %");
    return [total].concat(outline.units.map((unit) => section(outline, unit, progress)));
  }

  // A unit without lessons is the course's final assessment.
  function section(outline, unit, progress) {
    const now = progress.units[unit.id];
    const items = unit.lessons.map((lesson) =>
      row(place(outline, "l", lesson.id), lesson.number + " " + lesson.title, lessonState(progress.lessons[lesson.id])));
    if (unit.assessment) {
      items.push(row(place(outline, "e", unit.assessment.id), unit.assessment.title, assessmentState(now.assessment)));
    }
    const list = lms.el("ul", { class: "links" }, ...items);
    if (!now.lessons) return lms.el("section", { class: "course" }, lms.el("h2", {}, unit.title), list);
    const share = Math.round((100 * now.completed_lessons) / now.lessons);
    return lms.el("section", { class: "course" }, lms.el("h2", {}, "Unidad " + unit.number + ". " + unit.title),
      lms.el("p", { class: "sum" }, bar(share, "Avance de la unidad " + unit.number),
        now.completed_lessons + " de " + now.lessons + " lecciones"),
      list);
  }

  // The same drawing as the server's progress bar: attributes only, since pages allow no inline style.
  const bar = (percent, label) =>
    lms.shape({ class: "bar", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100,
      "aria-valuenow": percent }, "rect", { width: percent + "%", height: "100%", rx: 5 });

  function row(href, title, [name, words]) {
    return lms.el("li", {}, lms.el("a", { href }, title), lms.state(name, words));
  }

  // Who has nothing done yet begins, where the page says where; who has done all has nowhere to go on.
  function resume(link, outline, item, progress) {
    const { begin } = link.dataset;
    link.hidden = !item && (!begin || progress.percent > 0);
    if (item) link.href = place(outline, lms.unitOf(item) ? "l" : "e", item);
    else if (begin) link.href = begin;
    if (begin) link.textContent = lms.begun(outline, item, progress) ? "Seguir donde me quedé" : "Empezar el curso";
  }

  const worked = ({ exercises, ever_completed }) => ever_completed || Object.keys(exercises || {}).length;

  // Whether there is something to go on with: more was done than to open the first lesson.
  lms.begun = (outline, item, { lessons }) =>
    Boolean(item) && (item !== outline.units[0].lessons[0].id || Object.keys(lessons).some((id) => worked(lessons[id])));

  // A token says nothing of when: the furthest lesson that tokens say was worked in, or else opened; -1 if none.
  function furthest(events, course, of) {
    const said = events.filter((event) => event.type === "progress.reported" && event.course === course).map((event) => event.data || {});
    const places = (ids) => ids.map(of).concat(-1);
    const idsOf = (some) => Object.keys(some || {}); // a file may have brought what no server takes
    const worked = said.map(({ lessons, exercises }) => idsOf(lessons).filter((id) => lessons[id] !== "opened").concat(idsOf(exercises)));
    const last = (lists) => Math.max(...places([].concat(...lists)));
    return last(worked) >= 0 ? last(worked) : last(said.map(({ lessons }) => idsOf(lessons)));
  }

  // The lesson to go on with, "" if none: the one worked in last, or else opened last; the next undone one if it is done;
  // after all of them the final assessment, until it is passed.
  // Twin of `resume` in lms/learning/views.py; tests/vectors/resume.json holds both to the same answers.
  lms.resume = (outline, progress, events) => {
    const lessons = outline.units.reduce((all, unit) => all.concat(unit.lessons), []);
    const of = (item) => lessons.findIndex((lesson) => lesson.id === item || lesson.exercises.indexOf(item) >= 0);
    const opened = (event) => event.type === "lesson.opened";
    const worked = events.filter((event) => !opened(event) && event.type !== "lesson.bookmarked" && event.type !== "note.written");
    const own = events.filter(opened).concat(worked).map((event) => of(event.item)).filter((at) => at >= 0);
    const from = own.length ? own[own.length - 1] : furthest(events, outline.course, of);
    if (from < 0) return "";
    const left = lessons.slice(from).concat(lessons).find((lesson) => !progress.lessons[lesson.id].completed);
    if (left) return left.id;
    const final = outline.units[outline.units.length - 1];
    return final.lessons.length || progress.units[final.id].assessment.passed ? "" : final.assessment.id;
  };
})(typeof window === "undefined" ? global : window);
