// Search without a server. Twin of lms/search/query.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { analysis, ranking, scan } = lms;
  const LONGEST = 100;
  const MOST_WORDS = 12;
  let texts = [];

  // texts([{lesson, title, anchor, heading, text, course if there are several}]), or what gives them when they are needed, sets
  // what an export searches; texts() reads it.
  lms.texts = (passages) => {
    if (passages) return (texts = passages);
    if (typeof texts === "function") texts = texts();
    return texts;
  };

  // → [{lesson, anchor, heading, title, keywords, extract: [{text, mark}], score}], best first.
  lms.search = (passages, query, limit) => lms.find(passages, query, limit).hits;

  // → {hits, total, meant, sought}; `meant` is the query without its typos, or "", `sought` the forms of the words that were found.
  lms.find = (passages, query, limit) => {
    const index = scan.prepare(passages);
    const typed = new Set(analysis.words(analysis.normal(query.slice(0, LONGEST))).map(([, word]) => word));
    const asked = Array.from(typed).slice(0, MOST_WORDS).map((word) =>
      ({ typed: word, bare: analysis.plain(analysis.fold(word)), amounts: new Map(), body: new Set(), starts: new Map(), forms: [], guessed: false }));
    const counting = matchAll(index, asked);
    const found = scored(index, counting);
    const hits = ranking.best(found, limit)
      .map(([number, score]) => hit(index.passages[number], number, score, counting));
    const sought = new Set(counting.reduce((all, word) => all.concat(word.forms), []));
    return { hits, total: found.length, meant: meant(asked, counting, hits[0]), sought };
  };

  // Each course by itself: how rare a word is depends on the course, as on the server.
  function scored(index, counting) {
    const { courses, openers } = index;
    if (courses.length === 1) return ranking.scores(counting, courses[0][1], openers);
    return courses.reduce((all, [from, to]) => {
      const inside = (passage) => passage >= from && passage < to;
      const own = counting.map(({ amounts, body }) => ({
        amounts: new Map(Array.from(amounts).filter(([passage]) => inside(passage))),
        body: new Set(Array.from(body).filter(inside)),
      }));
      return all.concat(ranking.scores(own, to - from, openers));
    }, []);
  }

  // Looks the words up and gives those that count; what surely will not, only if no other does.
  function matchAll(index, asked) {
    const total = index.passages.length;
    const sure = ranking.COMMON_SHARE * total;
    const weak = asked.map(({ bare }) => ranking.FILLERS.indexOf(bare) >= 0 || scan.common(index, bare, sure));
    asked.filter((word, i) => !weak[i]).forEach((word) => match(index, word));
    if (!asked.some(({ amounts }) => amounts.size > 0 && amounts.size <= sure)) {
      asked.filter((word, i) => weak[i]).forEach((word) => match(index, word));
    }
    const telling = ranking.telling(asked.map((word) => word.bare), asked.map((word) => word.amounts.size), total);
    return asked.filter((word, i) => telling[i]);
  }

  function match(index, word) {
    const like = scan.alike(index, word.bare, analysis.stump(word.typed));
    like.forEach((one) => { one.forms = analysis.forms(one.written); });
    let strong = false;
    analysis.queryForms(word.typed).forEach((form) => {
      const same = like.filter(({ forms }) => forms.indexOf(form) >= 0);
      word.forms.push(form);
      collect(index, word, same, ranking.FORM_WEIGHTS[form[0]]);
      strong = strong || (same.length > 0 && ranking.STRONG_FORMS.indexOf(form[0]) >= 0);
    });
    if (!strong) guess(index, word);
  }

  // Tries other spellings; only for a word that is nowhere also what it begins.
  function guess(index, word) {
    const { plain, fold } = analysis;
    const { bare } = word;
    const spellings = scan.spellings(index);
    const nowhere = !word.amounts.size;
    const begun = nowhere ? Array.from(spellings).filter((one) => one !== bare && one.startsWith(bare)).sort() : [];
    ranking.similar(bare, begun, spellings).forEach((weight, other) => {
      const same = scan.alike(index, other, other).filter(({ written }) => plain(fold(written)) === other);
      word.forms.push("~" + other);
      collect(index, word, same, weight);
    });
    word.guessed = nowhere && !begun.length;
  }

  function collect(index, word, words, weight) {
    const mentions = new Map();
    words.forEach((one) => spots(index, one).forEach(({ passage, boost, start }) => {
      mentions.set(passage, (mentions.get(passage) || 0) + boost);
      if (boost !== ranking.TITLE) word.body.add(passage);
      if (boost !== ranking.TEXT) return;
      if (!word.starts.has(passage)) word.starts.set(passage, new Set());
      word.starts.get(passage).add(start);
    }));
    mentions.forEach((count, passage) => {
      const much = weight * ranking.amount(count, scan.length(index, passage));
      word.amounts.set(passage, (word.amounts.get(passage) || 0) + much);
    });
  }

  // Where a written word stands; found once, for all the forms that it matches by.
  function spots(index, one) {
    if (!one.spots) {
      one.spots = one.starts.map((start) => {
        const slot = scan.slotOf(index, start);
        const boost = [ranking.TITLE, ranking.HEADING, ranking.HEADING, ranking.TEXT][slot % 4];
        return { passage: Math.floor(slot / 4), boost, start: start - index.slots[slot] };
      });
    }
    return one.spots;
  }

  function hit(passage, number, score, marked) {
    const spots = [];
    marked.forEach((word, i) => (word.starts.get(number) || []).forEach((start) => spots.push([start, i])));
    spots.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const { lesson, anchor, heading, title, keywords } = passage;
    return { lesson, anchor, heading, title, keywords, extract: lms.extract(passage.text, spots), score };
  }

  // The query as the first hit spells it, when a word that counts was only guessed.
  function meant(asked, counting, best) {
    if (!best || !counting.some((word) => word.guessed)) return "";
    const shown = [best.title, best.heading].concat(best.extract.map((piece) => piece.text)).join(" ");
    const spelled = new Map();
    analysis.words(shown).forEach(([, word]) => spelled.set(analysis.plain(analysis.fold(word)), word.toLowerCase()));
    return asked.map((word) => (counting.indexOf(word) < 0 ? word.typed : spelling(word, spelled))).join(" ");
  }

  function spelling(word, spelled) {
    if (!word.guessed) return word.typed;
    const tried = ranking.similar(analysis.plain(analysis.fold(word.typed)), [], spelled).keys().next();
    return tried.done ? word.typed : spelled.get(tried.value);
  }
})(typeof window === "undefined" ? global : window);
