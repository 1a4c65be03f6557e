// The words of what search looks in, each once with where it stands. Made step by step while nobody waits, after the search
// box is entered: from then on no query goes through the whole text, nor makes the forms of a word for the first time.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { analysis } = lms;
  const vocabulary = (lms.vocabulary = {});
  const MOST_READ = 500; // words a step, and of forms made: few milliseconds on a slow machine
  const MOST_MADE = 25;
  const REHEARSALS = 12;
  const MOST_AT_ONCE = 12; // ms
  const SOON = { timeout: 100 }; // a busy machine may have no idle time at all
  const JOINTS = new RegExp("[" + analysis.MARKS + analysis.APOSTROPHES + "]+");

  const idle = root.requestIdleCallback || root.setTimeout; // Safari knows no idle times

  // Does some work once nobody waits.
  vocabulary.soon = (work) => idle(() => work(), SOON);

  // Takes steps whenever nobody waits, few at once: a key is never kept long.
  vocabulary.begin = (steps) => {
    const some = () => {
      const until = root.performance.now() + MOST_AT_ONCE;
      do if (steps.next().done) return; while (root.performance.now() < until);
      vocabulary.soon(some);
    };
    vocabulary.soon(some);
  };

  // `ask` is how the page asks: a browser runs code slowly until it has run it a few times.
  vocabulary.ahead = function* (passages, ask) {
    const index = lms.scan.prepare(passages);
    if (index.ahead || !passages.length) return;
    index.ahead = true;
    yield;
    const tallies = new Map();
    const lengths = passages.map(() => 0);
    const words = yield* read(index, tallies, lengths);
    index.lengths = lengths;
    index.words = { tallies, beginning: beginnings(words), odd: words.filter((one) => one.odd), withQ: words.filter((one) => one.flat.indexOf("q") >= 0) };
    yield;
    index.spellings = yield* formed(words);
    const step = Math.ceil(passages.length / REHEARSALS);
    for (let i = 0; i < passages.length; i += step) {
      ask(passages[i].heading);
      yield;
    }
    vocabulary.ready = true;
  };

  function* read({ source, flat, odd, slots }, tallies, lengths) {
    const pattern = new RegExp(analysis.WORD, "g");
    const known = new Map();
    const fresh = (written, start) => {
      const one = { written, starts: [], flat: flat.substr(start, written.length), odd: odd.has(start) };
      if (!tallies.has(one.flat)) tallies.set(one.flat, { passages: 0, last: -1 });
      known.set(written, Object.assign(one, { tally: tallies.get(one.flat) }));
      return known.get(written);
    };
    let [passage, left] = [0, MOST_READ];
    for (let word = pattern.exec(source); word; word = pattern.exec(source)) {
      while (slots[4 * (passage + 1)] <= word.index) passage += 1;
      const one = known.get(word[0]) || fresh(word[0], word.index);
      one.starts.push(word.index);
      if (word.index >= slots[4 * passage + 3]) lengths[passage] += 1; // the text is the last of its four parts
      if (one.tally.last < passage) Object.assign(one.tally, { last: passage, passages: one.tally.passages + 1 });
      left -= 1;
      if (!left) yield (left = MOST_READ);
    }
    return Array.from(known.values());
  }

  // The words by their first letter, and by their first two.
  function beginnings(words) {
    const found = new Map();
    words.forEach((one) => new Set([one.flat[0], one.flat.slice(0, 2)]).forEach((beginning) => {
      if (!found.has(beginning)) found.set(beginning, []);
      found.get(beginning).push(one);
    }));
    return found;
  }

  function* formed(words) {
    const spellings = new Set();
    for (let next = 0; next < words.length; next += MOST_MADE) {
      words.slice(next, next + MOST_MADE).forEach((one) => {
        analysis.forms(one.written);
        spelled(one).forEach((spelling) => spellings.add(spelling));
      });
      yield;
    }
    return spellings;
  }

  // As `scan.spellings` has it: an odd word also by its pieces.
  const spelled = ({ flat, written, odd }) =>
    (odd ? flat.split(JOINTS).filter(Boolean).concat(analysis.plain(analysis.fold(written))) : [flat]);

  // As `scan.alike`, of the words that are known.
  vocabulary.alike = ({ beginning, odd, withQ }, bare, stump) => {
    const found = new Set(odd);
    const near = (stump && beginning.get(stump.slice(0, 2))) || [];
    near.filter((one) => one.flat.startsWith(stump)).forEach((one) => found.add(one));
    if (analysis.threeVowels(bare)) withQ.forEach((one) => found.add(one));
    return Array.from(found);
  };

  // As `scan.common`.
  vocabulary.common = ({ tallies }, bare, limit) => tallies.has(bare) && tallies.get(bare).passages > limit;
})(typeof window === "undefined" ? global : window);
