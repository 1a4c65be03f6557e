// The page that many courses on one stick share: whose progress this device knows, and texts that come only to be searched.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LOST = "No se puede buscar: falta el archivo textos.js. Copia otra vez la carpeta completa.";
  let courses = [];
  let coming = null;

  // bundle([outlines, each with its home]): lessons of two courses may have one id, so here each has its course's before it.
  lms.bundle = (outlines) => {
    courses = outlines;
    const units = outlines.reduce((all, one) => all.concat(one.units.map((unit) => Object.assign({}, unit, {
      course: one.title,
      lessons: unit.lessons.map((lesson) => Object.assign({}, lesson, { id: one.course + "/" + lesson.id })),
    }))), []);
    lms.outline({ units });
  };

  // What textos.js calls, once for each course.
  lms.bundleTexts = (course, passages) => {
    const { home } = courses.find((one) => one.course === course);
    lms.texts(lms.texts().concat(passages.map((one) =>
      Object.assign({}, one, { course, lesson: course + "/" + one.lesson, anchor: home + "#" + one.anchor }))));
  };

  // A promise of the texts, or null once they are here.
  lms.bringTexts = () => {
    if (lms.texts().length) return null;
    if (!coming) {
      coming = new Promise((resolve, reject) => {
        const script = lms.el("script", { src: "textos.js" });
        script.onload = () => (lms.texts().length ? resolve() : reject(new Error(LOST)));
        script.onerror = () => reject(new Error(LOST));
        root.document.head.append(script);
      });
    }
    return coming;
  };

  async function start() {
    lms.started = true; // the page shows itself as a list when no script gets this far
    lms.tools.start();
    lms.router.start();
    await lms.store.open();
    await draw();
    lms.on("elsewhere", draw);
    root.addEventListener("pageshow", draw); // back from a course, perhaps as it was left
  }

  // Where each file has a store of its own, as in Firefox, nobody is known here: the page says where to look.
  async function draw() {
    const people = await lms.store.profiles();
    lms.hooks("reach").forEach((place) => { place.hidden = people.length > 0; });
    lms.hooks("whose").forEach((place) => { place.hidden = !people.length; });
    if (!people.length) return;
    const current = await lms.store.get("current");
    const now = people.find((one) => one.id === current) || people[0];
    lms.hooks("choose").forEach((list) => choose(list, people, now));
    const events = (await lms.store.records(now.id)).map((record) => JSON.parse(record.line));
    courses.forEach((outline) => mine(outline, events.filter((event) => event.course === outline.course)));
  }

  function choose(list, people, now) {
    lms.fill(list, ...people.map((one) =>
      lms.el("option", { value: one.id, selected: one.id === now.id }, one.name || "Sin nombre")));
    list.onchange = async () => {
      await lms.store.set("current", list.value);
      lms.people.remembered(list.value); // the course opened next goes on with the same person
      await draw();
    };
  }

  function mine(outline, events) {
    const place = root.document.querySelector('[data-mine="' + outline.course + '"]');
    if (!events.length) return lms.fill(place, lms.state("none", "Por empezar"));
    const { percent } = lms.progress(outline, events);
    const bar = lms.shape({ class: "bar", role: "progressbar", "aria-label": "Avance en el curso", "aria-valuemin": 0,
      "aria-valuemax": 100, "aria-valuenow": percent }, "rect", { width: percent + "%", height: "100%", rx: 5 });
    return lms.fill(place, bar, lms.el("p", { class: "small soft" }, percent + " % del curso"));
  }

  if (root.document) root.document.addEventListener("DOMContentLoaded", start);
})(typeof window === "undefined" ? global : window);
