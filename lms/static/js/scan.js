// What search looks in where there is no server: one long text, as written and with its letters plain, both of the same
// length. The browser's own string search is faster here than making an index of words.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { LETTERS, MARKS, APOSTROPHES, WORD } = lms.analysis;
  const scan = (lms.scan = {});
  const AT = new RegExp(WORD, "y");
  const RUN = new RegExp("[" + LETTERS + "]+", "g");
  const LETTER = new RegExp("[" + LETTERS + "]");
  const JOINT = new RegExp("[" + MARKS + APOSTROPHES + "]");
  const PART = new RegExp("[" + LETTERS + MARKS + APOSTROPHES + "]");
  const made = new WeakMap(); // passages → what was prepared of them

  scan.prepare = (passages) => {
    if (!made.has(passages)) made.set(passages, build(passages));
    return made.get(passages);
  };

  function build(originals) {
    const { normal } = lms.analysis;
    const passages = originals.map((one) =>
      Object.assign({}, one, { title: normal(one.title), heading: normal(one.heading), keywords: normal(one.keywords || ""), text: normal(one.text) }));
    const slots = []; // where each title, heading, keywords and text begins
    let source = "";
    passages.forEach((one) => [one.title, one.heading, one.keywords, one.text].forEach((text) => {
      slots.push(source.length);
      source += text + "\n";
    }));
    const openers = [];
    passages.forEach((one, i) => openers.push(i && one.lesson === passages[i - 1].lesson ? openers[i - 1] : i));
    const courses = []; // the passages of each: from, to
    passages.forEach((one, i) => {
      if (!i || one.course !== passages[i - 1].course) courses.push([i, i]);
      courses[courses.length - 1][1] = i + 1;
    });
    const double = new Set();
    const flat = flatten(source, double);
    return { passages, slots, source, flat, openers, courses, lengths: [], odd: oddWords(source, double), spellings: null, words: null };
  }

  // Every word that begins with `stump`, or may share its three vowels with `bare` (they leave only q), or is odd:
  // [{written, starts}], with where it stands.
  scan.alike = (index, bare, stump) => {
    if (index.words) return lms.vocabulary.alike(index.words, bare, stump);
    const starts = new Set(index.odd);
    const look = (key) => {
      for (let at = index.flat.indexOf(key); at >= 0; at = index.flat.indexOf(key, at + 1)) {
        let start = at;
        while (key === "q" && !begins(index.source, start)) start -= 1;
        if (begins(index.source, start)) starts.add(start);
      }
    };
    if (stump) look(stump);
    if (lms.analysis.threeVowels(bare)) look("q");
    const found = new Map();
    starts.forEach((start) => {
      const word = scan.wordAt(index.source, start);
      if (found.has(word)) found.get(word).push(start);
      else found.set(word, [start]);
    });
    return Array.from(found, ([written, where]) => ({ written, starts: where }));
  };

  // Whether a word stands, just so, in more than `limit` passages.
  scan.common = ({ flat, source, slots, words }, bare, limit) => {
    if (words) return lms.vocabulary.common(words, bare, limit);
    let [passages, at] = [0, bare ? flat.indexOf(bare) : -1];
    while (at >= 0 && passages <= limit) {
      const whole = begins(source, at) && !PART.test(source[at + bare.length]);
      const next = whole ? slots[4 * (Math.floor(scan.slotOf({ slots }, at) / 4) + 1)] : at + 1;
      if (whole) passages += 1;
      at = next === undefined ? -1 : flat.indexOf(bare, next);
    }
    return passages > limit;
  };

  // The last title, heading or text that begins at or before `start`.
  scan.slotOf = ({ slots }, start) => {
    let [low, high] = [0, slots.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (slots[middle] <= start) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  // Words in a passage's text.
  scan.length = ({ lengths, passages }, passage) => {
    if (lengths[passage] === undefined) {
      const { words, text } = passages[passage]; // an export has counted them
      lengths[passage] = words === undefined ? lms.analysis.words(text).length : words;
    }
    return lengths[passage];
  };

  // Every spelling in the text, with n for ñ.
  scan.spellings = (index) => {
    const { plain, fold } = lms.analysis;
    if (!index.spellings) {
      const odd = Array.from(index.odd, (start) => plain(fold(scan.wordAt(index.source, start))));
      index.spellings = new Set((index.flat.match(RUN) || []).concat(odd));
    }
    return index.spellings;
  };

  scan.wordAt = (text, start) => {
    AT.lastIndex = start;
    const word = AT.exec(text);
    return word ? word[0] : "";
  };

  // Where the words begin whose letters are not all in their places: apostrophes, loose accents, ß and its like.
  function oddWords(text, double) {
    const pattern = new RegExp("[" + MARKS + APOSTROPHES + Array.from(double).join("") + "]", "g");
    const starts = new Set();
    for (let odd = pattern.exec(text); odd; odd = pattern.exec(text)) {
      let start = odd.index;
      while (start > 0 && LETTER.test(text[start - 1])) start -= 1;
      if (LETTER.test(text[start]) && begins(text, start)) starts.add(start);
    }
    return starts;
  }

  // Whether a word can begin here: not after a letter, nor after an accent or apostrophe that belongs to one.
  function begins(text, start) {
    let before = start - 1;
    while (before >= 0 && JOINT.test(text[before])) before -= 1;
    return before < 0 || !LETTER.test(text[before]);
  }

  // Plain letters, each in its place; those that would need two stay, and are noted.
  function flatten(text, double) {
    const flats = new Map();
    return text.replace(/[^\x00-\x7f]/g, (letter) => {
      if (!flats.has(letter)) flats.set(letter, flatLetter(letter, double));
      return flats.get(letter);
    }).toLowerCase();
  }

  function flatLetter(letter, double) {
    const folded = lms.analysis.plain(lms.analysis.fold(letter));
    if (folded.length > 1 && LETTER.test(letter)) double.add(letter);
    return folded.length === 1 ? folded : letter;
  }
})(typeof window === "undefined" ? global : window);
