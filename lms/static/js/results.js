// What a search without a server shows: the results of an export's search box, and those of courses kept from a live site.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const MOST_PASSAGES = 40;
  const PASSAGES_A_LESSON = 3;
  const IN_SIGHT = root.innerWidth < 600 ? 12 : 24; // halves of a passage's height: more than the screen shows

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

  const drawn = (pieces) => pieces.map((piece) => (piece.mark ? lms.el("mark", {}, piece.text) : piece.text));

  function lesson(hits, sought) {
    const [best] = hits;
    const link = lms.el("a", { href: to(best.anchor) }, number(best.lesson), ...drawn(lms.marked(best.title, sought)));
    const { course } = lms.unitOf(best.lesson) || {}; // named where there are several
    return lms.el("li", {}, lms.el("h2", {}, link), course ? lms.el("small", {}, course) : "", ...hits.slice(0, PASSAGES_A_LESSON).map((hit) => passage(hit, sought)));
  }

  function passage(hit, sought) {
    const heading = lms.marked(hit.heading, sought);
    const where = hit.heading === hit.title ? "" : lms.el("a", { class: "where", href: to(hit.anchor) }, ...drawn(heading));
    const phrase = lms.phrase(hit.keywords, heading.concat(hit.extract), sought);
    const asked = phrase.length ? lms.el("span", { class: "asked" }, "También la buscan así: «", ...drawn(phrase), "».") : "";
    return lms.el("p", {}, where, " ", asked, " ", ...drawn(hit.extract));
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
      list(groups, found.sought, later),
    ].filter(Boolean);
  }

  // The count is announced, and not each result.
  function list(groups, sought, later) {
    const some = (from, to) => groups.slice(from, to).map((hits) => lesson(hits, sought));
    const first = later ? inSight(groups) : groups.length;
    const shown = lms.el("ol", { class: "results", "aria-live": "off" }, ...some(0, first));
    if (first < groups.length) later(() => shown.isConnected && shown.append(...some(first)));
    return shown;
  }

  function inSight(groups) {
    let [some, room] = [0, IN_SIGHT];
    for (; some < groups.length && room > 0; some += 1) room -= 1 + 2 * Math.min(groups[some].length, PASSAGES_A_LESSON);
    return some;
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
})(typeof window === "undefined" ? global : window);
