// One's own bookmarks and notes in «Mi avance», each with the way to its lesson.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  ["person", "change", "elsewhere"].forEach((name) => lms.on(name, () => lms.hooks("own-list").forEach(show)));

  function show(place) {
    const outline = lms.outline();
    const own = lms.own(lms.journal.events().filter(({ course }) => course === outline.course));
    const lessons = outline.units.reduce((all, unit) => all.concat(unit.lessons), [])
      .filter(({ id }) => own[id] && (own[id].marked || own[id].texts.length));
    place.hidden = !lessons.length;
    lms.fill(place, lms.el("h2", {}, "Mis marcas y notas"), lms.el("ul", { class: "links own" }, ...lessons.map(({ id, number, title }) =>
      lms.el("li", {}, lms.el("a", { href: "#l/" + id }, number + " " + title), own[id].marked ? lms.el("span", { class: "state" }, "Marcada") : "",
        ...own[id].texts.map((text) => lms.el("p", { class: "text" }, text))))));
  }
})(typeof window === "undefined" ? global : window);
