// The one ranking of search; twin of lms/course/ranking.py, with the same numbers.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const ranking = (lms.ranking = {
    FORM_WEIGHTS: { "=": 0.15, "~": 0.25, "+": 0.3, "*": 0.3, "^": 0.3 },
    PREFIX_WEIGHT: 0.3,
    TYPO_WEIGHT: 0.25,
    TITLE: 4,
    HEADING: 3,
    TEXT: 1,
    SATURATION: 2.0,
    LENGTH_SHARE: 0.4,
    USUAL_LENGTH: 120,
    COMMON_SHARE: 0.4,
    SHORTEST_PREFIX: 3,
    SHORTEST_TYPO: 4,
    MOST_EXPANSIONS: 20,
    ALPHABET: "abcdefghijklmnopqrstuvwxyz0123456789",
  });
  const up = (value, steps) => Math.floor(value * steps + 0.5) / steps;

  // How much a passage of `length` words is about a form with these weighted mentions.
  ranking.amount = (mentions, length) => {
    const share = (Math.min(length, 4 * ranking.USUAL_LENGTH) * ranking.LENGTH_SHARE) / ranking.USUAL_LENGTH;
    return up(mentions / (1 - ranking.LENGTH_SHARE + share), 1024);
  };

  // query: [{amounts: Map(passage → amount), body: Set(passage)}]; returns [[passage, score]], best first.
  ranking.rank = (query, total, firsts) => {
    const found = query.filter((matches) => matches.amounts.size);
    const rarities = found.map((matches) => rarity(matches.body.size, total));
    const eligible = new Set();
    found.forEach((matches) => matches.body.forEach((passage) => eligible.add(passage)));
    firsts.filter((first) => found.some((matches) => matches.amounts.has(first))).forEach((first) => eligible.add(first));
    return Array.from(eligible, (passage) => [passage, score(passage, found, rarities)])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  };

  // Which words of the query are worth showing where they matched: the rare ones, if any matched.
  ranking.telling = (query, total) => {
    const rare = query.map((matches) => matches.amounts.size > 0 && matches.body.size <= ranking.COMMON_SHARE * total);
    return rare.some(Boolean) ? rare : rare.map(() => true);
  };

  function rarity(withWord, total) {
    const passages = Math.max(withWord, 1);
    return Math.log(1 + (total - passages + 0.5) / (passages + 0.5));
  }

  function score(passage, found, rarities) {
    let sum = 0;
    let covered = 0;
    found.forEach((matches, i) => {
      const much = matches.amounts.get(passage);
      if (much === undefined) return;
      sum += (rarities[i] * much) / (much + ranking.SATURATION);
      covered += rarities[i];
    });
    return up((sum * covered) / rarities.reduce((a, b) => a + b, 0), 1e6);
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
    if (word.length >= ranking.SHORTEST_TYPO) {
      ranking.typos(word).filter((typo) => known.has(typo)).forEach((typo) => tried.set(typo, ranking.TYPO_WEIGHT));
    }
    if (word.length >= ranking.SHORTEST_PREFIX) {
      longer.slice(0, ranking.MOST_EXPANSIONS).forEach((one) => tried.set(one, ranking.PREFIX_WEIGHT));
    }
    return tried;
  };
})(typeof window === "undefined" ? global : window);
