// The results of an export's search box: #b/<query>. Courses kept from a live site show theirs with `lms.results` too.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const MOST_PASSAGES = 40;
  const PASSAGES_A_LESSON = 3;
  const LESSONS_IN_SIGHT = 5; // more than a screen shows
  const PAUSE = 150; // ms without a key before looking
  const LATEST = { timeout: 200 }; // ms: where nothing moves, Chromium may name no idle time at all
  const idle = root.requestIdleCallback || root.setTimeout; // Safari knows no idle times

  // Passages grouped by lesson, in the order of each lesson's best one.
  function lessons(hits) {
    const found = new Map();
    hits.forEach((hit) => {
      if (!found.has(hit.lesson)) found.set(hit.lesson, []);
      found.get(hit.lesson).push(hit);
    });
    return Array.from(found.values());
  }

  function number(id) {
    const unit = lms.unitOf(id);
    return unit ? unit.lessons.find((lesson) => lesson.id === id).number + " · " : "";
  }

  function lesson(hits) {
    const [best] = hits;
    const link = lms.el("a", { href: to(best.anchor) }, number(best.lesson) + best.title);
    const { course } = lms.unitOf(best.lesson) || {}; // named where there are several
    return lms.el("li", {}, lms.el("h2", {}, link), course ? lms.el("small", {}, course) : "", ...hits.slice(0, PASSAGES_A_LESSON).map(passage));
  }

  function passage(hit) {
    const pieces = hit.extract.map((piece) => (piece.mark ? lms.el("mark", {}, piece.text) : piece.text));
    const where = hit.heading === hit.title ? "" : lms.el("a", { class: "where", href: to(hit.anchor) }, hit.heading);
    return lms.el("p", {}, where, " ", ...pieces);
  }

  // later(draw) draws what is below the first screen when nobody waits; without it all is drawn at once.
  function results(query, later) {
    if (!query.trim()) return [lms.el("p", {}, "Escribe una o varias palabras. No importan las tildes ni las mayúsculas.")];
    const found = lms.find(lms.texts(), query, MOST_PASSAGES);
    const known = lms.defined(lms.terms(), query);
    if (!found.hits.length && !known.length) return nothing(query);
    if (!found.hits.length) return [definitions(known)];
    const groups = lessons(found.hits);
    return [
      found.meant ? suggestion(query, found.meant) : "",
      known.length ? definitions(known) : "",
      lms.el("p", { class: "count", role: "status" }, count(found, groups.length)),
      list(groups, later),
    ].filter(Boolean);
  }

  // The count is announced, and not each result.
  function list(groups, later) {
    const drawn = lms.el("ol", { class: "results", "aria-live": "off" }, ...groups.slice(0, later ? LESSONS_IN_SIGHT : groups.length).map(lesson));
    if (drawn.children.length < groups.length) {
      later(() => drawn.isConnected && drawn.append(...groups.slice(LESSONS_IN_SIGHT).map(lesson)));
    }
    return drawn;
  }

  // The words of the live results page: where there is more than is shown, a number helps nobody.
  function count({ total, hits }, lessons) {
    if (total > hits.length) return "Está en muchos lugares. " + (lessons === 1 ? "Mira primero esta lección." : "Mira primero estas lecciones.");
    return (total === 1 ? "1 lugar" : total + " lugares") + " en " + (lessons === 1 ? "1 lección." : lessons + " lecciones.");
  }

  function definitions(terms) {
    return lms.el("dl", { class: "defined" }, ...terms.map(({ id, name, meaning }) =>
      lms.el("div", {}, lms.el("dt", {}, lms.el("a", { href: to(id) }, name)), lms.el("dd", {}, meaning))));
  }

  function suggestion(query, meant) {
    return lms.el("p", { class: "suggest" }, "No encontramos «" + query + "». Quizá quisiste decir ",
      lms.el("a", { href: address(meant) }, "«" + meant + "»"), ".");
  }

  function nothing(query) {
    return [
      lms.el("p", { class: "count", role: "status" }, "No encontramos «" + query + "»."),
      lms.el("ul", { class: "tips" },
        lms.el("li", {}, "Usa una sola palabra, por ejemplo «batería» o «señal»."),
        lms.el("li", {}, "Prueba con otra palabra que diga lo mismo."),
        lms.el("li", {}, lms.el("a", { href: lms.results.home }, "Elige una lección de la lista"), ".")),
    ];
  }

  const address = (query) => lms.results.at + encodeURIComponent(query.trim());
  // An anchor is in this document, or has an address of its own.
  const to = (anchor) => (/[/#]/.test(anchor) ? anchor : "#" + anchor);
  lms.results = Object.assign(results, { at: "#b/", home: "#inicio" });

  const soon = (draw) => idle(() => draw(), LATEST);
  const fill = (...children) => lms.hooks("results").forEach((place) => lms.fill(place, ...children));
  let asked = null;

  function show(query, later) {
    asked = query;
    const coming = lms.bringTexts && lms.bringTexts();
    if (!coming) return fill(...results(query, later));
    fill(lms.el("p", {}, "Un momento: estamos preparando la búsqueda…"));
    return coming.then(() => {
      if (asked === query) show(query, later);
      if (!later) lms.router.recall();
    }, (error) => fill(lms.el("p", { class: "notice bad" }, error.message)));
  }

  // Who enters the box will ask: what that needs is made between their keys.
  function entered() {
    if (lms.texts().length) lms.vocabulary.begin(lms.texts(), results);
  }

  function wire(form) {
    const field = form.elements.namedItem("q");
    let waiting = 0;
    const typed = () => {
      if (!root.document.querySelector('.view.current[data-route="buscar"]')) return;
      root.history.replaceState(null, "", address(field.value)); // for who comes back
      show(field.value.trim(), soon);
    };
    form.hidden = false;
    field.addEventListener("focus", () => root.setTimeout(() => {
      if (lms.bringTexts) Promise.resolve(lms.bringTexts()).then(entered, () => {}); // who asks is told
      else entered();
    }, 0));
    field.addEventListener("input", () => {
      root.clearTimeout(waiting);
      waiting = root.setTimeout(typed, PAUSE);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      root.clearTimeout(waiting);
      if (root.location.hash === address(field.value)) show(field.value.trim(), soon);
      else lms.router.to(address(field.value), soon);
    });
  }

  if (!root.document) return;
  root.document.addEventListener("DOMContentLoaded", () => lms.hooks("search").forEach(wire));
  lms.on("route", (route) => {
    if (route.name !== "buscar" || !lms.hooks("results").length) return;
    lms.hooks("search").forEach((form) => (form.elements.namedItem("q").value = route.rest));
    if (route.rest !== asked) show(route.rest, route.moved ? soon : undefined); // who comes back finds all in its place
  });
})(typeof window === "undefined" ? global : window);
