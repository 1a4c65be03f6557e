// Search in the courses kept in this browser, with the scripts that exports search with.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { kept } = lms;

  // Shows in `place` what the courses of these lists say on a query, as the server does: in its order, each ranked by itself.
  lms.searchKept = async (lists, query, place, outlineOf) => {
    const inOrder = lists.slice().sort((a, b) => (a.course < b.course ? -1 : 1));
    const found = await Promise.all(inOrder.map((list) => courseOf(list, outlineOf, lists.length > 1 ? list.title : "")));
    const all = (name) => found.reduce((sum, one) => sum.concat(one[name]), []);
    lms.outline({ units: all("units") });
    lms.texts(all("passages"));
    const terms = new Map(all("terms").map((term) => [term.name, term])); // courses share their glossary
    lms.terms = () => Array.from(terms.values());
    Object.assign(lms.results, { at: "/buscar?q=", home: "/" });
    lms.fill(place, ...lms.results(query));
  };

  // Lessons of two courses may have one id: here each has its course's before it, and an anchor is an address.
  // `course` is its name, where results have to say it.
  async function courseOf(list, outlineOf, course) {
    const home = "/cursos/" + list.course + "/";
    const read = (path) => kept.read(list, kept.find(list, home + path, ""));
    const outline = await outlineOf(list);
    const lessons = outline.units.reduce((all, unit) => all.concat(unit.lessons), []);
    const texts = await Promise.all(lessons.map(({ id }) => read("textos/" + id + ".json").then((answer) => answer.json())));
    const passages = texts.reduce((all, some) => all.concat(some), []).map((one) =>
      Object.assign({}, one, { course: list.course, lesson: home + one.lesson, anchor: home + one.lesson + "#" + one.anchor }));
    const units = outline.units.map((unit) =>
      Object.assign({}, unit, { course, lessons: unit.lessons.map((one) => Object.assign({}, one, { id: home + one.id })) }));
    const glossary = kept.find(list, home + "glosario", "");
    return { passages, units, terms: glossary ? terms(await (await kept.read(list, glossary)).text(), home) : [] };
  }

  // The terms of a glossary's page, which is only read here, not shown.
  function terms(html, home) {
    const bare = html.replace(/<style>[^]*?<\/style>/g, ""); // the content policy would complain of it
    const page = new root.DOMParser().parseFromString(bare, "text/html");
    return Array.from(page.querySelectorAll("#glosario dt"), (dt) =>
      ({ id: home + "glosario#" + dt.id, name: dt.textContent, meaning: dt.nextElementSibling.textContent }));
  }
})(typeof self === "undefined" ? global : self);
