// Search without a server. Twin of lms/search/query.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { analysis, ranking, scan } = lms;
  const LONGEST = 100;
  const MOST_WORDS = 12;
  let texts = [];

  // texts([{lesson, title, anchor, heading, text}]) sets what an export searches, texts() reads it.
  lms.texts = (passages) => {
    if (passages) texts = passages;
    return texts;
  };

  // → [{lesson, anchor, heading, title, extract: [{text, mark}], score}], best first.
  lms.search = (passages, query, limit) => lms.find(passages, query, limit).hits;

  // → {hits, total, meant}; `meant` is the query without its typos, or "".
  lms.find = (passages, query, limit) => {
    const index = scan.prepare(passages);
    const typed = new Set(analysis.words(analysis.normal(query.slice(0, LONGEST))).map(([, word]) => word));
    const asked = Array.from(typed).slice(0, MOST_WORDS).map((word) => match(index, word));
    const plain = asked.map((word) => analysis.plain(analysis.fold(word.typed)));
    const telling = ranking.telling(plain, asked.map((word) => word.amounts.size), passages.length);
    const counting = asked.filter((word, i) => telling[i]);
    const found = ranking.scores(counting, passages.length, index.firsts);
    const hits = ranking.best(found, limit)
      .map(([number, score]) => hit(index.passages[number], number, score, counting));
    return { hits, total: found.length, meant: meant(asked, counting, hits[0]) };
  };

  function match(index, typed) {
    const word = { typed, amounts: new Map(), body: new Set(), starts: new Map(), guessed: false };
    const bare = analysis.plain(analysis.fold(typed));
    const like = Array.from(scan.alike(index, bare), ([written, starts]) => [analysis.forms(written), starts]);
    let strong = false;
    analysis.queryForms(typed).forEach((form) => {
      const same = like.filter(([forms]) => forms.indexOf(form) >= 0);
      collect(index, word, same, ranking.FORM_WEIGHTS[form[0]]);
      strong = strong || (same.length > 0 && ranking.STRONG_FORMS.indexOf(form[0]) >= 0);
    });
    if (!strong) guess(index, word, bare);
    return word;
  }

  // Tries other spellings; only for a word that is nowhere also what it begins.
  function guess(index, word, bare) {
    const { plain, fold } = analysis;
    const spellings = scan.spellings(index);
    const nowhere = !word.amounts.size;
    const begun = nowhere ? Array.from(spellings).filter((one) => one !== bare && one.startsWith(bare)).sort() : [];
    ranking.similar(bare, begun, spellings).forEach((weight, other) => {
      const same = Array.from(scan.alike(index, other)).filter(([written]) => plain(fold(written)) === other);
      collect(index, word, same, weight);
    });
    word.guessed = nowhere && !begun.length;
  }

  // words: [[anything, starts in the long text]…]
  function collect(index, word, words, weight) {
    const mentions = new Map();
    words.forEach(([, starts]) => starts.forEach((start) => {
      const slot = scan.slotOf(index, start);
      const passage = Math.floor(slot / 3);
      const boost = [ranking.TITLE, ranking.HEADING, ranking.TEXT][slot % 3];
      mentions.set(passage, (mentions.get(passage) || 0) + boost);
      if (boost !== ranking.TITLE) word.body.add(passage);
      if (boost !== ranking.TEXT) return;
      if (!word.starts.has(passage)) word.starts.set(passage, new Set());
      word.starts.get(passage).add(start - index.slots[slot]);
    }));
    mentions.forEach((count, passage) => {
      const much = weight * ranking.amount(count, scan.length(index, passage));
      word.amounts.set(passage, (word.amounts.get(passage) || 0) + much);
    });
  }

  function hit(passage, number, score, marked) {
    const spots = [];
    marked.forEach((word, i) => (word.starts.get(number) || []).forEach((start) => spots.push([start, i])));
    spots.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const { lesson, anchor, heading, title } = passage;
    return { lesson, anchor, heading, title, extract: lms.extract(passage.text, spots), score };
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
