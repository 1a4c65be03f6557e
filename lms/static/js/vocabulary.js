// The words of what search looks in, each once with where it stands. Made bit by bit while nobody waits, after the search
// box is entered: from then on no query goes through the whole text, nor makes the forms of a word for the first time.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { analysis } = lms;
  const vocabulary = (lms.vocabulary = {});
  const MOST_READ = 1000; // words at a time, and of forms made: a few milliseconds on a slow machine
  const MOST_MADE = 50;
  const REHEARSALS = 12;
  const JOINTS = new RegExp("[" + analysis.MARKS + analysis.APOSTROPHES + "]+");

  // later(work) has a piece of work done when nobody waits.
  vocabulary.ahead = (index, later) => {
    if (index.ahead) return;
    index.ahead = true;
    const pattern = new RegExp(analysis.WORD, "g");
    const known = new Map();
    const bit = () => {
      for (let left = MOST_READ; left; left -= 1) {
        const word = pattern.exec(index.source);
        if (!word) return made(index, Array.from(known.values()), later);
        note(index, known, word[0], word.index);
      }
      return later(bit);
    };
    later(bit);
  };

  function note({ flat, odd }, known, written, start) {
    const one = known.get(written);
    if (one) one.starts.push(start);
    else known.set(written, { written, starts: [start], flat: flat.substr(start, written.length), odd: odd.has(start) });
  }

  function made(index, words, later) {
    const byLetter = new Map();
    words.forEach((one) => {
      if (!byLetter.has(one.flat[0])) byLetter.set(one.flat[0], []);
      byLetter.get(one.flat[0]).push(one);
    });
    index.words = { byLetter, odd: words.filter((one) => one.odd), withQ: words.filter((one) => one.flat.indexOf("q") >= 0) };
    const spellings = new Set();
    let next = 0;
    const bit = () => {
      words.slice(next, (next += MOST_MADE)).forEach((one) => {
        analysis.forms(one.written);
        spelled(one).forEach((spelling) => spellings.add(spelling));
      });
      if (next < words.length) return later(bit);
      index.spellings = spellings;
      return rehearse(index, later);
    };
    later(bit);
  }

  // As `scan.spellings` has it: an odd word also by its pieces.
  const spelled = ({ flat, written, odd }) =>
    (odd ? flat.split(JOINTS).filter(Boolean).concat(analysis.plain(analysis.fold(written))) : [flat]);

  // A browser runs code slowly until it has run it a few times.
  function rehearse({ passages }, later) {
    const step = Math.ceil(passages.length / REHEARSALS);
    const some = passages.filter((one, i) => i % step === 0);
    const bit = () => {
      const one = some.pop();
      if (!one) return;
      lms.find(lms.texts(), one.heading, 1);
      later(bit);
    };
    later(bit);
  }

  // As `scan.alike`, of the words that are known.
  vocabulary.alike = ({ byLetter, odd, withQ }, bare, stump) => {
    const found = new Set(odd);
    (stump && byLetter.get(stump[0]) || []).filter((one) => one.flat.startsWith(stump)).forEach((one) => found.add(one));
    if (analysis.threeVowels(bare)) withQ.forEach((one) => found.add(one));
    return Array.from(found);
  };
})(typeof window === "undefined" ? global : window);
