// The one ranking of search; twin of lms/course/ranking.py, with the same numbers.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const ranking = (lms.ranking = {
    FORM_WEIGHTS: { "=": 0.15, "~": 0.25, "+": 0.3, "*": 0.3, "^": 0.3 },
    STRONG_FORMS: "=~+",
    SYNONYM_WEIGHT: 0.5,
    PREFIX_WEIGHT: 0.3,
    TYPO_WEIGHT: 0.25,
    TITLE: 4,
    HEADING: 3,
    TEXT: 1,
    SATURATION: 2.0,
    LENGTH_SHARE: 0.4,
    USUAL_LENGTH: 120,
    LESSON_SHARE: 4.0,
    LESSON_SATURATION: 24.0,
    COMMON_SHARE: 0.4,
    FILLERS: (
      "que como cual cuales donde cuando cuanto cuanta quien porque " +
      "hago hacer hace puedo puede quiero necesito debo tengo hay mi mis me " +
      "a al de del el en es la las le les lo los nos o para por se si son su sus tu un una unas unos y yo " +
      "con sin te ya no").split(" "),
    ONE: 1024,
    SHORTEST_PREFIX: 3,
    SHORTEST_TYPO: 3,
    MOST_EXPANSIONS: 20,
    SYNONYMS: {
      contrasen: ["clave", "pin"],
      password: ["clave", "pin"],
      computador: ["laptop"],
      ordenador: ["laptop"],
      telefon: ["celular"],
      movil: ["celular"],
      pila: ["bateria"],
      tablet: ["tableta"],
      pendriv: ["usb"],
      enchufar: ["cargar"],
      cobertur: ["senal"],
    },
    ALPHABET: "abcdefghijklmnopqrstuvwxyz0123456789",
  });
  const up = (value, steps) => Math.floor(value * steps + 0.5) / steps;

  // How much a passage of `length` words is about a form with these weighted mentions.
  ranking.amount = (mentions, length) => {
    const share = (Math.min(length, 4 * ranking.USUAL_LENGTH) * ranking.LENGTH_SHARE) / ranking.USUAL_LENGTH;
    return up(mentions / (1 - ranking.LENGTH_SHARE + share), ranking.ONE);
  };

  // Which words of a query count: the rarer ones; common ones and fillers only if there are no others.
  ranking.telling = (words, sizes, total) => {
    const rare = sizes.map((size, i) =>
      size > 0 && size <= ranking.COMMON_SHARE * total && ranking.FILLERS.indexOf(words[i]) < 0);
    return rare.some(Boolean) ? rare : sizes.map((size) => size > 0);
  };

  // query: [{amounts: Map(passage → amount), body: Set(passage)}], the words that count; → [[passage, score]].
  // openers: for each passage the one that opens its lesson.
  ranking.scores = (query, total, openers) => {
    const [alone, together] = [sums(ranking.SATURATION), sums(ranking.LESSON_SATURATION)];
    let whole = 0;
    query.forEach(({ amounts, body }) => {
      const rare = rarity(body.size, total);
      const lessons = new Map();
      whole += rare;
      amounts.forEach((much, passage) => {
        alone.add(passage, rare, much);
        lessons.set(openers[passage], (lessons.get(openers[passage]) || 0) + much);
      });
      lessons.forEach((much, opener) => together.add(opener, rare, much));
    });
    const score = (passage) => (alone.of(passage) + ranking.LESSON_SHARE * together.of(openers[passage])) / whole;
    return alone.places()
      .filter((passage) => openers[passage] === passage || query.some(({ body }) => body.has(passage)))
      .map((passage) => [passage, up(score(passage), 1e6)]);
  };

  // What passages, or whole lessons, have of a query: points, and how much of it they cover.
  function sums(saturation) {
    const [points, covered] = [new Map(), new Map()];
    const raise = (map, place, more) => map.set(place, (map.get(place) || 0) + more);
    return {
      add: (place, rare, much) => {
        raise(points, place, (rare * much) / (much + saturation));
        raise(covered, place, rare);
      },
      of: (place) => points.get(place) * covered.get(place),
      places: () => Array.from(points.keys()),
    };
  }

  // The best, best first; equals stay in the order of the course.
  ranking.best = (found, limit) => found.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit);

  function rarity(withWord, total) {
    const passages = Math.max(withWord, 1);
    return Math.log(1 + (total - passages + 0.5) / (passages + 0.5));
  }

  // Every spelling one letter away: dropped, swapped, replaced, added.
  ranking.typos = (word) => {
    const found = [];
    for (let i = 0; i <= word.length; i += 1) {
      const [head, tail] = [word.slice(0, i), word.slice(i)];
      if (tail) found.push(head + tail.slice(1));
      if (tail.length > 1) found.push(head + tail[1] + tail[0] + tail.slice(2));
      for (const letter of ranking.ALPHABET) {
        found.push(head + letter + tail);
        if (tail) found.push(head + letter + tail.slice(1));
      }
    }
    return found;
  };

  // Words to try when nothing matches, with their weights: a Map. `longer` begin with the word, in order.
  ranking.similar = (word, longer, known) => {
    const tried = new Map();
    const others = new Map(Object.entries(ranking.SYNONYMS)).get(lms.stem.light(word)) || [];
    others.filter((other) => known.has(other)).forEach((other) => tried.set(other, ranking.SYNONYM_WEIGHT));
    if (word.length >= ranking.SHORTEST_TYPO) {
      ranking.typos(word).filter((typo) => known.has(typo)).forEach((typo) => tried.set(typo, ranking.TYPO_WEIGHT));
    }
    if (word.length >= ranking.SHORTEST_PREFIX) {
      longer.slice(0, ranking.MOST_EXPANSIONS).forEach((one) => tried.set(one, ranking.PREFIX_WEIGHT));
    }
    return tried;
  };
})(typeof window === "undefined" ? global : window);
