// The results of an export's search box: #b/<query>. Courses kept from a live site show theirs with `lms.results` too.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const MOST_PASSAGES = 40;
  const PASSAGES_A_LESSON = 3;
  const PAUSE = 150; // ms without a key before looking
  const idle = root.requestIdleCallback || root.setTimeout; // Safari knows no idle times
  let rehearsed = null;

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

  function results(query) {
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
      lms.el("ol", { class: "results" }, ...groups.map(lesson)),
    ].filter(Boolean);
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

  let asked = "";

  function show(query) {
    asked = query;
    const coming = lms.bringTexts && lms.bringTexts();
    if (coming) {
      lms.hooks("results").forEach((place) => lms.fill(place, lms.el("p", {}, "Un momento: estamos preparando la búsqueda…")));
      coming.then(() => asked === query && show(query), (error) =>
        lms.hooks("results").forEach((place) => lms.fill(place, lms.el("p", { class: "notice bad" }, error.message))));
      return;
    }
    lms.hooks("results").forEach((place) => lms.fill(place, ...results(query)));
  }

  // The first search takes many times as long as the next ones: a dry one goes ahead while nobody waits.
  function rehearse() {
    const texts = lms.texts();
    if (rehearsed === texts || !texts.length) return;
    rehearsed = texts;
    lms.find(texts, texts[0].title + " zzz", MOST_PASSAGES);
  }

  // Who enters the box will ask: what that needs is made between their keys.
  function entered() {
    rehearse();
    if (lms.texts().length) lms.vocabulary.ahead(lms.scan.prepare(lms.texts()), later);
  }

  const later = (work) => idle(() => work());

  function wire(form) {
    const field = form.elements.namedItem("q");
    let waiting = 0;
    form.hidden = false;
    field.addEventListener("focus", () => root.setTimeout(() => {
      if (lms.bringTexts) Promise.resolve(lms.bringTexts()).then(entered, () => {}); // who asks is told
      else entered();
    }, 0));
    field.addEventListener("input", () => {
      root.clearTimeout(waiting);
      const inResults = root.document.querySelector('.view.current[data-route="buscar"]');
      if (inResults) waiting = root.setTimeout(() => show(field.value), PAUSE);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      root.clearTimeout(waiting);
      if (root.location.hash === address(field.value)) show(field.value);
      else root.location.hash = address(field.value);
    });
  }

  if (!root.document) return;
  root.document.addEventListener("DOMContentLoaded", () => lms.hooks("search").forEach(wire));
  root.addEventListener("load", () => idle(rehearse));
  lms.on("route", (route) => {
    if (route.name !== "buscar" || !lms.hooks("results").length) return;
    lms.hooks("search").forEach((form) => (form.elements.namedItem("q").value = route.rest));
    show(route.rest);
  });
})(typeof window === "undefined" ? global : window);
