// The terms that a query asks for, above an export's results. Twin of lms/course/definitions.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { analysis, ranking, stem } = lms;
  const MOST_DEFINED = 3;
  const LINKING = ["e", "significa"];
  const known = new Map(); // the name of a term → its stems
  let terms = null;

  // terms: [{id, name, meaning}]; → those it names most wholly first.
  lms.defined = (terms, query) => {
    const asked = stems(query);
    if (!asked.size) return [];
    return terms.map((term, place) => ({ term, place, own: ownStems(term.name) }))
      .filter(({ own }) => 2 * asked.size >= own.size && Array.from(asked).every((one) => own.has(one)))
      .sort((a, b) => a.own.size - b.own.size || a.place - b.place)
      .slice(0, MOST_DEFINED).map(({ term }) => term);
  };

  // The terms of this document's glossary, as its page has them.
  lms.terms = () => {
    terms = terms || Array.from(root.document.querySelectorAll("#glosario dt"), (dt) =>
      ({ id: dt.id, name: dt.textContent, meaning: dt.nextElementSibling.textContent }));
    return terms;
  };

  function ownStems(name) {
    if (!known.has(name)) known.set(name, stems(name));
    return known.get(name);
  }

  function stems(text) {
    const bare = analysis.words(analysis.normal(text.split(" (")[0])).map(([, word]) => analysis.plain(analysis.fold(word)));
    return new Set(bare.filter((word) => ranking.FILLERS.indexOf(word) < 0 && LINKING.indexOf(word) < 0).map(stem.light));
  }
})(typeof window === "undefined" ? global : window);
